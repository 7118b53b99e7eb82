import { optionNames } from '../shape/options.js';
import { adaptivePool, globalPool } from '../shape/planes.js';
import { poolProblem } from '../shape/pool.js';
import { checkShape } from '../shape/tensor.js';
import type { IndexTensor, Into, Layout, Layout1d, Layout2d, Layout3d, Rank, Result, Tensor } from '../types.js';
import { type GradOptions, gradOptions } from './grad-options.js';
import type { AdaptiveWindow, GlobalPoolOptions, MaxPoolWindow } from './max-pool-options.js';
import { type Maps, mapsOf, type OutOption } from './pooling.js';
import { Recall } from './recall.js';
import { scatter } from './scatter.js';

/** Options of the gradient of a max pool: those of the pool, `out` and `accumulate`. */
export interface MaxPoolInputGradOptions<L extends Layout = Layout2d> extends MaxPoolWindow<L>, OutOption, GradOptions {
  /** Taken and not read, so that the options of the pool serve. */
  readonly returnIndices?: boolean | undefined;
}

/** Options of the gradient of an adaptive max pool. */
export interface AdaptiveMaxPoolInputGradOptions<L extends Layout = Layout2d>
  extends AdaptiveWindow<L>,
    OutOption,
    GradOptions {
  /** Taken and not read, so that the options of the pool serve. */
  readonly returnIndices?: boolean | undefined;
}

/** Options of the gradient of a global max pool. */
export interface GlobalMaxPoolInputGradOptions extends GlobalPoolOptions, GradOptions {
  /** Taken and not read, so that the options of the pool serve. */
  readonly returnIndices?: boolean | undefined;
}

interface Planned {
  readonly maps: Maps;
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
}

const calls = new Recall<Planned & { readonly accumulate: boolean }>();

type Call<Options> = readonly [gradY: Tensor, indices: IndexTensor, xShape: readonly number[], options: Options];

/** The gradient of a pool whose options, `known` by name, `check` checks. */
function inputGrad<R>(
  operator: string,
  [gradY, indices, shape, options]: Call<OutOption>,
  known: readonly string[],
  check: (forward: object) => Maps & Omit<Planned, 'maps'>,
): R {
  const { maps, xShape, yShape, accumulate } = calls.recall(operator, checkShape('xShape', shape), options, () => {
    const { accumulate, forward } = gradOptions(operator, options, known);
    const problem = check(forward);
    return { maps: mapsOf(problem), xShape: problem.xShape, yShape: problem.yShape, accumulate };
  });
  const values = { operand: 'gradY', tensor: gradY, shape: yShape };
  return scatter({ sums: true, maps, values, indices, planesShape: xShape, out: options.out, accumulate });
}

function sliding<R>(rank: Rank, ...call: Call<MaxPoolInputGradOptions<Layout>>): R {
  const operator = `maxPool${rank}dInputGrad`;
  return inputGrad(operator, call, optionNames.maxPool, (o) => poolProblem('maxPool', rank, call[2], o, operator));
}

function adaptive<R>(rank: Rank, ...call: Call<AdaptiveMaxPoolInputGradOptions<Layout>>): R {
  const operator = `adaptiveMaxPool${rank}dInputGrad`;
  return inputGrad(operator, call, optionNames.adaptiveMaxPool, (o) =>
    adaptivePool('adaptiveMaxPool', rank, call[2], o, operator),
  );
}

/** An input gradient of one rank that goes where indices say. */
export type IndexedInputGrad<Options> = <Out extends Tensor | undefined = undefined>(
  gradY: Tensor,
  indices: IndexTensor,
  xShape: readonly number[],
  options: Options & Into<Out>,
) => Result<Out>;

/**
 * Gradient of `maxPool2d` for its input: `gradX[index] += gradY`, at the cell that the index names. An index of -1
 * names none.
 *
 * @param gradY tensor of the pool's output shape
 * @param indices as the pool returned them with `returnIndices`
 * @param xShape shape of the pool's input
 * @param options those of the pool, and `accumulate`, which adds to what `out` holds
 * @returns tensor of shape `xShape`
 * @throws ShapeError when operands do not fit or an index is no cell, OptionError for an option out of range or
 * unknown, or `accumulate` without `out`,
 *   MemoryError when the host refuses memory
 * @example
 * const options = { kernelSize: [1, 2] } as const;
 * const { indices } = maxPool2d(tensor([3, 4], [1, 1, 2]), { ...options, returnIndices: true });
 * console.log(maxPool2dInputGrad(tensor([5], [1, 1, 1]), indices, [1, 1, 2], options).data); // 0, 5
 */
export const maxPool2dInputGrad: IndexedInputGrad<MaxPoolInputGradOptions<Layout2d>> = (...call) => sliding(2, ...call);

