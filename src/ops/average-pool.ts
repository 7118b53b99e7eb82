import { planPool } from '../algorithms/pool/planes.js';
import {
  type Axes,
  commonDivisor,
  coveringAxes,
  type Extents,
  singleCells,
  slidingAxes,
  withDivisor,
} from '../algorithms/pool/spans.js';
import { optionNames } from '../shape/options.js';
import { adaptivePool, globalPool } from '../shape/planes.js';
import { type AvgPoolProblem, poolProblem } from '../shape/pool.js';
import { checkOut, checkShape, checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Layout, Rank, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { type GradOptions, gradOptions } from './input-grad.js';
import { type AdaptiveWindow, axesOf, type GlobalPoolOptions } from './max-pool.js';
import {
  type Layout1d,
  type Layout2d,
  type Layout3d,
  type Maps,
  mapsOf,
  named,
  type OutOption,
  poolInto,
  type WindowOptions,
} from './pooling.js';

/** Options of an average pool. */
export interface AvgPoolOptions<L extends Layout = Layout> extends WindowOptions<L>, OutOption {
  /** True (default): divides by the cells of the window on the input and its declared padding; false: on the input alone. */
  readonly countIncludePad?: boolean;
  /** Divides by this instead, an integer of at least 1. */
  readonly divisorOverride?: number;
}

/** Options of the gradient of an average pool: those of the pool, and `accumulate`. */
export interface AvgPoolInputGradOptions<L extends Layout = Layout> extends AvgPoolOptions<L>, GradOptions {}

/** Options of an adaptive average pool. */
export interface AdaptiveAvgPoolOptions<L extends Layout = Layout> extends AdaptiveWindow<L>, OutOption {}

/** Options of the gradient of an adaptive average pool: those of the pool, and `accumulate`. */
export interface AdaptiveAvgPoolInputGradOptions<L extends Layout = Layout> extends AdaptiveAvgPoolOptions<L>, GradOptions {}

/** Windows of an average pool, with what they divide by. */
function averageAxes(problem: AvgPoolProblem): Axes {
  const axes = slidingAxes(problem, problem.countIncludePad);
  return problem.divisorOverride === undefined ? axes : withDivisor(axes, problem.divisorOverride);
}

function average(x: Tensor, problem: Maps & { readonly yShape: readonly number[] }, axes: Axes, out: unknown): Tensor {
  return poolInto(x, problem.yShape, out as Tensor | undefined, { ...mapsOf(problem), kind: 'sum', axes });
}

function avgPool(rank: Rank, x: Tensor, options: AvgPoolOptions): Tensor {
  const problem = poolProblem('avgPool', rank, checkTensor('x', x).shape, options);
  return average(x, problem, averageAxes(problem), options.out);
}

function adaptive(rank: Rank, x: Tensor, options: AdaptiveAvgPoolOptions): Tensor {
  const problem = adaptivePool('adaptiveAvgPool', rank, checkTensor('x', x).shape, options);
  return average(x, problem, axesOf(problem), options.out);
}

interface Gradient {
  readonly gradY: Tensor;
  readonly problem: Maps & { readonly xShape: readonly number[]; readonly yShape: readonly number[] };
  readonly axes: Axes;
  /** Cells after which the windows over a cell repeat. */
  readonly periods: Extents;
  readonly out: unknown;
  readonly accumulate: boolean;
}

/**
 * The gradient of a sum of windows is the sum over the windows that hold a cell. With one divisor for all windows that sum is divided; else gradY is,
 * window by window, before it.
 */
function inputGrad({ gradY, problem, axes, periods, accumulate, ...rest }: Gradient): Tensor {
  const { xShape, yShape } = problem;
  checkShaped('gradY', gradY, yShape);
  const out = rest.out === undefined ? undefined : checkOut(rest.out, xShape, [named('gradY', gradY)]);
  const maps = mapsOf(problem);
  const divisor = commonDivisor(axes);
  const covering = withDivisor(coveringAxes(axes, periods), divisor ?? 1);
  const sums = { ...maps, kind: 'sum', axes: covering, accumulate } as const;
  if (divisor !== undefined) return poolInto(gradY, xShape, out, sums, 'gradY');
  if (sizeOf(xShape) === 0) return out ?? { data: new Float32Array(0), shape: xShape };
  const shares = axes.map(({ count, share }) => singleCells(count, share)) as unknown as Axes;
  const shared = planPool({ ...maps, kind: 'sum', axes: shares });
  const plan = planPool(sums);
  const bytes = Math.ceil(sizeOf(yShape) / 16) * 64;
  const on = host();
  const scratchBytes = bytes + Math.max(shared.scratchBytes, plan.scratchBytes);
  return runOn(on, [gradY], [{ shape: xShape, out, accumulate }], scratchBytes, ([from], [to], scratch) => {
    shared.open(on, scratch + bytes)(from, scratch, 0);
    plan.open(on, scratch + bytes)(scratch, to, 0);
  })[0] as Tensor;
}

function avgPoolGrad(rank: Rank, gradY: Tensor, xShape: readonly number[], options: unknown): Tensor {
  const operator = `avgPool${rank}dInputGrad`;
  const { accumulate, forward } = gradOptions(operator, options, optionNames.avgPool);
  const problem = poolProblem('avgPool', rank, checkShape('xShape', xShape), forward, operator);
  const periods = [problem.sd, problem.sh, problem.sw] as const;
  return inputGrad({ gradY, problem, axes: averageAxes(problem), periods, out: forward.out, accumulate });
}

function adaptiveGrad(rank: Rank, gradY: Tensor, xShape: readonly number[], options: unknown): Tensor {
  const operator = `adaptiveAvgPool${rank}dInputGrad`;
  const { accumulate, forward } = gradOptions(operator, options, optionNames.adaptiveAvgPool);
  const problem = adaptivePool('adaptiveAvgPool', rank, checkShape('xShape', xShape), forward, operator);
  const axes = axesOf(problem);
  // windows repeat after `period` outputs, so cells after as many times the input per output
  const [d, h, w] = axes.map(({ input, count, period }) => (input * period) / count);
  return inputGrad({ gradY, problem, axes, periods: [d, h, w], out: forward.out, accumulate });
}

/**
 * Average of each window, as `torch.nn.functional.avg_pool2d`. A window that holds no cell of the input gives 0.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `kernelSize`, and where wanted `stride` (default `kernelSize`), `padding` (any, 0), `ceilMode` (false), `countIncludePad` (true: the
 *   divisor counts declared padding, never the overflow of `ceilMode`), `divisorOverride`, `layout`, `out`
 * @returns [n, c, oh, ow] or [n, oh, ow, c], with o = floor((i + p0 + p1 - k) / s) + 1 per axis, rounded up with `ceilMode`
 * @throws ShapeError for operands that do not fit, OptionError for an option out of range or unknown, MemoryError when the host refuses memory
 */
export function avgPool2d(x: Tensor, options: AvgPoolOptions<Layout2d>): Tensor {
  return avgPool(2, x, options);
}

/** As `avgPool2d` with one spatial axis. @param x [n, c, l]; with layout `'NLC'` [n, l, c] @throws as `avgPool2d` */
export function avgPool1d(x: Tensor, options: AvgPoolOptions<Layout1d>): Tensor {
  return avgPool(1, x, options);
}

/** As `avgPool2d` with three spatial axes. @param x [n, c, d, h, w]; with layout `'NDHWC'` [n, d, h, w, c] @throws as `avgPool2d` */
export function avgPool3d(x: Tensor, options: AvgPoolOptions<Layout3d>): Tensor {
  return avgPool(3, x, options);
}

/**
 * Average pool to a given output size, as `torch.nn.functional.adaptive_avg_pool2d`: window i of an axis is
 * [floor(i in / out), ceil((i + 1) in / out)).
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `outputSize`, and where wanted `layout`, `out`
 * @returns [n, c, ...outputSize] or [n, ...outputSize, c]
 * @throws as `avgPool2d`
 */
export function adaptiveAvgPool2d(x: Tensor, options: AdaptiveAvgPoolOptions<Layout2d>): Tensor {
  return adaptive(2, x, options);
}

/** As `adaptiveAvgPool2d` with one spatial axis. @throws as `avgPool2d` */
export function adaptiveAvgPool1d(x: Tensor, options: AdaptiveAvgPoolOptions<Layout1d>): Tensor {
  return adaptive(1, x, options);
}

/** As `adaptiveAvgPool2d` with three spatial axes. @throws as `avgPool2d` */
export function adaptiveAvgPool3d(x: Tensor, options: AdaptiveAvgPoolOptions<Layout3d>): Tensor {
  return adaptive(3, x, options);
}

/**
 * Average of each channel plane.
 * @param x [n, c, ...spatial] of one to three spatial axes; with a channels-last layout [n, ...spatial, c]
 * @param options `layout`, `out`
 * @returns [n, c, 1...] or [n, 1..., c]
 * @throws as `avgPool2d`
 */
export function globalAvgPool(x: Tensor, options: GlobalPoolOptions = {}): Tensor {
  const problem = globalPool('globalAvgPool', checkTensor('x', x).shape, options);
  return average(x, problem, axesOf(problem), options.out);
}

/**
 * Gradient of `avgPool2d`: gradX[cell] = sum over the windows that hold the cell of gradY / (what the pool divided by).
 *
 * @param gradY tensor of the pool's output shape
 * @param xShape shape of the pool's input
 * @param options those of the pool, and `accumulate`, which adds to what `out` holds
 * @returns tensor of shape `xShape`
 * @throws ShapeError when operands do not fit, OptionError for an option out of range or unknown, or `accumulate` without `out`, MemoryError when the
 *   host refuses memory
 */
export function avgPool2dInputGrad(gradY: Tensor, xShape: readonly number[], options: AvgPoolInputGradOptions<Layout2d>): Tensor {
  return avgPoolGrad(2, gradY, xShape, options);
}

/** Gradient of `avgPool1d`; as `avgPool2dInputGrad`. @throws as `avgPool2dInputGrad` */
export function avgPool1dInputGrad(gradY: Tensor, xShape: readonly number[], options: AvgPoolInputGradOptions<Layout1d>): Tensor {
  return avgPoolGrad(1, gradY, xShape, options);
}

/** Gradient of `avgPool3d`; as `avgPool2dInputGrad`. @throws as `avgPool2dInputGrad` */
export function avgPool3dInputGrad(gradY: Tensor, xShape: readonly number[], options: AvgPoolInputGradOptions<Layout3d>): Tensor {
  return avgPoolGrad(3, gradY, xShape, options);
}

/** Gradient of `adaptiveAvgPool2d` (and, with `outputSize: 1`, of `globalAvgPool`); as `avgPool2dInputGrad`. @throws as `avgPool2dInputGrad` */
export function adaptiveAvgPool2dInputGrad(
  gradY: Tensor,
  xShape: readonly number[],
  options: AdaptiveAvgPoolInputGradOptions<Layout2d>,
): Tensor {
  return adaptiveGrad(2, gradY, xShape, options);
}

/** Gradient of `adaptiveAvgPool1d`; as `adaptiveAvgPool2dInputGrad`. @throws as `avgPool2dInputGrad` */
export function adaptiveAvgPool1dInputGrad(
  gradY: Tensor,
  xShape: readonly number[],
  options: AdaptiveAvgPoolInputGradOptions<Layout1d>,
): Tensor {
  return adaptiveGrad(1, gradY, xShape, options);
}

/** Gradient of `adaptiveAvgPool3d`; as `adaptiveAvgPool2dInputGrad`. @throws as `avgPool2dInputGrad` */
export function adaptiveAvgPool3dInputGrad(
  gradY: Tensor,
  xShape: readonly number[],
  options: AdaptiveAvgPoolInputGradOptions<Layout3d>,
): Tensor {
  return adaptiveGrad(3, gradY, xShape, options);
}
