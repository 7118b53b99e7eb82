import { OptionError } from '../errors.js';
import type { PoolProblem, Rank } from '../types.js';
import { outputExtent } from './extent.js';
import { featureShape, readFeatures } from './features.js';
import { checkOptions, flag, integer, layoutIsLast, optionNames, padding, perAxis } from './options.js';
import { show } from './show.js';
import { checkSize } from './tensor.js';
import { checkPaddedSize, windowAxes, windowExtents } from './window.js';

/** What each kind of pool has beyond its extents. */
interface Particulars {
  readonly maxPool: { readonly returnIndices: boolean };
  readonly avgPool: {
    /** Divide by the cells of the window in input and declared padding; otherwise by those in the input. */
    readonly countIncludePad: boolean;
    /** Divide by this instead. */
    readonly divisorOverride: number | undefined;
  };
  /** Exponent of the norm; finite and above 0. */
  readonly lpPool: { readonly p: number };
}

export type PoolOperator = keyof Particulars;
export type PoolProblemOf<K extends PoolOperator> = Readonly<PoolProblem & Particulars[K]>;
export type AvgPoolProblem = PoolProblemOf<'avgPool'>;

/**
 * Checks a pool over x [n, c, i...] (channels last: [n, i..., c]) and derives its extents, o = floor((i + p0 + p1 - d
 * (k - 1) - 1) / s) + 1. With `ceilMode` the division rounds up and a last window that would start at or beyond input +
 * begin padding is dropped.
 * @throws ShapeError or OptionError
 */
export function poolProblem<K extends PoolOperator>(
  operator: K,
  rank: Rank,
  xShape: readonly number[],
  options?: unknown,
  calledAs = `${operator}${rank}d`,
): PoolProblemOf<K> {
  const o = checkOptions(calledAs, options, optionNames[operator]);
  const channelsLast = layoutIsLast(o.layout, rank);
  const x = readFeatures('x', xShape, rank, channelsLast);
  const { n, c, spatial } = x;
  const kernel = perAxis('kernelSize', o.kernelSize, rank, undefined, 1);
  const axes = windowAxes(
    spatial,
    kernel,
    perAxis('stride', o.stride, rank, kernel, 1),
    perAxis('dilation', o.dilation, rank, 1, 1),
  );
  const pads = padding(o.padding, axes);
  const ceil = flag('ceilMode', o.ceilMode, false);
  const output = axes.map((axis, a) => outputExtent(axis, pads[a], ceil));
  const yShape = featureShape({ ...x, spatial: output }, channelsLast);
  checkSize('y', yShape);
  checkPaddedSize('x', n, c, axes, pads);
  const problem: PoolProblem & Particulars[K] = {
    ...windowExtents(n, channelsLast, axes, pads, output),
    c,
    xShape: Object.freeze([...xShape]),
    yShape,
    ...particulars[operator](o),
  };
  return Object.freeze(problem);
}

type Options = Readonly<Record<string, unknown>>;

const particulars: { readonly [K in PoolOperator]: (o: Options) => Particulars[K] } = {
  maxPool: (o) => ({ returnIndices: flag('returnIndices', o.returnIndices, false) }),
  avgPool: (o) => ({
    countIncludePad: flag('countIncludePad', o.countIncludePad, true),
    divisorOverride: o.divisorOverride === undefined ? undefined : integer('divisorOverride', o.divisorOverride, 1),
  }),
  lpPool: ({ p }) => {
    if (p === undefined) throw new OptionError('p is required: the exponent of the norm, a finite number above 0');
    if (typeof p !== 'number' || !Number.isFinite(p) || p <= 0) {
      throw new OptionError(
        `p is ${show(p)}, expected a finite number above 0 (for the limit, the largest |x|, use maxPool)`,
      );
    }
    return { p };
  },
};
