// A network of tf.layers learns to read digits that the example draws, on the backend wasm: alone it has no gradients of
// convolutions.
//   npm run tfjs-train -- [--seed N] [--epochs N] [--images N] [--backend wasm|cpu]

import { parseArgs } from 'node:util';
import tf from '@tensorflow/tfjs-core';
import layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { accelerate } from 'stridewise/tfjs';
import { BATCH, draw, reader, tensors } from './network.js';

/** A whole run, which must read this part of the test digits. */
const EPOCHS = 4;
const IMAGES = 5000;
const GOAL = 0.95;

const HELP = `A network of tf.layers learns to read digits that this example draws, on these kernels.

  npm run tfjs-train -- [options]

  --seed N         of everything that is random (default: 1)
  --epochs N       times that every picture is learnt from (default: ${EPOCHS})
  --images N       pictures to learn from; a tenth as many are tested (default: ${IMAGES})
  --backend NAME   of TensorFlow.js: wasm (default), or cpu, which is left as it is: the same losses, slowly
  --help           this text

A run of at least ${EPOCHS} epochs and ${IMAGES} pictures must read ${100 * GOAL} % of the test digits; otherwise the exit code is 1.`;

/** @param {string} name @param {string} text @param {number} least */
function whole(name, text, least) {
  if (!/^\d{1,7}$/.test(text) || Number(text) < least)
    throw new Error(`--${name} ${text}: expected a number from ${least}`);
  return Number(text);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      epochs: { type: 'string', default: String(EPOCHS) },
      images: { type: 'string', default: String(IMAGES) },
      backend: { type: 'string', default: 'wasm' },
      help: { type: 'boolean', default: false },
    },
  });
  const { backend, help } = values;
  if (backend !== 'wasm' && backend !== 'cpu') throw new Error(`--backend ${backend}: expected wasm or cpu`);
  const [seed, epochs, images] = [
    whole('seed', values.seed, 0),
    whole('epochs', values.epochs, 1),
    whole('images', values.images, 10),
  ];
  return { seed, epochs, images, backend, help };
}

const percent = (/** @type {number} */ part) => `${(100 * part).toFixed(1)} %`;

async function main() {
  const { seed, epochs, images, backend, help } = readOptions();
  if (help) return console.log(HELP);
  await tf.setBackend(backend);
  const build = backend === 'wasm' ? `${(await accelerate(tf)).build} build of stridewise/tfjs` : 'as it is';
  console.log(
    `TensorFlow.js ${tf.version_core}, backend ${backend}, ${build}; Node ${process.versions.node}, seed ${seed}`,
  );
  const { learnt, test } = draw(images, seed);
  const { extent } = learnt;
  console.log(`${images} pictures of ${extent}×${extent} to learn from, ${test.count} others to be tested on\n`);
  const network = reader({ ...layers, train: tf.train }, seed);
  const [known, others] = [tensors(tf, learnt), tensors(tf, test)];
  const columns = (/** @type {(string | number)[]} */ ...cells) =>
    cells.map((cell) => String(cell).padStart(12)).join('');
  console.log(columns('epoch', 'loss', 'accuracy', 'in the test', 'seconds'));
  let start = 0;
  let accuracy = 0;
  await network.fit(known.x, known.y, {
    ...{ epochs, batchSize: BATCH, shuffle: false, verbose: 0, validationData: [others.x, others.y] },
    callbacks: {
      onEpochBegin: () => {
        start = performance.now();
      },
      onEpochEnd: (epoch, { loss, acc, val_acc }) => {
        accuracy = val_acc;
        const seconds = (performance.now() - start) / 1000;
        console.log(columns(epoch + 1, loss.toFixed(5), percent(acc), percent(val_acc), seconds.toFixed(2)));
      },
    },
  });
  console.log(`\n${percent(accuracy)} of the test digits read`);
  const isWhole = epochs >= EPOCHS && images >= IMAGES;
  if (isWhole && accuracy < GOAL) throw new Error(`expected at least ${percent(GOAL)}`);
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
