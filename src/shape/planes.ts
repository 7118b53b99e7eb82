import { ShapeError } from '../errors.js';
import type { Rank } from '../types.js';
import { featureShape, rankOf, readFeatures } from './features.js';
import { checkOptions, flag, layoutIsLast, optionNames, perAxis } from './options.js';
import { checkSize } from './tensor.js';
import { transposedWindow } from './transposed.js';
import { leading, windowAxes } from './window.js';

/** Planes of one extent that become planes of another, without a fixed window; missing leading axes have extent 1. */
export interface PlaneProblem {
  readonly rank: Rank;
  readonly channelsLast: boolean;
  /** Batch. */
  readonly n: number;
  /** Channels. */
  readonly c: number;
  /** Input extents. */
  readonly id: number;
  readonly ih: number;
  readonly iw: number;
  /** Output extents. */
  readonly od: number;
  readonly oh: number;
  readonly ow: number;
  /** Shapes as the caller's layout has them. */
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
}

export interface AdaptivePoolProblem extends PlaneProblem {
  readonly returnIndices: boolean;
}

/**
 * Checks an adaptive pool of x [n, c, i...] to [n, c, ...outputSize]: window j of an axis is [floor(j i / o), ceil((j +
 * 1) i / o)); an extent of null is that of x.
 * @throws ShapeError or OptionError
 */
export function adaptivePool(
  operator: 'adaptiveAvgPool' | 'adaptiveMaxPool',
  rank: Rank,
  xShape: readonly number[],
  options?: unknown,
  calledAs = `${operator}${rank}d`,
): AdaptivePoolProblem {
  const o = checkOptions(calledAs, options, optionNames[operator]);
  const planes = planeProblem(rank, xShape, layoutIsLast(o.layout, rank), (spatial) => {
    const { outputSize: asked } = o;
    const kept = Array.isArray(asked) ? asked.map((size, axis) => (size === null ? spatial[axis] : size)) : asked;
    return perAxis('outputSize', kept, rank, undefined, 1);
  });
  return Object.freeze({ ...planes, returnIndices: flag('returnIndices', o.returnIndices, false) });
}

/** Checks a pool of whole planes, x [n, c, i...] to [n, c, 1...], in the rank of x. */
export function globalPool(
  operator: 'globalAvgPool' | 'globalMaxPool',
  xShape: readonly number[],
  options?: unknown,
  calledAs: string = operator,
): AdaptivePoolProblem {
  const o = checkOptions(calledAs, options, optionNames[operator]);
  const rank = rankOf('x', xShape, o.layout);
  const planes = planeProblem(rank, xShape, layoutIsLast(o.layout, rank), () => new Array<number>(rank).fill(1));
  return Object.freeze({ ...planes, returnIndices: flag('returnIndices', o.returnIndices, false) });
}

/**
 * Checks an unpooling of x [n, c, i...], the output of a max pool, to planes of (i - 1) s - p0 - p1 + d (k - 1) + 1
 * cells, or of `outputSize`: less than a stride away from that. With padding `same` i s cells, or an `outputSize` from (i - 1) s + 1
 * to i s.
 * @throws ShapeError or OptionError
 */
export function unpoolProblem(
  rank: Rank,
  xShape: readonly number[],
  options?: unknown,
  calledAs = `maxUnpool${rank}d`,
): PlaneProblem {
  const o = checkOptions(calledAs, options, optionNames.maxUnpool);
  const kernel = perAxis('kernelSize', o.kernelSize, rank, undefined, 1);
  const stride = perAxis('stride', o.stride, rank, kernel, 1);
  const dilation = perAxis('dilation', o.dilation, rank, 1, 1);
  const planes = planeProblem(rank, xShape, layoutIsLast(o.layout, rank), (spatial) => {
    return transposedWindow(windowAxes(spatial, kernel, stride, dilation), o, (axis) => axis.stride - 1).output;
  });
  return Object.freeze(planes);
}

/**
 * Checks that every index of an unpooling lies in its plane, or is -1 (the window held no cell).
 * @param plane cells of one output plane, od oh ow
 * @throws ShapeError naming the first index that does not
 */
export function checkIndexRange(operand: string, data: Int32Array, plane: number): void {
  for (let i = 0; i < data.length; i++) {
    if (data[i] < -1 || data[i] >= plane) {
      throw new ShapeError(
        `${operand}[${i}] is ${data[i]}, expected -1 or from 0 to ${plane - 1} (a plane of ${plane} cells)`,
      );
    }
  }
}

function planeProblem(
  rank: Rank,
  xShape: readonly number[],
  channelsLast: boolean,
  outputOf: (spatial: readonly number[]) => readonly number[],
): PlaneProblem {
  const x = readFeatures('x', xShape, rank, channelsLast);
  const { n, c, spatial } = x;
  const output = outputOf(spatial);
  const yShape = featureShape({ ...x, spatial: output }, channelsLast);
  checkSize('y', yShape);
  const [id, ih, iw] = leading(spatial, 1);
  const [od, oh, ow] = leading(output, 1);
  return { rank, channelsLast, n, c, id, ih, iw, od, oh, ow, xShape: Object.freeze([...xShape]), yShape };
}
