import { isPool, product, shapesOf } from './problem.js';

/** @typedef {import('./problem.js').Problem} Problem */

/** Uniform numbers in [-1, 1), the same ones every run. @param {number} seed */
export function random(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
}

/**
 * Operands of a problem, channels first. Pools get numbers in [0, 1), as after a ReLU: one of the peers is wrong on a
 * window without a positive value.
 * @param {Problem} problem
 * @returns {Float32Array[]}
 */
export function operandsOf(problem) {
  const next = random(20_260_117);
  const draw = isPool(problem) ? () => (next() + 1) / 2 : next;
  return shapesOf(problem).operands.map((shape) => Float32Array.from({ length: product(shape) }, draw));
}

/**
 * Reorders axes: axis i of the result is axis `order[i]` of the data.
 * @param {Float32Array} data @param {readonly number[]} shape @param {readonly number[]} order
 */
export function permute(data, shape, order) {
  const strides = shape.map((_, i) => product(shape.slice(i + 1)));
  const extents = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const last = extents.length - 1;
  const result = new Float32Array(data.length);
  let to = 0;
  const walk = (/** @type {number} */ axis, /** @type {number} */ from) => {
    if (axis === last) for (let i = 0; i < extents[last]; i++) result[to++] = data[from + i * steps[last]];
    else for (let i = 0; i < extents[axis]; i++) walk(axis + 1, from + i * steps[axis]);
  };
  walk(0, 0);
  return result;
}

/** Axis order that takes [n, c, ...spatial] to [n, ...spatial, c]. @param {number} rank Number of spatial axes. */
export const lastOrder = (rank) => [0, ...Array.from({ length: rank }, (_, i) => i + 2), 1];

/** Axis order that takes [n, ...spatial, c] to [n, c, ...spatial]. @param {number} rank */
export const firstOrder = (rank) => [0, rank + 1, ...Array.from({ length: rank }, (_, i) => i + 1)];

/**
 * Axis order that takes [a, b, ...kernel] to [...kernel, b, a]: weights of every channels-last library but one. @param
 * {number} rank
 */
export const kernelFirstOrder = (rank) => [...Array.from({ length: rank }, (_, i) => i + 2), 1, 0];

/** @param {readonly number[]} shape @param {readonly number[]} order */
export const permuted = (shape, order) => order.map((axis) => shape[axis]);
