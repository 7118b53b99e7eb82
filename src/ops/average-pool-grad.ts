import {
  type Axes,
  adaptiveAxes,
  along,
  commonDivisor,
  holdingAxes,
  singleCells,
  withDivisor,
} from '../algorithms/pool/axes.js';
import { optionNames } from '../shape/options.js';
import { type AdaptivePoolProblem, adaptivePool, globalPool } from '../shape/planes.js';
import { poolProblem } from '../shape/pool.js';
import { checkShape, checkShaped } from '../shape/tensor.js';
import type { Into, Layout, Layout1d, Layout2d, Layout3d, Rank, Result, Tensor } from '../types.js';
import { type AdaptiveAvgPoolOptions, type AvgPoolOptions, averageAxes } from './average-pool.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import { axesOf } from './max-pool.js';
import type { GlobalPoolOptions } from './max-pool-options.js';
import { type Maps, mapsOf, type OutOption, type PlannedCall, poolJob, runPool } from './pooling.js';
import { Recall } from './recall.js';

/** Options of the gradient of an average pool: those of the pool, and `accumulate`. */
export interface AvgPoolInputGradOptions<L extends Layout = Layout2d> extends AvgPoolOptions<L>, GradOptions {}

/** Options of the gradient of an adaptive average pool: those of the pool, and `accumulate`. */
export interface AdaptiveAvgPoolInputGradOptions<L extends Layout = Layout2d>
  extends AdaptiveAvgPoolOptions<L>,
    GradOptions {}

/** Options of the gradient of a global average pool: those of the pool, and `accumulate`. */
export interface GlobalAvgPoolInputGradOptions extends GlobalPoolOptions, GradOptions {}

interface Planned extends PlannedCall {
  readonly yShape: readonly number[];
}

interface Problem extends Maps {
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
}

const calls = new Recall<Planned>();

/**
 * The gradient of a sum of windows is the sum over the windows that hold a cell. With one divisor for all windows that
 * sum is divided; else gradY is, window by window, before it. `holding`: for each cell the windows that hold it.
 */
function planned(problem: Problem, axes: Axes, holding: Axes, accumulate: boolean): Planned {
  // a sum that is added to something is not divided any more
  const divisor = accumulate ? undefined : commonDivisor(axes);
  const quotients = divisor === undefined ? along(axes, singleCells) : undefined;
  const job = poolJob({
    ...mapsOf(problem),
    kind: 'sum',
    axes: withDivisor(holding, divisor ?? 1),
    accumulate,
    quotients,
  });
  return { shape: problem.xShape, yShape: problem.yShape, job, accumulate };
}

function plannedPlanes(problem: AdaptivePoolProblem, accumulate: boolean): Planned {
  const holding = adaptiveAxes([problem.od, problem.oh, problem.ow], [problem.id, problem.ih, problem.iw]);
  return planned(problem, axesOf(problem), holding, accumulate);
}

type Call<Options> = readonly [gradY: Tensor, xShape: readonly number[], options: Options];

/** The gradient of a pool whose options, `known` by name, `plan` checks. */
function inputGrad<R>(
  operator: string,
  [gradY, xShape, options]: Call<OutOption>,
  known: readonly string[],
  plan: (forward: object, accumulate: boolean) => Planned,
): R {
  const call = calls.recall(operator, checkShape('xShape', xShape), options, () => {
    const { accumulate, forward } = gradOptions(operator, options, known);
    return plan(forward, accumulate);
  });
  return runPool(checkShaped('gradY', gradY, call.yShape), options.out, call, 'gradY');
}

function sliding<R>(rank: Rank, ...call: Call<AvgPoolInputGradOptions<Layout>>): R {
  const operator = `avgPool${rank}dInputGrad`;
  return inputGrad(operator, call, optionNames.avgPool, (o, accumulate) => {
    const problem = poolProblem('avgPool', rank, call[1], o, operator);
    return planned(problem, averageAxes(problem), holdingAxes(problem), accumulate);
  });
}

function adaptive<R>(rank: Rank, ...call: Call<AdaptiveAvgPoolInputGradOptions<Layout>>): R {
  const operator = `adaptiveAvgPool${rank}dInputGrad`;
  return inputGrad(operator, call, optionNames.adaptiveAvgPool, (o, accumulate) =>
    plannedPlanes(adaptivePool('adaptiveAvgPool', rank, call[1], o, operator), accumulate),
  );
}

/** The input gradient of a pool of one rank. */
export type PoolInputGrad<Options> = <Out extends Tensor | undefined = undefined>(
  gradY: Tensor,
  xShape: readonly number[],
  options: Options & Into<Out>,
) => Result<Out>;

