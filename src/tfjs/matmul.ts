import type { Product } from '../algorithms/product.js';
import { productJob } from '../algorithms/product-job.js';
import { stackJob } from '../algorithms/product-stack.js';
import { matmulProblem } from '../shape/matmul.js';
import { sizeOf } from '../shape/tensor.js';
import { type Job, stepsOf } from '../wasm/crew.js';
import { activationOf } from './conv.js';
import { Jobs, readable, type Serve } from './kernel.js';
import { sameShape } from './window.js';

const jobs = new Jobs();

const clamps = { none: [-Infinity, Infinity], relu: [0, Infinity], relu6: [0, 6] } as const;

/** y = activation(op(a) op(b) + bias), matrix by matrix. */
export const matMul: Serve = (around, call) => {
  const { a, b, bias } = call.inputs;
  if (!readable(around, a) || !readable(around, b) || (bias && !readable(around, bias))) return undefined;
  const activation = activationOf(around, call);
  if (!activation) return undefined;
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [countA, countB] = [sizeOf(batchA), sizeOf(batchB)];
  // where both have several matrices and differ, TensorFlow.js broadcasts in a way of its own
  if (countA > 1 && countB > 1 && !sameShape(batchA, batchB)) return undefined;
  const { transposeA = false, transposeB = false } = call.attrs as { transposeA?: boolean; transposeB?: boolean };
  const stack = matmulProblem(a.shape, b.shape, { transposeA, transposeB });
  const { m, n, k, yShape } = stack;
  if (bias && !sameShape(bias.shape, [n])) return undefined;
  const key = [a.shape, b.shape, transposeA, transposeB, activation.own, !!bias].join(';');
  const job = jobs.recall(around, key, () => {
    const product: Product = {
      ...{ m, n, k, transposeA, transposeB, alpha: 1, beta: 0 },
      clamp: clamps[activation.own ?? 'none'],
    };
    const { on } = around.place;
    // the rows of all matrices of a are those of one
    const isOne = countB === 1 && (countA === 1 || !transposeA);
    if (isOne) return productJob(on, { ...product, m: m * countA }) as unknown as Job;
    if (bias) return undefined;
    const all = stackJob(on, product, stack);
    const steps = stepsOf(all, ([a, b, , , y]: readonly number[]) => [a, b, y] as const);
    return { ...all, steps } as unknown as Job;
  });
  if (!job) return undefined;
  const y = around.place.run(job, [a, b, undefined, bias], yShape);
  return activation.then ? activation.then(y) : y;
};
