// The same model on the same picture in TensorFlow.js, on its wasm backend, on one thread.

import { createRequire } from 'node:module';
import { readFiles } from './files.js';
import { timed } from './timed.js';

/** TensorFlow.js is installed only for this. */
const require = createRequire(new URL('packages/package.json', import.meta.url));

/** What came out, and the milliseconds of the best of some runs. @typedef {{ data: Float32Array, ms: number }} Result */

/**
 * @param {URL} folder of the model
 * @param {import('stridewise').Tensor} picture [1, height, width, channels]
 * @param {number} runs after one that warms up
 * @returns {Promise<Result>}
 */
export async function runTensorflow(folder, picture, runs) {
  const tf = require('@tensorflow/tfjs-core');
  const { loadLayersModel } = require('@tensorflow/tfjs-layers');
  require('@tensorflow/tfjs-backend-wasm').setThreadsCount(1);
  await tf.setBackend('wasm');
  const { description, groups } = readFiles(folder);
  const { modelTopology, weightsManifest } = description;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = await new Blob(groups).arrayBuffer();
  const model = await loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
  const x = tf.tensor4d(picture.data, picture.shape);
  let [data, ms] = [new Float32Array(), Number.POSITIVE_INFINITY];
  for (let i = 0; i <= runs; i++) {
    const [found, took] = timed(() => {
      const y = model.predict(x);
      const copy = y.dataSync().slice();
      y.dispose();
      return copy;
    });
    data = found;
    if (i > 0) ms = Math.min(ms, took);
  }
  return { data, ms };
}
