import { type Axes, slidingAxes, withDivisor } from '../algorithms/pool/axes.js';
import { adaptivePool, globalPool } from '../shape/planes.js';
import { type AvgPoolProblem, poolProblem } from '../shape/pool.js';
import { checkTensor } from '../shape/tensor.js';
import type { Into, Layout, Layout1d, Layout2d, Layout3d, Rank, Result, Tensor } from '../types.js';
import { axesOf } from './max-pool.js';
import type { AdaptiveWindow, GlobalPoolOptions } from './max-pool-options.js';
import {
  type Maps,
  mapsOf,
  type OutOption,
  type PlannedCall,
  type Pool,
  poolJob,
  runPool,
  type WindowOptions,
} from './pooling.js';
import { Recall } from './recall.js';

/** Options of an average pool. */
export interface AvgPoolOptions<L extends Layout = Layout2d> extends WindowOptions<L>, OutOption {
  /**
   * True (default): divides by the cells of the window on the input and its declared padding; false: on the input
   * alone.
   */
  readonly countIncludePad?: boolean | undefined;
  /** Divides by this instead, an integer of at least 1. */
  readonly divisorOverride?: number | undefined;
}

/** Options of an adaptive average pool. */
export interface AdaptiveAvgPoolOptions<L extends Layout = Layout2d> extends AdaptiveWindow<L>, OutOption {}

/** Windows of an average pool, with what they divide by. */
export function averageAxes(problem: AvgPoolProblem): Axes {
  const axes = slidingAxes(problem, problem.countIncludePad);
  return problem.divisorOverride === undefined ? axes : withDivisor(axes, problem.divisorOverride);
}

const calls = new Recall<PlannedCall>();

const planned = (problem: Maps & { readonly yShape: readonly number[] }, axes: Axes): PlannedCall => ({
  shape: problem.yShape,
  job: poolJob({ ...mapsOf(problem), kind: 'sum', axes }),
});

function avgPool<R>(rank: Rank, x: Tensor, options: AvgPoolOptions<Layout>): R {
  const { shape } = checkTensor('x', x);
  const call = calls.recall(`avgPool${rank}d`, shape, options, () => {
    const problem = poolProblem('avgPool', rank, shape, options);
    return planned(problem, averageAxes(problem));
  });
  return runPool(x, options.out, call);
}

function adaptive<R>(rank: Rank, x: Tensor, options: AdaptiveAvgPoolOptions<Layout>): R {
  const { shape } = checkTensor('x', x);
  const call = calls.recall(`adaptiveAvgPool${rank}d`, shape, options, () => {
    const problem = adaptivePool('adaptiveAvgPool', rank, shape, options);
    return planned(problem, axesOf(problem));
  });
  return runPool(x, options.out, call);
}

/**
 * Average of each window, as `torch.nn.functional.avg_pool2d`. A window that holds no cell of the input gives 0.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `kernelSize`, and where wanted `stride` (default `kernelSize`), `padding` (any, 0), `dilation`
 * (1), `ceilMode` (false), `countIncludePad` (true: the divisor counts taps on declared padding, as ONNX 19 does, never
 * the overflow of `ceilMode`), `divisorOverride`, `layout`, `out`
 * @returns [n, c, oh, ow] or [n, oh, ow, c], with `o = floor((i + p0 + p1 - d·(k - 1) - 1) / s) + 1` per axis, rounded
 * up with `ceilMode`
 * @throws ShapeError for operands that do not fit, OptionError for an option out of range or unknown, MemoryError when
 * the host refuses memory
 * @example
 * console.log(avgPool2d(tensor([1, 2, 3, 4], [1, 2, 2]), { kernelSize: 2 }).data); // 2.5
 */
export const avgPool2d: Pool<AvgPoolOptions<Layout2d>> = (x, options) => avgPool(2, x, options);

/**
 * As `avgPool2d` with one spatial axis.
 * @param x [n, c, l]; with layout `'NLC'` [n, l, c]
 * @throws as `avgPool2d`
 * @example
 * console.log(avgPool1d(tensor([1, 2, 3, 4], [1, 4]), { kernelSize: 2 }).data); // 1.5, 3.5
 */
export const avgPool1d: Pool<AvgPoolOptions<Layout1d>> = (x, options) => avgPool(1, x, options);

/**
 * As `avgPool2d` with three spatial axes.
 * @param x [n, c, d, h, w]; with layout `'NDHWC'` [n, d, h, w, c]
 * @throws as `avgPool2d`
 * @example
 * console.log(avgPool3d(tensor([1, 2, 3, 4], [1, 1, 2, 2]), { kernelSize: [1, 2, 2] }).data); // 2.5
 */
export const avgPool3d: Pool<AvgPoolOptions<Layout3d>> = (x, options) => avgPool(3, x, options);

/**
 * Average pool to a given output size, as `torch.nn.functional.adaptive_avg_pool2d`: window i of an axis is
 * `[floor(i · in / out), ceil((i + 1) · in / out))`.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `outputSize`, and where wanted `layout`, `out`
 * @returns [n, c, ...outputSize] or [n, ...outputSize, c]
 * @throws as `avgPool2d`
 * @example
 * console.log(adaptiveAvgPool2d(tensor([1, 2, 3, 4], [1, 2, 2]), { outputSize: 1 }).data); // 2.5
 */
export const adaptiveAvgPool2d: Pool<AdaptiveAvgPoolOptions<Layout2d>> = (x, options) => adaptive(2, x, options);

/**
 * As `adaptiveAvgPool2d` with one spatial axis.
 * @throws as `avgPool2d`
 * @example
 * console.log(adaptiveAvgPool1d(tensor([1, 2, 3, 4], [1, 4]), { outputSize: 1 }).data); // 2.5
 */
export const adaptiveAvgPool1d: Pool<AdaptiveAvgPoolOptions<Layout1d>> = (x, options) => adaptive(1, x, options);

/**
 * As `adaptiveAvgPool2d` with three spatial axes.
 * @throws as `avgPool2d`
 * @example
 * console.log(adaptiveAvgPool3d(tensor([1, 2, 3, 4], [1, 1, 2, 2]), { outputSize: 1 }).data); // 2.5
 */
export const adaptiveAvgPool3d: Pool<AdaptiveAvgPoolOptions<Layout3d>> = (x, options) => adaptive(3, x, options);

/**
 * Average of each channel plane.
 * @param x [n, c, ...spatial] of one to three spatial axes; with a channels-last layout [n, ...spatial, c]
 * @param options `layout`, `out`
 * @returns [n, c, 1...] or [n, 1..., c]
 * @throws as `avgPool2d`
 * @example
 * console.log(globalAvgPool(tensor([1, 2, 3, 4], [1, 1, 2, 2]), { layout: 'NCHW' }).data); // 2.5
 */
export function globalAvgPool<Out extends Tensor | undefined = undefined>(
  x: Tensor,
  options: GlobalPoolOptions & Into<Out> = {},
): Result<Out> {
  const { shape } = checkTensor('x', x);
  const call = calls.recall('globalAvgPool', shape, options, () => {
    const problem = globalPool('globalAvgPool', shape, options);
    return planned(problem, axesOf(problem));
  });
  return runPool(x, options.out, call);
}
