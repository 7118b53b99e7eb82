import type { Address } from '../../wasm/arena.js';
import { type Job, oneStep } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';

/** Pools units [begin, end) of x into y, and positions into `indices` (argmax). */
export type PoolRun = (x: Address, y: Address, indices: Address, begin: number, end: number) => void;

/** A pool, laid out. */
export interface PoolPlan {
  readonly scratchBytes: number;
  /** Parts that do not depend on each other. */
  readonly units: number;
  /** Writes the tables into scratch; they serve any number of runs. */
  open(host: Host, scratch: Address): PoolRun;
}

/** A pool as a job, of operands x, y and, for argmax, positions. */
export const poolJob = (host: Host, { scratchBytes, units, open }: PoolPlan): Job =>
  oneStep({
    ownBytes: scratchBytes,
    units,
    run: ([x, y, indices = 0], begin, end, own) => open(host, own)(x, y, indices, begin, end),
  });

export const round64 = (bytes: number): number => Math.ceil(bytes / 64) * 64;
