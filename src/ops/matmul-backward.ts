import { backwardJob, type Part, part } from '../algorithms/backward.js';
import { stackGrad } from '../algorithms/product-stack.js';
import { backwardOptions } from '../shape/backward.js';
import { matmulProblem } from '../shape/matmul.js';
import { optionNames } from '../shape/options.js';
import { checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Gradients, Tensor, WantedOr } from '../types.js';
import { runJob } from '../wasm/crew.js';
import { host } from '../wasm/host.js';
import type { GradientOptions } from './backward-options.js';
import type { MatmulOptions } from './gemm.js';
import { gradientOutputs } from './gradients.js';

/** Gradients of `matmul`; those that were wanted are there. */
export interface MatmulGradients {
  readonly gradA?: Tensor | undefined;
  readonly gradB?: Tensor | undefined;
}

/** Options of `matmulBackward`: those of the `matmul` call, and what is wanted. */
export interface MatmulBackwardOptions
  extends Omit<MatmulOptions, 'out'>,
    GradientOptions<'a' | 'b', MatmulGradients> {}

/**
 * Gradients of a `matmul` with respect to its operands: `g · bᵀ` and `aᵀ · g`, summed over the batch axes along which
 * an operand is broadcast, stored as a and b are.
 *
 * @param gradY gradient of the result, of the result's shape
 * @param a as in `matmul`
 * @param b as in `matmul`
 * @returns gradA and gradB, those that are wanted
 * @throws ShapeError when operands do not fit each other, OptionError for an option unknown or out of range,
 * MemoryError when the host refuses memory
 * @example
 * const [a, b] = [tensor([1, 2], [1, 2]), tensor([3, 4], [2, 1])];
 * const { gradA, gradB } = matmulBackward(tensor([10], [1, 1]), a, b);
 * console.log(gradA.data, gradB.data); // 30, 40; 10, 20
 */
export function matmulBackward<W extends MatmulBackwardOptions['wanted'] = undefined>(
  gradY: Tensor,
  a: Tensor,
  b: Tensor,
  options?: MatmulBackwardOptions & { readonly wanted?: W | undefined },
): Gradients<{ a: 'gradA'; b: 'gradB' }, WantedOr<W, { a: true; b: true }>> {
  const names = ['a', 'b'] as const;
  const { forward, wanted, accumulate } = backwardOptions('matmulBackward', options, optionNames.matmul, names);
  const { out, ...rest } = forward;
  const stack = matmulProblem(checkTensor('a', a).shape, checkTensor('b', b).shape, rest, 'matmulBackward');
  const { m, n, k, transposeA, transposeB } = stack;
  checkShaped('gradY', gradY, stack.yShape);
  const shapes = { a: a.shape, b: b.shape };
  const grads = { a: 'gradA', b: 'gradB' };
  const { outputs, named } = gradientOutputs(grads, wanted, shapes, out, accumulate, { gradY, a, b });
  const on = host();
  const one = { m, n, k, transposeA, transposeB, alpha: 1, beta: 0, clamp: [-Infinity, Infinity] } as const;
  const parts = names.flatMap((name, i): Part[] => {
    const output = outputs[i];
    if (!output) return [];
    const job = stackGrad(on, name, one, stack, sizeOf(shapes[name]), output.accumulate);
    return [part(job, (all, g) => [all[2], all[3], g, all[4 + i]])];
  });
  return named(runJob(on, backwardJob(on, undefined, parts), [gradY, undefined, a, b], outputs)) as never;
}
