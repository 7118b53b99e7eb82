// By its path: this folder is a package of its own, in which the name stridewise means nothing.
import { features, init } from '../../dist/index.js';
import { finding, reading } from '../../examples/train/tasks.js';
import { BATCH, prepare } from '../../examples/train/train.js';
import { choice, readArguments, wholeNumber, writeJson } from '../arguments.js';
import { ensureRelaxedSimd, machine, machineLine } from '../machine.js';
import { race } from '../measure.js';
import { digits, table } from '../table.js';
import { registerGradients } from './adapters/tfjs-gradients.js';
import { installPeers } from './install.js';

const help = `npm run bench:train -- [options]

Times a step of the training example (npm run train: forward, loss, backward, Adam) beside the same step in TensorFlow.js, one thread each, in turns
in one process: the same networks, first weights and pictures. Both learn for a few steps first, and must find the same losses. Takes minutes.
TensorFlow.js has two backends that need no GPU: plain JavaScript, and WebAssembly, which has no weight gradients.

  --build NAME        of this package: auto (default), strict or relaxed
  --repetitions N     at most this many for each library and network (default 3)
  --json [FILE.json]  all figures as JSON, to standard output or a file
  --help`;

const options = /** @type {const} */ ({
  build: { type: 'string', default: 'auto' },
  repetitions: { type: 'string', default: '3' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
});

/** Steps in which the losses are compared; later, differences of the last bit have grown. */
const COMPARED = 3;
/** Largest difference between two losses, relative to the first. */
const AGREEMENT = 1e-3;

/**
 * @typedef {import('../../examples/train/tasks.js').Task} Task
 * @typedef {ReturnType<typeof prepare>} Material
 * @typedef {any} TensorFlow
 * @typedef {(tf: TensorFlow, x: any, weights: any[]) => any} Model from pictures [n, h, w, 1] to logits
 */

/** The networks of the example, operation by operation. @type {[Task, Model][]} */
const tasks = [
  [
    reading,
    (tf, x, [w1, b1, w2, b2, w3, b3, w4, b4]) => {
      const edges = tf.maxPool(tf.relu(tf.add(tf.conv2d(x, w1, 1, 2), b1)), 2, 2, 0);
      const parts = tf.maxPool(tf.relu(tf.add(tf.conv2d(edges, w2, 1, 0), b2)), 2, 2, 0);
      const hidden = tf.relu(tf.add(tf.matMul(tf.reshape(parts, [x.shape[0], -1]), w3, false, true), b3));
      return tf.add(tf.matMul(hidden, w4, false, true), b4);
    },
  ],
  [
    finding,
    (tf, x, [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5]) => {
      const up = (/** @type {any} */ y, /** @type {any} */ w) =>
        tf.conv2dTranspose(y, w, [y.shape[0], 2 * y.shape[1], 2 * y.shape[2], w.shape[2]], 2, 1);
      const half = tf.relu(tf.add(tf.conv2d(x, w1, 2, 2, 'NHWC', 1, 'floor'), b1));
      const quarter = tf.relu(tf.add(tf.conv2d(half, w2, 2, 1), b2));
      const same = tf.relu(tf.add(tf.conv2d(quarter, w3, 1, 1), b3));
      return tf.add(up(tf.relu(tf.add(up(same, w4), b4)), w5), b5);
    },
  ],
];

/**
 * A step of learning with TensorFlow.js; it returns the mean loss. @param {TensorFlow} tf @param {Task} task @param
 * {Model} model @param {Material} material
 */
function stepOf(tf, { loss, rate }, model, { digits: { pictures, labels, masks, extent }, learner }) {
  const weights = learner.network.parameters.map(({ value }) =>
    tf.variable(tf.tensor(value.data.slice(), value.shape)),
  );
  const adam = tf.train.adam(rate, 0.9, 0.999, 1e-8);
  const area = extent ** 2;
  const tensors = tf.tidy(() => {
    const x = tf.tensor(pictures.slice(0, BATCH * area), [BATCH, extent, extent, 1]);
    const isOfClasses = loss === reading.loss;
    const target = isOfClasses
      ? tf.oneHot(tf.tensor1d(labels.slice(0, BATCH), 'int32'), 10)
      : tf.tensor(masks.slice(0, BATCH * area), [BATCH, extent, extent, 1]);
    return { x, target: tf.cast(target, 'float32') };
  });
  const lossOf = loss === reading.loss ? tf.losses.softmaxCrossEntropy : tf.losses.sigmoidCrossEntropy;
  const run = () => {
    const mean = adam.minimize(() => lossOf(tensors.target, model(tf, tensors.x, weights)), true, weights);
    const [value] = mean.dataSync();
    mean.dispose();
    return value;
  };
  const dispose = () => {
    tf.dispose([...weights, ...Object.values(tensors)]);
    adam.dispose();
  };
  return { run, dispose };
}

/** @param {'cpu' | 'wasm'} backend @returns {Promise<TensorFlow>} */
async function open(backend) {
  const tf = await import('@tensorflow/tfjs-core');
  if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else {
    const { tfjsWasm } = await import('./adapters/tfjs.js');
    await tfjsWasm(1).open();
  }
  await tf.setBackend(backend);
  tf.enableProdMode();
  return tf;
}

/**
 * Runs one network in both libraries: losses first, then times. @param {Task} task @param {Model} model @param {number}
 * repetitions
 */
async function compare(task, model, repetitions) {
  const material = prepare(task, BATCH * 10, 1);
  const tf = await open('cpu');
  const theirs = stepOf(tf, task, model, material);
  const batch = Uint32Array.from({ length: BATCH }, (_, i) => i);
  const ours = () => material.learner.learn(material.digits, batch, task.rate).loss / BATCH;
  const losses = Array.from({ length: COMPARED }, () => [ours(), theirs.run()]);
  const [first] = losses[0];
  const difference = Math.max(...losses.map(([a, b]) => Math.abs(a - b))) / first;
  if (!(difference <= AGREEMENT))
    throw new Error(`${task.title}: the losses differ, ${losses.map((pair) => pair.join(' and ')).join(', ')}`);
  const timings = await race(
    new Map([
      ['stridewise', { run: ours }],
      ['tfjs-cpu', { run: theirs.run }],
    ]),
    { repetitions, budget: 10_000 },
  );
  theirs.dispose();
  const wasm = stepOf(await open('wasm'), task, model, material);
  let refusal = '';
  try {
    wasm.run();
  } catch (error) {
    refusal = error instanceof Error ? error.message.split('\n')[0] : String(error);
  }
  material.learner.network.dispose();
  return { title: task.title, difference, timings: Object.fromEntries(timings), version: tf.version_core, refusal };
}

async function main() {
  const { values } = readArguments(options, { json: '.json' });
  if (values.help) return console.log(help);
  const build = choice(
    'build',
    values.build,
    /** @type {('auto' | 'strict' | 'relaxed')[]} */ (['auto', 'strict', 'relaxed']),
  );
  if (build === 'relaxed') ensureRelaxedSimd();
  const repetitions = wholeNumber('repetitions', values.repetitions);
  const print = values.json === '-' ? console.error : console.log;
  await init({ simd: build });
  installPeers();
  await registerGradients();
  print(`${machineLine(machine())}; ${features().build} build, ${BATCH} pictures a step\n`);
  const columns = table([
    { title: 'a step of', width: 24, align: 'left' },
    { title: 'stridewise ms', width: 13 },
    { title: 'tfjs-cpu ms', width: 13 },
    { title: 'ratio', width: 8 },
    { title: 'losses differ by', width: 16 },
  ]);
  print(columns.head());
  const results = [];
  for (const [task, model] of tasks) {
    const result = await compare(task, model, repetitions);
    const [ours, theirs] = ['stridewise', 'tfjs-cpu'].map((name) => result.timings[name].median);
    print(
      columns.line([
        result.title,
        digits(ours),
        digits(theirs),
        digits(theirs / ours),
        result.difference.toExponential(1),
      ]),
    );
    results.push(result);
  }
  for (const { title, refusal } of results) print(`tfjs-wasm, ${title}: ${refusal || 'ran'}`);
  if (values.json) writeJson(values.json, { machine: machine(), build: features().build, results });
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
