import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { prepare } from './tfjs-problems.js';
import { withThreads } from './tfjs-threads.js';

/** @typedef {import('./index.js').Adapter} Adapter */

/** @param {number} threads @returns {Adapter} */
export const tfjsWasm = (threads) => ({
  name: 'tfjs-wasm',
  role: 'peer',
  includes: 'call and output allocation; tensors in its wasm memory, weights packed at the first call; channels last',
  open: () => open('wasm', threads),
});

/** @type {Adapter} */
export const tfjsCpu = {
  name: 'tfjs-cpu',
  role: 'scale',
  slow: true,
  includes: 'call and output allocation; plain JavaScript on typed arrays; channels last',
  open: () => open('cpu'),
};

/** @param {'wasm' | 'cpu'} backend @param {number} [threads] @returns {Promise<import('./index.js').Engine>} */
async function open(backend, threads = 1) {
  const tf = await import('@tensorflow/tfjs-core');
  if (backend === 'wasm') {
    const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(dirname(entry) + sep);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1);
    setThreadsCount(threads);
  } else {
    await import('@tensorflow/tfjs-backend-cpu');
  }
  tf.enableProdMode();
  const enter = async () => {
    if (tf.getBackend() !== backend) await tf.setBackend(backend);
  };
  await (threads > 1 ? withThreads(threads, enter) : enter());
  return {
    version: tf.version_core,
    async prepare(problem, operands) {
      await enter();
      return prepare(tf, problem, operands, enter);
    },
  };
}
