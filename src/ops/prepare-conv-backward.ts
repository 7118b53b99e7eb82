import { biasOf } from '../shape/conv.js';
import { checkOptions } from '../shape/options.js';
import { checkShape } from '../shape/tensor.js';
import type { Layout, Layout1d, Layout2d, Layout3d, Rank } from '../types.js';
import { host } from '../wasm/host.js';
import type { ConvOptions } from './conv.js';
import type { ConvTransposeOptions } from './conv-transpose.js';
import { type Direction, direct, transposed } from './direction.js';
import { PreparedConvBackward } from './prepared-backward.js';

/** Options of `prepareConv…Backward`: those of the forward call. */
export type PrepareConvBackwardOptions<L extends Layout = Layout2d> = Omit<ConvOptions<L>, 'add' | 'algorithm' | 'out'>;

/** Options of `prepareConvTranspose…Backward`: those of the forward call. */
export type PrepareConvTransposeBackwardOptions<L extends Layout = Layout2d> = Omit<
  ConvTransposeOptions<L>,
  'add' | 'algorithm' | 'out'
>;

function prepare(
  direction: Direction,
  rank: Rank,
  options: unknown,
  xShape: readonly number[],
  weightShape: readonly number[],
): PreparedConvBackward {
  const name = direction.operator(rank);
  const operator = `prepare${name[0].toUpperCase()}${name.slice(1)}Backward`;
  const names = direction.options.filter((name) => !['algorithm', 'add', 'out'].includes(name));
  const forward = checkOptions(operator, options, names);
  checkShape('xShape', xShape);
  checkShape('weightShape', weightShape);
  const operands = { x: 'xShape', weight: 'weightShape' };
  const problem = direction.problem(rank, xShape, weightShape, forward, operator, operands);
  const bias = biasOf(forward.bias, direction.result(problem).c) !== undefined;
  return new PreparedConvBackward(host(), operator, direction, problem, bias);
}

/** What makes them ready for many runs. */
export type PrepareConvBackward<Options> = (
  options: Options,
  xShape: readonly number[],
  weightShape: readonly number[],
) => PreparedConvBackward;

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
