import type { Clamp } from '../further.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import { type Job, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { fromView } from '../wasm/view.js';
import { type Multiplied, type Product, packB, packedBytes, packedProduct } from './product.js';
import { staged } from './staged.js';

/** Weights [n, k] of a linear layer, packed once for any number of rows. */
export interface LinearWeights {
  /** y = clamp(x weightᵀ + bias) for `m` rows. */
  job(m: number, clamp: Clamp): Job<readonly [x: Address, y: Address]>;
  dispose(): void;
}

const productOf = (m: number, n: number, k: number, clamp: Clamp): Product => ({
  ...{ m, n, k, clamp },
  ...{ transposeA: false, transposeB: true, alpha: 1, beta: 0 },
});

/** Packs the weights; `bias` has one number for each of `n`. */
export function packLinear(
  host: Host,
  n: number,
  k: number,
  weight: Float32Array,
  bias: Float32Array | undefined,
): LinearWeights {
  const { arena } = host;
  const packed = productOf(0, n, k, [-Infinity, Infinity]);
  // a copy, because growing memory detaches the view of a bias that stands in it
  const own = bias?.slice();
  return fromView(host, weight, (values) => {
    const at = keepBlock(arena, { panels: packedBytes(packed), bias: (own?.length ?? 0) * 4 });
    staged(host, values, (from) => packB(host, packed, from, at.panels));
    if (own) arena.f32(at.bias, n).set(own);
    return {
      job(m, clamp) {
        const job = packedProduct(host, productOf(m, n, k, clamp));
        const biases = own ? at.bias : 0;
        const steps = stepsOf(job, ([x, y]: readonly number[]): Multiplied => [x, at.panels, 0, biases, y]);
        return { ...job, steps };
      },
      dispose: () => arena.release(at.block),
    };
  });
}
