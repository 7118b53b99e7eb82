import { type Multiplied, type Product, packB, packedBytes, packedProduct } from '../algorithms/product.js';
import { productJob } from '../algorithms/product-job.js';
import { stackJob } from '../algorithms/product-stack.js';
import { staged } from '../algorithms/staged.js';
import { matmulProblem } from '../shape/matmul.js';
import { sizeOf } from '../shape/tensor.js';
import { type Job, stepsOf } from '../wasm/crew.js';
import { fromView } from '../wasm/view.js';
import { activationOf } from './conv.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
import { Remembered } from './remembered.js';
import type { TensorInfo } from './tf.js';
import { sameShape } from './window.js';

/** A product of matrices, or of stacks of them. */
interface Multiplication {
  readonly job: Job;
  readonly shape: readonly number[];
  /** Where b is one matrix: the product of all rows of a by it. */
  readonly product: Product | undefined;
}

const clamps = { none: [-Infinity, Infinity], relu: [0, Infinity], relu6: [0, 6] } as const;

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
  const one: Product = { m, n, k, transposeA, transposeB, alpha: 1, beta: 0, clamp };
  // the rows of all matrices of a are those of one
  if (countB === 1 && (countA === 1 || !transposeA)) {
    const product = { ...one, m: m * countA };
    return { job: productJob(on, product) as unknown as Job, shape, product };
  }
  const all = stackJob(on, one, stack);
  const steps = stepsOf(all, ([a, b, , , y]: readonly number[]) => [a, b, y] as const);
  return { job: { ...all, steps } as unknown as Job, shape, product: undefined };
}

/** A product with b packed in it. */
function packedJob({ place }: Surroundings, product: Product, b: TensorInfo): Job {
  const { on } = place;
  return fromView(on, place.values(b), (values) => {
    const panels = on.arena.keep(packedBytes(product));
    staged(on, values, (from) => packB(on, product, from, panels));
    const job = packedProduct(on, product);
    const steps = stepsOf(job, ([a, , , bias, y]: readonly number[]): Multiplied => [a, panels, 0, bias, y]);
    return { ...job, steps, dispose: () => on.arena.release(panels) };
  }) as unknown as Job;
}

const multiplications = new Remembered<Multiplication>();

/** Second operands that were multiplied by once, as they are and transposed. */
const seen = { false: new WeakSet<object>(), true: new WeakSet<object>() };

/** y = activation(op(a) op(b) + bias), matrix by matrix. A matrix b that comes a second time is packed and kept. */
export const matMul = (): Serve => {
  const kernel = {};
  return (around, call) => {
    const { a, b, bias } = call.inputs;
    if (!readable(around, a) || !readable(around, b) || (bias && !readable(around, bias))) return undefined;
    const activation = activationOf(around, call);
    if (!activation) return undefined;
    const { place, prepared } = around;
    const turns = { transposeA: call.attrs.transposeA === true, transposeB: call.attrs.transposeB === true };
    const made = multiplications.recall(place, kernel, a.shape, b.shape, call.attrs, () =>
      multiplicationOf(around, a.shape, b.shape, turns, clamps[activation.own ?? 'none']),
    );
    if (!made || (bias && !(made.product && sameShape(bias.shape, [made.product.n])))) return undefined;
    const { job, shape, product } = made;
    const known = seen[`${turns.transposeB}`];
    let y: TensorInfo;
    if (product && known.has(b.dataId)) {
      const make = () => ({ job: packedJob(around, product, b), shape });
      // the bias is an operand
      const bound = prepared.recall(kernel, b, a.shape, call.attrs, undefined, make);
      y = place.run((bound as { job: Job }).job, [a, undefined, undefined, bias], shape);
    } else {
      known.add(b.dataId);
      y = place.run(job, [a, b, undefined, bias], shape);
    }
    return activation.then ? activation.then(y) : y;
  };
};
