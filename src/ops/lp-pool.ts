import { holdingAxes, slidingAxes, withDivisor } from '../algorithms/pool/axes.js';
import { type LpSums, lpPool, lpPoolInputGrad } from '../algorithms/pool/powers.js';
import { optionNames } from '../shape/options.js';
import { poolProblem } from '../shape/pool.js';
import { checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Into, Layout, Layout1d, Layout2d, Layout3d, Rank, Result, Tensor } from '../types.js';
import type { Host } from '../wasm/host.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import { mapsOf, type OutOption, type Pool, poolJob, type WindowOptions } from './pooling.js';
import { Recall } from './recall.js';
import { outOf, resultOf } from './result.js';

/** Options of an Lp pool. */
export interface LpPoolOptions<L extends Layout = Layout2d> extends WindowOptions<L>, OutOption {
  /** Exponent of the norm, finite and above 0. */
  readonly p: number;
}

/** Options of the gradient of an Lp pool: those of the pool, and `accumulate`. */
export interface LpPoolInputGradOptions<L extends Layout = Layout2d> extends LpPoolOptions<L>, GradOptions {}

interface Planned {
  readonly p: number;
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  readonly accumulate: boolean;
  /** Sums of the powers in a window, or over the windows that hold a cell. */
  readonly sums: ReturnType<typeof poolJob>;
}

const calls = new Recall<Planned>();

const lpSums = (on: Host, { p, sums, xShape, yShape }: Planned): LpSums => ({
  ...{ p, sums: sums(on), xSize: sizeOf(xShape), ySize: sizeOf(yShape) },
});

function pool<R>(rank: Rank, x: Tensor, options: LpPoolOptions<Layout>): R {
  const { shape } = checkTensor('x', x);
  const call = calls.recall(`lpPool${rank}d`, shape, options, () => {
    const problem = poolProblem('lpPool', rank, shape, options);
    const axes = withDivisor(slidingAxes(problem), 1);
    return { ...problem, accumulate: false, sums: poolJob({ ...mapsOf(problem), kind: 'sum', axes }) };
  });
  const { yShape } = call;
  const out = outOf(options.out, yShape, { x });
  return resultOf([x], { shape: yShape, out }, (on) => lpPool(on, lpSums(on, call)));
}

function inputGrad<R>(rank: Rank, gradY: Tensor, x: Tensor, y: Tensor, options: LpPoolInputGradOptions<Layout>): R {
  const operator = `lpPool${rank}dInputGrad`;
  const { shape } = checkTensor('x', x);
  const call = calls.recall(operator, shape, options, () => {
    const { accumulate, forward } = gradOptions(operator, options, optionNames.lpPool);
    const problem = poolProblem('lpPool', rank, shape, forward, operator);
    const axes = withDivisor(holdingAxes(problem), 1);
    return { ...problem, accumulate, sums: poolJob({ ...mapsOf(problem), kind: 'sum', axes }) };
  });
  const { xShape, yShape, accumulate } = call;
  checkShaped('gradY', gradY, yShape);
  checkShaped('y', y, yShape);
  const out = outOf(options.out, xShape, { gradY, x, y });
  return resultOf([gradY, x, y], { shape: xShape, out, accumulate }, (on) =>
    lpPoolInputGrad(on, lpSums(on, call), accumulate),
  );
}

/** The input gradient of an Lp pool of one rank. */
export type LpPoolInputGrad<L extends Layout> = <Out extends Tensor | undefined = undefined>(
  gradY: Tensor,
  x: Tensor,
  y: Tensor,
  options: LpPoolInputGradOptions<L> & Into<Out>,
) => Result<Out>;

