import { createRequire } from 'node:module';

/**
 * Starts the backend `wasm` of TensorFlow.js on its threaded file in Node, where 4.x leaves it alone: its workers come
 * from addresses of blobs, which only browsers open. Here they come from the package.
 * @param {any} tf the module, with its backend imported and not yet started
 * @param {string | URL} from a file beside whose packages TensorFlow.js is
 * @param {number} [threads] that it is to use for kernels of its own, if it finds cores for them
 */
export async function startThreaded(tf, from, threads) {
  const require = createRequire(from);
  const file = (end) => `@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd${end}.js`;
  const { wasmWorkerContents } = require(file('.worker'));
  if (threads) require('@tensorflow/tfjs-backend-wasm').setThreadsCount(threads);
  const workers = require('node:worker_threads');
  const { Worker } = workers;
  workers.Worker = class extends Worker {
    constructor() {
      super(wasmWorkerContents.replaceAll('\n', '\\n'), { eval: true });
    }
    postMessage(message) {
      super.postMessage(message.cmd === 'load' ? { ...message, urlOrBlob: require.resolve(file('')) } : message);
    }
  };
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  try {
    await tf.setBackend('wasm');
  } finally {
    workers.Worker = Worker;
  }
}
