import type { Address } from '../wasm/arena.js';
import { type Job, oneStep } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';

/** Maps to be summed over everything but their channels. */
export interface Maps {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
  /** Cells of one plane. */
  readonly cells: number;
}

/** gradBias[c] = `factor` times the sum of gradY over batch and plane, or += with `accumulate`. The sums are f64. */
export const biasGrad = (
  { arena, exports }: Host,
  { channelsLast, n, c, cells }: Maps,
  accumulate: boolean,
  factor = 1,
): Job<readonly [gradY: Address, gradBias: Address]> =>
  oneStep({
    ownBytes: c * 8,
    run([gradY, gradBias], _begin, _end, own) {
      const sums = arena.f64(own, c).fill(0);
      if (channelsLast) exports.columnSums(own, gradY, n * cells, c);
      else for (let i = 0; i < n; i++) exports.rowSums(own, gradY + i * c * cells * 4, c, cells);
      const to = arena.f32(gradBias, c);
      for (let i = 0; i < c; i++) to[i] = (accumulate ? to[i] : 0) + factor * sums[i];
    },
  });
