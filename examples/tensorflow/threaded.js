import { createRequire } from 'node:module';

const factory = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd';

/**
 * Lets the threaded file of TensorFlow.js have its workers in Node. It makes them from addresses of blobs, which only
 * browsers open; here they come from its package. Other workers are what they were.
 * @param {string | URL} from a file beside whose packages TensorFlow.js is
 * @returns {() => void} puts everything back, which may be done as soon as the backend has started
 */
export function openWorkers(from) {
  const require = createRequire(from);
  const { wasmWorkerContents } = require(`${factory}.worker.js`);
  const workers = require('node:worker_threads');
  const { Worker } = workers;
  workers.Worker = class extends Worker {
    constructor(address, options) {
      const isBlob = `${address}`.startsWith('blob:');
      if (isBlob) super(wasmWorkerContents.replaceAll('\n', '\\n'), { eval: true });
      else super(address, options);
    }
    postMessage(message, ...more) {
      const isLoad = message.cmd === 'load';
      super.postMessage(isLoad ? { ...message, urlOrBlob: require.resolve(`${factory}.js`) } : message, ...more);
    }
  };
  return () => {
    workers.Worker = Worker;
  };
}

/**
 * Starts the backend `wasm` of TensorFlow.js on its threaded file, which 4.x leaves alone in Node.
 * @param {any} tf the module, with that backend imported and not yet started
 * @param {string | URL} from a file beside whose packages TensorFlow.js is
 * @param {number} [threads] for its own kernels, if it finds cores for them
 */
export async function startThreaded(tf, from, threads) {
  if (threads) createRequire(from)('@tensorflow/tfjs-backend-wasm').setThreadsCount(threads);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  const close = openWorkers(from);
  try {
    await tf.setBackend('wasm');
  } finally {
    close();
  }
}
