import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import type { Host } from '../wasm/host.js';
import { recordBytes, type Strides, strides, writeGeometry, writeRecord } from '../wasm/records.js';
import { staged } from './staged.js';

/** Columns in a panel. */
const NR = 8;

/** Weights as panels, and the records that lead the tile through a window. */
export interface Panels {
  readonly geometry: Address;
  readonly product: Address;
  readonly bias: Address;
  /** Panels of all groups. */
  readonly panels: Address;
  /** Bytes of one group's panels. */
  readonly groupPanelBytes: number;
  readonly segments: Address;
  readonly segmentCount: number;
  /** Floats in a segment. */
  readonly k: number;
  /** Writes a product record with other fields than the layer's own: `im2col-gemm` has one segment, and a product for every group. */
  writeProduct(at: Address, fields: Readonly<Record<string, number>>): void;
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

/** Weights [oc][ic / groups][taps], or [taps][ic / groups][oc] with channels last: k counts input channels of a group, n output channels. */
export function weightOrder(p: ConvProblem): WeightOrder {
  const taps = p.kd * p.kh * p.kw;
  const icg = p.ic / p.groups;
  const [o, c, tap] = p.channelsLast ? [1, p.oc, icg * p.oc] : [icg * taps, taps, 1];
  const turned = (t: number) => (p.flipKernel ? taps - 1 - t : t);
  return { group: (p.oc / p.groups) * o, k: c, n: o, taps: Array.from({ length: taps }, (_, t) => turned(t) * tap) };
}

/** Packs weights into panels [groups][ceil(oc / groups / 8)][taps * ic / groups][8]. */
function packWeights(host: Host, p: ConvProblem, weight: Address, order: WeightOrder, panels: Address): void {
  const icg = p.ic / p.groups;
  const ocg = p.oc / p.groups;
  const panelBytes = order.taps.length * icg * NR * 4;
  const groupBytes = Math.ceil(ocg / NR) * panelBytes;
  for (let group = 0; group < p.groups; group++) {
    for (const [tap, offset] of order.taps.entries()) {
      const to = panels + group * groupBytes + tap * icg * NR * 4;
      const from = weight + (group * order.group + offset) * 4;
      host.exports.packPanels(to, panelBytes, from, icg, ocg, order.k * 4, order.n * 4, 1);
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
  const ocg = p.oc / p.groups;
  const groupPanelBytes = Math.ceil(ocg / NR) * offsets.length * k * NR * 4;
  const at = keepBlock(arena, {
    geometry: recordBytes('geometry'),
    product: recordBytes('product'),
    zeros: NR * 4,
    segments: offsets.length * 4,
    // a group's last panel reads eight columns of bias
    bias: bias ? (p.oc + NR) * 4 : 0,
    panels: p.groups * groupPanelBytes,
  });
  try {
    packWeights(host, p, weight, order, at.panels);
  } catch (error) {
    arena.release(at.block);
    throw error;
  }
  arena.f32(at.zeros, NR).fill(0);
  arena.i32(at.segments, offsets.length).set(offsets);
  if (bias) {
    const to = arena.f32(at.bias, p.oc + NR);
    to.fill(0);
    to.set(bias);
  }
  writeGeometry(host, at.geometry, p, y);
  const writeProduct = (to: Address, fields: Readonly<Record<string, number>>) =>
    writeRecord(host, 'product', to, {
      k,
      segmentCount: offsets.length,
      segments: at.segments,
      n: ocg,
      mr: host.mr,
      panels: at.panels,
      bias: bias ? at.bias : at.zeros,
      lo: p.clamp[0],
      hi: p.clamp[1],
      zeros: at.zeros,
      ...fields,
    });
  writeProduct(at.product, {});
  return {
    ...at,
    groupPanelBytes,
    segmentCount: offsets.length,
    k,
    writeProduct,
    dispose: () => arena.release(at.block),
  };
}
