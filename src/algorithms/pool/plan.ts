import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

/** Pools x into y, and positions into `indices` (argmax), of which that of the first cell of x is `first`. */
export type PoolRun = (x: Address, y: Address, indices: Address, first?: number) => void;

/** A pool, laid out. */
export interface PoolPlan {
  readonly scratchBytes: number;
  /** Writes the tables into scratch; they serve any number of runs. */
  open(host: Host, scratch: Address): PoolRun;
}

export const round64 = (bytes: number): number => Math.ceil(bytes / 64) * 64;
