import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, strides, writeGeometry, writeRecord } from '../wasm/records.js';
import type { ConvAlgorithm, ConvKernel } from './algorithm.js';
import { Bands } from './bands.js';
import { isFar } from './far.js';
import { Frame } from './frame.js';
import { type PanelOptions, type WeightOrder, weightOrder } from './panels.js';

/** Channels of packed weights come in eights. */
const LANES = 8;

/**
 * Products of a channel multiplier for every cell that is repeated for it, below which the register tile is faster (1.1 to 1.7 times at 0.8, as fast at 0.95; of 1x1/4
 * with multiplier 4 11 times).
 */
const LEAST_PRODUCTS = 0.9;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/**
 * Pixels of a tile: 7 or 4 where taps share what they load, 0 for any kernel. Seven are 10 to 60 % faster than four, sharing 10 to 30 % faster than not
 * at five and seven taps.
 */
function tilePixels(p: ConvProblem): 0 | 4 | 7 {
  if (p.kw === 1 || p.dw > 1 || p.sw > 2 || p.ow < 4) return 0;
  return p.ow >= 7 && Math.ceil(p.ow / 7) * 7 <= 1.15 * Math.ceil(p.ow / 4) * 4 ? 7 : 4;
}

/**
 * Whether the kernel reads the image as it stands: it leaves out kernel rows that see nothing, and where taps share what they load it knows three columns
 * outside the image at the left of a first chunk of three taps, one at the right of a last chunk of three and three of a last chunk of two. A padded
 * copy takes 1.15 times as long (5x5 240@28; 1.36 times with stride 2; 7x7 96@56 1.1 times).
 */
export function readsInPlace(p: ConvProblem): boolean {
  const right = (p.ow - 1) * p.sw + (p.kw - 1) * p.dw - p.pw - (p.iw - 1);
  const [most, mostRight] = tilePixels(p) ? [p.kw === 2 || p.kw === 4 ? 0 : 3, p.kw % 3 ? 3 : 1] : [0, 0];
  return p.channelsLast && p.ic === p.oc && p.paddingMode === 'zeros' && p.pw <= most && right <= mostRight;
}

/** The problem over an image that is padded already. */
function padded(p: ConvProblem): ConvProblem {
  const [id, ih, iw] = [p.pd + p.id + p.pdEnd, p.ph + p.ih + p.phEnd, p.pw + p.iw + p.pwEnd];
  return { ...p, id, ih, iw, pd: 0, ph: 0, pw: 0, pdEnd: 0, phEnd: 0, pwEnd: 0 };
}

/** Weights as [fours of channels, then those of the last eight][kernel rows][inputs of a group][taps of a row][4]. */
function tapsByVector(p: ConvProblem, weight: Float32Array, { group, k, n, taps }: WeightOrder): Float32Array {
  const wide = Math.ceil(p.oc / LANES) * LANES;
  const icg = p.ic / p.groups;
  const ocg = p.oc / p.groups;
  const vector = taps.length * icg * 4;
  const packed = new Float32Array(((wide + LANES) / 4) * vector);
  for (const [tap, offset] of taps.entries()) {
    for (let i = 0; i < icg; i++) {
      const to = ((Math.floor(tap / p.kw) * icg + i) * p.kw + (tap % p.kw)) * 4;
      for (let at = 0; at < wide + LANES; at++) {
        const o = at < wide ? at : p.oc + at - wide - LANES;
        if (o < 0 || o >= p.oc) continue;
        packed[(at >> 2) * vector + to + (at & 3)] = weight[Math.floor(o / ocg) * group + i * k + (o % ocg) * n + offset];
      }
    }
  }
  return packed;
}

/** A depthwise problem bound to its weights, on the channels-last core. */
export interface DepthwiseCore {
  /** Of the problem as it is. */
  readonly geometry: Address;
  /** Scratch of a run, in bytes. */
  readonly scratchBytes: number;
  /** Output rows [begin, end), by default all, of one image whose channels are repeated for every multiplier; `addend` is laid out as y, 0 for none. */
  run(image: Address, y: Address, addend: Address, scratch: Address, begin?: number, end?: number): void;
  dispose(): void;
}

/** Packs the weights; the image is padded already unless `inPlace`, and the result goes where the strides `y` say, by default side by side. */
export function prepareDepthwise(
  host: Host,
  p: ConvProblem,
  weight: Float32Array,
  bias: Float32Array | undefined,
  { order = weightOrder(p), y = strides(true, p.oc, p.od, p.oh, p.ow) }: PanelOptions = {},
  inPlace = false,
): DepthwiseCore {
  const { arena, exports } = host;
  const packed = tapsByVector(p, weight, order);
  const wide = Math.ceil(p.oc / LANES) * LANES;
  const at = keepBlock(arena, {
    geometry: recordBytes('geometry'),
    view: recordBytes('geometry'),
    depthwise: recordBytes('depthwise'),
    zeros: wide * 4,
    weights: packed.length * 4,
    bias: wide * 4,
  });
  writeGeometry(host, at.geometry, p);
  writeGeometry(host, at.view, inPlace ? p : padded(p), y);
  arena.f32(at.weights, packed.length).set(packed);
  arena.f32(at.zeros, wide).fill(0);
  const biases = arena.f32(at.bias, wide);
  biases.fill(0);
  if (bias) biases.set(bias);
  const touches = Number(inPlace && isFar(p.id * p.ih * p.iw * p.oc));
  writeRecord(host, 'depthwise', at.depthwise, { ...at, touches, pixels: tilePixels(p) });
  return {
    geometry: at.geometry,
    scratchBytes: round64(exports.depthwiseScratch(at.view)),
    run(image, y, addend, scratch, begin = 0, end = p.od * p.oh) {
      exports.convDepthwise(at.view, at.depthwise, image, y, addend, begin, end, scratch);
    },
    dispose: () => arena.release(at.block),
  };
}

