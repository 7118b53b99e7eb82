import type { WindowExtents } from '../../types.js';

/** The windows along one axis, clipped to the input: window o holds the cells first[o], first[o] + step, ... of which there are taps[o]. */
export interface Spans {
  readonly count: number;
  /** Cells of the input. */
  readonly input: number;
  /** 0 where taps is 0. */
  readonly first: Int32Array;
  readonly taps: Int32Array;
  /** Factor of the divisor of an average. */
  readonly share: Int32Array;
  /** Cells from tap to tap. */
  readonly step: number;
  /** Windows this far apart tend to be alike. */
  readonly period: number;
}

export type Axes = readonly [depth: Spans, height: Spans, width: Spans];
export type Extents = readonly [depth: number, height: number, width: number];

function spans(
  count: number,
  input: number,
  step: number,
  period: number,
  window: (o: number) => readonly [first: number, taps: number, share: number],
): Spans {
  const first = new Int32Array(count);
  const taps = new Int32Array(count);
  const share = new Int32Array(count);
  for (let o = 0; o < count; o++) {
    const [f, t, s] = window(o);
    first[o] = t > 0 ? f : 0;
    taps[o] = Math.max(0, t);
    share[o] = s;
  }
  return { count, input, first, taps, share, step, period };
}

/** Windows of a fixed kernel. `countPad`: declared padding has its share in the divisor. */
function slidingAxis(
  i: number,
  k: number,
  s: number,
  d: number,
  begin: number,
  end: number,
  o: number,
  countPad: boolean,
): Spans {
  return spans(o, i, d, 1, (at) => {
    const start = at * s - begin;
    const before = start < 0 ? Math.ceil(-start / d) : 0;
    const taps = Math.min(k, Math.ceil((i - start) / d)) - before;
    const share = countPad ? Math.min(k, Math.ceil((i + end - start) / d)) : Math.max(0, taps);
    return [start + before * d, taps, share];
  });
}

/** Windows of a fixed kernel along depth, height and width. */
export function slidingAxes(p: WindowExtents, countPad = false): Axes {
  return [
    slidingAxis(p.id, p.kd, p.sd, p.dd, p.pd, p.pdEnd, p.od, countPad),
    slidingAxis(p.ih, p.kh, p.sh, p.dh, p.ph, p.phEnd, p.oh, countPad),
    slidingAxis(p.iw, p.kw, p.sw, p.dw, p.pw, p.pwEnd, p.ow, countPad),
  ];
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function adaptiveAxis(i: number, o: number): Spans {
  return spans(o, i, 1, o / gcd(i, o), (at) => {
    const first = Math.floor((at * i) / o);
    const taps = Math.ceil(((at + 1) * i) / o) - first;
    return [first, taps, taps];
  });
}

/** Windows that spread the input evenly over a given number of outputs. */
export function adaptiveAxes(input: Extents, output: Extents): Axes {
  return [adaptiveAxis(input[0], output[0]), adaptiveAxis(input[1], output[1]), adaptiveAxis(input[2], output[2])];
}

/** Windows of one cell each; `share` of a window, 1 when left out. */
export function singleCells(count: number, share?: Int32Array): Spans {
  return spans(count, count, 1, 1, (o) => [o, 1, share ? share[o] : 1]);
}

/** The windows the other way round: for each cell of the input the windows that hold it, which are neighbours where windows are dense. */
function coveringAxis({ count, input, first, taps }: Spans, period: number): Spans {
  // windows without cells stand at the ends
  let low = taps.findIndex((t) => t > 0);
  if (low < 0) return spans(input, count, 1, 1, () => [0, 0, 1]);
  let high = low;
  return spans(input, count, 1, period, (cell) => {
    while (high < count && taps[high] > 0 && first[high] <= cell) high++;
    while (low < high && first[low] + taps[low] <= cell) low++;
    return [low, high - low, 1];
  });
}

/** For each cell of the input the windows that hold it. `periods`: cells after which the pattern repeats, per axis. */
export function coveringAxes(axes: Axes, periods: Extents): Axes {
  return [coveringAxis(axes[0], periods[0]), coveringAxis(axes[1], periods[1]), coveringAxis(axes[2], periods[2])];
}

/** The share that all windows with cells have, if there is one. */
function commonShare({ taps, share }: Spans): number | undefined {
  const held = share.filter((_, o) => taps[o] > 0);
  return held.every((value) => value === held[0]) ? (held[0] ?? 1) : undefined;
}

/** The divisor that all windows with cells have, if there is one. */
export function commonDivisor(axes: Axes): number | undefined {
  return axes
    .map(commonShare)
    .reduce((product, share) => (product === undefined || share === undefined ? undefined : product * share), 1);
}

/** The same windows with another divisor, the same for all. */
export function withDivisor([depth, height, width]: Axes, divisor: number): Axes {
  const all = (axis: Spans, share: number): Spans => ({ ...axis, share: new Int32Array(axis.count).fill(share) });
  return [all(depth, 1), all(height, 1), all(width, divisor)];
}
