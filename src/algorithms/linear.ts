import type { Clamp } from '../further.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import { GEMM_SCRATCH } from '../wasm/boundary.js';
import { type Job, oneStep, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { ofProducts } from '../wasm/sharing.js';
import { fromView } from '../wasm/view.js';
import { type Multiplied, type Product, packB, packedBytes, packedProduct, ROWS, SUMMED, unitsOf } from './product.js';
import { staged } from './staged.js';
import { tileParts, writeTile } from './tile-record.js';

/** Weights [n, k] of a linear layer, packed once for any number of rows. */
export interface LinearWeights {
  /** y = clamp(x weightᵀ + bias) for `m` rows. */
  job(m: number): Job<readonly [x: Address, y: Address]>;
  dispose(): void;
}

/** Packs the weights; `bias` has one number for each of `n`. */
export function packLinear(
  host: Host,
  n: number,
  k: number,
  weight: Float32Array,
  bias: Float32Array | undefined,
  clamp: Clamp,
): LinearWeights {
  const { arena, exports } = host;
  const product = (m: number): Product => ({
    ...{ m, n, k, clamp },
    ...{ transposeA: false, transposeB: true, alpha: 1, beta: 0 },
  });
  const packed = product(0);
  // a copy, because growing memory detaches the view of a bias that stands in it
  const own = bias?.slice();
  return fromView(host, weight, (values) => {
    const at = keepBlock(arena, { ...tileParts, panels: packedBytes(packed), bias: (own?.length ?? 0) * 4 });
    staged(host, values, (from) => packB(host, packed, from, at.panels));
    if (own) arena.f32(at.bias, n).set(own);
    const biases = own ? at.bias : 0;
    writeTile(host, at, { k, n, panels: at.panels, bias: biases, clamp });
    return {
      job(m) {
        if (k === 0 || k > SUMMED) {
          const job = packedProduct(host, product(m));
          const steps = stepsOf(job, ([x, y]: readonly number[]): Multiplied => [x, at.panels, 0, biases, y]);
          return ofProducts({ ...job, steps }, m * n * k);
        }
        // the record is written once
        const job = oneStep<readonly [x: Address, y: Address]>({
          ownBytes: GEMM_SCRATCH,
          ...unitsOf(m, ROWS),
          run: ([x, y], begin, end, scratch) =>
            exports.gemmRows(at.product, x, y, 0, k * 4, n * 4, begin * ROWS, Math.min(m, end * ROWS), scratch),
        });
        return ofProducts(job, m * n * k);
      },
      dispose: () => arena.release(at.block),
    };
  });
}
