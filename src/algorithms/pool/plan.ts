import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

/**
 * Pools x into y, and positions into `indices` (argmax), of which that of the first cell of x is `first`: all units, or
 * [begin, end) of them.
 */
export type PoolRun = (
  ...operands: [x: Address, y: Address, indices: Address, first?: number, begin?: number, end?: number]
) => void;

/** A pool over images, laid out. */
export interface PoolPlan {
  readonly scratchBytes: number;
  /** Parts that do not depend on each other. */
  readonly units: number;
  /** Writes the tables into scratch; they serve any number of runs. */
  open(host: Host, scratch: Address): PoolRun;
}

/** A pool in the caller's layout, laid out; its units are blocks of planes, images, or rows of them. */
export interface BlockPlan {
  readonly scratchBytes: number;
  readonly units: number;
  /** Writes the tables into scratch; they serve any number of runs. */
  open(host: Host, scratch: Address): (x: Address, y: Address, indices: Address, begin: number, end: number) => void;
}
