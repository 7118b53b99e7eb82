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

/** gradBias[c] = sum of gradY over batch and plane, or += with `accumulate`. */
export const biasGrad = (
  { arena, exports }: Host,
  { channelsLast, n, c, cells }: Maps,
  accumulate: boolean,
): Job<readonly [gradY: Address, gradBias: Address]> =>
  oneStep({
    run([gradY, gradBias]) {
      if (!accumulate) arena.f32(gradBias, c).fill(0);
      if (channelsLast) exports.columnSums(gradBias, gradY, n * cells, c);
      else for (let i = 0; i < n; i++) exports.rowSums(gradBias, gradY + i * c * cells * 4, c, cells);
    },
  });
