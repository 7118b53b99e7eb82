import fc from 'fast-check';
import { expect } from 'vitest';
import { FormatError, UnsupportedError } from '../../src/data.js';

/** Cuts a file and changes some of its bytes, in many ways: reading it may fail, but only with an error of its own. */
export function bearsDamage(whole: Uint8Array, readFile: (bytes: Uint8Array) => unknown): void {
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(whole.length), (changes, length) => {
      const bytes = whole.slice(0, length);
      for (const [at, value] of changes) if (at < length) bytes[at] = value;
      try {
        readFile(bytes);
      } catch (error) {
        expect([FormatError, UnsupportedError]).toContain((error as Error).constructor);
      }
    }),
    { numRuns: 2000 },
  );
}
