import { multiply, multiplyPacked, type Product, packB, packs, productScratchBytes } from '../algorithms/product.js';
import { type Addend, addendOf, gemmProblem, linearProblem, matmulProblem } from '../shape/gemm.js';
import { checkOut, checkTensor, checkVector, sizeOf } from '../shape/tensor.js';
import type { Activation, Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { type Host, host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';

/** Options of `gemm`. */
export interface GemmOptions {
  /** `a` is stored as [k, m]; default false. */
  readonly transposeA?: boolean;
  /** `b` is stored as [n, k]; default false. */
  readonly transposeB?: boolean;
  /** Factor of the product; default 1. With 0, `a` and `b` are not read. */
  readonly alpha?: number;
  /** Factor of `c`; default 1. With 0, `c` is not read. */
  readonly beta?: number;
  /** Added after scaling by `beta`: [m, n], a row [n] or [1, n], a column [m, 1], or a number. */
  readonly c?: Tensor | number;
  /** One number per column, added before the activation. */
  readonly bias?: Float32Array | Tensor;
  /** Applied last; default none. */
  readonly activation?: Activation;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor;
}

/** Options of `matmul`. */
export interface MatmulOptions {
  /** `a` is stored as [..., k, m]; default false. Not for a vector. */
  readonly transposeA?: boolean;
  /** `b` is stored as [..., n, k]; default false. Not for a vector. */
  readonly transposeB?: boolean;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor;
}

/** Options of `linear`. */
export type LinearOptions = Pick<GemmOptions, 'bias' | 'activation' | 'out'>;

type Problem = Product & { readonly yShape: readonly number[] };

const isWhole = ({ m, n }: Problem, { rows, columns }: Addend) => rows === m && columns === n;

/** Writes the rows or columns of an addend that is not a whole matrix over all of y, unscaled. */
function spread({ arena }: Host, problem: Problem, addend: Addend, c: Address, y: Address): void {
  if (isWhole(problem, addend)) return;
  const { m, n } = problem;
  const { rows, columns } = addend;
  const [from, to] = [arena.f32(c, rows * columns), arena.f32(y, m * n)];
  for (let i = 0; i < m; i++) {
    if (columns === n) to.set(from, i * n);
    else to.fill(from[rows === 1 ? 0 : i], i * n, (i + 1) * n);
  }
}

/** Runs a checked product; `bias` and `c` are checked here. */
function product(problem: Problem, [aName, a]: [string, Tensor], [bName, b]: [string, Tensor], o: GemmOptions): Tensor {
  const { c, bias, out } = o;
  const inputs = [
    { operand: aName, data: a.data },
    { operand: bName, data: b.data },
  ];
  const addend = c === undefined ? undefined : addendOf(c, problem.m, problem.n);
  if (addend) inputs.push({ operand: 'c', data: addend.data });
  const biasData = bias === undefined ? undefined : checkVector('bias', bias, problem.n);
  if (biasData) inputs.push({ operand: 'bias', data: biasData });
  if (out !== undefined) checkOut(out, problem.yShape, inputs);
  const { yShape } = problem;
  if (sizeOf(yShape) === 0) return out ?? { data: new Float32Array(0), shape: yShape };
  const on = host();
  const biasTensor = biasData && { data: biasData, shape: [problem.n] };
  return runOn(
    on,
    [a, b, addend, biasTensor],
    [{ shape: yShape, out }],
    productScratchBytes(problem),
    ([a, b, c, bias], [y], scratch) => {
      if (addend && problem.beta !== 0) spread(on, problem, addend, c, y);
      multiply(on, problem, { a, b, c: addend && !isWhole(problem, addend) ? y : c, bias, y }, scratch);
    },
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
 * @param a [..., m, k], or [..., k, m] with `transposeA`; a vector [k] is one row
 * @param b [..., k, n], or [..., n, k] with `transposeB`; a vector [k] is one column
 * @returns [..., m, n], without the axis of an operand that is a vector
 * @throws as `gemm`
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const stack = matmulProblem(checkTensor('a', a).shape, checkTensor('b', b).shape, options);
  const { m, n, k, yShape, batchShape, transposeA, transposeB } = stack;
  const inputs = [
    { operand: 'a', data: a.data },
    { operand: 'b', data: b.data },
  ];
  const { out } = options;
  if (out !== undefined) checkOut(out, yShape, inputs);
  if (sizeOf(yShape) === 0) return out ?? { data: new Float32Array(0), shape: yShape };
  const on = host();
  const one: Product = { m, n, k, transposeA, transposeB, alpha: 1, beta: 0, clamp: [-Infinity, Infinity] };
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
        if (bOffset !== packed) packB(on, one, place.b, scratch);
        packed = bOffset;
        multiplyPacked(on, one, place, scratch);
      } else multiply(on, one, place, scratch);
      for (let axis = index.length - 1; axis >= 0 && ++index[axis] === batchShape[axis]; axis--) index[axis] = 0;
    }
  })[0] as Tensor;
}
