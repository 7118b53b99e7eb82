import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { aroundSelected, drawn, ownTensors } from '../around.js';
import { race } from '../measure.js';
import { digits, table, widest } from '../table.js';

/** Largest difference of two results, relative to the larger of 1 and the number. */
const AGREEMENT = 2e-6;

/** TensorFlow.js with its kernels in WebAssembly, on one thread. */
async function open() {
  const tf = await import('@tensorflow/tfjs-core');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.enableProdMode();
  await tf.setBackend('wasm');
  return tf;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function agree(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++)
    if (!(Math.abs(a[i] - b[i]) <= AGREEMENT * Math.max(1, Math.abs(a[i])))) return false;
  return true;
}

/**
 * Functions of `stridewise/nn` beside the kernels of TensorFlow.js of the same meaning, one thread, in turns in one
 * process; operands are in the wasm memory of each. Results are compared first.
 * @param {{ filter?: string, repetitions: number, print: (line: string) => void }} options
 */
export async function aroundPeers({ filter, repetitions, print }) {
  const tf = await open();
  const selected = aroundSelected(filter).filter(({ peer }) => peer);
  const columns = table([
    { title: 'case', width: widest(selected.map(({ title }) => title)), align: 'left' },
    { title: 'stridewise us', width: 13 },
    { title: 'tfjs-wasm us', width: 12 },
    { title: 'ratio', width: 6 },
  ]);
  print(`\n${columns.head()}`);
  const rows = [];
  for (const { title, own, peer } of selected) {
    const tensors = ownTensors();
    const theirs = (/** @type {number[]} */ shape, seed = 1) =>
      tf.tensor(drawn(new Float32Array(shape.reduce((product, extent) => product * extent, 1)), seed), shape);
    tf.engine().startScope();
    const [run, call] = [own(tensors), /** @type {NonNullable<typeof peer>} */ (peer)({ tf, t: theirs })];
    const y = call();
    const isRight = agree(/** @type {any} */ (run()).data, y.dataSync());
    const candidates = new Map([
      ['own', { run }],
      ['peer', { run: () => call().dispose() }],
    ]);
    const timings = await race(candidates, { repetitions, budget: 700 });
    tf.engine().endScope();
    tensors.arena.dispose();
    const [a, b] = ['own', 'peer'].map((name) => timings.get(name)?.median ?? Number.NaN);
    print(columns.line([title, digits(1000 * a), digits(1000 * b), isRight ? digits(b / a) : 'differ']));
    rows.push({ title, own: a, peer: b, ratio: b / a, isRight });
  }
  const logs = rows.map(({ ratio }) => Math.log(ratio));
  const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  print(`geometric mean of the ratios of ${rows.length} cases: ${digits(mean)}`);
  return { rows, mean };
}
