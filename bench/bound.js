import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { middle } from './measure.js';

/**
 * What threads can gain on this machine at most, and now: loops that share nothing, done by one worker, and by several
 * that do a part of them each.
 */

/** The machine lends its cores when workers that share nothing gain this much of their number. */
export const LENT = 0.85;

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
  /** How many times faster all workers are than one. @param {Loop} name @param {number} times */
  const ratio = async (name, times) => {
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
  };
  return {
    ratio,
    /**
     * Whether the machine lends its cores right now, or does after a wait of so many milliseconds.
     * @param {number} patience
     */
    async lends(patience) {
      const last = performance.now() + patience;
      do {
        if ((await ratio(loopNames[0], 1)) >= LENT * threads) return true;
      } while (performance.now() < last);
      return false;
    },
    stop: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}
