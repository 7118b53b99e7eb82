import { readFileSync } from 'node:fs';
import { arena, memoryUsage } from '../../src/index.js';
import { configure } from '../../src/wasm/host.js';
import { useThreads } from './threads.js';

/** Every build of the kernels: the two that ship and the unoptimised one with assertions. */
export const builds = ['strict', 'relaxed', 'debug'] as const;

/** The same, and the variants of hot loops for aarch64, which run anywhere. */
export const variants = [...builds, 'strict arm', 'relaxed arm'] as const;

export type Build = (typeof variants)[number];

const file = (name: string) => readFileSync(new URL(`../../build/wasm/${name}`, import.meta.url));

/** Text of a shipped build. */
export const wat = (name: 'simd' | 'relaxed') => file(`${name}.wat`).toString();

/**
 * The setting of a build: tiles of four rows in the strict one, of six in the others, of two panels for aarch64,
 * whichever this engine would choose.
 */
export function settingOf(build: Build) {
  const arm = build.endsWith('arm');
  const strict = build.startsWith('strict');
  return {
    simd: strict || build === 'debug' ? 'strict' : 'relaxed',
    tune: arm ? 'arm' : 'x86',
    tileRows: arm ? 8 : strict ? 4 : 6,
  } as const;
}

/** Starts an instance of that build. */
export function useBuild(build: Build, maxMemory?: number): void {
  const { STRIDEWISE_THREADS } = process.env;
  if (STRIDEWISE_THREADS) return void useThreads(build, Number(STRIDEWISE_THREADS), maxMemory);
  const cap = maxMemory === undefined ? {} : { maxMemory };
  const module = build === 'debug' && { module: new WebAssembly.Module(file('debug.wasm')) };
  configure({ ...settingOf(build), ...module, ...cap });
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
