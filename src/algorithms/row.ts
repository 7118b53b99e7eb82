import type { ConvProblem } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Job } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';

/** One row of a plan table: a method, the problems that it serves, and what makes a job of one. */
export interface Row<Problem, Given extends readonly unknown[], Operands extends readonly number[]> {
  readonly name: string;
  /** `standard`: rounding errors of another order than direct summation's. */
  readonly accuracy: 'standard' | 'high';
  /** Why this row cannot serve a problem, or null. */
  refuses(problem: Problem): string | null;
  /** Why another row is faster, or null. Not asked when the caller insists on this one. */
  declines?(problem: Problem): string | null;
  /**
   * Binds a problem and what is given with it. Called by `arena.attempt`: what was taken is given back when it throws.
   */
  prepare(host: Host, problem: Problem, ...given: Given): Job<Operands>;
}

/**
 * Operands of a convolution y = clamp(conv(x) + bias + addend). `addend` is laid out as y, and may be y itself; 0 for
 * none. A transposed convolution, and so an input gradient, has gradY in the place of x and gradX in that of y.
 */
export type ConvOperands = readonly [x: Address, addend: Address, y: Address];

/**
 * A row for convolutions, or for input gradients. The problem is the direct convolution in both cases; the bias has one
 * number per channel of the result.
 */
export interface ConvRow
  extends Row<ConvProblem, [weight: Float32Array, bias: Float32Array | undefined], ConvOperands> {
  /** Its time relative to that of the register tile over pixel addresses, where the row knows; else 1. */
  relativeCost?(problem: ConvProblem): number;
}

export type ConvJob = Job<ConvOperands>;

/** Operands of a weight gradient: gradWeight = gradient for gradY, or gradWeight += it where `accumulate` is 1. */
export type WeightGradOperands = readonly [x: Address, gradY: Address, gradWeight: Address, accumulate: number];

/** A row for weight gradients. */
export type WeightGradRow = Row<ConvProblem, [], WeightGradOperands>;
