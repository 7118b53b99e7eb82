import { random } from './data.js';
import { isProduct, product, shapesOf } from './problem.js';

/**
 * The definition of every operator in float64, at single positions of the result: slow, and independent of the package.
 *
 * @typedef {import('./problem.js').Problem} Problem
 * @typedef {{ value: number, magnitude: number }} Exact `magnitude` is the sum of the absolute products, the yardstick
 * of roundoff.
 * @typedef {{ max: number, mean: number, worst: number }} Errors `max` and `mean` relative to the root mean square of
 * the sampled
 *   results, `worst` in roundoffs (2^-24) of the largest magnitude.
 */

/**
 * Largest error accepted, in roundoffs of the largest magnitude: five times what F(6x6, 3x3), the least exact method,
 * shows.
 */
const roundoffsAllowed = 512;

/** @param {readonly number[]} axes @param {number} fill @returns {[number, number, number]} */
const lift = (axes, fill) => /** @type {[number, number, number]} */ ([...Array(3 - axes.length).fill(fill), ...axes]);

/**
 * A function that computes one element of the result.
 * @param {Problem} problem
 * @param {Float32Array[]} operands Channels first.
 * @returns {(index: number) => Exact}
 */
export function exactly(problem, operands) {
  if (isProduct(problem)) return productElement(problem, operands);
  const g = {
    ...problem,
    i: lift(problem.input, 1),
    k: lift(problem.kernel, 1),
    o: lift(problem.output, 1),
    s: lift(problem.stride, 1),
    d: lift(problem.dilation, 1),
    p: lift(problem.begin, 0),
  };
  const [a, b] = operands;
  if (problem.operator === 'conv') return gather(g, a, b);
  if (problem.operator === 'gradX') return scatter(g, a, b);
  // A transposed convolution is the input gradient of the convolution that swaps its input and output.
  if (problem.operator === 'convT') return scatter({ ...g, ic: g.oc, oc: g.ic, i: g.o, o: g.i }, a, b);
  if (problem.operator === 'gradW') return weightGradient(g, a, b);
  if (problem.operator === 'gradMaxpool') return maxPoolGradient(g, a, b);
  return window(g, a);
}

/**
 * @typedef {Omit<Problem, 'k'> & Record<'i' | 'k' | 'o' | 's' | 'd' | 'p', [number, number, number]>} Geometry Three
 * axes, whatever the rank.
 */

/**
 * Input cell of tap `t` for output `o` on every axis, or -1 in the padding. @param {Geometry} g @param {number[]} o
 * @param {number[]} t
 */
function cell(g, o, t) {
  let at = 0;
  for (let axis = 0; axis < 3; axis++) {
    const v = o[axis] * g.s[axis] - g.p[axis] + t[axis] * g.d[axis];
    if (v < 0 || v >= g.i[axis]) return -1;
    at = at * g.i[axis] + v;
  }
  return at;
}

/** @param {number} index @param {readonly number[]} extents */
function split(index, extents) {
  const digits = [];
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    digits[axis] = index % extents[axis];
    index = Math.floor(index / extents[axis]);
  }
  return digits;
}

/** @param {readonly number[]} extents @param {(digits: number[], index: number) => void} visit */
function each(extents, visit) {
  for (let index = 0; index < product(extents); index++) visit(split(index, extents), index);
}

function sum() {
  const total = { value: 0, magnitude: 0 };
  const add = (/** @type {number} */ x, /** @type {number} */ y) => {
    total.value += x * y;
    total.magnitude += Math.abs(x * y);
  };
  return { total, add };
}

/** @param {Geometry} g @param {Float32Array} x @param {Float32Array} w */
function gather(g, x, w) {
  const icg = g.ic / g.groups;
  return (/** @type {number} */ index) => {
    const [n, oc, ...o] = split(index, [g.n, g.oc, ...g.o]);
    const firstChannel = Math.floor(oc / (g.oc / g.groups)) * icg;
    const { total, add } = sum();
    each(g.k, (t, tap) => {
      const at = cell(g, o, t);
      if (at < 0) return;
      for (let c = 0; c < icg; c++) {
        add(x[(n * g.ic + firstChannel + c) * product(g.i) + at], w[(oc * icg + c) * product(g.k) + tap]);
      }
    });
    return total;
  };
}

/** @param {Geometry} g @param {Float32Array} gradY @param {Float32Array} w */
function scatter(g, gradY, w) {
  const icg = g.ic / g.groups;
  const ocg = g.oc / g.groups;
  return (/** @type {number} */ index) => {
    const [n, ic, ...i] = split(index, [g.n, g.ic, ...g.i]);
    const firstChannel = Math.floor(ic / icg) * ocg;
    const { total, add } = sum();
    each(g.k, (t, tap) => {
      const o = i.map((v, axis) => (v + g.p[axis] - t[axis] * g.d[axis]) / g.s[axis]);
      if (o.some((v, axis) => !Number.isInteger(v) || v < 0 || v >= g.o[axis])) return;
      const at = (o[0] * g.o[1] + o[1]) * g.o[2] + o[2];
      for (let c = firstChannel; c < firstChannel + ocg; c++) {
        add(gradY[(n * g.oc + c) * product(g.o) + at], w[(c * icg + (ic % icg)) * product(g.k) + tap]);
      }
    });
    return total;
  };
}

