import { expect } from 'vitest';
import { memoryUsage, StridewiseError } from '../../src/index.js';
import { sameNumbers } from '../calls/variants.js';

/** A call that takes longer does not end in anybody's time. */
const HANG = 5000;

/**
 * Makes a call, which is answered or refused with an error of the package, in good time, and leaves its arguments and wasm memory as they were.
 * Returns what it gave; undefined when it was refused.
 */
export function answered<T>(call: (...args: never[]) => T, args: readonly unknown[]): T | undefined {
  const before = structuredClone(args);
  const { used, kept } = memoryUsage();
  const begin = performance.now();
  let result: T | undefined;
  try {
    result = call(...(args as never[]));
  } catch (error) {
    if (!(error instanceof StridewiseError)) throw error;
    expect(error.code).not.toBe('TRAP');
    expect(error.message).not.toMatch(/\[object|NaN (bytes|elements)/);
  }
  expect(performance.now() - begin).toBeLessThan(HANG);
  expect(sameNumbers(args, before)).toBe(true);
  if (typeof (result as { dispose?: unknown } | undefined)?.dispose !== 'function')
    expect(memoryUsage()).toMatchObject({ used, kept });
  return result;
}
