import { readFileSync } from 'node:fs';
import { vi } from 'vitest';

/** The build that ships, and the unoptimised one with assertions. */
export const builds = ['nn', 'nn-debug'] as const;

/** The functions of `stridewise/nn` with kernels of that build, over an instance of their own. */
export async function load(build: (typeof builds)[number]) {
  const bytes = readFileSync(new URL(`../../build/wasm/${build}.wasm`, import.meta.url));
  const compiled = new WebAssembly.Module(bytes);
  vi.resetModules();
  vi.doMock('../../src/nn/module.js', () => ({ module: () => compiled }));
  const nn = await import('../../src/nn.js');
  const base = await import('../../src/index.js');
  return { ...nn, ...base };
}
