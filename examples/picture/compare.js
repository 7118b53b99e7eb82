// Runs one layer twice, by Stridewise and by the plain loop, and says how both did.

import { performance } from 'node:perf_hooks';
import { prepareConv2d } from 'stridewise';
import { plainConv2d } from './plain-loop.js';

/** A time is the median of this many runs, or of as many as fit into the budget. */
const RUNS = 7;
const BUDGET_MS = 400;

/**
 * Floating-point operations of a layer, a multiplication and an addition per tap. @param {import('./layers.js').Layer}
 * layer
 */
export function operations({ x, weight, options: { stride = 1 } }) {
  const [oc, depth, kh, kw] = weight.shape;
  return 2 * oc * Math.ceil(x.shape[2] / stride) * Math.ceil(x.shape[3] / stride) * depth * kh * kw;
}

/**
 * @param {import('./layers.js').Layer} layer
 * @param {(share: number) => void} afterRow told how much of the plain loop is done
 */
export function compare({ x, weight, options }, afterRow) {
  const prepared = prepareConv2d(weight, options, x.shape);
  try {
    const out = prepared.run(x);
    const [y, ms] = timed(() => prepared.run(x, out));
    const [plain, plainMs] = timed(() => plainConv2d(x, weight, options, afterRow));
    return { y, algorithm: prepared.algorithm, ms, plainMs, difference: largestDifference(y.data, plain.data) };
  } finally {
    prepared.dispose();
  }
}

/**
 * The last result and the median time in milliseconds.
 * @template T
 * @param {() => T} run
 * @returns {[T, number]}
 */
function timed(run) {
  const times = [];
  const begin = performance.now();
  for (;;) {
    const start = performance.now();
    const result = run();
    const end = performance.now();
    times.push(end - start);
    if (times.length < RUNS && end - begin < BUDGET_MS) continue;
    return [result, times.sort((a, b) => a - b)[times.length >> 1]];
  }
}

/** NaN when either holds one. @param {Float32Array} a @param {Float32Array} b */
function largestDifference(a, b) {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