/**
 * Lp norm of each window, `(Σ |x|^p)^(1/p)`, for any p above 0, as ONNX's LpPool, because a norm has no sign:
 * `torch.nn.functional.lp_pool2d` sums `x^p` ([-1, 2] with a p of 1 gives 3 here and 1 there). With `ceilMode` too a
 * window sums the cells that it holds, where PyTorch scales them up to a whole window. A window that holds no cell of
 * the input gives 0. Powers and sums are formed in float32: |x|^p beyond its range overflows to Infinity or vanishes.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `p`, `kernelSize`, and where wanted `stride` (default `kernelSize`), `padding` (any, 0), `dilation`
 * (1), `ceilMode` (false), `layout`, `out`
 * @returns [n, c, oh, ow] or [n, oh, ow, c], with `o = floor((i + p0 + p1 - d·(k - 1) - 1) / s) + 1` per axis, rounded
 * up with `ceilMode`
 * @throws ShapeError for operands that do not fit, OptionError for an option out of range or unknown, MemoryError when
 * the host refuses memory
 * @example
 * console.log(lpPool2d(tensor([3, 0, 0, 4], [1, 2, 2]), { p: 2, kernelSize: 2 }).data); // 5
 */
export const lpPool2d: Pool<LpPoolOptions<Layout2d>> = (x, options) => pool(2, x, options);

/**
 * As `lpPool2d` with one spatial axis.
 * @param x [n, c, l]; with layout `'NLC'` [n, l, c]
 * @throws as `lpPool2d`
 * @example
 * console.log(lpPool1d(tensor([3, 4, 0, 5], [1, 4]), { p: 2, kernelSize: 2 }).data); // 5, 5
 */
export const lpPool1d: Pool<LpPoolOptions<Layout1d>> = (x, options) => pool(1, x, options);

/**
 * As `lpPool2d` with three spatial axes.
 * @param x [n, c, d, h, w]; with layout `'NDHWC'` [n, d, h, w, c]
 * @throws as `lpPool2d`
 * @example
 * console.log(lpPool3d(tensor([3, 0, 0, 4], [1, 1, 2, 2]), { p: 2, kernelSize: [1, 2, 2] }).data); // 5
 */
export const lpPool3d: Pool<LpPoolOptions<Layout3d>> = (x, options) => pool(3, x, options);

/**
 * Gradient of `lpPool2d`: `gradX[cell] = Σ gradY · sign(x) · |x|^(p - 1) · y^(1 - p)` over the windows that hold the
 * cell, and nothing where x or y is 0.
 *
 * @param gradY tensor of the pool's output shape
 * @param x the pool's input
 * @param y the pool's output
 * @param options those of the pool, and `accumulate`, which adds to what `out` holds
 * @returns tensor of the shape of `x`
 * @throws ShapeError when operands do not fit, OptionError for an option out of range or unknown, or `accumulate`
 * without `out`, MemoryError when the
 *   host refuses memory
 * @example
 * const [x, y] = [tensor([3, 4], [1, 1, 2]), tensor([5], [1, 1, 1])];
 * console.log(lpPool2dInputGrad(tensor([5], [1, 1, 1]), x, y, { p: 2, kernelSize: [1, 2] }).data); // 3, 4
 */
export const lpPool2dInputGrad: LpPoolInputGrad<Layout2d> = (...call) => inputGrad(2, ...call);

/**
 * Gradient of `lpPool1d`; as `lpPool2dInputGrad`.
 * @throws as `lpPool2dInputGrad`
 * @example
 * const [x, y] = [tensor([3, 4], [1, 2]), tensor([5], [1, 1])];
 * console.log(lpPool1dInputGrad(tensor([5], [1, 1]), x, y, { p: 2, kernelSize: 2 }).data); // 3, 4
 */
export const lpPool1dInputGrad: LpPoolInputGrad<Layout1d> = (...call) => inputGrad(1, ...call);

/**
 * Gradient of `lpPool3d`; as `lpPool2dInputGrad`.
 * @throws as `lpPool2dInputGrad`
 * @example
 * const [x, y] = [tensor([3, 4], [1, 1, 1, 2]), tensor([5], [1, 1, 1, 1])];
 * console.log(lpPool3dInputGrad(tensor([5], [1, 1, 1, 1]), x, y, { p: 2, kernelSize: [1, 1, 2] }).data); // 3, 4
 */
export const lpPool3dInputGrad: LpPoolInputGrad<Layout3d> = (...call) => inputGrad(3, ...call);
