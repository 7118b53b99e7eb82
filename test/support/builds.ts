import { readFileSync } from 'node:fs';
import { init, memoryUsage } from '../../src/index.js';

/** Every build of the kernels: the two that ship and the unoptimised one with assertions. */
export const builds = ['strict', 'relaxed', 'debug'] as const;

export type Build = (typeof builds)[number];

const file = (name: string) => readFileSync(new URL(`../../build/wasm/${name}`, import.meta.url));

/** Text of a shipped build. */
export const wat = (name: 'simd' | 'relaxed') => file(`${name}.wat`).toString();

/** Starts an instance of that build. */
export async function useBuild(build: Build, maxMemory?: number): Promise<void> {
  const cap = maxMemory === undefined ? {} : { maxMemory };
  if (build === 'debug') await init({ module: new WebAssembly.Module(file('debug.wasm')), ...cap });
  else await init({ simd: build, ...cap });
}

/** Runs `work` and fails when wasm memory that was taken did not come back. */
export function leavesNothing<T>(work: () => T): T {
  const before = memoryUsage();
  try {
    return work();
  } finally {
    const { used, kept } = memoryUsage();
    if (used !== before.used || kept !== before.kept) {
      // biome-ignore lint/correctness/noUnsafeFinally: a leak is the finding, whatever was thrown
      throw new Error(`${used - before.used} bytes in use and ${kept - before.kept} kept were not given back`);
    }
  }
}

/** Runs of a property: 300 or so in `npm test`, times STRIDEWISE_LONG in the long run. */
export const runs = (count: number): number => count * Number(process.env.STRIDEWISE_LONG ?? 1);
