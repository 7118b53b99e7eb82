import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';

/** A weight gradient bound to a problem. Operands stand in linear memory in the caller's layout. */
export interface WeightGradKernel {
  /** Scratch of one run, in bytes. */
  readonly scratchBytes: number;
  /** gradWeight = gradient for gradY, or gradWeight += it with `accumulate`. `scratch`: `scratchBytes` bytes. */
  run(x: Address, gradY: Address, gradWeight: Address, accumulate: boolean, scratch: Address): void;
  /** Gives its records back. */
  dispose(): void;
}

/** One row of the plan table. */
export interface WeightGradAlgorithm {
  readonly name: string;
  /** `standard`: rounding errors of another order than direct summation's. */
  readonly accuracy: 'standard' | 'high';
  /** Why this row cannot or should not serve a problem, or null. */
  refuses(problem: ConvProblem): string | null;
  prepare(host: Host, problem: ConvProblem): WeightGradKernel;
}
