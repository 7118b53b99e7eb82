import { productGrads } from '../algorithms/product-grad.js';
import { backwardOptions } from '../shape/backward.js';
import { matmulProblem } from '../shape/gemm.js';
import { optionNames } from '../shape/options.js';
import { checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import type { MatmulOptions } from './gemm.js';
import { gradientOutputs } from './gradients.js';

/** Gradients of `matmul`; those that were wanted are there. */
export interface MatmulGradients {
  readonly gradA?: Tensor;
  readonly gradB?: Tensor;
}

/** Options of `matmulBackward`: those of the `matmul` call, and what is wanted. */
export interface MatmulBackwardOptions extends Omit<MatmulOptions, 'out'> {
  /** Gradients to compute; default both. */
  readonly wanted?: { readonly a?: boolean; readonly b?: boolean };
  /** Written and returned instead of new tensors; may not overlap an operand or each other. Those that are not wanted are left alone. */
  readonly out?: MatmulGradients;
  /** Gradients are added to the tensors of `out`; those without one are new. Default false. */
  readonly accumulate?: boolean;
}

/**
 * Gradients of a `matmul` with respect to its operands: g bᵀ and aᵀ g, summed over the batch axes along which an operand is broadcast, stored as a and
 * b are.
 *
 * @param gradY gradient of the result, of the result's shape
 * @param a as in `matmul`
 * @param b as in `matmul`
 * @returns gradA and gradB, those that are wanted
 * @throws ShapeError when operands do not fit each other, OptionError for an option unknown or out of range, MemoryError when the host refuses memory
 */
export function matmulBackward(gradY: Tensor, a: Tensor, b: Tensor, options?: MatmulBackwardOptions): MatmulGradients {
  const names = ['a', 'b'] as const;
  const { forward, wanted, accumulate } = backwardOptions('matmulBackward', options, optionNames.matmul, names);
  const { out: given, ...problemOptions } = forward;
  const stack = matmulProblem(checkTensor('a', a).shape, checkTensor('b', b).shape, problemOptions, 'matmulBackward');
  const { m, n, k, transposeA, transposeB, batchShape } = stack;
  const inputs = [
    { operand: 'gradY', data: checkShaped('gradY', gradY, stack.yShape).data },
    { operand: 'a', data: a.data },
    { operand: 'b', data: b.data },
  ];
  const shapes = { a: a.shape, b: b.shape };
  const results = gradientOutputs({ a: 'gradA', b: 'gradB' }, wanted, shapes, given, accumulate, inputs);
  const on = host();
  const grads = productGrads(on, { m, n, k, transposeA, transposeB, alpha: 1 });
  const matrices = { a: { floats: m * k, strides: stack.aBatchStrides }, b: { floats: k * n, strides: stack.bBatchStrides } };
  const index = batchShape.map(() => 0);
  const offset = (name: 'a' | 'b') => {
    const { floats, strides } = matrices[name];
    return strides.reduce((sum, stride, axis) => sum + stride * index[axis], 0) * floats * 4;
  };
  const tensors = runOn(on, [gradY, a, b], results.outputs, grads.scratchBytes, ([g, a, b], to, scratch) => {
    const asked = names.filter((name) => wanted[name]);
    for (const name of asked) {
      const place = results.place(name);
      if (!results.outputs[place].accumulate) on.arena.f32(to[place], sizeOf(shapes[name])).fill(0);
    }
    for (let batch = 0; batch < sizeOf(batchShape); batch++) {
      const operands = { a: a + offset('a'), b: b + offset('b'), g: g + batch * m * n * 4 };
      for (const name of asked) grads.add(name, operands, to[results.place(name)] + offset(name), true, scratch);
      for (let axis = index.length - 1; axis >= 0 && ++index[axis] === batchShape[axis]; axis--) index[axis] = 0;
    }
  });
  return results.named(tensors);
}
