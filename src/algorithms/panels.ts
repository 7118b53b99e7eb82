import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import { GEOMETRY_BYTES, NR } from '../wasm/boundary.js';
import type { Host } from '../wasm/host.js';
import { type Strides, strides, writeGeometry } from '../wasm/records.js';
import { keepWeights } from '../wasm/weights.js';
import { staged } from './staged.js';
import { biasBytes, panelBytes, tileParts, writeBias, writeTile } from './tile-record.js';

/** Weights as panels, and the records that lead the tile through a window. */
export interface Panels {
  readonly geometry: Address;
  readonly product: Address;
  /** 0 for none. */
  readonly bias: Address;
  /** Panels of all groups. */
  readonly panels: Address;
  /** Bytes of one group's panels. */
  readonly groupPanelBytes: number;
  readonly segments: Address;
  readonly segmentCount: number;
  /** Floats in a segment. */
  readonly k: number;
  dispose(): void;
}

/** Byte offsets of a window's runs in the padded channels-last image; runs join along w where nothing lies between. */
export function windowSegments(p: ConvProblem): { offsets: number[]; k: number } {
  const pixel = p.ic * 4;
  const row = (p.pw + p.iw + p.pwEnd) * pixel;
  const plane = (p.ph + p.ih + p.phEnd) * row;
  const joined = p.groups === 1 && (p.dw === 1 || p.kw === 1);
  const offsets: number[] = [];
  for (let z = 0; z < p.kd; z++) {
    for (let y = 0; y < p.kh; y++) {
      for (let x = 0; x < (joined ? 1 : p.kw); x++) offsets.push(z * p.dd * plane + y * p.dh * row + x * p.dw * pixel);
    }
  }
  return { offsets, k: (p.ic / p.groups) * (joined ? p.kw : 1) };
}

/** Where weights stand, in floats: B[k][n] of a group and a tap at group * `group` + taps[tap] + k * `k` + n * `n`. */
export interface WeightOrder {
  readonly group: number;
  readonly k: number;
  readonly n: number;
  readonly taps: readonly number[];
}

/** Offsets of taps that are `step` apart, in their order or reversed. */
export function tapsOf(count: number, step: number, isReversed: boolean): number[] {
  const offsets: number[] = [];
  for (let t = 0; t < count; t++) offsets.push((isReversed ? count - 1 - t : t) * step);
  return offsets;
}

/**
 * Weights [oc][ic / groups][taps], or [taps][ic / groups][oc] with channels last: k counts input channels of a group, n
 * output channels.
 */
export function weightOrder(p: ConvProblem): WeightOrder {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const [o, c, tap] = p.weightsLast ? [1, p.oc, icg * p.oc] : [icg * taps, taps, 1];
  return { group: (p.oc / p.groups) * o, k: c, n: o, taps: tapsOf(taps, tap, p.flipKernel) };
}

/** Packs weights into panels [groups][ceil(oc / groups / 8)][taps * ic / groups][8]. */
function packWeights(host: Host, p: ConvProblem, weight: Address, order: WeightOrder, panels: Address): void {
  const [icg, ocg] = [p.ic / p.groups, p.oc / p.groups];
  const step = panelBytes(1, order.taps.length * icg);
  const groupBytes = panelBytes(ocg, order.taps.length * icg);
  for (let group = 0; group < p.groups; group++) {
    for (let tap = 0; tap < order.taps.length; tap++) {
      const to = panels + group * groupBytes + tap * icg * NR * 4;
      const from = weight + (group * order.group + order.taps[tap]) * 4;
      host.exports.packPanels(to, step, from, icg, ocg, order.k * 4, order.n * 4, 1);
    }
  }
}

/** What differs where the weights or the result are another operator's. */
export interface PanelOptions {
  /** Default: the problem's own. */
  readonly order?: WeightOrder;
  /** Strides of the result in the geometry record; default: channels last, side by side. */
  readonly y?: Strides;
}

/** Packed weights, bias and records of a problem in one kept block. */
export function preparePanels(
  host: Host,
  p: ConvProblem,
  weight: Float32Array,
  bias: Float32Array | undefined,
  options?: PanelOptions,
): Panels {
  return staged(host, weight, (at) => preparePanelsFrom(host, p, at, bias, options));
}

/** As `preparePanels`, with weights that stand in linear memory. */
export function preparePanelsFrom(
  host: Host,
  p: ConvProblem,
  weight: Address,
  bias: Float32Array | undefined,
  { order = weightOrder(p), y = strides(true, p.oc, p.od, p.oh, p.ow) }: PanelOptions = {},
): Panels {
  const { arena } = host;
  const { offsets, k } = windowSegments(p);
  const [n, segmentCount] = [p.oc / p.groups, offsets.length];
  const groupPanelBytes = panelBytes(n, segmentCount * k);
  const at = keepBlock(arena, {
    product: tileParts.product,
    zeros: tileParts.zeros,
    geometry: GEOMETRY_BYTES,
    segments: segmentCount * 4,
    bias: biasBytes(p.oc, bias),
  });
  const { block, geometry, product, segments } = at;
  const packed = keepWeights(arena, block, p.groups * groupPanelBytes, (to) => packWeights(host, p, weight, order, to));
  const { at: panels, dispose } = packed;
  arena.i32(segments, segmentCount).set(offsets);
  writeGeometry(host, geometry, p, y);
  const biasAt = writeBias(host, at.bias, bias, p.oc);
  writeTile(host, at, { k, n, segmentCount, segments, panels, bias: biasAt, clamp: p.clamp });
  return { geometry, product, segments, panels, groupPanelBytes, segmentCount, k, bias: biasAt, dispose };
}
