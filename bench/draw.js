import { random } from './data.js';
import { parseProblem, product, workOf } from './problem.js';

/**
 * Problems for the sweep, drawn from a seed: every rank, kind of channels and kernel that networks have, and sizes from
 * a few cells to what a `mostFlop` allows. The same seed gives the same problems on every machine.
 *
 * @typedef {import('./problem.js').Problem} Problem
 * @typedef {<T>(values: readonly T[]) => T} Pick
 */

/** FLOP of the definition: more takes long and looks like its smaller neighbour, less is all overhead. */
const mostFlop = 2.5e8;
const leastFlop = 2e4;

/** Operators, as often as they stand here; '' is the forward convolution. */
const operators = ['', '', '', '', '', '', 'convT', 'gradX', 'gradW', 'gradW'];
const ranks = /** @type {const} */ ([2, 2, 2, 2, 2, 2, 1, 1, 3, 3]);
const batches = [1, 1, 1, 1, 1, 1, 2, 4, 8];
/** Of images of up to `small` cells an axis. */
const smallBatches = [1, 1, 1, 2, 4, 8, 16, 32];
const small = 8;
const strides = [1, 1, 1, 1, 1, 2, 2, 2, 3, 4];
const even = [8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024];
const widths = [...even, 5, 7, 15, 21, 33, 50, 75, 131];
const few = [1, 2, 3, 4, 6];

/** Kernels by rank. @type {Record<1 | 2 | 3, readonly (readonly number[])[]>} */
const kernels = {
  1: [[1], [3], [3], [5], [7], [9], [15], [31]],
  2: [[1, 1], [1, 1], [3, 3], [3, 3], [3, 3], [3, 3], [5, 5], [7, 7], [2, 2], [4, 4], [1, 3], [3, 1], [1, 7], [7, 1], [9, 9]], // biome-ignore format: one line reads best
  3: [[1, 1, 1], [3, 3, 3], [3, 3, 3], [2, 2, 2], [1, 3, 3], [3, 1, 1]], // biome-ignore format: one line reads best
};
/** Extents of an axis by rank. @type {Record<1 | 2 | 3, readonly number[]>} */
const extents = {
  1: [16, 50, 100, 256, 500, 1000, 4000, 16_000],
  2: [4, 7, 8, 13, 14, 16, 19, 28, 32, 38, 56, 64, 75, 112, 224],
  3: [4, 7, 8, 12, 16, 28, 32],
};

/**
 * Channels: dense, grouped, depthwise, few in, few out. @type {((pick: Pick) => { ic: number, oc: number, g?: number
 * })[]}
 */
const channels = [
  ...Array(5).fill((/** @type {Pick} */ pick) => ({ ic: pick(widths), oc: pick(widths) })),
  (pick) => {
    const g = pick([2, 4, 8, 32]);
    return { ic: g * pick([4, 8, 16, 32]), oc: g * pick([4, 8, 16, 32]), g };
  },
  (pick) => {
    const g = pick(widths);
    return { ic: g, oc: g * pick([1, 1, 1, 2]), g };
  },
  (pick) => ({ ic: pick(few), oc: pick(widths) }),
  (pick) => ({ ic: pick(widths), oc: pick(few) }),
];

/** A problem string, which need not have an output. @param {Pick} pick */
function text(pick) {
  const operator = pick(operators);
  const rank = pick(ranks);
  const axes = ['d', 'h', 'w'].slice(3 - rank);
  const each = (/** @type {string} */ letter, /** @type {readonly number[]} */ values, /** @type {number} */ usual) =>
    axes.map((axis, i) => (values[i] === usual ? '' : `${letter}${axis}${values[i]}`)).join('');
  const all = (/** @type {number} */ value) => axes.map(() => value);
  const { ic, oc, g = 1 } = pick(channels)(pick);
  const kernel = pick(kernels[rank]);
  const extent = pick(extents[rank]);
  const stride = Math.min(pick(strides), Math.max(...kernel) + 1);
  // a dilated kernel beyond the map would see mostly padding
  const reach = Math.max(...kernel);
  const dilation = stride === 1 && reach > 1 && 2 * reach <= extent ? pick([1, 1, 1, 1, 1, 1, 2, 4]) : 1;
  const padding = pick([true, true, true, false]) ? kernel.map((k) => (dilation * (k - 1)) >> 1) : all(0);
  const parts = [
    `n${pick(extent <= small ? smallBatches : batches)}ic${ic}${each('i', all(extent), 0)}`,
    `oc${oc}${each('k', kernel, 0)}`,
    ...[g > 1 ? `g${g}` : '', each('s', all(stride), 1), each('d', kernel.map((k) => (k > 1 ? dilation : 1)), 1), each('p', padding, 0)], // biome-ignore format: one line reads best
  ];
  return [operator, ...parts].filter((part) => part !== '').join('_');
}

/**
 * @param {number} count @param {number} seed
 * @returns {Problem[]}
 */
export function draw(count, seed) {
  const next = random(seed * 2_654_435_761 + 1);
  for (let i = 0; i < 20; i++) next();
  /** @type {Pick} */
  const pick = (values) => values[Math.floor(((next() + 1) / 2) * values.length)];
  const drawn = [];
  while (drawn.length < count) {
    const problem = tryParse(text(pick));
    if (!problem) continue;
    const { amount } = workOf(problem);
    if (amount >= leastFlop && amount <= mostFlop && product(problem.output) > 0) drawn.push(problem);
  }
  return drawn;
}

/** @param {string} text */
function tryParse(text) {
  try {
    return parseProblem(text);
  } catch {
    return undefined;
  }
}
