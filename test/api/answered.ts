import { expect } from 'vitest';
import * as stridewise from '../../src/index.js';
import { type Api, type Arguments, invoke } from '../calls/index.js';
import { sameNumbers, withOptions } from '../calls/variants.js';

const { memoryUsage, StridewiseError } = stridewise;

export const api = stridewise as unknown as Api;

/** A call that takes longer does not end in anybody's time. */
const HANG = 5000;

/**
 * Makes a call, which is answered or refused with an error of the package, in good time, and leaves its arguments and
 * wasm memory as they were, but for what `keeps` says that it may keep. Returns what it gave; undefined when it was
 * refused.
 */
export function answered<T>(call: (...args: never[]) => T, args: readonly unknown[], keeps = false): T | undefined {
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
  if (!keeps && typeof (result as { dispose?: unknown } | undefined)?.dispose !== 'function')
    expect(memoryUsage()).toMatchObject({ used, kept });
  return result;
}

/** Whether a function has an option: refused with a value that none takes, it does not say that it is unknown. */
export function hasOption(name: string, args: Arguments, option: string): boolean {
  try {
    invoke(api, name, withOptions(args, { [option]: Symbol.iterator }));
  } catch (error) {
    return !(error as Error).message.includes('unknown option');
  }
  return true;
}
