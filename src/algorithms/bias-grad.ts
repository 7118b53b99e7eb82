import type { Address } from '../wasm/arena.js';
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
export function sumChannels({ arena, exports }: Host, maps: Maps, gradY: Address, gradBias: Address, accumulate: boolean): void {
  const { channelsLast, n, c, cells } = maps;
  if (!accumulate) arena.f32(gradBias, c).fill(0);
  if (channelsLast) exports.columnSums(gradBias, gradY, n * cells, c);
  else for (let i = 0; i < n; i++) exports.rowSums(gradBias, gradY + i * c * cells * 4, c, cells);
}
