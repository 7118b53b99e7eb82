import { operandsOf } from '../data.js';
import { race } from '../measure.js';
import { isPool, workOf } from '../problem.js';
import { errorsOf, sample } from '../reference.js';

/**
 * @typedef {import('../problem.js').Problem} Problem
 * @typedef {import('./adapters/index.js').Adapter} Adapter
 * @typedef {import('./adapters/index.js').Engine} Engine
 * @typedef {import('./adapters/index.js').Prepared} Prepared
 * @typedef {{ adapter: Adapter, engine: Engine }} Library
 *
 * @typedef {object} Figure What one library did with one problem.
 * @property {number} [medianMs]
 * @property {number} [bestMs]
 * @property {number} [rate] By the median.
 * @property {import('../reference.js').Errors} [errors]
 * @property {string} [note] Why there is no time.
 *
 * @typedef {'NHWC' | 'NCHW'} Layout
 * @typedef {Partial<Record<Layout, number>>} Ratios How many times faster than the best peer the package is, by layout.
 * @typedef {{ title: string, problem: string, unit: string, figures: Record<string, Figure>, bestPeer?: string, ratios:
 * Ratios, lent: number }} Comparison `lent`: share of the turns in which the machine lent its cores, where it was asked.
 */

/** Plain JavaScript is not waited for above this many FLOP: about a second a call. */
const slowLimit = 1.2e9;

/**
 * Some peers' large modules are optimised function by function, for up to three seconds: half a second without a gain
 * ends a warm-up.
 */
const warm = { least: 120, most: 4000, patience: 500 };

/**
 * Largest difference between two libraries' results, relative to the root mean square: ten times the least exact
 * method's error.
 */
const agreement = 1e-3;

/** @param {Float32Array} a @param {Float32Array} b */
function difference(a, b) {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= largest)) largest = d;
    squares += a[i] * a[i];
  }
  return largest / (Math.sqrt(squares / a.length) || 1);
}

/**
 * Runs one problem in every library: results against the definition and against each other, then times in turns.
 * @param {string} title @param {Problem} problem @param {Library[]} libraries @param {{ repetitions: number, budget:
 * number, rest?: number, lends?: import('../measure.js').Lends }} options As `race` takes them.
 * @returns {Promise<Comparison>}
 */
export async function compare(title, problem, libraries, options) {
  const { amount, unit } = workOf(problem);
  const operands = operandsOf(problem);
  const samples = sample(problem, operands);
  /** @type {Map<string, Prepared>} */
  const candidates = new Map();
  /** @type {Record<string, Figure>} */
  const figures = {};
  /** @type {Float32Array | undefined} */
  let first;
  for (const { adapter, engine } of libraries) {
    if (adapter.slow && !isPool(problem) && amount > slowLimit) {
      figures[adapter.name] = { note: 'too slow' };
      continue;
    }
    try {
      const prepared = await engine.prepare(problem, operands);
      if (!prepared) {
        figures[adapter.name] = { note: 'not offered' };
        continue;
      }
      candidates.set(adapter.name, prepared);
      const result = await prepared.read();
      figures[adapter.name] = { errors: errorsOf(result, samples) };
      first ??= result;
      const off = difference(first, result);
      if (!(off <= agreement))
        throw new Error(`wrong result: differs from the others by ${off.toExponential(1)} of the root mean square`);
    } catch (error) {
      await candidates.get(adapter.name)?.dispose();
      candidates.delete(adapter.name);
      figures[adapter.name] = { note: error instanceof Error ? error.message : String(error) };
    }
  }
  let lent = 1;
  for (const [name, timing] of await race(candidates, { ...options, warm })) {
    const { median, best } = timing;
    lent = Math.min(lent, timing.lent);
    Object.assign(figures[name], { medianMs: median, bestMs: best, rate: amount / median / 1e6 });
  }
  for (const prepared of candidates.values()) await prepared.dispose();
  return { title, problem: problem.text, unit, figures, lent, ...against(libraries, (name) => figures[name].medianMs) };
}

/**
 * The best peer by time, in whatever layout it works, and how many times faster the package is in each.
 * @param {Library[]} libraries @param {(name: string) => number | undefined} time
 */
export function against(libraries, time) {
  /** @type {string | undefined} */
  let bestPeer;
  for (const { adapter } of libraries) {
    const own = time(adapter.name);
    if (adapter.role !== 'peer' || own === undefined) continue;
    if (bestPeer === undefined || own < /** @type {number} */ (time(bestPeer))) bestPeer = adapter.name;
  }
  const theirs = bestPeer && time(bestPeer);
  /** @type {Ratios} */
  const ratios = {};
  for (const { adapter } of libraries) {
    const ours = adapter.judges && time(adapter.name);
    if (adapter.judges && ours && theirs) ratios[adapter.judges] = theirs / ours;
  }
  return { bestPeer, ratios };
}

/** @type {readonly Layout[]} */
export const layouts = ['NHWC', 'NCHW'];

/** Geometric mean of the ratios of each layout, and their number. @param {{ ratios: Ratios }[]} comparisons */
export function geometricMeans(comparisons) {
  /** @type {Ratios} */
  const means = {};
  for (const layout of layouts) {
    const found = comparisons.flatMap(({ ratios }) => ratios[layout] ?? []);
    if (found.length > 0) means[layout] = Math.exp(found.reduce((sum, v) => sum + Math.log(v), 0) / found.length);
  }
  return means;
}

/**
 * Time of a whole stack in every library: each distinct layer's median, as often as it occurs. None where a layer is
 * missing.
 * @param {import('../stacks.js').Stack} stack @param {Map<string, Comparison>} layers By problem string. @param
 * {Library[]} libraries
 */
export function total(stack, layers, libraries) {
  /** @type {Record<string, number | undefined>} */
  const milliseconds = {};
  for (const { adapter } of libraries) {
    const times = stack.layers.map(
      ([count, text]) => count * (layers.get(text)?.figures[adapter.name]?.medianMs ?? Number.NaN),
    );
    const sum = times.reduce((a, b) => a + b, 0);
    milliseconds[adapter.name] = Number.isNaN(sum) ? undefined : sum;
  }
  return { name: stack.name, milliseconds, ...against(libraries, (name) => milliseconds[name]) };
}
