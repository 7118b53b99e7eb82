import type { Address } from '../../wasm/arena.js';
import type { Job } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { fill } from '../../wasm/records.js';

/** What to do with values and the cells that indices name. */
export interface Indexed {
  /** From values to cells, or back. */
  readonly way: 'scatter' | 'gather';
  /** Adds to what is there. */
  readonly add: boolean;
  /** Clears the planes before. */
  readonly clear: boolean;
}

/** Maps of values with an index each, and the planes that the indices point into. */
export interface IndexedMaps {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
  /** Cells of one channel of the values. */
  readonly values: number;
  /** Cells of one plane. */
  readonly cells: number;
}

/** Indices of a unit that are checked. */
const UNIT = 1 << 14;

/**
 * Runs plane by plane with channels first, image by image with channels last; each is cleared just before where that is
 * asked, so that it is still in the cache. Operands are the one that is read, the indices, and the result.
 * @param refuse called when an index is neither -1 nor a cell; it throws
 */
export function indexed(
  host: Host,
  { way, add, clear }: Indexed,
  { channelsLast, n, c, values, cells }: IndexedMaps,
  refuse: () => void,
): Job<readonly [from: Address, indices: Address, to: Address]> {
  const { arena, exports } = host;
  const [units, channels] = channelsLast ? [n, c] : [n * c, 1];
  const count = n * c * values;
  return {
    ownBytes: 0,
    sharedBytes: 4,
    steps: [
      { units: 1, run: (_operands, _begin, _end, _own, odd) => fill(host, odd, 1, 0) },
      {
        units: Math.ceil(count / UNIT),
        run([, indices], begin, end, _own, odd) {
          const first = begin * UNIT;
          exports.findOdd(indices + first * 4, Math.min(count, end * UNIT) - first, cells, odd);
        },
      },
      {
        units: 1,
        run(_operands, _begin, _end, _own, odd) {
          if (arena.i32(odd, 1)[0]) refuse();
        },
      },
      {
        units,
        run([from, indices, to], begin, end) {
          const [valuesAt, planesAt] = way === 'scatter' ? [from, to] : [to, from];
          for (let i = begin; i < end; i++) {
            const offset = i * values * channels * 4;
            const plane = planesAt + i * cells * channels * 4;
            if (clear) fill(host, plane, cells * channels, 0);
            exports[way](plane, valuesAt + offset, indices + offset, values * channels, channels, add ? 1 : 0);
          }
        },
      },
    ],
    dispose() {},
  };
}
