import { backwardOptions } from '../shape/backward.js';
import { biasOf } from '../shape/conv.js';
import { checkOptions } from '../shape/options.js';
import { checkShape, checkTensor } from '../shape/tensor.js';
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

/** Options of `prepareConv…Backward`: those of the forward call. */
export type PrepareConvBackwardOptions<L extends Layout = Layout2d> = Omit<ConvOptions<L>, 'add' | 'algorithm' | 'out'>;

/** Options of `prepareConvTranspose…Backward`: those of the forward call. */
export type PrepareConvTransposeBackwardOptions<L extends Layout = Layout2d> = Omit<
  ConvTransposeOptions<L>,
  'add' | 'algorithm' | 'out'
>;

/** `algorithm` names a row of one table, and there are two here. */
const without = (names: readonly string[], left: readonly string[]) => names.filter((name) => !left.includes(name));

function backward<R>(direction: Direction, rank: Rank, gradY: Tensor, x: Tensor, weight: Tensor, options: unknown): R {
  const operator = `${direction.operator(rank)}Backward`;
  const { forward, ...read } = backwardOptions(
    operator,
    options,
    without(direction.options, ['algorithm']),
    wantedNames,
  );
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

function prepare(
  direction: Direction,
  rank: Rank,
  options: unknown,
  xShape: readonly number[],
  weightShape: readonly number[],
): PreparedConvBackward {
  const name = direction.operator(rank);
  const operator = `prepare${name[0].toUpperCase()}${name.slice(1)}Backward`;
  const forward = checkOptions(operator, options, without(direction.options, ['algorithm', 'add', 'out']));
  checkShape('xShape', xShape);
  checkShape('weightShape', weightShape);
  const operands = { x: 'xShape', weight: 'weightShape' };
  const problem = direction.problem(rank, xShape, weightShape, forward, operator, operands);
  const bias = biasOf(forward.bias, direction.result(problem).c) !== undefined;
  return new PreparedConvBackward(host(), operator, direction, problem, bias);
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

/** What makes them ready for many runs. */
export type PrepareConvBackward<Options> = (
  options: Options,
  xShape: readonly number[],
  weightShape: readonly number[],
) => PreparedConvBackward;

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

/**
 * Makes `conv2dBackward` ready for many runs on the same shapes, as a training loop has them: the weights are an
 * operand of `run`, since every step changes them. Nothing but the results is new in a run, and not even those with
 * `out`.
 * @param options those of the `conv2d` call; `bias` says that its gradient is wanted unless `run` says otherwise
 * @param xShape shape of every `x` to come
 * @param weightShape shape of every `weight` to come
 * @throws as `conv2dBackward`
 * @example
 * const step = prepareConv2dBackward({}, [1, 1, 3], [1, 1, 1, 2]);
 * const [x, weight] = [tensor([1, 2, 3], [1, 1, 3]), tensor([1, 10], [1, 1, 1, 2])];
 * console.log(step.run(tensor([1, 2], [1, 1, 2]), x, weight).gradWeight.data); // 5, 8
 */
export const prepareConv2dBackward: PrepareConvBackward<PrepareConvBackwardOptions<Layout2d>> = (...call) =>
  prepare(direct, 2, ...call);

/**
 * As `prepareConv2dBackward`, for `conv1d`.
 * @throws as `conv2dBackward`
 * @example
 * const step = prepareConv1dBackward({}, [1, 3], [1, 1, 2]);
 * const [x, weight] = [tensor([1, 2, 3], [1, 3]), tensor([1, 10], [1, 1, 2])];
 * console.log(step.run(tensor([1, 2], [1, 2]), x, weight).gradWeight.data); // 5, 8
 */
export const prepareConv1dBackward: PrepareConvBackward<PrepareConvBackwardOptions<Layout1d>> = (...call) =>
  prepare(direct, 1, ...call);

/**
 * As `prepareConv2dBackward`, for `conv3d`.
 * @throws as `conv2dBackward`
 * @example
 * const step = prepareConv3dBackward({}, [1, 1, 1, 3], [1, 1, 1, 1, 2]);
 * const [x, weight] = [tensor([1, 2, 3], [1, 1, 1, 3]), tensor([1, 10], [1, 1, 1, 1, 2])];
 * console.log(step.run(tensor([1, 2], [1, 1, 1, 2]), x, weight).gradWeight.data); // 5, 8
 */
export const prepareConv3dBackward: PrepareConvBackward<PrepareConvBackwardOptions<Layout3d>> = (...call) =>
  prepare(direct, 3, ...call);

/**
 * As `prepareConv2dBackward`, for `convTranspose2d`.
 * @throws as `conv2dBackward`
 * @example
 * const step = prepareConvTranspose2dBackward({}, [1, 1, 2], [1, 1, 1, 2]);
 * const [x, weight] = [tensor([1, 2], [1, 1, 2]), tensor([1, 10], [1, 1, 1, 2])];
 * console.log(step.run(tensor([1, 2, 3], [1, 1, 3]), x, weight).gradWeight.data); // 5, 8
 */
export const prepareConvTranspose2dBackward: PrepareConvBackward<PrepareConvTransposeBackwardOptions<Layout2d>> = (
  ...call
) => prepare(transposed, 2, ...call);

/**
 * As `prepareConv2dBackward`, for `convTranspose1d`.
 * @throws as `conv2dBackward`
 * @example
 * const step = prepareConvTranspose1dBackward({}, [1, 2], [1, 1, 2]);
 * const [x, weight] = [tensor([1, 2], [1, 2]), tensor([1, 10], [1, 1, 2])];
 * console.log(step.run(tensor([1, 2, 3], [1, 3]), x, weight).gradWeight.data); // 5, 8
 */
export const prepareConvTranspose1dBackward: PrepareConvBackward<PrepareConvTransposeBackwardOptions<Layout1d>> = (
  ...call
) => prepare(transposed, 1, ...call);

/**
 * As `prepareConv2dBackward`, for `convTranspose3d`.
 * @throws as `conv2dBackward`
 * @example
 * const step = prepareConvTranspose3dBackward({}, [1, 1, 1, 2], [1, 1, 1, 1, 2]);
 * const [x, weight] = [tensor([1, 2], [1, 1, 1, 2]), tensor([1, 10], [1, 1, 1, 1, 2])];
 * console.log(step.run(tensor([1, 2, 3], [1, 1, 1, 3]), x, weight).gradWeight.data); // 5, 8
 */
export const prepareConvTranspose3dBackward: PrepareConvBackward<PrepareConvTransposeBackwardOptions<Layout3d>> = (
  ...call
) => prepare(transposed, 3, ...call);
