import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { accelerate } from 'stridewise/tfjs';
import { expect, it } from 'vitest';

/** Pictures that are put into classes. */
const PICTURES = 100;
const CLASSES = 10;

/** A small network, its weights drawn from seeds. */
function network() {
  let seed = 0;
  const drawn = () => tf.initializers.heNormal({ seed: ++seed });
  const conv = (filters, kernelSize, strides) =>
    tf.layers.conv2d({
      ...{ filters, kernelSize, strides, padding: 'same', activation: 'relu', kernelInitializer: drawn() },
      ...(seed === 1 && { inputShape: [24, 20, 3] }),
    });
  return tf.sequential({
    layers: [
      conv(16, 3, 1),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthwiseInitializer: drawn() }),
      conv(24, 1, 1),
      conv(24, 3, 2),
      tf.layers.flatten(),
      tf.layers.dense({ units: CLASSES, kernelInitializer: drawn(), activation: 'softmax' }),
    ],
  });
}

/** The class of each picture. */
function classes() {
  const model = network();
  const found = Array.from({ length: PICTURES }, (_, seed) =>
    tf.tidy(() => {
      const picture = tf.randomUniform([1, 24, 20, 3], -1, 1, 'float32', seed + 1);
      return tf.argMax(model.predict(picture), -1).dataSync()[0];
    }),
  );
  model.dispose();
  return found;
}

it('a hundred pictures are of the classes that the cpu backend finds', async () => {
  await tf.setBackend('cpu');
  const wanted = classes();
  expect(new Set(wanted).size).toBeGreaterThan(2);
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend);
    for (const accuracy of ['standard', 'high']) {
      const { undo } = await accelerate(tf, { accuracy });
      expect(classes()).toEqual(wanted);
      undo();
    }
  }
});
