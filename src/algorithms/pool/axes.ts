import type { WindowExtents } from '../../types.js';

/**
 * Which cells along an axis a window holds, and its factor of the divisor of an average. No taps: it lies in the
 * padding.
 */
export type Window = readonly [first: number, taps: number, share: number];

/** The windows along one axis, clipped to the input, by a rule: it takes no memory, however many they are. */
export interface Axis {
  readonly count: number;
  /** Cells of the input. */
  readonly input: number;
  /** Cells from tap to tap. */
  readonly step: number;
  /**
   * Windows this far apart tend to be alike; from `regular[0]` to before `regular[1]` they are, apart from where they
   * start.
   */
  readonly period: number;
  readonly regular: readonly [begin: number, end: number];
  /** Of a fixed kernel: its taps, its step, and the padding in front. */
  readonly kernel?: readonly [taps: number, stride: number, begin: number];
  window(o: number): Window;
}

export type Triple<T> = readonly [depth: T, height: T, width: T];
export type Axes = Triple<Axis>;
export type Extents = Triple<number>;
/** The windows [begin, end) of an axis. */
export type Range = readonly [begin: number, end: number];

/** The same of all three. */
export const along = <T, U>([d, h, w]: Triple<T>, of: (axis: T, a: 0 | 1 | 2) => U): Triple<U> => [
  of(d, 0),
  of(h, 1),
  of(w, 2),
];

export const product = ([d, h, w]: Extents): number => d * h * w;

/** What the windows of a range look like apart from where they start, if they are regular. */
export function patternOf({ period, regular }: Axis, [begin, end]: Range): string | undefined {
  return regular[0] <= begin && end <= regular[1] ? `${end - begin}/${begin % period}` : undefined;
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
): Axis {
  const window = (at: number): Window => {
    const start = at * s - begin;
    const before = start < 0 ? Math.ceil(-start / d) : 0;
    const taps = Math.max(0, Math.min(k, Math.ceil((i - start) / d)) - before);
    return [start + before * d, taps, countPad ? Math.min(k, Math.ceil((i + end - start) / d)) : taps];
  };
  const regular = [Math.ceil(begin / s), Math.floor((i + begin - (k - 1) * d - 1) / s) + 1] as const;
  return { count: o, input: i, step: d, period: 1, regular, kernel: [k, s, begin], window };
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

/**
 * For each of i cells the windows of a fixed kernel that hold it, of o: window w does where cell + begin - w s is one
 * of 0, d, ... (k - 1) d, so that w s = cell + begin (mod d). Those that do are d / gcd(s, d) windows apart.
 */
function holdingAxis(i: number, k: number, s: number, dilation: number, begin: number, o: number): Axis {
  const d = k === 1 ? 1 : dilation;
  const common = gcd(s, d);
  const step = d / common;
  // the inverse of s / common modulo `step`
  let inverse = 0;
  while ((inverse * (s / common)) % step !== 1 % step) inverse++;
  const window = (cell: number): Window => {
    const at = cell + begin;
    const least = Math.max(0, Math.ceil((at - (k - 1) * d) / s));
    if (at % common !== 0) return [least, 0, 1];
    const any = (((at / common) % step) * inverse) % step;
    const low = least + ((any - (least % step) + step) % step);
    return [low, Math.max(0, Math.ceil((Math.min(o, Math.floor(at / s) + 1) - low) / step)), 1];
  };
  return { count: i, input: o, step, period: s, regular: [(k - 1) * d - begin, o * s - begin], window };
}

/** For each cell of the input the windows of a fixed kernel that hold it. */
export function holdingAxes(p: WindowExtents): Axes {
  return [
    holdingAxis(p.id, p.kd, p.sd, p.dd, p.pd, p.od),
    holdingAxis(p.ih, p.kh, p.sh, p.dh, p.ph, p.oh),
    holdingAxis(p.iw, p.kw, p.sw, p.dw, p.pw, p.ow),
  ];
}

function adaptiveAxis(i: number, o: number): Axis {
  const window = (at: number): Window => {
    const first = Math.floor((at * i) / o);
    const taps = Math.ceil(((at + 1) * i) / o) - first;
    return [first, taps, taps];
  };
  return { count: o, input: i, step: 1, period: o / gcd(i, o), regular: [0, o], window };
}

/**
 * Windows that spread the input evenly over a given number of outputs. For each cell those that hold it are the same
 * the other way round.
 */
export function adaptiveAxes(input: Extents, output: Extents): Axes {
  return along(input, (i, a) => adaptiveAxis(i, output[a]));
}

/** For each window the one cell with its number, and its share. */
export function singleCells({ count, period, regular, window }: Axis): Axis {
  return { count, input: count, step: 1, period, regular, window: (o) => [o, 1, window(o)[2]] };
}

/** The share that all windows with cells have, if there is one. */
function commonShare({ count, window }: Axis): number | undefined {
  let common: number | undefined;
  for (let o = 0; o < count; o++) {
    const [, taps, share] = window(o);
    if (taps > 0 && share !== (common ??= share)) return undefined;
  }
  return common ?? 1;
}

/** The divisor that all windows with cells have, if there is one. */
export function commonDivisor(axes: Axes): number | undefined {
  const shares = along(axes, commonShare);
  return shares.some((share) => share === undefined) ? undefined : product(shares as Extents);
}

/** The same windows with another divisor, the same for all. */
export function withDivisor(axes: Axes, divisor: number): Axes {
  return along(axes, ({ window, ...axis }, a): Axis => {
    const share = a === 2 ? divisor : 1;
    return {
      ...axis,
      window: (o) => {
        const [first, taps] = window(o);
        return [first, taps, share];
      },
    };
  });
}

/** A window as up to `parts` windows, each of which holds some of its taps. */
export function partsOf(axis: Axis, o: number, parts: number): Axis {
  const [first, taps] = axis.window(o);
  const count = Math.max(1, Math.min(parts, taps));
  const window = (at: number): Window => {
    const begin = Math.floor((at * taps) / count);
    return [first + begin * axis.step, Math.floor(((at + 1) * taps) / count) - begin, 1];
  };
  return { ...axis, count, period: 1, regular: [0, 0], window };
}
