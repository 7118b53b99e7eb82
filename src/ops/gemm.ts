import {
  multiply,
  multiplyPacked,
  type Product,
  packB,
  packedScratchBytes,
  packs,
  productScratchBytes,
} from '../algorithms/product.js';
import { gemmProblem, linearProblem, matmulProblem } from '../shape/gemm.js';
import { checkOut, checkShaped, checkTensor, checkVector, sizeOf } from '../shape/tensor.js';
import type { Activation, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';

/** Options of `gemm`. */
export interface GemmOptions {
  /** `a` is stored as [k, m]; default false. */
  readonly transposeA?: boolean;
  /** `b` is stored as [n, k]; default false. */
  readonly transposeB?: boolean;
  /** Factor of the product; default 1. */
  readonly alpha?: number;
  /** Factor of `c`; default 1. With 0, `c` is not read. */
  readonly beta?: number;
  /** [m, n], added after scaling by `beta`. */
  readonly c?: Tensor;
  /** One number per column, added before the activation. */
  readonly bias?: Float32Array | Tensor;
  /** Applied last; default none. */
  readonly activation?: Activation;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor;
}

/** Options of `linear`. */
export type LinearOptions = Pick<GemmOptions, 'bias' | 'activation' | 'out'>;

type Problem = Product & { readonly yShape: readonly number[] };

/** Runs a checked product; `bias` and `c` are checked here. */
function product(problem: Problem, [aName, a]: [string, Tensor], [bName, b]: [string, Tensor], o: GemmOptions): Tensor {
  const { c, bias, out } = o;
  const inputs = [
    { operand: aName, data: a.data },
    { operand: bName, data: b.data },
  ];
  if (c !== undefined) inputs.push({ operand: 'c', data: checkShaped('c', c, [problem.m, problem.n]).data });
  const biasData = bias === undefined ? undefined : checkVector('bias', bias, problem.n);
  if (biasData) inputs.push({ operand: 'bias', data: biasData });
  if (out !== undefined) checkOut(out, problem.yShape, inputs);
  const { yShape } = problem;
  if (sizeOf(yShape) === 0) return out ?? { data: new Float32Array(0), shape: yShape };
  const on = host();
  const biasTensor = biasData && { data: biasData, shape: [problem.n] };
  return runOn(
    on,
    [a, b, c, biasTensor],
    [{ shape: yShape, out }],
    productScratchBytes(problem),
    ([a, b, c, bias], [y], scratch) => multiply(on, problem, { a, b, c, bias, y }, scratch),
  )[0] as Tensor;
}

/**
 * Matrix product y = activation(alpha · op(a) · op(b) + beta · c + bias), as BLAS `sgemm` with a bias and an activation.
 *
 * @param a [m, k], or [k, m] with `transposeA`
 * @param b [k, n], or [n, k] with `transposeB`
 * @returns [m, n]
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown, MemoryError when the host refuses memory
 * @see J. Dongarra et al., A set of level 3 basic linear algebra subprograms, 1990
 */
export function gemm(a: Tensor, b: Tensor, options: GemmOptions = {}): Tensor {
  const problem = gemmProblem(checkTensor('a', a).shape, checkTensor('b', b).shape, options);
  return product(problem, ['a', a], ['b', b], options);
}

/**
 * Linear layer y = activation(x weightᵀ + bias), as `torch.nn.functional.linear`.
 *
 * @param x [..., in]
 * @param weight [out, in]
 * @returns [..., out]
 * @throws as `gemm`
 */
export function linear(x: Tensor, weight: Tensor, options: LinearOptions = {}): Tensor {
  const problem = linearProblem(checkTensor('x', x).shape, checkTensor('weight', weight).shape, options);
  return product({ ...problem, transposeA: false, transposeB: true, alpha: 1, beta: 0 }, ['x', x], ['weight', weight], options);
}

/**
 * Matrix product of stacks, as `torch.matmul`: batch axes are aligned at the right, and an axis of 1 or a missing one is broadcast.
 *
 * @param a [..., m, k]; a vector [k] is one row
 * @param b [..., k, n]; a vector [k] is one column
 * @param options.out written and returned instead of a new tensor; may not overlap an operand
 * @returns [..., m, n], without the axis of an operand that is a vector
 * @throws as `gemm`
 */
export function matmul(a: Tensor, b: Tensor, options: { readonly out?: Tensor } = {}): Tensor {
  const stack = matmulProblem(checkTensor('a', a).shape, checkTensor('b', b).shape, options);
  const { m, n, k, yShape, batchShape } = stack;
  const inputs = [
    { operand: 'a', data: a.data },
    { operand: 'b', data: b.data },
  ];
  const { out } = options;
  if (out !== undefined) checkOut(out, yShape, inputs);
  if (sizeOf(yShape) === 0) return out ?? { data: new Float32Array(0), shape: yShape };
  const on = host();
  const one: Product = { m, n, k, transposeA: false, transposeB: false, alpha: 1, beta: 0, clamp: [-Infinity, Infinity] };
  const index = batchShape.map(() => 0);
  const offset = (strides: readonly number[]) => strides.reduce((sum, stride, axis) => sum + stride * index[axis], 0);
  return runOn(on, [a, b], [{ shape: yShape, out }], productScratchBytes(one), ([a, b], [y], scratch) => {
    let packed = -1;
    for (let batch = 0; batch < sizeOf(batchShape); batch++) {
      const bOffset = offset(stack.bBatchStrides);
      const place = {
        a: a + offset(stack.aBatchStrides) * m * k * 4,
        b: b + bOffset * k * n * 4,
        c: 0,
        bias: 0,
        y: y + batch * m * n * 4,
      };
      if (packs(one)) {
        const panels = scratch + packedScratchBytes(one);
        if (bOffset !== packed) packB(on, one, place.b, panels);
        packed = bOffset;
        multiplyPacked(on, one, { ...place, b: panels }, scratch);
      } else multiply(on, one, place, scratch);
      for (let axis = index.length - 1; axis >= 0 && ++index[axis] === batchShape[axis]; axis--) index[axis] = 0;
    }
  })[0] as Tensor;
}
