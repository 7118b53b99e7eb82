import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';

/** A kernel bound to a problem and its weights. Operands stand in linear memory in the caller's layout. */
export interface ConvKernel {
  /** Scratch of one run, in bytes. */
  readonly scratchBytes: number;
  /** y = clamp(conv(x) + bias + addend). `addend` is laid out as y; 0 for none. `scratch`: `scratchBytes` bytes. */
  run(x: Address, y: Address, addend: Address, scratch: Address): void;
  /** Gives the packed weights back. */
  dispose(): void;
}

/** One row of the plan table. */
export interface ConvAlgorithm {
  readonly name: string;
  /** `standard`: rounding errors of another order than direct summation's. */
  readonly accuracy: 'standard' | 'high';
  /** Why this row cannot serve a problem, or null. */
  refuses(problem: ConvProblem): string | null;
  /** Why another row is faster, or null. Not asked when the caller insists on this one. */
  declines?(problem: ConvProblem): string | null;
  /** Its time relative to that of the register tile over pixel addresses, where the row knows; else 1. */
  relativeCost?(problem: ConvProblem): number;
  /** Packs the weights. */
  prepare(host: Host, problem: ConvProblem, weight: Float32Array, bias: Float32Array | undefined): ConvKernel;
}
