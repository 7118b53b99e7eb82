import { StridewiseError } from '../errors.js';
import type { Kernels } from './boundary.js';

/** The kernels of one instance behind a guard. */
export interface Guarded {
  readonly exports: Kernels;
  /** Whether a kernel has trapped: what its memory holds may be half of a result. */
  trapped(): boolean;
  /** Throws a StridewiseError of code `TRAP` when one has. */
  intact(): void;
  /** Ends the instance as a trap does, by throwing. */
  fail(message: string): never;
}

type Kernel = (...operands: number[]) => number;

/** Every kernel, so that a trap of it ends the instance. */
export function guardAll<T extends object>(raw: T, { intact, fail }: Pick<Guarded, 'intact' | 'fail'>): T {
  const wrap =
    (kernel: Kernel): Kernel =>
    (...operands) => {
      intact();
      try {
        return kernel(...operands);
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError)) throw error;
        return fail(error.message);
      }
    };
  return Object.fromEntries(Object.entries(raw).map(([name, kernel]) => [name, wrap(kernel)])) as T;
}

/**
 * Wraps every kernel so that a trap becomes an error of this package and ends the instance: no kernel of it runs again.
 * Ten nanoseconds a call. Other errors pass: a stack overflow leaves no trace, since the kernels keep nothing outside
 * of their operands.
 */
export function guard(raw: Kernels): Guarded {
  let cause: string | undefined;
  const intact = () => {
    if (cause === undefined) return;
    throw new StridewiseError(
      'TRAP',
      `the kernels of the instance that this handle or tensor belongs to stopped (${cause}); make it anew`,
    );
  };
  const fail = (message: string): never => {
    cause = message;
    throw new StridewiseError('TRAP', `the kernels stopped (${cause}); the next call starts a fresh instance`);
  };
  return { exports: guardAll(raw, { intact, fail }), trapped: () => cause !== undefined, intact, fail };
}
