import * as tf from '@tensorflow/tfjs';

/** Numbers from -1 to 1, the same at every call. */
const make = (shape, seed) => tf.randomUniform(shape, -1, 1, 'float32', seed);

/** Gradients of the sum of squares of what `of` gives, one after another. */
const gradients = (of, ...operands) =>
  tf.concat(
    tf
      .grads((...x) => tf.sum(tf.square(of(...x))))(operands)
      .map((gradient) => tf.reshape(gradient, [-1])),
  );

/** Products by one matrix, which is packed from the second one on, for other rows and with a bias. */
function again(transposed) {
  const b = make(transposed ? [9, 6] : [6, 9], 2);
  const products = [3, 3, 17].map((m, i) => tf.matMul(make([m, 6], i), b, false, transposed));
  const more = { b, transposeB: transposed, bias: make([9], 4), activation: 'relu6' };
  for (const seed of [5, 6]) products.push(tf.fused.matMul({ a: tf.mul(make([3, 6], seed), 10), ...more }));
  products.push(tf.matMul(make([6, 4], 7), b, true, transposed));
  return tf.concat(products.map((product) => tf.reshape(product, [-1])));
}

const fused = (activation, more) =>
  tf.fused.conv2d({
    ...{ x: make([2, 9, 8, 6], 1), filter: make([3, 2, 6, 5], 2), strides: [1, 2], pad: 'same' },
    ...{ bias: make([5], 3), activation, ...more },
  });

