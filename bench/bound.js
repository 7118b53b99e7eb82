import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { middle } from './measure.js';

/**
 * What threads can gain on this machine at most, and now: loops that share nothing, done by one worker, and by several
 * that do a part of them each.
 */

/** Sizes that take one worker some milliseconds: turns in registers, bytes of each of a triad's three arrays. */
const loops = {
  'multiply-adds in registers': { loop: 'compute', size: 1_000_000, calls: 1 },
  'a triad over 3 MB': { loop: 'triad', size: 2 ** 20, calls: 20 },
  'a triad over 96 MB': { loop: 'triad', size: 2 ** 25, calls: 1 },
};

/** @typedef {keyof typeof loops} Loop */

export const loopNames = /** @type {Loop[]} */ (Object.keys(loops));

/** @param {string} file Path of bench/assembly/peak.ts, compiled. @param {number} threads */
export function startBound(file, threads) {
  const url = new URL('./bound-worker.js', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(url, { workerData: file }));
  return {
    /** How many times faster all workers are than one. @param {Loop} name @param {number} times */
    async ratio(name, times) {
      const { loop, size, calls } = loops[name];
      const run = async (/** @type {Worker[]} */ shared) => {
        const began = performance.now();
        const ends = shared.map((worker) => once(worker, 'message'));
        for (const worker of shared) worker.postMessage({ loop, size: size / shared.length, calls });
        await Promise.all(ends);
        return performance.now() - began;
      };
      const ratios = [];
      for (let i = 0; i < times; i++) ratios.push((await run(workers.slice(0, 1))) / (await run(workers)));
      return middle(ratios);
    },
    stop: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}
