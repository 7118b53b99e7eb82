// How TensorFlow.js runs a problem, in Node and in a browser.

import { firstOrder, kernelFirstOrder, lastOrder, permute, permuted } from '../../data.js';
import { isProduct, shapesOf } from '../../problem.js';

/** @typedef {import('../../problem.js').Problem} Problem */

/**
 * Whether there is an operator for a problem. Pools take one number as padding, transposed convolution neither groups
 * nor dilation. @param {Problem} problem
 */
export function offers({ operator, rank, groups, dilation, begin, end }) {
  const isDilated = dilation.some((d) => d > 1);
  const isEven = [...begin, ...end].every((p) => p === begin[0]);
  if (operator === 'gemm' || operator === 'linear') return true;
  if (operator === 'gradW') return false;
  if (operator === 'conv') return rank < 3 || (groups === 1 && isEven);
  if (operator === 'convT' || operator === 'gradX') return rank < 3 && groups === 1 && !isDilated;
  return rank === 2 && isEven && !isDilated;
}

/**
 * A problem ready to be timed; null where there is no operator for it.
 * @param {any} tf @param {Problem} problem @param {Float32Array[]} operands Channels first.
 * @param {() => Promise<void>} enter makes the backend the one that runs
 */
export function prepare(tf, problem, operands, enter) {
  if (!offers(problem)) return null;
  const way = problem.operator === 'identity' ? roundTrip : inMemory;
  return way(tf, problem, operands, enter);
}

/**
 * Operands as tensors, channels last; rank 1 as an image of one row. @param {any} tf @param {Problem} problem @param
 * {Float32Array[]} operands
 */
function upload(tf, problem, operands) {
  return shapesOf(problem).operands.map((shape, i) => {
    if (isProduct(problem)) return tf.tensor(operands[i], shape, 'float32');
    const isWeight = i === 1 && problem.operator !== 'gradMaxpool';
    const order = isWeight ? kernelFirstOrder(problem.rank) : lastOrder(problem.rank);
    const to = permuted(shape, order);
    if (problem.rank === 1) to.splice(isWeight ? 0 : 1, 0, 1);
    return tf.tensor(permute(operands[i], shape, order), to, 'float32');
  });
}

/** @param {any} tf @param {Problem} problem @param {Float32Array[]} operands @param {() => Promise<void>} enter */
function inMemory(tf, problem, operands, enter) {
  const tensors = upload(tf, problem, operands);
  const { call, kept } = callOf(tf, problem, tensors);
  return {
    enter,
    run: () => call().dispose(),
    read() {
      const y = call();
      const data = y.dataSync();
      y.dispose();
      return channelsFirst(data, problem);
    },
    dispose: () => tf.dispose([...tensors, ...kept]),
  };
}

/** @param {Float32Array} data @param {Problem} problem */
function channelsFirst(data, problem) {
  const { result } = shapesOf(problem);
  if (isProduct(problem)) return Float32Array.from(data);
  return permute(data, permuted(result, lastOrder(problem.rank)), firstOrder(problem.rank));
}

/**
 * The one call that computes the result, and what else must be freed at the end.
 * @param {any} tf @param {Problem} problem @param {any[]} tensors
 * @returns {{ call: () => any, kept: any[] }}
 */
function callOf(tf, problem, [a, b]) {
  const { operator, rank, groups, ic, oc, n } = problem;
  const stride = rank === 1 ? [1, ...problem.stride] : problem.stride;
  const dilation = rank === 1 ? [1, ...problem.dilation] : problem.dilation;
  const kernel = rank === 1 ? [1, ...problem.kernel] : problem.kernel;
  const ends = problem.begin.map((p, i) => [p, problem.end[i]]);
  const pad = [[0, 0], ...(rank === 1 ? [[0, 0]] : []), ...ends, [0, 0]];
  const poolPad = Math.max(...problem.begin);
  const once = (/** @type {() => any} */ call) => ({ call, kept: [] });
  if (isProduct(problem)) return once(() => tf.matMul(a, b, false, operator === 'linear'));
  if (operator === 'conv' && rank === 3) {
    return once(() => tf.conv3d(a, b, stride, poolPad ? 'same' : 'valid', 'NDHWC', dilation));
  }
  if (operator === 'conv' && groups > 1 && groups === ic) {
    const filter = tf.reshape(b, [...kernel, ic, oc / groups]);
    return { call: () => tf.depthwiseConv2d(a, filter, stride, pad, 'NHWC', dilation), kept: [filter] };
  }
  if (operator === 'conv' && groups > 1)
    return grouped(tf, problem, a, b, (x, w) => tf.conv2d(x, w, stride, pad, 'NHWC', dilation));
  if (operator === 'conv') return once(() => tf.conv2d(a, b, stride, pad, 'NHWC', dilation));
  if (operator === 'convT' || operator === 'gradX') {
    const extents = operator === 'convT' ? problem.output : problem.input;
    const shape = [n, ...(rank === 1 ? [1] : []), ...extents, operator === 'convT' ? oc : ic];
    return once(() => tf.conv2dTranspose(a, b, shape, stride, pad));
  }
  if (operator === 'maxpool') return once(() => tf.maxPool(a, kernel, stride, poolPad));
  if (operator === 'argmax') {
    const attributes = { filterSize: kernel, strides: stride, pad: poolPad, includeBatchInIndex: false };
    return once(() => {
      const [y, indices] = tf.engine().runKernel('MaxPoolWithArgmax', { x: a }, attributes);
      indices.dispose();
      return y;
    });
  }
  // For the global average too: ten times as fast as its mean.
  if (operator === 'avgpool' || operator === 'gap') return once(() => tf.avgPool(a, kernel, stride, poolPad));
  const y = tf.maxPool(a, kernel, stride, poolPad);
  const attributes = { filterSize: kernel, strides: stride, pad: poolPad };
  return { call: () => tf.engine().runKernel('MaxPoolGrad', { dy: b, input: a, output: y }, attributes), kept: [y] };
}

/**
 * It has no groups: one convolution each, between a split and a concatenation. @param {any} tf @param {Problem} problem
 * @param {any} x @param {any} w @param {(x: any, w: any) => any} conv
 */
function grouped(tf, { groups }, x, w, conv) {
  const weights = tf.split(w, groups, 3);
  const call = () =>
    tf.tidy(() =>
      tf.concat(
        tf.split(x, groups, 3).map((/** @type {any} */ part, /** @type {number} */ g) => conv(part, weights[g])),
        3,
      ),
    );
  return { call, kept: weights };
}

/**
 * The call with its copies: from a typed array to a typed array. @param {any} tf @param {Problem} problem @param
 * {Float32Array[]} operands @param {() => Promise<void>} enter
 */
function roundTrip(tf, problem, [x], enter) {
  const { result } = shapesOf(problem);
  const shape = permuted(result, lastOrder(problem.rank));
  const data = permute(x, result, lastOrder(problem.rank));
  const call = () => {
    const input = tf.tensor(data, shape, 'float32');
    const output = tf.maxPool(input, 1, 1, 0);
    const copy = output.dataSync().slice();
    tf.dispose([input, output]);
    return copy;
  };
  return { enter, run: call, read: () => channelsFirst(call(), problem), dispose() {} };
}
