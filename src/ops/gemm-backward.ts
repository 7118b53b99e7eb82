import { backwardJob, type Part, part } from '../algorithms/backward.js';
import { biasGrad } from '../algorithms/bias-grad.js';
import { addendGrad, type Factors, factorGrad } from '../algorithms/product-grad.js';
import type { Clamp } from '../further.js';
import { backwardOptions, maskOf, type Saved } from '../shape/backward.js';
import { biasOf } from '../shape/conv.js';
import { type Addend, addendOf, gemmProblem } from '../shape/gemm.js';
import { linearProblem } from '../shape/linear.js';
import { optionNames } from '../shape/options.js';
import { checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Bias, Gradients, IsGiven, Tensor, WantedOr } from '../types.js';
import { runJob } from '../wasm/crew.js';
import { host } from '../wasm/host.js';
import type { ActivatedGradientOptions } from './backward-options.js';
import type { GemmOptions, LinearOptions } from './gemm.js';
import { gradientOutputs } from './gradients.js';

/** Gradients of `gemm`; those that were wanted are there. */
export interface GemmGradients {
  readonly gradA?: Tensor | undefined;
  readonly gradB?: Tensor | undefined;
  readonly gradC?: Tensor | undefined;
  readonly gradBias?: Tensor | undefined;
}

/** Options of `gemmBackward`: those of the `gemm` call (`bias` by its presence alone), and what is wanted. */
export interface GemmBackwardOptions
  extends Omit<GemmOptions, 'out'>,
    ActivatedGradientOptions<'a' | 'b' | 'c' | 'bias', GemmGradients> {}

/** Gradients of `linear`; those that were wanted are there. */
export interface LinearGradients {
  readonly gradX?: Tensor | undefined;
  readonly gradWeight?: Tensor | undefined;
  readonly gradBias?: Tensor | undefined;
}

/** Options of `linearBackward`: those of the `linear` call (`bias` by its presence alone), and what is wanted. */
export interface LinearBackwardOptions
  extends Omit<LinearOptions, 'out'>,
    ActivatedGradientOptions<'x' | 'weight' | 'bias', LinearGradients> {}

/** Names of the gradients by those of the operands. */
type GemmGrads = { a: 'gradA'; b: 'gradB'; c: 'gradC'; bias: 'gradBias' };
type LinearGrads = { x: 'gradX'; weight: 'gradWeight'; bias: 'gradBias' };

/** A product y = alpha op(a) op(b) + beta c + bias, bounded by `clamp`, whose gradients are asked for. */
interface Call {
  readonly factors: Factors & { readonly beta: number };
  readonly clamp: Clamp;
  readonly yShape: readonly number[];
  readonly gradY: Tensor;
  readonly a: readonly [name: string, tensor: Tensor];
  readonly b: readonly [name: string, tensor: Tensor];
  /** Shape of c, and its rows and columns. */
  readonly addend: Pick<Addend, 'shape' | 'rows' | 'columns'>;
  readonly saved: Saved;
  readonly out: unknown;
  readonly accumulate: boolean;
  /** Names of the results. */
  readonly grads: Readonly<Partial<Record<'a' | 'b' | 'c' | 'bias', string>>>;
  readonly wanted: Readonly<Record<'a' | 'b' | 'c' | 'bias', boolean>>;
}

function backward({ factors, yShape, gradY, a, b, wanted, ...call }: Call): Record<string, Tensor> {
  const { m, n, beta } = factors;
  checkShaped('gradY', gradY, yShape);
  const y = maskOf(call.saved, call.clamp, yShape);
  const given = { gradY, [a[0]]: a[1], [b[0]]: b[1], y };
  const shapes = { a: a[1].shape, b: b[1].shape, c: call.addend.shape, bias: [n] };
  const { outputs, named } = gradientOutputs(call.grads, wanted, shapes, call.out, call.accumulate, given);
  const on = host();
  const maps = { channelsLast: true, n: m, c: n, cells: 1 };
  const parts = Object.keys(call.grads).flatMap((name, i): Part[] => {
    const output = outputs[i];
    if (!output) return [];
    const keep = output.accumulate;
    if (name === 'a' || name === 'b') {
      return [part(factorGrad(on, name, factors, keep), (all, g) => [all[2], all[3], g, all[4 + i]])];
    }
    const job = name === 'c' ? addendGrad(on, { m, n, beta, ...call.addend }, keep) : biasGrad(on, maps, keep);
    return [part(job, (all, g) => [g, all[4 + i]])];
  });
  const mask = y && { size: sizeOf(yShape), clamp: call.clamp, maps };
  const operands = [gradY, y, wanted.b ? a[1] : undefined, wanted.a ? b[1] : undefined];
  return named(runJob(on, backwardJob(on, mask, parts), operands, outputs));
}

