// Runs the model that a visitor chooses, by TensorFlow.js as it is and accelerated, and shows both times.

import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { accelerate } from 'stridewise/tfjs';
import { noise, openModel, predict } from './model.js';

const element = (id) => document.getElementById(id);

/** Milliseconds of predictions before their times count, and of those that count. */
const WARM = 300;
const MEASURED = 1000;

/** The numbers of a model, and milliseconds of its first prediction and the median of later ones. */
async function measure(model, inputs) {
  const time = async () => {
    const begin = performance.now();
    const numbers = await predict(model, inputs);
    return { numbers, ms: performance.now() - begin };
  };
  const { numbers, ms: first } = await time();
  for (const begin = performance.now(); performance.now() - begin < WARM; ) await time();
  const times = [];
  for (const begin = performance.now(); times.length < 3 || performance.now() - begin < MEASURED; )
    times.push((await time()).ms);
  return { numbers, first, median: times.sort((a, b) => a - b)[times.length >> 1] };
}

/** Largest difference, and the root mean square of what is expected. */
function compare(wanted, found) {
  let [most, squares, count] = [0, 0, 0];
  for (const [i, numbers] of wanted.entries()) {
    for (const [j, value] of numbers.entries()) {
      if (!Object.is(value, found[i][j])) most = Math.max(most, Math.abs(value - found[i][j]));
      squares += value * value;
    }
    count += numbers.length;
  }
  return { most, rms: Math.sqrt(squares / count) };
}

function show(plain, accelerated) {
  for (const row of ['first', 'median']) {
    const cells = element(row).querySelectorAll('td');
    const [a, b] = [plain[row], accelerated[row]];
    for (const [i, text] of [a.toFixed(2), b.toFixed(2), (a / b).toFixed(2)].entries()) cells[i].textContent = text;
  }
  const { most, rms } = compare(plain.numbers, accelerated.numbers);
  element('difference').textContent =
    `Largest difference of the outputs: ${most.toExponential(1)}, at a root mean square of ${rms.toExponential(1)}.`;
  element('result').hidden = false;
}

const say = (text) => {
  element('status').textContent = text;
};

async function run() {
  element('result').hidden = true;
  element('difference').textContent = '';
  const opened = [];
  try {
    say('Loading …');
    const model = await openModel([...element('files').files]);
    opened.push(model);
    const inputs = noise(model, Number(element('open').value));
    opened.push(...inputs);
    say('Running as it is …');
    const plain = await measure(model, inputs);
    say('Running accelerated …');
    const { build, threads: ours, undo } = await accelerate(tf);
    try {
      show(plain, await measure(model, inputs));
    } finally {
      undo();
    }
    const threads = Math.max(1, getThreadsCount());
    say(
      `TensorFlow.js ${tf.version_core} on wasm, threads: ${threads}. ${build} build of Stridewise, threads: ${ours}.`,
    );
  } catch (error) {
    say(`That did not work: ${error.message}`);
  } finally {
    for (const each of opened) each.dispose();
  }
}

setWasmPaths('wasm/');
await tf.setBackend('wasm');
const button = element('run');
element('files').addEventListener('change', ({ target }) => {
  button.disabled = target.files.length === 0;
});
button.form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  await run();
  button.disabled = false;
});
document.body.dataset.ready = '';
