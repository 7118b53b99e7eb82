import { accumulating } from '../algorithms/backward.js';
import { choose } from '../plan/choose.js';
import { weightGradTable } from '../plan/weight-grad.js';
import { checkShape, checkShaped, checkTensor } from '../shape/tensor.js';
import type {
  Into,
  Layout,
  Layout1d,
  Layout2d,
  Layout3d,
  Rank,
  Result,
  Tensor,
  WeightGradAlgorithm,
} from '../types.js';
import { runJob } from '../wasm/crew.js';
import { host } from '../wasm/host.js';
import { attempt } from '../wasm/view.js';
import type { ConvOptions } from './conv.js';
import type { ConvTransposeOptions } from './conv-transpose.js';
import { type Direction, direct, transposed } from './direction.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import { outOf } from './result.js';

/**
 * Options of a weight gradient: those of the convolution. `bias`, `add` and `activation` are accepted and change
 * nothing: `gradY` is the gradient of the sum before the activation.
 */
export interface ConvWeightGradOptions<L extends Layout = Layout2d>
  extends Omit<ConvOptions<L>, 'algorithm'>,
    GradOptions {
  /** Insists on one row of the table of weight gradients. */
  readonly algorithm?: WeightGradAlgorithm | undefined;
}

/** As `ConvWeightGradOptions`, for a transposed convolution. */
export interface ConvTransposeWeightGradOptions<L extends Layout = Layout2d>
  extends Omit<ConvTransposeOptions<L>, 'algorithm'>,
    GradOptions {
  /** Insists on one row of the table. */
  readonly algorithm?: WeightGradAlgorithm | undefined;
}

function weightGrad<R>(
  direction: Direction,
  rank: Rank,
  x: Tensor,
  gradY: Tensor,
  weightShape: readonly number[],
  options: unknown,
): R {
  const operator = `${direction.operator(rank)}WeightGrad`;
  const { accumulate, forward } = gradOptions(operator, options, direction.options);
  checkShape('weightShape', weightShape);
  const operands = { x: 'x', weight: 'weightShape' };
  const problem = direction.problem(rank, checkTensor('x', x).shape, weightShape, forward, operator, operands);
  checkShaped('gradY', gradY, direction.shapes(problem).y);
  const shape = problem.weightShape;
  const out = outOf(forward.out, shape, { x, gradY });
  const { row } = choose(weightGradTable, problem);
  const on = host();
  const job = attempt(on, () => row.prepare(on, problem));
  try {
    const operands = direction.ordered(x, gradY);
    return runJob(on, accumulating(job, accumulate), operands, [{ shape, out, accumulate }])[0] as R;
  } finally {
    job.dispose();
  }
}

/** A weight gradient of one rank. */
export type ConvWeightGrad<Options> = <Out extends Tensor | undefined = undefined>(
  x: Tensor,
  gradY: Tensor,
  weightShape: readonly number[],
  options?: Options & Into<Out>,
) => Result<Out>;

/**
 * Gradient of a `conv2d` with respect to its weights, as `torch.nn.grad.conv2d_weight`: the correlation of its input
 * with `gradY`, summed over the batch.
 *
 * ```text
 * gradWeight[o][c][a][b] = Σ(n, p, q) x[n][c][p·sh + a·dh - ph][q·sw + b·dw - pw] · gradY[n][o][p][q]
 * ```
 *
 * @param x input of the forward call, [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param gradY gradient of the result, [n, oc, oh, ow] or [n, oh, ow, oc]. Behind an activation: zero where that was
 * flat
 * @param weightShape [oc, ic / groups, kh, kw]; with layout `'NHWC'` [kh, kw, ic / groups, oc]
 * @param options those of the `conv2d` call; `accumulate` adds to what `out` holds, `algorithm` names a row of the
 * table of weight gradients
 * @returns gradient of shape `weightShape`
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown,
 * MemoryError when the host refuses
 *   memory, UnsupportedError when `algorithm` refuses the problem
 * @see I. Goodfellow, Y. Bengio, A. Courville, Deep Learning, 2016, section 9.5
 * @example
 * const x = tensor([1, 2, 3], [1, 1, 3]);
 * console.log(conv2dWeightGrad(x, tensor([1, 2], [1, 1, 2]), [1, 1, 1, 2]).data); // 5, 8
 */
