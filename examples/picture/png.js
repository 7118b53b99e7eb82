// PNG files in, float tensors out, and back.

import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';

/** @typedef {{ data: Float32Array, shape: readonly number[] }} Tensor */

const SIGNATURE = '89504e470d0a1a0a';
/** 33 million pixels: beyond this the float copies no longer fit into the 4 GiB that WebAssembly addresses. */
const MOST_PIXELS = 2 ** 25;
const PALETTE = 3;

/**
 * Decodes greyscale, colour, palette and alpha, 1 to 16 bits. Transparent pixels are laid over white.
 * @param {Buffer} file
 * @returns {Tensor} [1, 3, height, width], samples from 0 to 1
 * @throws {Error} when the file is no PNG, or a broken one, or holds too many pixels
 */
export function decodePicture(file) {
  if (file.toString('hex', 0, 8) !== SIGNATURE) throw new Error('not a PNG file');
  if (file.length < 24) throw new Error('broken PNG, it ends too early');
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  if (width * height === 0 || width * height > MOST_PIXELS) {
    throw new Error(`${width}×${height} pixels; this example takes 1 to ${MOST_PIXELS}`);
  }
  const { data, depth, colorType } = readSamples(file);
  const most = colorType === PALETTE ? 255 : 2 ** depth - 1;
  const plane = width * height;
  const picture = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    const alpha = data[4 * i + 3] / most;
    for (let c = 0; c < 3; c++) picture[c * plane + i] = (data[4 * i + c] / most) * alpha + 1 - alpha;
  }
  return { data: picture, shape: [1, 3, height, width] };
}

/**
 * Red, green, blue and alpha per pixel, as wide as the file has them.
 * @param {Buffer} file
 */
function readSamples(file) {
  const { end, compressed } = chunks(file);
  try {
    const samples = PNG.sync.read(file.subarray(0, end), { skipRescale: true });
    // pngjs leaves pixels that the file does not hold as whatever memory held before.
    const { width, height, bpp, depth, interlace } = samples;
    const bytes = height * (Math.ceil((width * bpp * depth) / 8) + 1);
    const enough = interlace || inflateSync(compressed, { maxOutputLength: bytes }).length === bytes;
    if (enough) return samples;
  } catch (cause) {
    // The reasons pngjs gives are those of its stream, not of the file.
    throw new Error('broken PNG', { cause });
  }
  throw new Error('broken PNG, it holds too few pixels');
}

/**
 * Where the last chunk ends, and the compressed rows.
 * @param {Buffer} file
 */
function chunks(file) {
  const rows = [];
  let end = SIGNATURE.length / 2;
  for (let name = ''; name !== 'IEND'; ) {
    if (end + 12 > file.length) throw new Error('broken PNG, it ends too early');
    const length = file.readUInt32BE(end);
    name = file.toString('latin1', end + 4, end + 8);
    if (name === 'IDAT') rows.push(file.subarray(end + 8, end + 8 + length));
    end += length + 12;
  }
  return { end, compressed: Buffer.concat(rows) };
}

/**
 * Encodes one (grey) or three (colour) planes in eight bits per sample, clamped to 0 to 1.
 * @param {Tensor} picture [1, 1 or 3, height, width]
 */
export function encodePicture({ data, shape: [, channels, height, width] }) {
  const plane = width * height;
  const samples = Buffer.alloc(channels * plane);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < channels; c++) {
      const level = Math.min(1, Math.max(0, data[c * plane + i]));
      samples[i * channels + c] = Math.round(255 * level);
    }
  }
  const colorType = channels === 1 ? 0 : 2;
  return PNG.sync.write(
    { width, height, data: samples },
    { colorType, inputColorType: colorType, inputHasAlpha: false },
  );
}