/**
 * Gradient of `maxPool1d`; as `maxPool2dInputGrad`.
 * @throws as `maxPool2dInputGrad`
 * @example
 * const options = { kernelSize: 2 };
 * const { indices } = maxPool1d(tensor([3, 4], [1, 2]), { ...options, returnIndices: true });
 * console.log(maxPool1dInputGrad(tensor([5], [1, 1]), indices, [1, 2], options).data); // 0, 5
 */
export const maxPool1dInputGrad: IndexedInputGrad<MaxPoolInputGradOptions<Layout1d>> = (...call) => sliding(1, ...call);

/**
 * Gradient of `maxPool3d`; as `maxPool2dInputGrad`.
 * @throws as `maxPool2dInputGrad`
 * @example
 * const options = { kernelSize: [1, 1, 2] } as const;
 * const { indices } = maxPool3d(tensor([3, 4], [1, 1, 1, 2]), { ...options, returnIndices: true });
 * console.log(maxPool3dInputGrad(tensor([5], [1, 1, 1, 1]), indices, [1, 1, 1, 2], options).data); // 0, 5
 */
export const maxPool3dInputGrad: IndexedInputGrad<MaxPoolInputGradOptions<Layout3d>> = (...call) => sliding(3, ...call);

/**
 * Gradient of `adaptiveMaxPool2d`; as `maxPool2dInputGrad`, with the options of the adaptive pool.
 * @throws as `maxPool2dInputGrad`
 * @example
 * const options = { outputSize: 1 };
 * const { indices } = adaptiveMaxPool2d(tensor([3, 4], [1, 1, 2]), { ...options, returnIndices: true });
 * console.log(adaptiveMaxPool2dInputGrad(tensor([5], [1, 1, 1]), indices, [1, 1, 2], options).data); // 0, 5
 */
export const adaptiveMaxPool2dInputGrad: IndexedInputGrad<AdaptiveMaxPoolInputGradOptions<Layout2d>> = (...call) =>
  adaptive(2, ...call);

/**
 * Gradient of `adaptiveMaxPool1d`; as `adaptiveMaxPool2dInputGrad`.
 * @throws as `maxPool2dInputGrad`
 * @example
 * const options = { outputSize: 1 };
 * const { indices } = adaptiveMaxPool1d(tensor([3, 4], [1, 2]), { ...options, returnIndices: true });
 * console.log(adaptiveMaxPool1dInputGrad(tensor([5], [1, 1]), indices, [1, 2], options).data); // 0, 5
 */
export const adaptiveMaxPool1dInputGrad: IndexedInputGrad<AdaptiveMaxPoolInputGradOptions<Layout1d>> = (...call) =>
  adaptive(1, ...call);

/**
 * Gradient of `adaptiveMaxPool3d`; as `adaptiveMaxPool2dInputGrad`.
 * @throws as `maxPool2dInputGrad`
 * @example
 * const options = { outputSize: 1 };
 * const { indices } = adaptiveMaxPool3d(tensor([3, 4], [1, 1, 1, 2]), { ...options, returnIndices: true });
 * console.log(adaptiveMaxPool3dInputGrad(tensor([5], [1, 1, 1, 1]), indices, [1, 1, 1, 2], options).data); // 0, 5
 */
export const adaptiveMaxPool3dInputGrad: IndexedInputGrad<AdaptiveMaxPoolInputGradOptions<Layout3d>> = (...call) =>
  adaptive(3, ...call);

/**
 * Gradient of `globalMaxPool`: the cell that the index names gets gradY, all others 0.
 *
 * @param gradY [n, c, 1...] or [n, 1..., c], the shape of the pool's output
 * @param indices as the pool returned them with `returnIndices`
 * @param xShape shape of the pool's input, of one to three spatial axes
 * @param options those of the pool, and `accumulate`, which adds to what `out` holds
 * @returns tensor of shape `xShape`
 * @throws as `maxPool2dInputGrad`
 * @example
 * const indices = { data: Int32Array.of(2), shape: [1, 1, 1, 1] };
 * console.log(globalMaxPoolInputGrad(tensor([5], [1, 1, 1, 1]), indices, [1, 1, 2, 2]).data); // 0, 0, 5, 0
 */
export function globalMaxPoolInputGrad<Out extends Tensor | undefined = undefined>(
  gradY: Tensor,
  indices: IndexTensor,
  xShape: readonly number[],
  options: GlobalMaxPoolInputGradOptions & Into<Out> = {},
): Result<Out> {
  const operator = 'globalMaxPoolInputGrad';
  return inputGrad(operator, [gradY, indices, xShape, options], optionNames.globalMaxPool, (o) =>
    globalPool('globalMaxPool', xShape, o, operator),
  );
}