export const conv2dWeightGrad: ConvWeightGrad<ConvWeightGradOptions<Layout2d>> = (...call) =>
  weightGrad(direct, 2, ...call);

/**
 * As `conv2dWeightGrad`, for `conv1d`.
 * @throws as `conv2dWeightGrad`
 * @example
 * const x = tensor([1, 2, 3], [1, 3]);
 * console.log(conv1dWeightGrad(x, tensor([1, 2], [1, 2]), [1, 1, 2]).data); // 5, 8
 */
export const conv1dWeightGrad: ConvWeightGrad<ConvWeightGradOptions<Layout1d>> = (...call) =>
  weightGrad(direct, 1, ...call);

/**
 * As `conv2dWeightGrad`, for `conv3d`.
 * @throws as `conv2dWeightGrad`
 * @example
 * const x = tensor([1, 2, 3], [1, 1, 1, 3]);
 * console.log(conv3dWeightGrad(x, tensor([1, 2], [1, 1, 1, 2]), [1, 1, 1, 1, 2]).data); // 5, 8
 */
export const conv3dWeightGrad: ConvWeightGrad<ConvWeightGradOptions<Layout3d>> = (...call) =>
  weightGrad(direct, 3, ...call);

/**
 * Gradient of a `convTranspose2d` with respect to its weights: the weight gradient of the direct convolution from its
 * result to its input.
 *
 * ```text
 * gradWeight[c][o][a][b] = Σ(n, p, q) x[n][c][p][q] · gradY[n][o][p·sh + a·dh - ph][q·sw + b·dw - pw]
 * ```
 *
 * @param x input of the forward call, [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param gradY gradient of the result, [n, oc, oh, ow] or [n, oh, ow, oc]. Behind an activation: zero where that was
 * flat
 * @param weightShape [ic, oc / groups, kh, kw]; with layout `'NHWC'` [kh, kw, oc / groups, ic]
 * @param options those of the `convTranspose2d` call; `accumulate` adds to what `out` holds, `algorithm` names a row of
 * the table of weight gradients
 * @returns gradient of shape `weightShape`
 * @throws as `conv2dWeightGrad`
 * @example
 * const gradY = tensor([1, 2, 3], [1, 1, 3]);
 * console.log(convTranspose2dWeightGrad(tensor([1, 2], [1, 1, 2]), gradY, [1, 1, 1, 2]).data); // 5, 8
 */
export const convTranspose2dWeightGrad: ConvWeightGrad<ConvTransposeWeightGradOptions<Layout2d>> = (...call) =>
  weightGrad(transposed, 2, ...call);

/**
 * As `convTranspose2dWeightGrad`, for `convTranspose1d`.
 * @throws as `conv2dWeightGrad`
 * @example
 * const gradY = tensor([1, 2, 3], [1, 3]);
 * console.log(convTranspose1dWeightGrad(tensor([1, 2], [1, 2]), gradY, [1, 1, 2]).data); // 5, 8
 */
export const convTranspose1dWeightGrad: ConvWeightGrad<ConvTransposeWeightGradOptions<Layout1d>> = (...call) =>
  weightGrad(transposed, 1, ...call);

/**
 * As `convTranspose2dWeightGrad`, for `convTranspose3d`.
 * @throws as `conv2dWeightGrad`
 * @example
 * const gradY = tensor([1, 2, 3], [1, 1, 1, 3]);
 * console.log(convTranspose3dWeightGrad(tensor([1, 2], [1, 1, 1, 2]), gradY, [1, 1, 1, 1, 2]).data); // 5, 8
 */
export const convTranspose3dWeightGrad: ConvWeightGrad<ConvTransposeWeightGradOptions<Layout3d>> = (...call) =>
  weightGrad(transposed, 3, ...call);
