// Runs before the specs, in their bundle: jasmine's functions, the backend, and where asked for the entry.
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { Worker } from 'node:worker_threads';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import { accelerate } from '../../../dist/tfjs.js';
import { openWorkers } from '../../../examples/tensorflow/threaded.js';

const { backend, threads, wasm, worker } = JSON.parse(process.env.SPECS ?? '{}');
setWasmPaths(wasm);
if (threads > 1) openWorkers(wasm);
const flags = backend === 'wasm' ? { WASM_HAS_SIMD_SUPPORT: true, WASM_HAS_MULTITHREAD_SUPPORT: threads > 1 } : {};
setTestEnvs([{ name: backend, backendName: backend, flags, isDataSync: true }]);

// every group of specs starts its backend anew
let last;
globalThis.beforeEach(async () => {
  if (threads === 0 || last === tf.backend()) return;
  last = tf.backend();
  // even the smallest work is shared
  await accelerate(tf, { threads, leastFloats: 0, worker: () => new Worker(new URL(worker)) });
});
