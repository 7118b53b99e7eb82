import type { Address } from '../wasm/arena.js';
import { round64 } from '../wasm/block.js';
import { type Job, oneStep, runAll, scratchBytes } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { type Product, packB, packedBytes, packedProduct } from './product.js';
import { factorGrad } from './product-grad.js';
import { packs, productJob } from './product-job.js';

/**
 * A stack of products with broadcast batch axes: extents of the batch, and per axis the matrices from one to the next
 * of a and of b.
 */
export interface Stack {
  readonly batchShape: readonly number[];
  readonly aBatchStrides: readonly number[];
  readonly bBatchStrides: readonly number[];
}

/** Calls `visit` for every product of a stack with the places of its matrices, counted in matrices. */
function eachProduct(stack: Stack, visit: (batch: number, a: number, b: number) => void): void {
  const { batchShape, aBatchStrides, bBatchStrides } = stack;
  const index = batchShape.map(() => 0);
  const place = (strides: readonly number[]) => strides.reduce((sum, stride, axis) => sum + stride * index[axis], 0);
  const count = batchShape.reduce((product, extent) => product * extent, 1);
  for (let batch = 0; batch < count; batch++) {
    visit(batch, place(aBatchStrides), place(bBatchStrides));
    for (let axis = index.length - 1; axis >= 0 && ++index[axis] === batchShape[axis]; axis--) index[axis] = 0;
  }
}

/** All products of a stack: y[batch] = a[batch] b[batch]. */
export function stackJob(host: Host, p: Product, stack: Stack): Job<readonly [a: Address, b: Address, y: Address]> {
  const packed = packs(p);
  const one = packed ? packedProduct(host, p) : productJob(host, p);
  const panelsAt = round64(scratchBytes(one));
  return oneStep({
    ownBytes: panelsAt + (packed ? packedBytes(p) : 0),
    run([a, b, y], _begin, _end, own) {
      const panels = own + panelsAt;
      let last = -1;
      eachProduct(stack, (batch, aAt, bAt) => {
        const from = b + bAt * p.k * p.n * 4;
        if (packed && bAt !== last) packB(host, p, from, panels);
        last = bAt;
        runAll(one, [a + aAt * p.m * p.k * 4, packed ? panels : from, 0, 0, y + batch * p.m * p.n * 4], own);
      });
    },
  });
}

/** The gradient of a or of b, summed over the batch axes along which it is broadcast; `size`: its elements. */
export function stackGrad(
  host: Host,
  of: 'a' | 'b',
  p: Product,
  stack: Stack,
  size: number,
  keep: boolean,
): Job<readonly [a: Address, b: Address, gradY: Address, to: Address]> {
  const one = factorGrad(host, of, p, true);
  return oneStep({
    ownBytes: scratchBytes(one),
    run([a, b, gradY, to], _begin, _end, own) {
      if (!keep) host.arena.f32(to, size).fill(0);
      eachProduct(stack, (batch, aAt, bAt) => {
        const [aBytes, bBytes] = [aAt * p.m * p.k * 4, bAt * p.k * p.n * 4];
        const gradient = to + (of === 'a' ? aBytes : bBytes);
        runAll(one, [a + aBytes, b + bBytes, gradY + batch * p.m * p.n * 4, gradient], own);
      });
    },
  });
}
