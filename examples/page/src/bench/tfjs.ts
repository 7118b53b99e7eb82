import { prepare } from '../../../../bench/peers/adapters/tfjs-problems.js';
import type { Problem } from '../../../../bench/problem.js';

/** TensorFlow.js on its wasm backend, one thread. */
export interface Engine {
  readonly version: string;
  prepare(problem: Problem, operands: Float32Array[]): { run(): void; read(): Float32Array; dispose(): void };
}

/** Loads it from the page's own host, and its kernels from the folder where the page's build puts them. */
export async function tfjsEngine(): Promise<Engine> {
  const tf = await import('@tensorflow/tfjs-core');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(String(new URL('tfjs/', import.meta.url)));
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.enableProdMode();
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js has no wasm backend here.');
  return {
    version: `TensorFlow.js ${tf.version_core}, channels last`,
    prepare: (problem, operands) => prepare(tf, problem, operands, async () => {})!,
  };
}
