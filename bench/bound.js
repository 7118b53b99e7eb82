import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { middle } from './measure.js';

/**
 * What threads can gain on this machine at most: loops that share nothing, done by one worker, and by several that do a
 * part of them each.
 */

/** Bytes of one of the triad's arrays: in the caches of most machines, and beyond them. */
const bytes = { cache: 2 ** 20, memory: 2 ** 25 };
/** Turns of the loop in registers: some 20 ms. */
const turns = 10_000_000;

const loops = /** @type {const} */ ([
  { name: 'multiply-adds in registers', loop: 'compute', size: turns, calls: 1 },
  { name: 'a triad over 3 MB', loop: 'triad', size: bytes.cache, calls: 100 },
  { name: 'a triad over 96 MB', loop: 'triad', size: bytes.memory, calls: 2 },
]);

/**
 * @param {string} file Path of bench/assembly/peak.ts, compiled. @param {number} threads
 * @returns {Promise<{ name: string, ratio: number }[]>} How many times faster so many workers are than one.
 */
export async function bounds(file, threads) {
  const url = new URL('./bound-worker.js', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(url, { workerData: file }));
  try {
    const found = [];
    for (const { name, loop, size, calls } of loops) {
      /** @param {Worker[]} shared */
      const run = async (shared) => {
        const began = performance.now();
        const ends = shared.map((worker) => once(worker, 'message'));
        for (const worker of shared) worker.postMessage({ loop, size: size / shared.length, calls });
        await Promise.all(ends);
        return performance.now() - began;
      };
      const ratios = [];
      for (let i = 0; i < 9; i++) ratios.push((await run(workers.slice(0, 1))) / (await run(workers)));
      found.push({ name, ratio: middle(ratios.slice(2)) });
    }
    return found;
  } finally {
    for (const worker of workers) await worker.terminate();
  }
}
