import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

/** @typedef {'strict' | 'relaxed'} Build */

const source = new URL('./assembly/peak.ts', import.meta.url);
const folder = new URL('../build/bench/', import.meta.url);

/** 96 FLOP a turn: two milliseconds at 50 GFLOP/s. Much shorter loops read low. */
const turns = 1_000_000;

/** Bytes of the loop for a build, compiled when there is none or the source is newer. @param {Build} build @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function compiled(build) {
  const file = new URL(`peak.${build}.wasm`, folder);
  if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > statSync(source).mtimeMs)
    return new Uint8Array(readFileSync(file));
  const { default: asc } = await import('assemblyscript/asc');
  const { binary, error, stderr } = await asc.compileString(readFileSync(source, 'utf8'), {
    optimizeLevel: 3,
    noAssert: true,
    runtime: 'stub',
    enable: build === 'relaxed' ? ['simd', 'relaxed-simd'] : ['simd'],
  });
  if (error || !binary) throw new Error(`bench/assembly/peak.ts does not compile: ${error?.message}\n${stderr.toString()}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, binary);
  return new Uint8Array(binary);
}

/**
 * Loops whose rate is this machine's peak for a build, as candidates to time beside the cases; the faster one counts.
 * @param {Build} build
 * @returns {Promise<import('./measure.js').Candidate[]>}
 */
export async function peakLoops(build) {
  const module = new WebAssembly.Module(await compiled(build));
  const { chained, staggered } = /** @type {Record<string, Function>} */ (
    new WebAssembly.Instance(module, { env: { abort() {} } }).exports
  );
  return [chained, staggered].map((loop) => ({ run: () => loop(turns, 0.5, 0.25) }));
}

/** Peak in GFLOP/s out of the timings of its loops. @param {import('./measure.js').Timing[]} timings */
export const peakRate = (timings) => Math.max(...timings.map(({ median }) => (96 * turns) / median / 1e6));
