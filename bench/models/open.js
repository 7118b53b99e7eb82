import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startThreaded } from '../../examples/tensorflow/threaded.js';

/** @typedef {import('./networks.js').Network} Network */
/** @typedef {Float32Array | Int32Array | Uint8Array} Numbers */

const require = createRequire(import.meta.url);

/** TensorFlow.js with both backends, and the layers that the networks bring. */
function openTensorFlow() {
  const tf = require('@tensorflow/tfjs-core');
  const { layers, loadLayersModel } = require('@tensorflow/tfjs-layers');
  const { loadGraphModel } = require('@tensorflow/tfjs-converter');
  require('@tensorflow/tfjs-backend-cpu');
  require('@tensorflow/tfjs-backend-wasm');
  /** @param {string} name @param {(x: any) => any} call @param {(shape: number[]) => number[]} shapeOf */
  const define = (name, call, shapeOf) => {
    class Custom extends layers.Layer {
      /** @param {any} x */
      call(x) {
        return call(Array.isArray(x) ? x[0] : x);
      }
      /** @param {number[]} shape */
      computeOutputShape(shape) {
        return shapeOf(shape);
      }
      static get className() {
        return name;
      }
    }
    tf.serialization.registerClass(Custom);
  };
  define(
    'MultiplyBeta',
    (x) => tf.mul(x, 0.2),
    (shape) => shape,
  );
  define(
    'PixelShuffle2x',
    (x) => tf.depthToSpace(x, 2, 'NHWC'),
    ([n, h, w]) => [n, h, w, 3],
  );
  return { tf, loadLayersModel, loadGraphModel };
}

/** A model and its weights, from files. @param {Network} network */
function read(network) {
  const file = fileURLToPath(new URL(`node_modules/${network.package}/${network.file}`, import.meta.url));
  const model = JSON.parse(readFileSync(file, 'utf8'));
  const groups = /** @type {{ paths: string[], weights: unknown[] }[]} */ (model.weightsManifest);
  const bytes = Buffer.concat(
    groups.flatMap(({ paths }) => paths.map((path) => readFileSync(join(dirname(file), path)))),
  );
  const { buffer, byteOffset, length } = bytes;
  return {
    ...model,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: buffer.slice(byteOffset, byteOffset + length),
  };
}

/**
 * A network in a backend. `predict` gives the numbers of all of its outputs for a picture of noise, by
 * default always the same.
 * @param {Network} network @param {string} backend
 * @param {number} threads of TensorFlow.js, too: more than one with its threaded file
 */
export async function openNetwork(network, backend, threads) {
  const { tf, loadLayersModel, loadGraphModel } = openTensorFlow();
  if (backend === 'wasm' && threads > 1) await startThreaded(tf, import.meta.url, threads);
  else await tf.setBackend(backend);
  await tf.ready();
  const artifacts = read(network);
  const isLayers = 'modelTopology' in artifacts && artifacts.format !== 'graph-model';
  const model = await (isLayers ? loadLayersModel : loadGraphModel)({ load: async () => artifacts });
  const { side, channels, type } = network;
  /** @param {number} seed */
  const draw = (seed) =>
    tf.tidy(() => {
      const noise = tf.randomUniform([1, side, side, channels], 0, type === 'int32' ? 255 : 1, 'float32', seed);
      return tf.cast(noise, type);
    });
  const first = draw(1);
  return {
    tf,
    /** @param {number} [seed] Of another picture. @returns {Promise<Numbers[]>} */
    async predict(seed) {
      const x = seed === undefined ? first : draw(seed);
      const result = isLayers
        ? tf.tidy(() => model.predict(x))
        : network.later
          ? await model.executeAsync(x)
          : model.execute(x);
      const outputs = [result].flat();
      const numbers = outputs.map((output) => output.dataSync());
      tf.dispose(outputs);
      if (x !== first) x.dispose();
      return numbers;
    },
    dispose() {
      model.dispose();
      first.dispose();
    },
  };
}
