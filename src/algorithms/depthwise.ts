import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock, round64 } from '../wasm/block.js';
import { DEPTHWISE, DEPTHWISE_BYTES, GEOMETRY_BYTES, LANES, LONG_TILE, SHORT_TILE } from '../wasm/boundary.js';
import { oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { strides, writeGeometry, writeRecord } from '../wasm/records.js';
import { keepWeights } from '../wasm/weights.js';
import { isBeyondCache } from './beyond-cache.js';
import { Door, throughDoor } from './door.js';
import type { Piece } from './door-options.js';
import { overPadded, paddedExtents } from './padded.js';
import { type PanelOptions, type WeightOrder, weightOrder } from './panels.js';
import type { ConvJob, ConvRow } from './row.js';

/**
 * Whether the register tile is faster: a channel multiplier repeats padded cells for every output, and each of its
 * products takes a sixth of that; the tile makes the products of a whole group at once. Fitted to 280 timings with
 * multipliers 2 to 8, of which 95 % are within 10 % of the better one (n1ic128ih28iw28_oc256kh1kw1_g128 with channels
 * last is 1.8 times as fast here, n16ic64ih4iw4_oc128kh4kw4_sh2sw2_ph1pw1_g64 1.6 times as fast in the tile).
 */
function tileIsFaster(p: ConvProblem): boolean {
  const { id, ih, iw } = paddedExtents(p);
  const outputs = p.od * p.oh * p.ow;
  const taps = p.kd * p.kh * p.kw;
  return p.oc > p.ic && p.oc * (id * ih * iw + (outputs * taps) / 6) > p.ic * outputs * (taps + 3);
}

/**
 * Pixels of a tile: LONG_TILE or SHORT_TILE where taps share what they load, 0 for any kernel. Seven are 10 to 60 %
 * faster than four, sharing 10 to 30 % faster than not at five and seven taps.
 */
function tilePixels(p: ConvProblem): number {
  if (p.kw === 1 || p.dw > 1 || p.sw > 2 || p.ow < SHORT_TILE) return 0;
  const pixels = (tile: number) => Math.ceil(p.ow / tile) * tile;
  return p.ow >= LONG_TILE && pixels(LONG_TILE) <= 1.15 * pixels(SHORT_TILE) ? LONG_TILE : SHORT_TILE;
}

/**
 * Whether the kernel reads the image as it stands: it leaves out kernel rows that see nothing, and where taps share
 * what they load it knows three columns outside the image at the left of a first chunk of three taps, one at the right
 * of a last chunk of three and three of a last chunk of two. A padded copy takes 1.15 times as long
 * (ic240ih28iw28_oc240kh5kw5_ph2pw2_g240; 1.36 times with sh2sw2; ic96ih56iw56_oc96kh7kw7_ph3pw3_g96 1.1 times).
 */
export function readsInPlace(p: ConvProblem): boolean {
  const right = (p.ow - 1) * p.sw + (p.kw - 1) * p.dw - p.pw - (p.iw - 1);
  const [most, mostRight] = tilePixels(p) ? [p.kw === 2 || p.kw === 4 ? 0 : 3, p.kw % 3 ? 3 : 1] : [0, 0];
  return p.channelsLast && p.ic === p.oc && p.paddingMode === 'zeros' && p.pw <= most && right <= mostRight;
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
        packed[(at >> 2) * vector + to + (at & 3)] =
          weight[Math.floor(o / ocg) * group + i * k + (o % ocg) * n + offset];
      }
    }
  }
  return packed;
}

/** A depthwise problem bound to its weights, on the channels-last core. */
export interface DepthwiseCore {
  /** Of the problem as it is. */
  readonly geometry: Address;
  /** Bytes of scratch of a run. */
  readonly scratchBytes: number;
  /**
   * Output rows [begin, end), numbered image by image; channels are repeated for every multiplier. `addend` is laid out
   * as y, 0 for none.
   */
  run(image: Address, y: Address, addend: Address, begin: number, end: number, scratch: Address): void;
  dispose(): void;
}

