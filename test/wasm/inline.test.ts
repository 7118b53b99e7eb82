import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromHex } from '../../src/wasm/hex.js';
import { sources } from '../../src/wasm/modules.js';
import { type BuildName, probe } from '../../src/wasm/sources.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('inlined builds', () => {
  for (const build of ['simd', 'relaxed'] satisfies BuildName[]) {
    it(`hold the bytes of ${build}.wasm, which a host validates that refuses to compile them`, () => {
      const seen: BufferSource[] = [];
      vi.spyOn(WebAssembly, 'Module').mockImplementation(() => {
        throw new Error('refused');
      });
      vi.spyOn(WebAssembly, 'validate').mockImplementation((bytes) => seen.push(bytes) > 0);
      expect(sources.validates(build)).toBe(true);
      const file = readFileSync(new URL(`../../build/wasm/${build}.wasm`, import.meta.url));
      expect(Buffer.compare(seen.at(-1) as Uint8Array, file)).toBe(0);
    });
  }
});

describe('a build', () => {
  it('is compiled once, and not validated besides', () => {
    const validate = vi.spyOn(WebAssembly, 'validate');
    expect(sources.validates('simd')).toBe(true);
    expect(sources.module('simd')).toBe(sources.module('simd'));
    expect(validate).not.toHaveBeenCalled();
  });
});

describe('fromHex', () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

  it('reads every byte with what the host has', () => {
    expect([...fromHex(all.toString('hex'))]).toEqual([...all]);
  });

  it('reads every byte with the loop of its own', () => {
    vi.stubGlobal('Buffer', undefined);
    vi.stubGlobal(
      'Uint8Array',
      class extends Uint8Array<ArrayBuffer> {
        static fromHex = undefined;
      },
    );
    expect([...fromHex(all.toString('hex'))]).toEqual([...all]);
  });
});

describe('probes', () => {
  const file = (build: BuildName) => readFileSync(new URL(`../../build/wasm/${build}.wasm`, import.meta.url));

  for (const build of ['simd', 'relaxed'] satisfies BuildName[]) {
    it(`say for ${build} what the real bytes say`, () => {
      expect(probe(build)).toBe(WebAssembly.validate(file(build)));
    });
  }
});
