// A network of layers that reads digits, and the digits; what TensorFlow.js is called comes from outside.

import { drawDigits, small } from '../train/digits.js';
import { Random } from '../train/random.js';

/** Pictures in a step. */
export const BATCH = 50;

/**
 * After LeNet-5 (Y. LeCun et al., Gradient-based learning applied to document recognition, 1998), with rectified layers
 * and fewer features, ready to learn.
 * @param {object} tensorflow The functions of TensorFlow.js that are used: `sequential`, `layers`, `initializers`,
 * `train`.
 * @param {number} seed
 */
export function reader({ sequential, layers, initializers, train }, seed) {
  const { extent } = small;
  const start = (/** @type {number} */ i) => ({ kernelInitializer: initializers.heUniform({ seed: 10 * seed + i }) });
  const relu = { activation: 'relu' };
  const network = sequential();
  network.add(
    layers.conv2d({
      ...{ inputShape: [extent, extent, 1], filters: 8, kernelSize: 5, padding: 'same' },
      ...{ ...relu, ...start(1) },
    }),
  );
  network.add(layers.maxPooling2d({ poolSize: 2 }));
  network.add(layers.conv2d({ filters: 16, kernelSize: 5, ...relu, ...start(2) }));
  network.add(layers.maxPooling2d({ poolSize: 2 }));
  network.add(layers.flatten());
  network.add(layers.dense({ units: 64, ...relu, ...start(3) }));
  network.add(layers.dense({ units: 10, activation: 'softmax', ...start(4) }));
  network.compile({ optimizer: train.adam(0.002), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return network;
}

/**
 * Digits to learn from and others to be tested on, the same for the same seed.
 * @param {number} count @param {number} seed
 */
export function draw(count, seed) {
  const random = new Random(seed);
  return { learnt: drawDigits(count, small, random), test: drawDigits(Math.ceil(count / 10), small, random) };
}

/**
 * Digits as tensors: pictures [count, extent, extent, 1], and a one for the digit [count, 10].
 * @param {object} tf `tensor` and so on @param {import('../train/digits.js').Digits} digits
 */
export const tensors = (tf, { count, extent, pictures, labels }) => ({
  x: tf.tensor4d(pictures, [count, extent, extent, 1]),
  y: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10), 'float32')),
});