/**
 * Packs the weights; the image is padded already unless `inPlace`, and the result goes where the strides `y` say, by
 * default side by side.
 */
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
  const view = inPlace ? p : overPadded(p);
  const at = keepBlock(arena, {
    geometry: GEOMETRY_BYTES,
    view: GEOMETRY_BYTES,
    depthwise: DEPTHWISE_BYTES,
    zeros: wide * 4,
    bias: wide * 4,
  });
  writeGeometry(host, at.geometry, p);
  writeGeometry(host, at.view, view, y);
  const kept = keepWeights(arena, at.block, packed.length * 4, (to) => arena.f32(to, packed.length).set(packed));
  arena.f32(at.zeros, wide).fill(0);
  const biases = arena.f32(at.bias, wide);
  biases.fill(0);
  if (bias) biases.set(bias);
  const touches = Number(inPlace && isBeyondCache(p.id * p.ih * p.iw * p.oc));
  const pixels = tilePixels(p);
  const pairs = Number(host.tune === 'arm' && pixels === LONG_TILE);
  writeRecord(host, DEPTHWISE, at.depthwise, { ...at, weights: kept.at, touches, pairs, pixels });
  const rows = p.od * p.oh;
  const imageBytes = view.id * view.ih * view.iw * p.oc * 4;
  return {
    geometry: at.geometry,
    scratchBytes: exports.depthwiseScratch(at.view),
    run(image, to, addend, begin, end, own) {
      for (let row = begin; row < end; ) {
        const n = Math.floor(row / rows);
        const next = Math.min(end, (n + 1) * rows);
        const yBytes = n * y.n * 4;
        const operands = [image + n * imageBytes, to + yBytes, addend && addend + yBytes] as const;
        exports.convDepthwise(at.view, at.depthwise, ...operands, row - n * rows, next - n * rows, own);
        row = next;
      }
    },
    dispose: kept.dispose,
  };
}

function prepare(host: Host, p: ConvProblem, weight: Float32Array, bias: Float32Array | undefined): ConvJob {
  const inPlace = readsInPlace(p);
  const core = prepareDepthwise(host, p, weight, bias, {}, inPlace);
  if (inPlace) {
    return oneStep({
      ownBytes: core.scratchBytes,
      units: p.n * p.od * p.oh,
      run: ([x, addend, y], begin, end, own) => core.run(x, y, addend, begin, end, own),
      dispose: core.dispose,
    });
  }
  // every channel multiplier reads an image whose channels are repeated
  const multiplier = p.oc / p.ic;
  const repeated = round64(core.scratchBytes);
  const door = new Door(host, p, core.geometry, {
    cuts: multiplier > 1 ? 'bands' : 'rows',
    core: (_, pixels) => (multiplier > 1 ? repeated + pixels * p.oc * 4 : core.scratchBytes),
  });
  const convolve = ({ image, staged, stagedPixels, y, addend, begin, end, scratch }: Piece) => {
    let from = image;
    if (multiplier > 1) {
      host.exports.repeatChannels(scratch + repeated, staged, stagedPixels, p.ic, multiplier);
      from = scratch + repeated - (staged - image) * multiplier;
    }
    core.run(from, y, addend, begin / p.ow, end / p.ow, scratch);
  };
  return throughDoor(door, convolve, core.dispose);
}

/** What depthwise rows refuse. */
export function refusesDepthwise(p: ConvProblem): string | null {
  if (p.groups !== p.ic) return `groups are of ${p.ic / p.groups} channels, not of 1`;
  // one channel is an ordinary convolution with few inputs
  return p.ic === 1 ? 'a single input channel' : null;
}

/** One channel a group: lanes are channels, and every channel multiplier reads an image whose channels are repeated. */
export const depthwise: ConvRow = {
  name: 'depthwise',
  accuracy: 'high',
  refuses: refusesDepthwise,
  declines: (p) => (tileIsFaster(p) ? 'repeating channels takes longer' : null),
  prepare,
};

/** Groups of four channels into four: lanes are the outputs of a group. */
export const fours: ConvRow = {
  name: 'groups-of-four',
  accuracy: 'high',
  refuses(p) {
    if (p.ic !== 4 * p.groups || p.oc !== 4 * p.groups) return 'groups are not of four channels into four';
    return tilePixels(p) ? null : 'no tiles whose pixels share taps';
  },
  prepare,
};
