import { activated } from '../algorithms/activated.js';
import type { Multiplied, Product } from '../algorithms/product.js';
import { productJob } from '../algorithms/product-job.js';
import { stackJob } from '../algorithms/product-stack.js';
import { biasOf } from '../shape/conv.js';
import { addendOf, gemmProblem } from '../shape/gemm.js';
import { linearProblem } from '../shape/linear.js';
import { matmulProblem } from '../shape/matmul.js';
import { checkTensor } from '../shape/tensor.js';
import type { Activation, Bias, Into, Result, Tensor } from '../types.js';
import type { Job } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { Recall } from './recall.js';
import { outOf, resultOf } from './result.js';

/** Options of `gemm`. */
export interface GemmOptions {
  /** `a` is stored as [k, m]; default false. */
  readonly transposeA?: boolean | undefined;
  /** `b` is stored as [n, k]; default false. */
  readonly transposeB?: boolean | undefined;
  /** Factor of the product; default 1. With 0, `a` and `b` are not read. */
  readonly alpha?: number | undefined;
  /** Factor of `c`; default 1. With 0, `c` is not read. */
  readonly beta?: number | undefined;
  /** Added after scaling by `beta`: [m, n], a row [n] or [1, n], a column [m, 1], or a number. */
  readonly c?: Tensor | number | undefined;
  /** One number per column, added before the activation. */
  readonly bias?: Bias | undefined;
  /** Applied last; default none. */
  readonly activation?: Activation | undefined;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor | undefined;
}

/** Options of `matmul`. */
export interface MatmulOptions {
  /** `a` is stored as [..., k, m]; default false. Not for a vector. */
  readonly transposeA?: boolean | undefined;
  /** `b` is stored as [..., n, k]; default false. Not for a vector. */
  readonly transposeB?: boolean | undefined;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor | undefined;
}

/** Options of `linear`. */
export type LinearOptions = Pick<GemmOptions, 'bias' | 'activation' | 'out'>;

/** A checked product and its job for every instance. No call with a tensor as `c` is remembered. */
interface Plan {
  readonly problem: Product & { readonly yShape: readonly number[] };
  readonly jobs: WeakMap<Host, Job<Multiplied>>;
}

const calls = new Recall<Plan>();

/** Runs a product as planned by `check`; `bias` and `c` are checked here. */
function product(
  operator: string,
  [aName, a]: [string, Tensor],
  [bName, b]: [string, Tensor],
  o: GemmOptions,
  check: (aShape: readonly number[], bShape: readonly number[]) => Plan['problem'],
): Tensor {
  const shapes = [checkTensor(aName, a).shape, checkTensor(bName, b).shape] as const;
  const { problem, jobs } = calls.recall(operator, shapes, o, () => ({
    problem: check(...shapes),
    jobs: new WeakMap(),
  }));
  const { c, bias, out } = o;
  const { m, n, yShape: shape, clamp } = problem;
  const addend = c === undefined ? undefined : addendOf(c, m, n);
  const data = biasOf(bias, n);
  const biases = data && { data, shape: [n] };
  outOf(out, shape, { [aName]: a, [bName]: b, c: addend, bias: biases });
  return resultOf([a, b, addend, biases], { shape, out }, (on) => {
    let job = jobs.get(on);
    if (!job) {
      const maps = { channelsLast: true, n: m, c: n, cells: 1 };
      job = activated(on, clamp, maps, () => productJob(on, problem, addend));
      jobs.set(on, job);
    }
    return job;
  });
}

/**
 * Matrix product `y = activation(alpha · op(a) · op(b) + beta · c + bias)`, as BLAS `sgemm` with a bias and an
 * activation.
 *
 * @param a [m, k], or [k, m] with `transposeA`
 * @param b [k, n], or [n, k] with `transposeB`
 * @returns [m, n]
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown,
 * MemoryError when the host refuses memory
 * @see J. Dongarra et al., A set of level 3 basic linear algebra subprograms, 1990
 * @example
 * const [a, b] = [tensor([1, 2, 3, 4], [2, 2]), tensor([1, 0, 1, 1], [2, 2])];
 * console.log(gemm(a, b, { alpha: 10 }).data); // 30, 20, 70, 40
 */
export function gemm<Out extends Tensor | undefined = undefined>(
  a: Tensor,
  b: Tensor,
  options: GemmOptions & Into<Out> = {},
): Result<Out> {
  return product('gemm', ['a', a], ['b', b], options, (...shapes) => gemmProblem(...shapes, options)) as Result<Out>;
}

/**
 * Linear layer `y = activation(x · weightᵀ + bias)`, as `torch.nn.functional.linear`.
 *
 * @param x [..., in]
 * @param weight [out, in]
 * @returns [..., out]
 * @throws as `gemm`
 * @example
 * console.log(linear(tensor([1, 2], [1, 2]), tensor([1, 10, 2, 20], [2, 2]), { bias: [0, 0.5] }).data); // 21, 42.5
 */
export function linear<Out extends Tensor | undefined = undefined>(
  x: Tensor,
  weight: Tensor,
  options: LinearOptions & Into<Out> = {},
): Result<Out> {
  return product('linear', ['x', x], ['weight', weight], options, (...shapes) => ({
    ...linearProblem(...shapes, options),
    ...{ transposeA: false, transposeB: true, alpha: 1, beta: 0 },
  })) as Result<Out>;
}

/**
 * Matrix product of stacks, as `torch.matmul`: batch axes are aligned at the right, and an axis of 1 or a missing one
 * is broadcast.
 *
 * @param a [..., m, k], or [..., k, m] with `transposeA`; a vector [k] is one row
 * @param b [..., k, n], or [..., n, k] with `transposeB`; a vector [k] is one column
 * @returns [..., m, n], without the axis of an operand that is a vector
 * @throws as `gemm`
 * @example
 * console.log(matmul(tensor([1, 2, 3, 4], [2, 1, 2]), tensor([1, 10], [2, 1])).data); // 21, 43
 */
export function matmul<Out extends Tensor | undefined = undefined>(
  a: Tensor,
  b: Tensor,
  options: MatmulOptions & Into<Out> = {},
): Result<Out> {
  const stack = matmulProblem(checkTensor('a', a).shape, checkTensor('b', b).shape, options);
  const { m, n, k, yShape, transposeA, transposeB } = stack;
  const out = outOf(options.out, yShape, { a, b });
  const one: Product = { m, n, k, transposeA, transposeB, alpha: 1, beta: 0, clamp: [-Infinity, Infinity] };
  return resultOf([a, b], { shape: yShape, out }, (on) => stackJob(on, one, stack));
}
