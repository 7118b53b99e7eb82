import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

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

/**
 * Runs plane by plane with channels first, image by image with channels last; each is cleared just before where that is asked, so that it is still in
 * the cache. Every index must be -1 or a cell.
 */
export function runIndexed(
  { arena, exports }: Host,
  { way, add, clear }: Indexed,
  { channelsLast, n, c, values, cells }: IndexedMaps,
  planesAt: Address,
  valuesAt: Address,
  indices: Address,
): void {
  const [blocks, channels] = channelsLast ? [n, c] : [n * c, 1];
  for (let i = 0; i < blocks; i++) {
    const offset = i * values * channels * 4;
    const plane = planesAt + i * cells * channels * 4;
    if (clear) arena.i32(plane, cells * channels).fill(0);
    exports[way](plane, valuesAt + offset, indices + offset, values * channels, channels, add ? 1 : 0);
  }
}
