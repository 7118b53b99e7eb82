import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const builds = ['simd', 'relaxed', 'debug'] as const;
const moduleOf = (build: string) =>
  new WebAssembly.Module(readFileSync(new URL(`../../build/wasm/${build}.wasm`, import.meta.url)));

/** Numbers of the sections that a binary has. */
function sectionsOf(build: string): number[] {
  const bytes = readFileSync(new URL(`../../build/wasm/${build}.wasm`, import.meta.url));
  const sections: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    sections.push(bytes[at++]);
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++];
      size += (byte & 127) * 2 ** shift;
      more = byte > 127;
    }
    at += size;
  }
  return sections;
}

const SECTIONS = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 };

describe.each(builds)('the %s build works in whatever memory it is given:', (build) => {
  it('it imports that memory, whose size it does not ask about, and nothing else', () => {
    const module = moduleOf(build);
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
    for (const limits of [{ initial: 0 }, { initial: 3, maximum: 3 }, { initial: 1, maximum: 65536 }]) {
      new WebAssembly.Instance(module, { env: { memory: new WebAssembly.Memory(limits) } });
    }
  });

  it('it exports functions', () => {
    const kinds = WebAssembly.Module.exports(moduleOf(build)).map(({ kind }) => kind);
    expect(kinds.length).toBeGreaterThan(40);
    expect(new Set(kinds)).toEqual(new Set(['function']));
  });

  it.skipIf(build === 'debug')(
    'it holds no memory, data, global or table of its own, and nothing starts by itself',
    () => {
      const { type, import: imports, function: functions, export: exports, code } = SECTIONS;
      const sections = sectionsOf(build).filter((section) => section !== SECTIONS.custom);
      expect(sections).toEqual([type, imports, functions, exports, code]);
    },
  );

  it('two instances over one memory share what stands in it', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const [one, two] = [1, 2].map(
      () =>
        new WebAssembly.Instance(moduleOf(build), { env: { memory } }).exports as Record<
          string,
          (...n: number[]) => void
        >,
    );
    const floats = new Float32Array(memory.buffer);
    floats.set([1, 2, 3, 4], 16);
    one.scale(128, 64, 4, 10);
    two.addScaled(128, 64, 4, 1);
    expect([...floats.subarray(32, 36)]).toEqual([11, 22, 33, 44]);
  });
});
