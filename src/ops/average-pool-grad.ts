import type { PoolPlan } from '../algorithms/pool/plan.js';
import { planPool } from '../algorithms/pool/planes.js';
import { type Axes, commonDivisor, coveringAxes, type Extents, singleCells, withDivisor } from '../algorithms/pool/spans.js';
import { optionNames } from '../shape/options.js';
import { adaptivePool } from '../shape/planes.js';
import { poolProblem } from '../shape/pool.js';
import { checkOut, checkShape, checkShaped, sizeOf } from '../shape/tensor.js';
import type { Layout, Rank, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { type AdaptiveAvgPoolOptions, type AvgPoolOptions, averageAxes } from './average-pool.js';
import { type GradOptions, gradOptions } from './input-grad.js';
import { axesOf } from './max-pool.js';
import { type Layout1d, type Layout2d, type Layout3d, type Maps, mapsOf, named } from './pooling.js';
import { Recall } from './recall.js';

/** Options of the gradient of an average pool: those of the pool, and `accumulate`. */
export interface AvgPoolInputGradOptions<L extends Layout = Layout> extends AvgPoolOptions<L>, GradOptions {}

/** Options of the gradient of an adaptive average pool: those of the pool, and `accumulate`. */
export interface AdaptiveAvgPoolInputGradOptions<L extends Layout = Layout> extends AdaptiveAvgPoolOptions<L>, GradOptions {}

interface Planned {
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  readonly accumulate: boolean;
  /** Divides gradY window by window, where windows differ in what they divide by. */
  readonly divided: PoolPlan | undefined;
  /** Sums over the windows that hold a cell. */
  readonly sums: PoolPlan;
}

const calls = new Recall<Planned>();

/**
 * The gradient of a sum of windows is the sum over the windows that hold a cell. With one divisor for all windows that sum is divided; else gradY is,
 * window by window, before it. `periods`: cells after which the windows over a cell repeat.
 */
function planned(problem: Maps & Pick<Planned, 'xShape' | 'yShape'>, axes: Axes, periods: Extents, accumulate: boolean): Planned {
  const maps = mapsOf(problem);
  // a sum that is added to something is not divided any more
  const divisor = accumulate ? undefined : commonDivisor(axes);
  const covering = withDivisor(coveringAxes(axes, periods), divisor ?? 1);
  const [d, h, w] = axes.map(({ count, share }) => singleCells(count, share));
  return {
    xShape: problem.xShape,
    yShape: problem.yShape,
    accumulate,
    divided: divisor === undefined ? planPool({ ...maps, kind: 'sum', axes: [d, h, w] }) : undefined,
    sums: planPool({ ...maps, kind: 'sum', axes: covering, accumulate }),
  };
}

function run(gradY: Tensor, given: unknown, { xShape, yShape, accumulate, divided, sums }: Planned): Tensor {
  checkShaped('gradY', gradY, yShape);
  const out = given === undefined ? undefined : checkOut(given, xShape, [named('gradY', gradY)]);
  if (sizeOf(xShape) === 0) return out ?? { data: new Float32Array(0), shape: xShape };
  const on = host();
  const quotients = divided ? Math.ceil(sizeOf(yShape) / 16) * 64 : 0;
  const bytes = quotients + Math.max(divided?.scratchBytes ?? 0, sums.scratchBytes);
  return runOn(on, [gradY], [{ shape: xShape, out, accumulate }], bytes, ([from], [to], scratch) => {
    divided?.open(on, scratch + quotients)(from, scratch, 0);
    sums.open(on, scratch + quotients)(divided ? scratch : from, to, 0);
  })[0] as Tensor;
}

function avgPoolGrad(rank: Rank, gradY: Tensor, xShape: readonly number[], options: AvgPoolInputGradOptions): Tensor {
  const operator = `avgPool${rank}dInputGrad`;
  const call = calls.recall(operator, checkShape('xShape', xShape), options, () => {
    const { accumulate, forward } = gradOptions(operator, options, optionNames.avgPool);
    const problem = poolProblem('avgPool', rank, xShape, forward, operator);
    return planned(problem, averageAxes(problem), [problem.sd, problem.sh, problem.sw], accumulate);
  });
  return run(gradY, options.out, call);
}

function adaptiveGrad(rank: Rank, gradY: Tensor, xShape: readonly number[], options: AdaptiveAvgPoolInputGradOptions): Tensor {
  const operator = `adaptiveAvgPool${rank}dInputGrad`;
  const call = calls.recall(operator, checkShape('xShape', xShape), options, () => {
    const { accumulate, forward } = gradOptions(operator, options, optionNames.adaptiveAvgPool);
    const problem = adaptivePool('adaptiveAvgPool', rank, xShape, forward, operator);
    const axes = axesOf(problem);
    // windows repeat after `period` outputs, so cells after as many times the input per output
    const [d, h, w] = axes.map(({ input, count, period }) => (input * period) / count);
    return planned(problem, axes, [d, h, w], accumulate);
  });
  return run(gradY, options.out, call);
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
