import type { ConvProblem } from '../types.js';

/** One axis of a direct convolution. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

/** The axes d, h, w of a direct convolution. */
export const axesOf = (p: ConvProblem): readonly [Axis, Axis, Axis] => [
  { input: p.id, output: p.od, kernel: p.kd, stride: p.sd, dilation: p.dd, padding: p.pd },
  { input: p.ih, output: p.oh, kernel: p.kh, stride: p.sh, dilation: p.dh, padding: p.ph },
  { input: p.iw, output: p.ow, kernel: p.kw, stride: p.sw, dilation: p.dw, padding: p.pw },
];

/** The input cells of one residue class, i = first + q s, and the taps that fall on them. */
export interface Residue {
  readonly first: number;
  /** Number of cells, at least 1. */
  readonly count: number;
  /**
   * The last tap first, so that the positions they come from ascend: cell q hears from positions q + origin, q + origin
   * + step, ...
   */
  readonly taps: readonly number[];
  readonly origin: number;
  readonly step: number;
}

const classOf = (k: number, { stride, dilation, padding }: Axis) =>
  (((k * dilation - padding) % stride) + stride) % stride;

const cellsOf = (residue: number, { input, stride }: Axis) => Math.max(0, Math.ceil((input - residue) / stride));

/**
 * The residue classes of an axis modulo its stride. Tap k of position o falls on cell i = o s + k d - p, so tap k
 * belongs to the class (k d - p) mod s, and cell r + q s hears through it from position q + (r + p - k d) / s. Taps of
 * one class lie s / gcd(s, d) apart.
 */
export function residuesOf(axis: Axis): Residue[] {
  const { input, kernel, stride, dilation, padding } = axis;
  const residues = Array.from({ length: Math.min(stride, input) }, (_, first) => ({ first, taps: [] as number[] }));
  for (let k = kernel - 1; k >= 0; k--) residues[classOf(k, axis)]?.taps.push(k);
  return residues.map(({ first, taps }) => {
    const position = (tap: number) => (first + padding - tap * dilation) / stride;
    const [origin, next] = taps.slice(0, 2).map(position);
    return {
      first,
      count: cellsOf(first, axis),
      taps,
      origin: origin ?? 0,
      step: next === undefined ? 1 : next - origin,
    };
  });
}

/** One class along each of the axes d, h, w. */
export type Residues = readonly [Residue, Residue, Residue];

/** The residue classes of all axes together. */
export function classesOf(p: ConvProblem): Residues[] {
  const [zs, ys, xs] = axesOf(p).map(residuesOf);
  return zs.flatMap((z) => ys.flatMap((y) => xs.map((x): Residues => [z, y, x])));
}

/** Zeros that the positions of an axis need before and behind them, so that every tap of every class reads a cell. */
export function borderOf(residues: readonly Residue[], { output }: Axis): readonly [number, number] {
  const tapped = residues.filter(({ taps }) => taps.length > 0);
  const last = ({ count, taps, origin, step }: Residue) => count - 1 + origin + (taps.length - 1) * step;
  // one by one: there may be more classes than a call takes arguments
  return [
    tapped.reduce((most, { origin }) => Math.max(most, -origin), 0),
    tapped.reduce((most, residue) => Math.max(most, last(residue) + 1 - output), 0),
  ];
}

/**
 * How many times the products of the definition, o k, a sum over the taps of each cell takes: more where gradY is small
 * against the kernel, because its zero border counts.
 */
export function borderCost(p: ConvProblem): number {
  let cost = 1;
  for (const axis of axesOf(p)) {
    let products = 0;
    for (let k = 0; k < axis.kernel; k++) products += cellsOf(classOf(k, axis), axis);
    cost *= products / (axis.output * axis.kernel);
  }
  return cost;
}
