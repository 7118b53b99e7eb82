import { backwardOptions } from '../shape/backward.js';
import { biasOf } from '../shape/conv.js';
import { locallyConnectedProblem } from '../shape/locally.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { checkShape, checkTensor } from '../shape/tensor.js';
import type { Layout, Layout1d, Layout2d, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import type { ConvBackward } from './conv-backward.js';
import {
  type LocallyConnectedOptions,
  type PrepareLocallyConnectedOptions,
  preparedOptions,
} from './locally-connected.js';
import { type BackwardRunOptions, wantedNames } from './prepared-gradients.js';
import { PreparedLocallyConnectedBackward } from './prepared-locally-connected.js';

/** Options of the backward call: those of the forward call (`bias` by its presence alone), and what is wanted. */
export interface LocallyConnectedBackwardOptions<L extends Layout = Layout2d>
  extends Omit<LocallyConnectedOptions<L>, 'out'>,
    BackwardRunOptions {}

function backward<R>(rank: 1 | 2, gradY: Tensor, x: Tensor, weight: Tensor, options: unknown): R {
  const operator = `locallyConnected${rank}dBackward`;
  const { forward, ...read } = backwardOptions(operator, options, optionNames.locallyConnected, wantedNames);
  const { out, ...rest } = forward;
  const p = locallyConnectedProblem(
    rank,
    checkTensor('x', x).shape,
    checkTensor('weight', weight).shape,
    rest,
    operator,
  );
  biasOf(rest.bias, p.oc);
  const prepared = new PreparedLocallyConnectedBackward(host(), operator, p, false);
  try {
    return prepared.compute({ gradY, x, weight, out, ...read }) as R;
  } finally {
    prepared.dispose();
  }
}

function prepareBackward(rank: 1 | 2, options: unknown, xShape: readonly number[], weightShape: readonly number[]) {
  const name = `prepareLocallyConnected${rank}dBackward`;
  const { bias } = checkOptions(name, options, preparedOptions);
  checkShape('xShape', xShape);
  checkShape('weightShape', weightShape);
  const p = locallyConnectedProblem(rank, xShape, weightShape, options, name);
  return new PreparedLocallyConnectedBackward(host(), name, p, biasOf(bias, p.oc) !== undefined);
}

/** What makes its gradients ready for many runs. */
export type PrepareLocallyConnectedBackward<L extends Layout> = (
  options: PrepareLocallyConnectedOptions<L> | undefined,
  xShape: readonly number[],
  weightShape: readonly number[],
) => PreparedLocallyConnectedBackward;

/**
 * Gradients of `locallyConnected2d`: of the input, the weights, and the bias where `bias` is given or `wanted` says so.
 * @param gradY gradient of the result
 * @param options as in the forward call; with an activation, the saved result `y`
 * @returns those of `gradX`, `gradWeight`, `gradBias` that were asked for, in the shapes of `x`, `weight` and [oc]
 * @throws as `locallyConnected2d`
 * @example
 * const weight = tensor([1, 1, 10, 10], [1, 1, 2, 1, 1, 2]);
 * const { gradX } = locallyConnected2dBackward(tensor([1, 2], [1, 1, 2]), tensor([1, 2, 3], [1, 1, 3]), weight);
 * console.log(gradX.data); // 1, 21, 20
 */
export const locallyConnected2dBackward: ConvBackward<LocallyConnectedBackwardOptions<Layout2d>> = (...call) =>
  backward(2, ...call);

/**
 * As `locallyConnected2dBackward`, for `locallyConnected1d`.
 * @throws as `locallyConnected1d`
 * @example
 * const weight = tensor([1, 1, 10, 10], [1, 2, 1, 2]);
 * const { gradX } = locallyConnected1dBackward(tensor([1, 2], [1, 2]), tensor([1, 2, 3], [1, 3]), weight);
 * console.log(gradX.data); // 1, 21, 20
 */
export const locallyConnected1dBackward: ConvBackward<LocallyConnectedBackwardOptions<Layout1d>> = (...call) =>
  backward(1, ...call);

/**
 * Checks shapes and options of `locallyConnected2dBackward` once, for many runs: the weights are an operand of `run`,
 * since every step changes them.
 * @param options as in `locallyConnected2d`, without `out`; `bias` says that its gradient is wanted unless `run` says
 * otherwise
 * @param xShape shape of every `x` to come
 * @param weightShape shape of every `weight` to come
 * @throws as `locallyConnected2dBackward`
 * @example
 * const step = prepareLocallyConnected2dBackward({}, [1, 1, 3], [1, 1, 2, 1, 1, 2]);
 * const weight = tensor([1, 1, 10, 10], [1, 1, 2, 1, 1, 2]);
 * console.log(step.run(tensor([1, 2], [1, 1, 2]), tensor([1, 2, 3], [1, 1, 3]), weight).gradX.data); // 1, 21, 20
 */
export const prepareLocallyConnected2dBackward: PrepareLocallyConnectedBackward<Layout2d> = (...call) =>
  prepareBackward(2, ...call);

/**
 * As `prepareLocallyConnected2dBackward`, for `locallyConnected1d`.
 * @throws as `locallyConnected1dBackward`
 * @example
 * const step = prepareLocallyConnected1dBackward({}, [1, 3], [1, 2, 1, 2]);
 * const weight = tensor([1, 1, 10, 10], [1, 2, 1, 2]);
 * console.log(step.run(tensor([1, 2], [1, 2]), tensor([1, 2, 3], [1, 3]), weight).gradX.data); // 1, 21, 20
 */
export const prepareLocallyConnected1dBackward: PrepareLocallyConnectedBackward<Layout1d> = (...call) =>
  prepareBackward(1, ...call);
