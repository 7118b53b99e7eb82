import type { CaseText } from '../support/arbitraries.js';
import type { Case } from '../support/cases.js';
import type { MakeTensor } from '../support/problems.js';

/** Arguments of a call in the order of the public function, the options last. */
export type Arguments = readonly unknown[];

export type Options = Readonly<Record<string, unknown>>;

/** A tensor of the package or of the reference. */
export interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  /** Of sums in the reference: see expectWithin. */
  readonly magnitude?: ArrayLike<number>;
  readonly terms?: number;
}

export interface Prepared {
  readonly prepare: Arguments;
  readonly run: (out?: unknown) => Arguments;
}

/** One operator of the public API as data: how its arguments are drawn, and what its definition says of them. */
export interface Operator {
  readonly cases: CaseText;
  /** Arguments of a case; undefined where the operator does not serve it. */
  readonly args: (given: Case, make: MakeTensor) => Arguments | undefined;
  /**
   * What the definition says of arguments; default: the function of the reference that has the same name, but for the
   * rank.
   */
  readonly expected?: (...args: never[]) => unknown;
  /** Where the operator has a handle: arguments of `prepare…`, and of `run` into `out` or into new tensors. */
  readonly prepared?: (...args: never[]) => Prepared;
  /** Not exact on integers, because it divides or takes powers. */
  readonly rounds?: true;
}

/** The tensor as the package takes it. */
export const float = ({ data, shape }: Values) => ({ data: Float32Array.from(data), shape: [...shape] });