/**
 * Gradients of a `gemm` with respect to its operands, those that are wanted.
 *
 * With g, which is gradY where the activation let the sum through and 0 elsewhere:
 *
 * | operand | gradient |
 * |---|---|
 * | op(a) | `alpha · g · op(b)ᵀ` |
 * | op(b) | `alpha · op(a)ᵀ · g` |
 * | c | `beta · g`, summed over what a row, a column or a number was broadcast over; for a number its shape is [] |
 * | bias | the sum of the rows of g |
 *
 * gradA and gradB are stored as a and b are.
 *
 * @param gradY gradient of the result, [m, n]
 * @param a as in `gemm`
 * @param b as in `gemm`
 * @param options those of the `gemm` call, and where it had an activation `y` (its result) or `preActivation`;
 * `wanted`, `out`, `accumulate`
 * @returns gradA, gradB and, where `c` and `bias` are given or wanted, gradC and gradBias
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown or `y`
 * missing, MemoryError when the
 *   host refuses memory
 * @example
 * const [a, b] = [tensor([1, 2], [1, 2]), tensor([3, 4], [2, 1])];
 * const { gradA, gradB } = gemmBackward(tensor([10], [1, 1]), a, b);
 * console.log(gradA.data, gradB.data); // 30, 40; 10, 20
 */
export function gemmBackward<
  W extends GemmBackwardOptions['wanted'] = undefined,
  C extends GemmBackwardOptions['c'] = undefined,
  B extends Bias | undefined = undefined,
>(
  gradY: Tensor,
  a: Tensor,
  b: Tensor,
  options?: GemmBackwardOptions & {
    readonly wanted?: W | undefined;
    readonly c?: C | undefined;
    readonly bias?: B | undefined;
  },
): Gradients<GemmGrads, WantedOr<W, { a: true; b: true; c: IsGiven<C>; bias: IsGiven<B> }>> {
  const names = ['a', 'b', 'c', 'bias'] as const;
  const { forward, wanted, saved, accumulate } = backwardOptions('gemmBackward', options, optionNames.gemm, names);
  const { out, ...rest } = forward;
  const problem = gemmProblem(checkTensor('a', a).shape, checkTensor('b', b).shape, rest, 'gemmBackward');
  const { m, n, yShape } = problem;
  const addend = rest.c === undefined ? { shape: yShape, rows: m, columns: n } : addendOf(rest.c, m, n);
  biasOf(rest.bias, problem.n);
  const grads: GemmGrads = { a: 'gradA', b: 'gradB', c: 'gradC', bias: 'gradBias' };
  return backward({
    ...{ factors: problem, clamp: problem.clamp, yShape: problem.yShape, gradY, a: ['a', a], b: ['b', b] },
    ...{ saved, out, accumulate, grads, wanted, addend },
  }) as never;
}

/**
 * Gradients of a `linear` layer with respect to its operands, those that are wanted: `gradX = g · weight`,
 * `gradWeight = gᵀ · x`, gradBias the sum of the rows of g, which is gradY where the activation let the sum through and
 * 0 elsewhere.
 *
 * @param gradY gradient of the result, [..., out]
 * @param x as in `linear`, [..., in]
 * @param weight as in `linear`, [out, in]
 * @param options those of the `linear` call, and where it had an activation `y` (its result) or `preActivation`;
 * `wanted`, `out`, `accumulate`
 * @returns gradX, gradWeight and, where `bias` is given or wanted, gradBias
 * @throws as `gemmBackward`
 * @example
 * const [x, weight] = [tensor([1, 2], [1, 2]), tensor([3, 4], [1, 2])];
 * const { gradX, gradWeight } = linearBackward(tensor([10], [1, 1]), x, weight);
 * console.log(gradX.data, gradWeight.data); // 30, 40; 10, 20
 */
export function linearBackward<
  W extends LinearBackwardOptions['wanted'] = undefined,
  B extends Bias | undefined = undefined,
>(
  gradY: Tensor,
  x: Tensor,
  weight: Tensor,
  options?: LinearBackwardOptions & { readonly wanted?: W | undefined; readonly bias?: B | undefined },
): Gradients<LinearGrads, WantedOr<W, { x: true; weight: true; bias: IsGiven<B> }>> {
  const names = ['x', 'weight', 'bias'] as const;
  const { forward, wanted, saved, accumulate } = backwardOptions('linearBackward', options, optionNames.linear, names);
  const { out, ...rest } = forward;
  const problem = linearProblem(checkTensor('x', x).shape, checkTensor('weight', weight).shape, rest, 'linearBackward');
  biasOf(rest.bias, problem.n);
  const { m, n, k, clamp, yShape } = problem;
  return backward({
    ...{ factors: { m, n, k, transposeA: false, transposeB: true, alpha: 1, beta: 0 }, clamp, yShape },
    ...{ gradY, a: ['x', x], b: ['weight', weight], saved, out, accumulate },
    grads: { a: 'gradX', b: 'gradWeight', bias: 'gradBias' } satisfies Record<string, LinearGrads[keyof LinearGrads]>,
    wanted: { a: wanted.x, b: wanted.weight, c: false, bias: wanted.bias },
    addend: { shape: yShape, rows: m, columns: n },
  }) as never;
}
