import { backwardOptions } from '../shape/backward.js';
import { biasOf } from '../shape/conv.js';
import { checkTensor } from '../shape/tensor.js';
import type { Bias, IsGiven, Layout, Layout1d, Layout2d, Layout3d, Rank, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import type { ConvOptions } from './conv.js';
import type { ConvTransposeOptions } from './conv-transpose.js';
import { type Direction, direct, transposed } from './direction.js';
import { PreparedConvBackward } from './prepared-backward.js';
import { type BackwardRunOptions, type WantedGradients, wantedNames } from './prepared-gradients.js';

/**
 * Options of a backward call: those of the forward call (`bias` and `add` by their presence alone), and what is wanted.
 */
export interface ConvBackwardOptions<L extends Layout = Layout2d>
  extends Omit<ConvOptions<L>, 'algorithm' | 'out'>,
    BackwardRunOptions {}

/** As `ConvBackwardOptions`, for a transposed convolution. */
export interface ConvTransposeBackwardOptions<L extends Layout = Layout2d>
  extends Omit<ConvTransposeOptions<L>, 'algorithm' | 'out'>,
    BackwardRunOptions {}

function backward<R>(direction: Direction, rank: Rank, gradY: Tensor, x: Tensor, weight: Tensor, options: unknown): R {
  const operator = `${direction.operator(rank)}Backward`;
  // `algorithm` names a row of one table, and there are two here
  const names = direction.options.filter((name) => name !== 'algorithm');
  const { forward, ...read } = backwardOptions(operator, options, names, wantedNames);
  const shapes = [checkTensor('x', x).shape, checkTensor('weight', weight).shape] as const;
  const problem = direction.problem(rank, ...shapes, forward, operator);
  biasOf(forward.bias, direction.result(problem).c);
  const prepared = new PreparedConvBackward(host(), operator, direction, problem, false);
  try {
    return prepared.compute({ gradY, x, weight, out: forward.out, ...read }) as R;
  } finally {
    prepared.dispose();
  }
}

/** Gradients of a convolution of one rank. */
export type ConvBackward<Options> = <
  W extends BackwardRunOptions['wanted'] = undefined,
  B extends Bias | undefined = undefined,
>(
  gradY: Tensor,
  x: Tensor,
  weight: Tensor,
  options?: Options & { readonly wanted?: W | undefined; readonly bias?: B | undefined },
) => WantedGradients<W, IsGiven<B>>;

/**
 * Gradients of a `conv2d` with respect to its operands, those that are wanted, from one staging of `gradY`.
 *
 * With g, which is gradY where the activation let the sum through (relu: y > 0; relu6, hardTanh and clamp: lo < y < hi)
 * and 0 elsewhere, also where y is NaN (PyTorch lets the gradient through there): gradX as `conv2dInputGrad`,
 * gradWeight as `conv2dWeightGrad`, gradBias as `biasGrad` of g; the gradient of `add` is g itself.
 *
 * @param gradY gradient of the result, of the result's shape
 * @param x input of the forward call
 * @param weight its weights
 * @param options those of the `conv2d` call, and where it had an activation `y` (its result) or `preActivation`;
 * `wanted`, `out`, `accumulate`
 * @returns gradX, gradWeight and, where `bias` is given or wanted, gradBias
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown or `y`
 * missing, MemoryError when the
 *   host refuses memory
 * @see I. Goodfellow, Y. Bengio, A. Courville, Deep Learning, 2016, section 9.5
 * @example
 * const [x, weight] = [tensor([1, 2, 3], [1, 1, 3]), tensor([1, 10], [1, 1, 1, 2])];
 * const { gradX, gradWeight } = conv2dBackward(tensor([1, 2], [1, 1, 2]), x, weight);
 * console.log(gradX.data, gradWeight.data); // 1, 12, 20; 5, 8
 */
export const conv2dBackward: ConvBackward<ConvBackwardOptions<Layout2d>> = (...call) => backward(direct, 2, ...call);

/**
 * As `conv2dBackward`, for `conv1d`.
 * @throws as `conv2dBackward`
 * @example
 * const [x, weight] = [tensor([1, 2, 3], [1, 3]), tensor([1, 10], [1, 1, 2])];
 * const { gradX, gradWeight } = conv1dBackward(tensor([1, 2], [1, 2]), x, weight);
 * console.log(gradX.data, gradWeight.data); // 1, 12, 20; 5, 8
 */
export const conv1dBackward: ConvBackward<ConvBackwardOptions<Layout1d>> = (...call) => backward(direct, 1, ...call);

/**
 * As `conv2dBackward`, for `conv3d`.
 * @throws as `conv2dBackward`
 * @example
 * const [x, weight] = [tensor([1, 2, 3], [1, 1, 1, 3]), tensor([1, 10], [1, 1, 1, 1, 2])];
 * const { gradX, gradWeight } = conv3dBackward(tensor([1, 2], [1, 1, 1, 2]), x, weight);
 * console.log(gradX.data, gradWeight.data); // 1, 12, 20; 5, 8
 */
export const conv3dBackward: ConvBackward<ConvBackwardOptions<Layout3d>> = (...call) => backward(direct, 3, ...call);

/**
 * As `conv2dBackward`, for `convTranspose2d`: gradX as `convTranspose2dInputGrad`, gradWeight as
 * `convTranspose2dWeightGrad`.
 * @throws as `conv2dBackward`
 * @example
 * const [x, weight] = [tensor([1, 2], [1, 1, 2]), tensor([1, 10], [1, 1, 1, 2])];
 * const { gradX, gradWeight } = convTranspose2dBackward(tensor([1, 2, 3], [1, 1, 3]), x, weight);
 * console.log(gradX.data, gradWeight.data); // 21, 32; 5, 8
 */
export const convTranspose2dBackward: ConvBackward<ConvTransposeBackwardOptions<Layout2d>> = (...call) =>
  backward(transposed, 2, ...call);

/**
 * As `convTranspose2dBackward`, for `convTranspose1d`.
 * @throws as `conv2dBackward`
 * @example
 * const [x, weight] = [tensor([1, 2], [1, 2]), tensor([1, 10], [1, 1, 2])];
 * const { gradX, gradWeight } = convTranspose1dBackward(tensor([1, 2, 3], [1, 3]), x, weight);
 * console.log(gradX.data, gradWeight.data); // 21, 32; 5, 8
 */
export const convTranspose1dBackward: ConvBackward<ConvTransposeBackwardOptions<Layout1d>> = (...call) =>
  backward(transposed, 1, ...call);

/**
 * As `convTranspose2dBackward`, for `convTranspose3d`.
 * @throws as `conv2dBackward`
 * @example
 * const [x, weight] = [tensor([1, 2], [1, 1, 1, 2]), tensor([1, 10], [1, 1, 1, 1, 2])];
 * const { gradX, gradWeight } = convTranspose3dBackward(tensor([1, 2, 3], [1, 1, 1, 3]), x, weight);
 * console.log(gradX.data, gradWeight.data); // 21, 32; 5, 8
 */
export const convTranspose3dBackward: ConvBackward<ConvTransposeBackwardOptions<Layout3d>> = (...call) =>
  backward(transposed, 3, ...call);
