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

/** Scratch of `sumChannels`, in bytes: its sums are f64. */
export const sumBytes = (channels: number): number => channels * 8;

/** gradBias[c] = `factor` times the sum of gradY over batch and plane, or += with `accumulate`. `scratch`: `sumBytes` bytes. */
export function sumChannels(
  { arena, exports }: Host,
  { channelsLast, n, c, cells }: Maps,
  gradY: Address,
  gradBias: Address,
  accumulate: boolean,
  scratch: Address,
  factor = 1,
): void {
  const sums = arena.f64(scratch, c).fill(0);
  if (channelsLast) exports.columnSums(scratch, gradY, n * cells, c);
  else for (let i = 0; i < n; i++) exports.rowSums(scratch, gradY + i * c * cells * 4, c, cells);
  const to = arena.f32(gradBias, c);
  for (let i = 0; i < c; i++) to[i] = (accumulate ? to[i] : 0) + factor * sums[i];
}
