import type { PoolPlan } from '../algorithms/pool/plan.js';
import { planPool } from '../algorithms/pool/planes.js';
import { powers, powersBytes } from '../algorithms/pool/powers.js';
import { coveringAxes, slidingAxes, withDivisor } from '../algorithms/pool/spans.js';
import { optionNames } from '../shape/options.js';
import { poolProblem } from '../shape/pool.js';
import { checkOut, checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Layout, Layout1d, Layout2d, Layout3d, Rank, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import { mapsOf, named, type OutOption, type Pool, type WindowOptions } from './pooling.js';
import { Recall } from './recall.js';

/** Options of an Lp pool. */
export interface LpPoolOptions<L extends Layout = Layout> extends WindowOptions<L>, OutOption {
  /** Exponent of the norm, finite and above 0. */
  readonly p: number;
}

/** Options of the gradient of an Lp pool: those of the pool, and `accumulate`. */
export interface LpPoolInputGradOptions<L extends Layout = Layout> extends LpPoolOptions<L>, GradOptions {}

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;
const empty = (shape: readonly number[]): Tensor => ({ data: new Float32Array(0), shape });

interface Planned {
  readonly p: number;
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  readonly accumulate: boolean;
  /** Sums of the powers in a window, or over the windows that hold a cell. */
  readonly sums: PoolPlan;
}

const calls = new Recall<Planned>();

/** Powers of x, their sums, and roots of the sums in place. */
function lpPool(rank: Rank, x: Tensor, options: LpPoolOptions): Tensor {
  const { shape } = checkTensor('x', x);
  const { p, yShape, sums } = calls.recall(`lpPool${rank}d`, shape, options, () => {
    const problem = poolProblem('lpPool', rank, shape, options);
    const axes = withDivisor(slidingAxes(problem), 1);
    return { ...problem, accumulate: false, sums: planPool({ ...mapsOf(problem), kind: 'sum', axes }) };
  });
  const out = options.out === undefined ? undefined : checkOut(options.out, yShape, [named('x', x)]);
  const [xSize, ySize] = [sizeOf(shape), sizeOf(yShape)];
  if (ySize === 0) return out ?? empty(yShape);
  const on = host();
  const rest = round64(xSize * 4);
  const bytes = rest + Math.max(powersBytes, sums.scratchBytes);
  return runOn(on, [x], [{ shape: yShape, out }], bytes, ([from], [to], scratch) => {
    powers(on, scratch + rest, { to: scratch, x: from, count: xSize, exponent: p });
    sums.open(on, scratch + rest)(scratch, to, 0, 0, sums.units);
    powers(on, scratch + rest, { to, x: to, count: ySize, exponent: 1 / p });
  })[0] as Tensor;
}

/** gradX = sign(x) |x|^(p - 1) times the sum, over the windows that hold the cell, of gradY y^(1 - p). */
function inputGrad(rank: Rank, gradY: Tensor, x: Tensor, y: Tensor, options: LpPoolInputGradOptions): Tensor {
  const operator = `lpPool${rank}dInputGrad`;
  const { shape } = checkTensor('x', x);
  const { p, xShape, yShape, accumulate, sums } = calls.recall(operator, shape, options, () => {
    const { accumulate, forward } = gradOptions(operator, options, optionNames.lpPool);
    const problem = poolProblem('lpPool', rank, shape, forward, operator);
    const axes = withDivisor(coveringAxes(slidingAxes(problem), [problem.sd, problem.sh, problem.sw]), 1);
    return { ...problem, accumulate, sums: planPool({ ...mapsOf(problem), kind: 'sum', axes }) };
  });
  const inputs = [named('gradY', checkShaped('gradY', gradY, yShape)), named('x', x), named('y', checkShaped('y', y, yShape))];
  const out = options.out === undefined ? undefined : checkOut(options.out, xShape, inputs);
  const [xSize, ySize] = [sizeOf(xShape), sizeOf(yShape)];
  if (xSize === 0) return out ?? empty(xShape);
  const on = host();
  const sumsAt = round64(ySize * 4);
  const rest = sumsAt + round64(xSize * 4);
  const bytes = rest + Math.max(powersBytes, sums.scratchBytes);
  const outputs = [{ shape: xShape, out, accumulate }];
  return runOn(on, [gradY, x, y], outputs, bytes, ([factor, xAt, yAt], [to], scratch) => {
    powers(on, scratch + rest, { to: scratch, x: yAt, factor, count: ySize, exponent: 1 - p });
    sums.open(on, scratch + rest)(scratch, scratch + sumsAt, 0, 0, sums.units);
    powers(on, scratch + rest, { to, x: xAt, factor: scratch + sumsAt, count: xSize, exponent: p - 1, accumulate });
  })[0] as Tensor;
}

/** The input gradient of an Lp pool of one rank. */
export type LpPoolInputGrad<L extends Layout> = (
  gradY: Tensor,
  x: Tensor,
  y: Tensor,
  options: LpPoolInputGradOptions<L>,
) => Tensor;

/**
 * Lp norm of each window, (sum |x|^p)^(1/p), as `torch.nn.functional.lp_pool2d`, for any p above 0. A window that holds no cell of the input gives 0.
 * Powers and sums are formed in float32: |x|^p beyond its range overflows to Infinity or vanishes.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `p`, `kernelSize`, and where wanted `stride` (default `kernelSize`), `padding` (any, 0), `ceilMode` (false), `layout`, `out`
 * @returns [n, c, oh, ow] or [n, oh, ow, c], with o = floor((i + p0 + p1 - k) / s) + 1 per axis, rounded up with `ceilMode`
 * @throws ShapeError for operands that do not fit, OptionError for an option out of range or unknown, MemoryError when the host refuses memory
 */
export const lpPool2d: Pool<LpPoolOptions<Layout2d>> = (x, options) => lpPool(2, x, options);

/** As `lpPool2d` with one spatial axis. @param x [n, c, l]; with layout `'NLC'` [n, l, c] @throws as `lpPool2d` */
export const lpPool1d: Pool<LpPoolOptions<Layout1d>> = (x, options) => lpPool(1, x, options);

/** As `lpPool2d` with three spatial axes. @param x [n, c, d, h, w]; with layout `'NDHWC'` [n, d, h, w, c] @throws as `lpPool2d` */
export const lpPool3d: Pool<LpPoolOptions<Layout3d>> = (x, options) => lpPool(3, x, options);

/**
 * Gradient of `lpPool2d`: gradX[cell] = sum over the windows that hold the cell of gradY sign(x) |x|^(p - 1) y^(1 - p), and nothing where x or y is 0.
 *
 * @param gradY tensor of the pool's output shape
 * @param x the pool's input
 * @param y the pool's output
 * @param options those of the pool, and `accumulate`, which adds to what `out` holds
 * @returns tensor of the shape of `x`
 * @throws ShapeError when operands do not fit, OptionError for an option out of range or unknown, or `accumulate` without `out`, MemoryError when the
 *   host refuses memory
 */
export const lpPool2dInputGrad: LpPoolInputGrad<Layout2d> = (gradY, x, y, options) => inputGrad(2, gradY, x, y, options);

/** Gradient of `lpPool1d`; as `lpPool2dInputGrad`. @throws as `lpPool2dInputGrad` */
export const lpPool1dInputGrad: LpPoolInputGrad<Layout1d> = (gradY, x, y, options) => inputGrad(1, gradY, x, y, options);

/** Gradient of `lpPool3d`; as `lpPool2dInputGrad`. @throws as `lpPool2dInputGrad` */
export const lpPool3dInputGrad: LpPoolInputGrad<Layout3d> = (gradY, x, y, options) => inputGrad(3, gradY, x, y, options);