/** Pads and turns the image and repeats its channels first. */
function prepareThroughDoor(host: Host, p: ConvProblem, weight: Float32Array, bias: Float32Array | undefined): ConvKernel {
  const core = prepareDepthwise(host, p, weight, bias);
  const multiplier = p.oc / p.ic;
  const paddedPixels = (p.pd + p.id + p.pdEnd) * (p.ph + p.ih + p.phEnd) * (p.pw + p.iw + p.pwEnd);
  const repeats = (pixels: number) => (multiplier > 1 ? round64(pixels * p.oc * 4) : 0);
  if (Bands.serve(p)) {
    const bands = new Bands(host, p, core.geometry, (pixels) => core.scratchBytes + repeats(pixels));
    return {
      scratchBytes: bands.scratchBytes,
      run: (x, y, addend, scratch) =>
        bands.run(x, y, addend, scratch, (band) => {
          let { image } = band;
          if (multiplier > 1) {
            const repeated = band.scratch + core.scratchBytes;
            host.exports.repeatChannels(repeated, band.rows, band.rowPixels, p.ic, multiplier);
            image = repeated - (band.rows - band.image) * multiplier;
          }
          core.run(image, band.y, band.addend, band.scratch, band.begin, band.end);
        }),
      dispose: core.dispose,
    };
  }
  const repeatedBytes = repeats(paddedPixels);
  const frame = new Frame(host, p, core.geometry, () => core.scratchBytes + repeatedBytes);
  const pixels = p.od * p.oh * p.ow;
  return {
    scratchBytes: frame.scratchBytes,
    run: (x, y, addend, scratch) =>
      frame.run(x, y, addend, scratch, (chunk) => {
        for (let i = 0; i < chunk.pixels / pixels; i++) {
          let image = chunk.image + i * paddedPixels * p.ic * 4;
          if (repeatedBytes) {
            const repeated = chunk.scratch + core.scratchBytes;
            host.exports.repeatChannels(repeated, image, paddedPixels, p.ic, multiplier);
            image = repeated;
          }
          const offset = i * pixels * p.oc * 4;
          core.run(image, chunk.y + offset, chunk.addend && chunk.addend + offset, chunk.scratch);
        }
      }),
    dispose: core.dispose,
  };
}

function prepare(host: Host, p: ConvProblem, weight: Float32Array, bias: Float32Array | undefined): ConvKernel {
  if (!readsInPlace(p)) return prepareThroughDoor(host, p, weight, bias);
  const core = prepareDepthwise(host, p, weight, bias, {}, true);
  const [xBytes, yBytes] = [p.id * p.ih * p.iw * p.ic * 4, p.od * p.oh * p.ow * p.oc * 4];
  return {
    scratchBytes: core.scratchBytes,
    run(x, y, addend, scratch) {
      for (let n = 0; n < p.n; n++) core.run(x + n * xBytes, y + n * yBytes, addend && addend + n * yBytes, scratch);
    },
    dispose: core.dispose,
  };
}

/** One channel a group: lanes are channels, and every channel multiplier reads an image whose channels are repeated. */
export const depthwise: ConvAlgorithm = {
  name: 'depthwise',
  accuracy: 'high',
  refuses(p) {
    if (p.groups !== p.ic) return `groups are of ${p.ic / p.groups} channels, not of 1`;
    // one channel is an ordinary convolution with few inputs
    if (p.ic === 1) return 'a single input channel';
    return null;
  },
  declines: (p) =>
    p.oc > p.ic && p.ic * p.od * p.oh * p.ow * p.kd * p.kh * p.kw < LEAST_PRODUCTS * p.oc * p.id * p.ih * p.iw
      ? 'repeating channels takes longer'
      : null,
  prepare,
};

/** Groups of four channels into four: lanes are the outputs of a group. */
export const fours: ConvAlgorithm = {
  name: 'groups-of-four',
  accuracy: 'high',
  refuses(p) {
    if (p.ic !== 4 * p.groups || p.oc !== 4 * p.groups) return 'groups are not of four channels into four';
    if (tilePixels(p) === 0) return 'a kernel one tap wide or dilated, a stride above 2, or a row of less than 4 pixels';
    return null;
  },
  prepare,
};
