import { adding } from '../algorithms/backward.js';
import { choose } from '../plan/choose.js';
import { checkShape, checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type {
  ConvAlgorithm,
  ConvTransposeAlgorithm,
  Into,
  Layout,
  Layout1d,
  Layout2d,
  Layout3d,
  Rank,
  Result,
  Tensor,
} from '../types.js';
import { runJob } from '../wasm/crew.js';
import { host } from '../wasm/host.js';
import { fromView } from '../wasm/view.js';
import type { ConvOptions } from './conv.js';
import type { ConvTransposeOptions } from './conv-transpose.js';
import { type Direction, direct, gradTableOf, linear, transposed } from './direction.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import { outOf } from './result.js';

/**
 * Options of an input gradient: those of the convolution. `bias`, `add` and `activation` are accepted and change
 * nothing: `gradY` is the gradient of the sum before the activation.
 */
export interface ConvInputGradOptions<L extends Layout = Layout2d>
  extends Omit<ConvOptions<L>, 'algorithm'>,
    GradOptions {
  /** Insists on one row of the table of input gradients. */
  readonly algorithm?: ConvTransposeAlgorithm | undefined;
}

/** As `ConvInputGradOptions`, for a transposed convolution. */
export interface ConvTransposeInputGradOptions<L extends Layout = Layout2d>
  extends Omit<ConvTransposeOptions<L>, 'algorithm'>,
    GradOptions {
  /** Insists on one row of the table. */
  readonly algorithm?: ConvAlgorithm | undefined;
}

const operands = { x: 'xShape', weight: 'weight' };

function inputGrad<R>(
  direction: Direction,
  rank: Rank,
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options: unknown,
): R {
  const operator = `${direction.operator(rank)}InputGrad`;
  const { accumulate, forward } = gradOptions(operator, options, direction.options);
  checkShape('xShape', xShape);
  const { shape } = checkTensor('weight', weight);
  const problem = linear(direction.problem(rank, xShape, shape, forward, operator, operands));
  const { x, y } = direction.shapes(problem);
  const { row } = choose(gradTableOf(direction), problem);
  checkShaped('gradY', gradY, y);
  const out = outOf(forward.out, x, { gradY, weight });
  if (sizeOf(x) === 0) return (out ?? { data: new Float32Array(0), shape: x }) as R;
  const on = host();
  const job = fromView(on, weight.data, (values) => row.prepare(on, problem, values, undefined));
  try {
    const run = accumulate ? adding(job) : job;
    return runJob(on, run, [gradY, undefined], [{ shape: x, out, accumulate }])[0] as R;
  } finally {
    job.dispose();
  }
}

/** An input gradient of one rank. */
export type ConvInputGrad<Options> = <Out extends Tensor | undefined = undefined>(
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options?: Options & Into<Out>,
) => Result<Out>;

/**
 * Gradient of a `conv2d` with respect to its input, as `torch.nn.grad.conv2d_input`: with zero padding, the transposed
 * convolution of `gradY`.
 *
 * ```text
 * gradX[n][c][i][j] = Σ(o, a, b, p, q) gradY[n][o][p][q] · weight[o][c][a][b]
 *   over those whose tap reads that cell, i = p·sh + a·dh - ph and j = q·sw + b·dw - pw
 * ```
 *
 * @param gradY gradient of the result, [n, oc, oh, ow]; with layout `'NHWC'` [n, oh, ow, oc]. Behind an activation:
 * zero where that was flat
 * @param weight as in `conv2d`
 * @param xShape shape of the input, which `gradY` alone does not tell where the stride is above 1
 * @param options those of the `conv2d` call; `accumulate` adds to what `out` holds
 * @returns gradient of shape `xShape`
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown,
 * MemoryError when the host refuses
 *   memory, UnsupportedError when `algorithm` refuses the problem
 * @see V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016, chapter 4
 * @example
 * const gradY = tensor([1, 2], [1, 1, 2]);
 * console.log(conv2dInputGrad(gradY, tensor([1, 10], [1, 1, 1, 2]), [1, 1, 3]).data); // 1, 12, 20
 */
export const conv2dInputGrad: ConvInputGrad<ConvInputGradOptions<Layout2d>> = (...call) =>
  inputGrad(direct, 2, ...call);

/**
 * As `conv2dInputGrad`, for `conv1d`.
 * @throws as `conv2dInputGrad`
 * @example
 * const gradY = tensor([1, 2], [1, 2]);
 * console.log(conv1dInputGrad(gradY, tensor([1, 10], [1, 1, 2]), [1, 3]).data); // 1, 12, 20
 */
export const conv1dInputGrad: ConvInputGrad<ConvInputGradOptions<Layout1d>> = (...call) =>
  inputGrad(direct, 1, ...call);

/**
 * As `conv2dInputGrad`, for `conv3d`.
 * @throws as `conv2dInputGrad`
 * @example
 * const gradY = tensor([1, 2], [1, 1, 1, 2]);
 * console.log(conv3dInputGrad(gradY, tensor([1, 10], [1, 1, 1, 1, 2]), [1, 1, 1, 3]).data); // 1, 12, 20
 */
export const conv3dInputGrad: ConvInputGrad<ConvInputGradOptions<Layout3d>> = (...call) =>
  inputGrad(direct, 3, ...call);

/**
 * Gradient of a `convTranspose2d` with respect to its input: the direct convolution of `gradY` with the same weights.
 *
 * ```text
 * gradX[n][c][p][q] = Σ(o, a, b) gradY[n][o][p·sh + a·dh - ph][q·sw + b·dw - pw] · weight[c][o][a][b]
 * ```
 *
 * @param gradY gradient of the result, [n, oc, oh, ow]; with layout `'NHWC'` [n, oh, ow, oc]. Behind an activation:
 * zero where that was flat
 * @param weight as in `convTranspose2d`
 * @param xShape shape of the input
 * @param options those of the `convTranspose2d` call; `accumulate` adds to what `out` holds, `algorithm` names a row of
 * `conv2d`'s table
 * @returns gradient of shape `xShape`
 * @throws as `convTranspose2d`
 * @example
 * const gradY = tensor([1, 2, 3], [1, 1, 3]);
 * console.log(convTranspose2dInputGrad(gradY, tensor([1, 10], [1, 1, 1, 2]), [1, 1, 2]).data); // 21, 32
 */
export const convTranspose2dInputGrad: ConvInputGrad<ConvTransposeInputGradOptions<Layout2d>> = (...call) =>
  inputGrad(transposed, 2, ...call);

/**
 * As `convTranspose2dInputGrad`, for `convTranspose1d`.
 * @throws as `convTranspose1d`
 * @example
 * const gradY = tensor([1, 2, 3], [1, 3]);
 * console.log(convTranspose1dInputGrad(gradY, tensor([1, 10], [1, 1, 2]), [1, 2]).data); // 21, 32
 */
export const convTranspose1dInputGrad: ConvInputGrad<ConvTransposeInputGradOptions<Layout1d>> = (...call) =>
  inputGrad(transposed, 1, ...call);

/**
 * As `convTranspose2dInputGrad`, for `convTranspose3d`.
 * @throws as `convTranspose3d`
 * @example
 * const gradY = tensor([1, 2, 3], [1, 1, 1, 3]);
 * console.log(convTranspose3dInputGrad(gradY, tensor([1, 10], [1, 1, 1, 1, 2]), [1, 1, 1, 2]).data); // 21, 32
 */
export const convTranspose3dInputGrad: ConvInputGrad<ConvTransposeInputGradOptions<Layout3d>> = (...call) =>
  inputGrad(transposed, 3, ...call);
