// The four convolutions of the example, and how the result of each becomes a picture.

import { conv2d, tensor } from 'stridewise';
import { binomial, gaborAndEmbossing, gaussian, sobel } from './filters.js';

/**
 * @typedef {import('./png.js').Tensor} Tensor
 * @typedef {{ groups?: number, stride?: number, bias?: Float32Array }} Rest
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} file where its picture goes
 * @property {Tensor} x
 * @property {Tensor} weight
 * @property {{ padding: 'same', paddingMode: 'reflect' | 'replicate' } & Rest} options
 * @property {(y: Tensor) => Tensor} toPicture
 */

/** The bank makes 32 planes of its input: above half a million pixels it sees a reduced picture. */
const BANK_PIXELS = 2 ** 19;
const TILE_EXTENT = 160;
const TILES_ACROSS = 8;
/** Grey of a filter that answers nothing: 128 of 255. */
const MIDDLE_GREY = 128 / 255;

/**
 * @param {Tensor} picture [1, 3, height, width]
 * @returns {Layer[]}
 */
export function layersFor(picture) {
  const [, , height, width] = picture.shape;
  const small = shrink(picture, Math.ceil(Math.sqrt((height * width) / BANK_PIXELS)));
  const bias = new Float32Array(32).fill(MIDDLE_GREY);
  return [
    layer('Gaussian blur', 'blur.png', picture, gaussian(), { groups: 3 }, (y) => y),
    layer('Sobel edges', 'edges.png', picture, sobel(), {}, magnitude),
    layer('Gabor, embossing', 'bank.png', small, gaborAndEmbossing(), { bias }, contactSheet),
    layer('Half size', 'half.png', picture, binomial(), { groups: 3, stride: 2 }, (y) => y),
  ];
}

/**
 * Padding mirrors the picture; where the picture is smaller than the mirror needs, it repeats the outermost pixels.
 * @param {string} name @param {string} file @param {Tensor} x @param {Tensor} weight
 * @param {Rest} rest @param {(y: Tensor) => Tensor} toPicture
 * @returns {Layer}
 */
function layer(name, file, x, weight, rest, toPicture) {
  const mirrors = Math.min(x.shape[2], x.shape[3]) > weight.shape[2] / 2;
  return {
    name,
    file,
    x,
    weight,
    options: { padding: 'same', paddingMode: mirrors ? 'reflect' : 'replicate', ...rest },
    toPicture,
  };
}

/**
 * Averages squares of factor x factor pixels, a convolution too.
 * @param {Tensor} x @param {number} factor
 */
function shrink(x, factor) {
  const [, channels, height, width] = x.shape;
  const kh = Math.min(factor, height);
  const kw = Math.min(factor, width);
  if (kh * kw === 1) return x;
  const weight = tensor(new Float32Array(channels * kh * kw).fill(1 / (kh * kw)), [channels, 1, kh, kw]);
  return conv2d(x, weight, { stride: [kh, kw], groups: channels });
}

/** Length of the gradient. @param {Tensor} y [1, 2, height, width] */
function magnitude({ data, shape: [, , height, width] }) {
  const plane = height * width;
  const lengths = data.subarray(0, plane).map((right, i) => Math.hypot(right, data[plane + i]));
  return tensor(lengths, [1, 1, height, width]);
}

/** All channels as small grey pictures, side by side with a dark line between. @param {Tensor} y */
function contactSheet(y) {
  const { data, shape } = shrink(y, Math.ceil(Math.max(y.shape[2], y.shape[3]) / TILE_EXTENT));
  const [, channels, height, width] = shape;
  const sheetWidth = TILES_ACROSS * (width + 1) + 1;
  const sheetHeight = (channels / TILES_ACROSS) * (height + 1) + 1;
  const sheet = new Float32Array(sheetHeight * sheetWidth);
  for (let c = 0; c < channels; c++) {
    const top = Math.floor(c / TILES_ACROSS) * (height + 1) + 1;
    const left = (c % TILES_ACROSS) * (width + 1) + 1;
    for (let row = 0; row < height; row++) {
      const from = (c * height + row) * width;
      sheet.set(data.subarray(from, from + width), (top + row) * sheetWidth + left);
    }
  }
  return tensor(sheet, [1, 1, sheetHeight, sheetWidth]);
}