/** Calls that are served, and calls that are left to TensorFlow.js; the cpu backend alone says what is right. */
export const cases = {
  'conv2d same, stride 2': () => tf.conv2d(make([2, 11, 9, 5], 1), make([3, 3, 5, 7], 2), 2, 'same'),
  'conv2d 3x3, wide': () => tf.conv2d(make([1, 26, 23, 32], 1), make([3, 3, 32, 40], 2), 1, 'same'),
  'conv2d pointwise': () => tf.conv2d(make([2, 6, 7, 9], 1), make([1, 1, 9, 10], 2), 1, 'valid'),
  'conv2d, rounded up': () => tf.conv2d(make([2, 11, 9, 5], 1), make([3, 2, 5, 7], 2), 2, 1, 'NHWC', 1, 'ceil'),
  'conv2d, explicit padding': () =>
    tf.conv2d(
      make([1, 7, 9, 3], 1),
      make([3, 2, 3, 4], 2),
      [2, 1],
      [
        [0, 0],
        [2, 0],
        [1, 3],
        [0, 0],
      ],
    ),
  'conv2d, dilated': () => tf.conv2d(make([2, 11, 9, 5], 1), make([3, 2, 5, 7], 2), 1, 'same', 'NHWC', [2, 3]),
  'conv2d, channels first': () => tf.conv2d(make([2, 5, 11, 9], 1), make([3, 2, 5, 7], 2), [1, 2], 'same', 'NCHW'),
  'gradients of conv2d, channels first': () =>
    gradients((x, w) => tf.conv2d(x, w, 1, 'valid', 'NCHW'), make([2, 5, 9, 8], 1), make([3, 2, 5, 7], 2)),
  conv1d: () => tf.conv1d(make([2, 11, 5], 1), make([3, 5, 7], 2), 2, 'same'),
  'fused, relu': () => fused('relu'),
  'fused, relu6': () => fused('relu6'),
  'fused, elu': () => fused('elu'),
  'fused, sigmoid': () => fused('sigmoid'),
  'fused, leaky relu': () => fused('leakyrelu', { leakyreluAlpha: 0.3 }),
  'fused, prelu': () => fused('prelu', { preluActivationWeights: make([5], 4) }),
  depthwise: () => tf.depthwiseConv2d(make([2, 12, 10, 6], 1), make([3, 2, 6, 2], 2), 1, 'same'),
  'depthwise, dilated': () =>
    tf.depthwiseConv2d(make([2, 12, 10, 6], 1), make([3, 2, 6, 1], 2), 1, 'same', 'NHWC', [2, 3]),
  'depthwise, fused': () =>
    tf.fused.depthwiseConv2d({
      ...{ x: make([1, 12, 10, 6], 1), filter: make([3, 3, 6, 1], 2), strides: [2, 2], pad: 'same' },
      ...{ bias: make([6], 3), activation: 'relu' },
    }),
  conv2dTranspose: () => tf.conv2dTranspose(make([2, 4, 5, 7], 1), make([3, 2, 6, 7], 2), [2, 8, 10, 6], 2, 'same'),
  conv3d: () => tf.conv3d(make([1, 5, 6, 7, 3], 1), make([2, 3, 2, 3, 4], 2), [1, 2, 1], 'same'),
  matMul: () => tf.matMul(make([3, 6], 1), make([6, 7], 2)),
  'matMul, both transposed': () => tf.matMul(make([6, 33], 1), make([7, 6], 2), true, true),
  'matMul, a stack': () => tf.matMul(make([4, 5, 6], 1), make([4, 6, 7], 2)),
  'matMul, a stack and one': () => tf.matMul(make([2, 4, 5, 6], 1), make([1, 1, 6, 7], 2)),
  'matMul, one and a stack': () => tf.matMul(make([1, 5, 6], 1), make([3, 6, 7], 2)),
  'matMul, fused': () =>
    tf.fused.matMul({ a: make([3, 6], 1), b: make([6, 7], 2), bias: make([7], 3), activation: 'relu' }),
  'matMul, the same matrix again': () => again(false),
  'matMul, the same matrix again, transposed': () => again(true),
  maxPool: () => tf.maxPool(make([2, 9, 8, 5], 1), [3, 2], [2, 3], 'same'),
  'maxPool of one cell': () => tf.maxPool(make([2, 9, 8, 5], 1), 1, 1, 'valid'),
  'maxPool of one cell, a NaN': () => tf.maxPool(tf.tensor4d([1, Number.NaN, 3, 4], [1, 2, 2, 1]), 1, 1, 'valid'),
  'maxPool skips NaN': () =>
    tf.maxPool(tf.tensor4d([1, NaN, 3, NaN, NaN, 2, NaN, NaN, 0], [1, 3, 3, 1]), 2, 1, 'valid'),
  'maxPool, a window of NaN': () => tf.maxPool(tf.tensor4d([NaN, NaN, 1, 2], [1, 2, 2, 1]), [1, 2], 1, 'valid'),
  avgPool: () => tf.avgPool(make([2, 9, 8, 5], 1), [3, 2], [2, 3], 'same'),
  'avgPool, rounded up': () => tf.avgPool(make([2, 9, 8, 5], 1), 3, 2, 1, 'ceil'),
  maxPool3d: () => tf.maxPool3d(make([1, 5, 6, 7, 3], 1), [2, 3, 2], 2, 'same'),
  avgPool3d: () => tf.avgPool3d(make([1, 5, 6, 7, 3], 1), [2, 3, 2], 2, 'same'),
  'gradients of conv2d': () =>
    gradients((x, w) => tf.conv2d(x, w, 2, 'same'), make([2, 9, 8, 5], 1), make([3, 2, 5, 7], 2)),
  'gradients of depthwise': () =>
    gradients((x, w) => tf.depthwiseConv2d(x, w, 1, 'same'), make([2, 9, 8, 5], 1), make([3, 2, 5, 2], 2)),
  'gradients of conv3d': () =>
    gradients((x, w) => tf.conv3d(x, w, 1, 'same'), make([1, 5, 6, 4, 3], 1), make([2, 3, 2, 3, 4], 2)),
  'gradients of matMul': () => gradients((a, b) => tf.matMul(a, b), make([5, 6], 1), make([6, 7], 2)),
  'gradient of maxPool': () => gradients((x) => tf.maxPool(x, [3, 2], 2, 'same'), make([2, 9, 8, 5], 1)),
  'gradient of maxPool, ties': () =>
    gradients((x) => tf.maxPool(x, 2, 1, 'same'), tf.round(tf.mul(make([1, 6, 7, 3], 1), 2))),
  'gradient of avgPool': () => gradients((x) => tf.avgPool(x, [3, 2], 2, 'same'), make([2, 9, 8, 5], 1)),
  'gradient of avgPool3d': () => gradients((x) => tf.avgPool3d(x, 2, 2, 'same'), make([1, 5, 6, 7, 3], 1)),
};