/**
 * Gradient of `avgPool2d`: `gradX[cell] = Σ gradY / divisor` over the windows that hold the cell, each with what the
 * pool divided its sum by.
 *
 * @param gradY tensor of the pool's output shape
 * @param xShape shape of the pool's input
 * @param options those of the pool, and `accumulate`, which adds to what `out` holds
 * @returns tensor of shape `xShape`
 * @throws ShapeError when operands do not fit, OptionError for an option out of range or unknown, or `accumulate`
 * without `out`, MemoryError when the host refuses memory
 * @example
 * console.log(avgPool2dInputGrad(tensor([4], [1, 1, 1]), [1, 2, 2], { kernelSize: 2 }).data); // 1, 1, 1, 1
 */
export const avgPool2dInputGrad: PoolInputGrad<AvgPoolInputGradOptions<Layout2d>> = (...call) => sliding(2, ...call);

/**
 * Gradient of `avgPool1d`; as `avgPool2dInputGrad`.
 * @throws as `avgPool2dInputGrad`
 * @example
 * console.log(avgPool1dInputGrad(tensor([4, 8], [1, 2]), [1, 4], { kernelSize: 2 }).data); // 2, 2, 4, 4
 */
export const avgPool1dInputGrad: PoolInputGrad<AvgPoolInputGradOptions<Layout1d>> = (...call) => sliding(1, ...call);

/**
 * Gradient of `avgPool3d`; as `avgPool2dInputGrad`.
 * @throws as `avgPool2dInputGrad`
 * @example
 * const gradY = tensor([4], [1, 1, 1, 1]);
 * console.log(avgPool3dInputGrad(gradY, [1, 1, 2, 2], { kernelSize: [1, 2, 2] }).data); // 1, 1, 1, 1
 */
export const avgPool3dInputGrad: PoolInputGrad<AvgPoolInputGradOptions<Layout3d>> = (...call) => sliding(3, ...call);

/**
 * Gradient of `adaptiveAvgPool2d`; as `avgPool2dInputGrad`.
 * @throws as `avgPool2dInputGrad`
 * @example
 * console.log(adaptiveAvgPool2dInputGrad(tensor([4], [1, 1, 1]), [1, 2, 2], { outputSize: 1 }).data); // 1, 1, 1, 1
 */
export const adaptiveAvgPool2dInputGrad: PoolInputGrad<AdaptiveAvgPoolInputGradOptions<Layout2d>> = (...call) =>
  adaptive(2, ...call);

/**
 * Gradient of `adaptiveAvgPool1d`; as `adaptiveAvgPool2dInputGrad`.
 * @throws as `avgPool2dInputGrad`
 * @example
 * console.log(adaptiveAvgPool1dInputGrad(tensor([4], [1, 1]), [1, 4], { outputSize: 1 }).data); // 1, 1, 1, 1
 */
export const adaptiveAvgPool1dInputGrad: PoolInputGrad<AdaptiveAvgPoolInputGradOptions<Layout1d>> = (...call) =>
  adaptive(1, ...call);

/**
 * Gradient of `adaptiveAvgPool3d`; as `adaptiveAvgPool2dInputGrad`.
 * @throws as `avgPool2dInputGrad`
 * @example
 * const gradY = tensor([4], [1, 1, 1, 1]);
 * console.log(adaptiveAvgPool3dInputGrad(gradY, [1, 1, 2, 2], { outputSize: 1 }).data); // 1, 1, 1, 1
 */
export const adaptiveAvgPool3dInputGrad: PoolInputGrad<AdaptiveAvgPoolInputGradOptions<Layout3d>> = (...call) =>
  adaptive(3, ...call);

/**
 * Gradient of `globalAvgPool`: every cell of a plane gets gradY / cells.
 *
 * @param gradY [n, c, 1...] or [n, 1..., c], the shape of the pool's output
 * @param xShape shape of the pool's input, of one to three spatial axes
 * @param options those of the pool, and `accumulate`, which adds to what `out` holds
 * @returns tensor of shape `xShape`
 * @throws as `avgPool2dInputGrad`
 * @example
 * console.log(globalAvgPoolInputGrad(tensor([4], [1, 1, 1, 1]), [1, 1, 2, 2], { layout: 'NCHW' }).data); // 1, 1, 1, 1
 */
export function globalAvgPoolInputGrad<Out extends Tensor | undefined = undefined>(
  gradY: Tensor,
  xShape: readonly number[],
  options: GlobalAvgPoolInputGradOptions & Into<Out> = {},
): Result<Out> {
  const operator = 'globalAvgPoolInputGrad';
  return inputGrad(operator, [gradY, xShape, options], optionNames.globalAvgPool, (o, accumulate) =>
    plannedPlanes(globalPool('globalAvgPool', xShape, o, operator), accumulate),
  );
}
