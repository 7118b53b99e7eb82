/**
 * Loops whose rates are the limits of a machine: multiply-adds that stay in registers, a triad over more memory than
 * caches hold, and a loop that only reads.
 *
 * @typedef {'strict' | 'relaxed'} Build
 */

/** 96 FLOP a turn: two milliseconds at 50 GFLOP/s. Much shorter loops read low. */
const turns = 1_000_000;

/** Bytes of each of the triad's three arrays: together more than the caches of most machines. */
const ARRAY = 2 ** 25;

/** @param {WebAssembly.Module} module bench/assembly/peak.ts, compiled for a build */
const start = (module) =>
  /** @type {Record<string, Function> & { memory: WebAssembly.Memory }} */ (
    new WebAssembly.Instance(module, { env: { abort() {} } }).exports
  );

/**
 * Loops whose rate is this machine's peak for a build, as candidates to time beside the cases; the faster one counts.
 * @param {WebAssembly.Module} module
 * @returns {import('./measure.js').Candidate[]}
 */
export function peakLoops(module) {
  const { chained, staggered } = start(module);
  return [chained, staggered].map((loop) => ({ run: () => loop(turns, 0.5, 0.25) }));
}

/** Peak in GFLOP/s out of the timings of its loops. @param {import('./measure.js').Timing[]} timings */
export const peakRate = (timings) => Math.max(...timings.map(({ median }) => (96 * turns) / median / 1e6));

/** The triad, as a candidate to time. @param {WebAssembly.Module} module @returns {import('./measure.js').Candidate} */
export function triadLoop(module) {
  const { memory, triad } = start(module);
  const first = memory.buffer.byteLength;
  memory.grow((3 * ARRAY) / 65536);
  new Uint8Array(memory.buffer, first).fill(1);
  return { run: () => triad(first, ARRAY, 0.5) };
}

/**
 * A loop that only reads as many bytes as a matrix of so many floats has: what a product of few rows is held against.
 * @param {WebAssembly.Module} module @param {number} floats @returns {import('./measure.js').Candidate}
 */
export function readLoop(module, floats) {
  const { memory, read } = start(module);
  const first = memory.buffer.byteLength;
  const bytes = Math.ceil(floats / 64) * 256;
  memory.grow(Math.ceil(bytes / 65536));
  new Uint8Array(memory.buffer, first).fill(1);
  return { run: () => read(first, bytes) };
}

/** Memory bandwidth in GB/s, two bytes read for each that is written. @param {import('./measure.js').Timing} timing */
export const bandwidthOf = ({ median }) => (3 * ARRAY) / median / 1e6;
