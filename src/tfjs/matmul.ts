import { type Multiplied, type Product, packB, packedBytes, packedProduct } from '../algorithms/product.js';
import { productJob } from '../algorithms/product-job.js';
import { stackJob } from '../algorithms/product-stack.js';
import { staged } from '../algorithms/staged.js';
import { matmulProblem } from '../shape/matmul.js';
import { sizeOf } from '../shape/tensor.js';
import { type Job, stepsOf } from '../wasm/crew.js';
import { fromView } from '../wasm/view.js';
import { afterOf } from './after.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
import type { Bound } from './prepared.js';
import { Remembered } from './remembered.js';
import type { TensorInfo } from './tf.js';
import { sameShape } from './window.js';

/** A product of matrices, or of stacks of them. */
interface Multiplication {
  readonly job: Job;
  readonly shape: readonly number[];
  /** Where b is one matrix: the product of all rows of a by it. */
  readonly product: Product | undefined;
  /** Extents of one matrix of b, whatever stands before them. */
  readonly matrix: readonly number[];
}

const clamps = { linear: [-Infinity, Infinity], relu: [0, Infinity], relu6: [0, 6] } as const;

function multiplicationOf(
  { place: { on } }: Surroundings,
  aShape: readonly number[],
  bShape: readonly number[],
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
  clamp: Product['clamp'],
): Multiplication | undefined {
  const [batchA, batchB] = [aShape.slice(0, -2), bShape.slice(0, -2)];
  const [countA, countB] = [sizeOf(batchA), sizeOf(batchB)];
  // where both have several matrices and differ, TensorFlow.js broadcasts in a way of its own
  if (countA > 1 && countB > 1 && !sameShape(batchA, batchB)) return undefined;
  const stack = matmulProblem(aShape, bShape, { transposeA, transposeB });
  const { m, n, k, yShape: shape } = stack;
  const matrix = bShape.slice(-2);
  const one: Product = { m, n, k, transposeA, transposeB, alpha: 1, beta: 0, clamp };
  // the rows of all matrices of a are those of one
  if (countB === 1 && (countA === 1 || !transposeA)) {
    const product = { ...one, m: m * countA };
    return { job: productJob(on, product) as unknown as Job, shape, product, matrix };
  }
  const all = stackJob(on, one, stack);
  const steps = stepsOf(all, ([a, b, , , y]: readonly number[]) => [a, b, y] as const);
  return { job: { ...all, steps } as unknown as Job, shape, product: undefined, matrix };
}

/** A matrix packed for products by it, and those products. */
interface Packed extends Bound {
  readonly products: Map<Multiplication, Job>;
  /** What a product by it does. */
  by(product: Product): Job;
}

function pack({ place }: Surroundings, product: Product, b: TensorInfo): Packed {
  const { on } = place;
  const { at, dispose } = fromView(on, place.values(b), (values) => {
    const at = on.arena.keep(packedBytes(product));
    staged(on, values, (from) => packB(on, product, from, at));
    return { at, dispose: () => on.arena.release(at) };
  });
  const by = (product: Product) => {
    const job = packedProduct(on, product);
    const steps = stepsOf(job, ([a, , , bias, y]: readonly number[]): Multiplied => [a, at, 0, bias, y]);
    return { ...job, steps } as unknown as Job;
  };
  return { dispose, products: new Map(), by };
}

const multiplications = new Remembered<Multiplication>();

/** How matrices on the right are read: as they are, and transposed; and those that came once. */
const readings = [false, true].map((transposeB) => ({ attrs: { transposeB }, seen: new WeakSet<object>() }));

/** What packs a matrix, whichever kernel multiplies by it. */
const packing = {};

/** y = activation(op(a) op(b) + bias), matrix by matrix. A matrix b that comes a second time is packed and kept. */
export const matMul = (): Serve => {
  const jobs = { linear: {}, relu: {}, relu6: {} };
  return (around, call) => {
    const { a, b, bias } = call.inputs;
    if (!readable(around, a) || !readable(around, b) || (bias && !readable(around, bias))) return undefined;
    // TensorFlow.js says what it thinks of vectors
    if (a.shape.length < 2 || b.shape.length < 2) return undefined;
    const { place, prepared } = around;
    const turns = { transposeA: call.attrs.transposeA === true, transposeB: call.attrs.transposeB === true };
    const one = sizeOf(b.shape.slice(0, -2)) === 1 && (sizeOf(a.shape.slice(0, -2)) === 1 || !turns.transposeA);
    const after = afterOf(around, call, one ? b.shape.at(turns.transposeB ? -2 : -1) : undefined);
    if (!after) return undefined;
    const own = after.own ?? 'linear';
    const kernel = jobs[own];
    const made = multiplications.recall(place, kernel, a.shape, b.shape, call.attrs, () =>
      multiplicationOf(around, a.shape, b.shape, turns, clamps[own]),
    );
    if (!made) return undefined;
    const { job, shape, product, matrix } = made;
    const { attrs, seen } = readings[Number(turns.transposeB)];
    let y: TensorInfo;
    if (product && seen.has(b.dataId)) {
      const packed = prepared.recall(packing, b, matrix, attrs, undefined, () => pack(around, product, b)) as Packed;
      let by = packed.products.get(made);
      if (!by) packed.products.set(made, (by = packed.by(product)));
      y = place.run(by, [a, undefined, undefined, after.bias], shape);
    } else {
      seen.add(b.dataId);
      y = place.run(job, [a, b, undefined, after.bias], shape);
    }
    return after.finish ? after.finish(y) : y;
  };
};
