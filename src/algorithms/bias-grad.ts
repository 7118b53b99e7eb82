import type { Address } from '../wasm/arena.js';
import type { Job } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { fill } from '../wasm/records.js';
import { mayShare } from '../wasm/sharing.js';

/** Maps to be summed over everything but their channels. */
export interface Maps {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
  /** Cells of one plane. */
  readonly cells: number;
}

/** Parts of the rows that several threads sum each for itself, and the fewest rows that are worth it. */
const PARTS = 8;
const LEAST_ROWS = 1024;

/**
 * gradBias[c] = `factor` times the sum of gradY over batch and plane, or += with `accumulate`. The sums are f64; a unit
 * sums a channel with channels first, a part of the rows with channels last.
 */
export function biasGrad(
  host: Host,
  { channelsLast, n, c, cells }: Maps,
  accumulate: boolean,
  factor = 1,
): Job<readonly [gradY: Address, gradBias: Address]> {
  const { arena, exports } = host;
  const rows = n * cells;
  const parts = mayShare && channelsLast && rows >= LEAST_ROWS ? PARTS : 1;
  const first = (part: number) => Math.floor((rows * part) / parts);
  return {
    ownBytes: 0,
    sharedBytes: parts * c * 8,
    steps: [
      {
        units: channelsLast ? parts : c,
        run([gradY], begin, end, _own, shared) {
          const each = channelsLast ? c : 1;
          fill(host, shared + begin * each * 8, (end - begin) * each * 2, 0);
          if (channelsLast)
            for (let part = begin; part < end; part++) {
              const count = first(part + 1) - first(part);
              exports.columnSums(shared + part * c * 8, gradY + first(part) * c * 4, count, c);
            }
          else
            for (let i = 0; i < n; i++)
              exports.rowSums(shared + begin * 8, gradY + (i * c + begin) * cells * 4, end - begin, cells);
        },
      },
      {
        units: 1,
        run([, gradBias], _begin, _end, _own, shared) {
          const sums = arena.f64(shared, parts * c);
          const to = arena.f32(gradBias, c);
          for (let i = 0; i < c; i++) {
            let sum = 0;
            for (let part = 0; part < parts; part++) sum += sums[part * c + i];
            to[i] = (accumulate ? to[i] : 0) + factor * sum;
          }
        },
      },
    ],
    dispose() {},
  };
}
