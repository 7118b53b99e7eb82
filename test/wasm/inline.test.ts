import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inlineOne } from '../../assembly/inline.mjs';
import { decode } from '../../src/wasm/decode.js';
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

describe('decode', () => {
  // every byte, and every length of a last word
  const all = Array.from({ length: 256 }, (_, i) => i);
  const texts = [0, 1, 2, 3].map((more) => {
    const bytes = Buffer.from([...all, ...[...all].reverse(), ...all.slice(0, more)]);
    const [, text] = inlineOne(bytes).match(/'(.*)'/) as RegExpMatchArray;
    return { bytes: [...bytes], text };
  });

  it('reads every byte with what the host has', () => {
    for (const { bytes, text } of texts) expect([...decode(text)]).toEqual(bytes);
  });

  it('reads every byte where nothing encodes text', () => {
    vi.stubGlobal('TextEncoder', undefined);
    for (const { bytes, text } of texts) expect([...decode(text)]).toEqual(bytes);
  });
});

describe('a text of kernels', () => {
  const text = readFileSync(new URL('../../build/wasm/inline.js', import.meta.url), 'latin1');

  it('is printable ASCII without quotes, escapes or the end of a script', () => {
    const literals = [...text.matchAll(/'([^'\n]{1000,})'/g)].map(([, literal]) => literal);
    expect(literals).toHaveLength(2);
    for (const literal of literals) expect(literal).toMatch(/^[ -~]*$/);
    for (const literal of literals) expect(literal).not.toMatch(/\\|<[!/]/);
    expect(literals[0]).not.toContain('"');
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