/** @param {Geometry} g @param {Float32Array} x @param {Float32Array} gradY */
function weightGradient(g, x, gradY) {
  const icg = g.ic / g.groups;
  return (/** @type {number} */ index) => {
    const [oc, c, ...t] = split(index, [g.oc, icg, ...g.k]);
    const ic = Math.floor(oc / (g.oc / g.groups)) * icg + c;
    const { total, add } = sum();
    each([g.n, ...g.o], ([n, ...o], position) => {
      const at = cell(g, o, t);
      const inImage = position % product(g.o);
      if (at >= 0) add(x[(n * g.ic + ic) * product(g.i) + at], gradY[(n * g.oc + oc) * product(g.o) + inImage]);
    });
    return total;
  };
}

/** Pools; the average counts the cells of the input alone. @param {Geometry} g @param {Float32Array} x */
function window(g, x) {
  const isMax = g.operator === 'maxpool' || g.operator === 'argmax' || g.operator === 'identity';
  return (/** @type {number} */ index) => {
    const [n, c, ...o] = split(index, [g.n, g.ic, ...g.o]);
    const { total, add } = sum();
    let largest = -Infinity;
    let count = 0;
    each(g.k, (t) => {
      const at = cell(g, o, t);
      if (at < 0) return;
      const v = x[(n * g.ic + c) * product(g.i) + at];
      largest = Math.max(largest, v);
      add(v, 1);
      count++;
    });
    if (isMax) return { value: largest, magnitude: Math.abs(largest) };
    return { value: total.value / count, magnitude: total.magnitude / count };
  };
}

/** @param {Geometry} g @param {Float32Array} x @param {Float32Array} gradY */
function maxPoolGradient(g, x, gradY) {
  const plane = product(g.i);
  return (/** @type {number} */ index) => {
    const [n, c, ...i] = split(index, [g.n, g.ic, ...g.i]);
    const own = (i[0] * g.i[1] + i[1]) * g.i[2] + i[2];
    const base = (n * g.ic + c) * plane;
    const { total, add } = sum();
    each(g.k, (tap) => {
      const o = i.map((v, axis) => (v + g.p[axis] - tap[axis] * g.d[axis]) / g.s[axis]);
      if (o.some((v, axis) => !Number.isInteger(v) || v < 0 || v >= g.o[axis])) return;
      let winner = -1;
      each(g.k, (t) => {
        const at = cell(g, o, t);
        if (at >= 0 && (winner < 0 || x[base + at] > x[base + winner])) winner = at;
      });
      const at = (o[0] * g.o[1] + o[1]) * g.o[2] + o[2];
      if (winner === own) add(gradY[(n * g.ic + c) * product(g.o) + at], 1);
    });
    return total;
  };
}

/** @param {Problem} problem @param {Float32Array[]} operands */
function productElement({ operator, n, k }, [a, b]) {
  const [kStep, nStep] = operator === 'linear' ? [1, k] : [n, 1];
  return (/** @type {number} */ index) => {
    const [row, column] = [Math.floor(index / n), index % n];
    const { total, add } = sum();
    for (let p = 0; p < k; p++) add(a[row * k + p], b[p * kStep + column * nStep]);
    return total;
  };
}

/**
 * Results of the definition at sampled positions: the corners of the result and positions drawn at random.
 * @param {Problem} problem @param {Float32Array[]} operands @param {number} [count]
 */
export function sample(problem, operands, count = 200) {
  const element = exactly(problem, operands);
  const size = product(shapesOf(problem).result);
  const next = random(7);
  const positions = new Set([0, size - 1, size >> 1]);
  while (positions.size < Math.min(size, count)) positions.add(Math.floor(((next() + 1) / 2) * size));
  return [...positions].map((index) => ({ index, ...element(index) }));
}

/**
 * Compares a result with the samples. Throws an Error that names the worst position if one is off by more than the
 * bound.
 * @param {Float32Array} result Channels first.
 * @param {ReturnType<typeof sample>} samples
 * @returns {Errors}
 */
export function errorsOf(result, samples) {
  const rms = Math.sqrt(samples.reduce((s, { value }) => s + value * value, 0) / samples.length) || 1;
  const errors = { max: 0, mean: 0, worst: 0 };
  // in a tile of Winograd each cell has its share of the largest one's error, also one at the edge that has a tap or
  // two
  const largest = samples.reduce((most, { magnitude }) => Math.max(most, magnitude), 0);
  for (const { index, value } of samples) {
    const error = Math.abs(result[index] - value);
    const roundoffs = error === 0 ? 0 : error / (largest * 2 ** -24);
    if (!(roundoffs <= roundoffsAllowed)) {
      throw new Error(`wrong result: element ${index} is ${result[index]}, the definition gives ${value}`);
    }
    errors.max = Math.max(errors.max, error / rms);
    errors.mean += error / rms / samples.length;
    errors.worst = Math.max(errors.worst, roundoffs);
  }
  return errors;
}
