import { readFileSync } from 'node:fs';
import { arena, memoryUsage } from '../../src/index.js';
import { configure } from '../../src/wasm/host.js';
import { useThreads } from './threads.js';

/** Every build of the kernels: the two that ship and the unoptimised one with assertions. */
export const builds = ['strict', 'relaxed', 'debug'] as const;

export type Build = (typeof builds)[number];

const file = (name: string) => readFileSync(new URL(`../../build/wasm/${name}`, import.meta.url));

/** Text of a shipped build. */
export const wat = (name: 'simd' | 'relaxed') => file(`${name}.wat`).toString();

/**
 * Starts an instance of that build: tiles of four rows in the strict one, of six in the others, whichever this engine
 * would choose.
 */
export function useBuild(build: Build, maxMemory?: number): void {
  const { STRIDEWISE_THREADS } = process.env;
  if (STRIDEWISE_THREADS) return void useThreads(build, Number(STRIDEWISE_THREADS), maxMemory);
  const cap = maxMemory === undefined ? {} : { maxMemory };
  if (build === 'debug') configure({ module: new WebAssembly.Module(file('debug.wasm')), tileRows: 6, ...cap });
  else configure({ simd: build, tileRows: build === 'strict' ? 4 : 6, ...cap });
}

/** Fills free wasm memory with NaN: a kernel that reads what nobody wrote shows it. */
export function poison(floats = 1 << 16): void {
  const scratch = arena();
  scratch.tensor([floats]).data.fill(Number.NaN);
  scratch.dispose();
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
