import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inlineOne } from '../../assembly/inline.mjs';
import { renumbered } from '../../assembly/text/renumber.mjs';
import { decode } from '../../src/wasm/decode.js';
import { sources } from '../../src/wasm/modules.js';
import { type BuildName, probe } from '../../src/wasm/sources.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const { Module } = WebAssembly;

/** A host that refuses to compile so many bytes or more. */
const refuse = (bytes: number) =>
  vi.spyOn(WebAssembly, 'Module').mockImplementation(function compile(source) {
    if (source.byteLength >= bytes) throw new WebAssembly.CompileError('refused');
    return new Module(source);
  });

describe('inlined builds', () => {
  for (const build of ['simd', 'relaxed'] satisfies BuildName[]) {
    it(`hold the bytes of ${build}.wasm, which a host validates that refuses to compile them`, () => {
      const seen: BufferSource[] = [];
      refuse(4097);
      vi.spyOn(WebAssembly, 'validate').mockImplementation((bytes) => seen.push(bytes) > 0);
      expect(sources.validates(build)).toBe(true);
      const file = readFileSync(new URL(`../../build/wasm/${build}.wasm`, import.meta.url));
      expect(Buffer.compare(seen.at(-1) as Uint8Array, file)).toBe(0);
    });
  }
});

describe('a build', () => {
  it('is told by the host that refuses every module why', () => {
    refuse(0);
    expect(sources.validates('simd')).toBe(true);
    expect(() => sources.module('simd')).toThrow('refused');
  });

  it('is compiled once, and not validated besides', () => {
    const validate = vi.spyOn(WebAssembly, 'validate');
    expect(sources.validates('simd')).toBe(true);
    expect(sources.module('simd')).toBe(sources.module('simd'));
    expect(validate).not.toHaveBeenCalled();
  });
});

describe('decode', () => {
  const header = [0, 97, 115, 109, 1, 0, 0, 0];
  const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)]);
  const sized = (content: number[]) => [...leb(content.length), ...content];
  const section = (id: number, content: number[]) => [id, ...sized(content)];
  // a section that nothing is known of, with every byte
  const all = Array.from({ length: 256 }, (_, i) => i);
  const strange = [0, 1, 2, 3].map((more) => section(0, [...all, ...[...all].reverse(), ...all.slice(0, more)]));
  /** A function with its size, of 128 locals of a type and these instructions. */
  const bodyOf = (type: number, instructions: number[]) => sized([1, 128, 1, type, ...instructions, 11]);
  const body = (...instructions: number[]) => bodyOf(127, instructions);
  const everyLocal = all.slice(0, 128).map((local) => [32, 127 - local, 33, local]);
  const everyOffset = all.map((offset) => (offset < 128 ? [40, 2, offset] : [253, 0, 4, offset, 1]));
  const others = [
    ...[2, 64, 3, 64, 4, 127, 65, 32, 5, 65, 128, 2, 11, 12, 0, 13, 1, 11, 11, 14, 2, 0, 1, 0, 16, 11, 35, 0, 36, 1],
    ...[65, 11, 66, 33, 67, 32, 33, 34, 11, 68, 32, 33, 34, 11, 40, 54, 65, 1, 252, 10, 0, 0, 252, 11, 0],
    ...[253, 12, ...all.slice(20, 36), 253, 13, ...all.slice(30, 46), 253, 21, 11, 253, 84, 0, 32, 11, 253, 93, 3, 33],
    ...[253, 133, 2, 63, 0, 64, 0, 28, 1, 123, 26, 34, 127, 254 - 128],
  ];
  // of 127 bytes and of 128, whose sizes take one byte and two
  const edges = [127, 128].map((size) => body(...Array.from({ length: size - 5 }, () => 1)));
  const bodies = [everyLocal.flat(), everyOffset.flat(), others].map((instructions) => body(...instructions));
  const vectors = bodyOf(123, everyLocal.flat());
  const code = section(10, [6, ...bodies.flat(), ...vectors, ...edges.flat()]);
  const texts = [...strange, code, ...strange.map((before) => [...before, ...code])].map((rest) => {
    const bytes = [...header, ...rest];
    const [, text] = inlineOne(Uint8Array.from(bytes)).match(/'(.*)'/) as RegExpMatchArray;
    return { bytes, text };
  });

  it('reads every byte with what the host has', () => {
    for (const { bytes, text } of texts) expect([...decode(text)]).toEqual(bytes);
  });

  it('reads every byte where nothing encodes text', () => {
    vi.stubGlobal('TextEncoder', undefined);
    for (const { bytes, text } of texts) expect([...decode(text)]).toEqual(bytes);
  });

  it('has its text of modules alone whose instructions are known', () => {
    const text = (...instructions: number[]) =>
      inlineOne(Uint8Array.from([...header, ...section(10, [1, ...body(...instructions)])]));
    expect(() => text(32, 128, 1)).toThrow('locals');
    expect(() => text(65)).toThrow('unknown');
    expect(() => text(...Array.from({ length: 1 << 14 }, () => 1))).toThrow('bytes');
    const behind = Uint8Array.from([...header, ...code, ...section(0, [])]);
    expect(() => inlineOne(behind)).toThrow('behind the code');
  });

  it('is given modules whose locals of a type have the order of their use, behind parameters', () => {
    // a parameter i32, four locals i32 and v128 in turns
    const locals = [4, 1, 127, 1, 123, 1, 127, 1, 123];
    const module = (...used: number[]) =>
      Uint8Array.from([
        ...header,
        ...section(1, [1, 96, 1, 127, 0]),
        ...section(3, [1, 0]),
        ...section(10, [1, ...sized([...locals, ...used.flatMap((local) => [32, local, 26]), 11])]),
      ]);
    expect(renumbered(module(3, 4, 0, 2, 1, 3, 4))).toEqual(module(1, 2, 0, 4, 3, 1, 2));
    for (const build of ['simd', 'relaxed', 'nn']) {
      const shipped = new Uint8Array(readFileSync(new URL(`../../build/wasm/${build}.wasm`, import.meta.url)));
      expect(Buffer.compare(renumbered(shipped), shipped)).toBe(0);
    }
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
