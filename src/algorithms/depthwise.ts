import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import type { Exports } from '../wasm/exports.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, strides, writeGeometry, writeRecord } from '../wasm/records.js';
import type { ConvAlgorithm } from './algorithm.js';
import { Bands } from './bands.js';
import { Frame } from './frame.js';
import { type PanelOptions, type WeightOrder, weightOrder } from './panels.js';

const LANES = 4;

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** The kernel for a problem: kernels 3 and 5 wide reuse what they load, on rows that hold a tile. */
function kernelOf(p: ConvProblem, exports: Exports): Exports['depthwiseAny'] {
  if (p.dw > 1 || p.ow < 4) return exports.depthwiseAny;
  const { depthwise3s1, depthwise3s2, depthwise5s1, depthwise5s2 } = exports;
  const known = { '3,1': depthwise3s1, '3,2': depthwise3s2, '5,1': depthwise5s1, '5,2': depthwise5s2 };
  return known[`${p.kw},${p.sw}` as keyof typeof known] ?? exports.depthwiseAny;
}

/** Weights as [taps][oc rounded up to four]. */
function tapsByChannel(p: ConvProblem, weight: Float32Array, { group, n, taps }: WeightOrder): Float32Array {
  const wide = Math.ceil(p.oc / LANES) * LANES;
  const ocg = p.oc / p.groups;
  const packed = new Float32Array(taps.length * wide);
  for (const [tap, offset] of taps.entries()) {
    for (let o = 0; o < p.oc; o++) packed[tap * wide + o] = weight[Math.floor(o / ocg) * group + (o % ocg) * n + offset];
  }
  return packed;
}

/** A depthwise problem bound to its weights, on the channels-last core. */
export interface DepthwiseCore {
  readonly geometry: Address;
  /** Output rows [begin, end), by default all, of a padded image whose channels are repeated for every multiplier; `addend` is laid out as y, 0 for none. */
  run(image: Address, y: Address, addend: Address, begin?: number, end?: number): void;
  dispose(): void;
}

/** Packs the weights; the result goes where the strides `y` say, by default side by side. */
export function prepareDepthwise(
  host: Host,
  p: ConvProblem,
  weight: Float32Array,
  bias: Float32Array | undefined,
  { order = weightOrder(p), y = strides(true, p.oc, p.od, p.oh, p.ow) }: PanelOptions = {},
): DepthwiseCore {
  const { arena, exports } = host;
  const packed = tapsByChannel(p, weight, order);
  const wide = Math.ceil(p.oc / LANES) * LANES;
  const at = keepBlock(arena, {
    geometry: recordBytes('geometry'),
    depthwise: recordBytes('depthwise'),
    weights: packed.length * 4,
    bias: wide * 4,
  });
  writeGeometry(host, at.geometry, p, y);
  arena.f32(at.weights, packed.length).set(packed);
  const biases = arena.f32(at.bias, wide);
  biases.fill(0);
  if (bias) biases.set(bias);
  const kernel = kernelOf(p, exports);
  return {
    geometry: at.geometry,
    run(image, y, addend, begin = 0, end = p.od * p.oh) {
      writeRecord(host, 'depthwise', at.depthwise, { image, weights: at.weights, bias: at.bias, y, addend });
      kernel(at.geometry, at.depthwise, begin, end);
    },
    dispose: () => arena.release(at.block),
  };
}

/** One channel a group: lanes are channels, and every channel multiplier reads an image whose channels are repeated. */
export const depthwise: ConvAlgorithm = {
  name: 'depthwise',
  accuracy: 'high',
  refuses(p) {
    if (p.groups !== p.ic) return `${p.groups} groups of ${p.ic / p.groups} channels, not of 1`;
    // one channel is an ordinary convolution with few inputs
    if (p.ic === 1) return 'a single input channel';
    return null;
  },
  prepare(host, p, weight, bias) {
    const core = prepareDepthwise(host, p, weight, bias);
    const multiplier = p.oc / p.ic;
    const paddedPixels = (p.pd + p.id + p.pdEnd) * (p.ph + p.ih + p.phEnd) * (p.pw + p.iw + p.pwEnd);
    const repeats = (pixels: number) => (multiplier > 1 ? round64(pixels * p.oc * 4) : 0);
    if (Bands.serve(p)) {
      const bands = new Bands(host, p, core.geometry, repeats);
      return {
        scratchBytes: bands.scratchBytes,
        run: (x, y, addend, scratch) =>
          bands.run(x, y, addend, scratch, (band) => {
            let { image } = band;
            if (multiplier > 1) {
              host.exports.repeatChannels(band.scratch, band.rows, band.rowPixels, p.ic, multiplier);
              image = band.scratch - (band.rows - band.image) * multiplier;
            }
            core.run(image, band.y, band.addend, band.begin, band.end);
          }),
        dispose: core.dispose,
      };
    }
    const repeatedBytes = repeats(paddedPixels);
    const frame = new Frame(host, p, core.geometry, () => repeatedBytes);
    const pixels = p.od * p.oh * p.ow;
    return {
      scratchBytes: frame.scratchBytes,
      run: (x, y, addend, scratch) =>
        frame.run(x, y, addend, scratch, (chunk) => {
          for (let i = 0; i < chunk.pixels / pixels; i++) {
            let image = chunk.image + i * paddedPixels * p.ic * 4;
            if (repeatedBytes) host.exports.repeatChannels(chunk.scratch, image, paddedPixels, p.ic, multiplier);
            if (repeatedBytes) image = chunk.scratch;
            const offset = i * pixels * p.oc * 4;
            core.run(image, chunk.y + offset, chunk.addend && chunk.addend + offset);
          }
        }),
      dispose: core.dispose,
    };
  },
};
