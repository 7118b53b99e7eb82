// Learning a task: pictures, a network, epochs, and how well it does on pictures it never saw.

import { drawDigits } from './digits.js';
import { Learner } from './learner.js';
import { Random } from './random.js';

/** Pictures in a step. */
export const BATCH = 25;
/** Test pictures, as a share of those that --images asks for. */
const TEST_SHARE = 0.1;

/**
 * @typedef {object} Epoch means over its pictures
 * @property {number} number from 1
 * @property {number} loss
 * @property {number} score
 * @property {number} testScore on the test pictures, at its end
 *
 * @typedef {object} Watcher
 * @property {(steps: number) => void} begin told how many steps there will be
 * @property {(step: number, epoch: number, loss: number, score: number) => void} step told means over the epoch so far
 * @property {(epoch: Epoch) => void} epoch
 */

/**
 * What a task needs before it starts; the same for the same seed.
 * @param {import('./tasks.js').Task} task @param {number} images @param {number} seed
 */
export function prepare({ style, share, model, loss }, images, seed) {
  const random = new Random(seed);
  const draw = (/** @type {number} */ part) => drawDigits(Math.max(1, Math.round(images * part)), style, random);
  const digits = draw(share);
  const test = draw(TEST_SHARE);
  return { digits, test, random, learner: new Learner(model(BATCH, style.extent, random), loss) };
}

/**
 * @param {import('./tasks.js').Task} task @param {ReturnType<typeof prepare>} material @param {number} epochs @param
 * {Watcher} watcher
 * @returns {{ score: number, steps: number, milliseconds: number }} the score on the test pictures, and the time that
 * learning took
 */
export function train({ rate }, { digits, test, random, learner }, epochs, watcher) {
  const order = Uint32Array.from({ length: digits.count }, (_, i) => i);
  const steps = epochs * Math.ceil(digits.count / BATCH);
  watcher.begin(steps);
  let step = 0;
  let milliseconds = 0;
  let testScore = 0;
  for (let number = 1; number <= epochs; number++) {
    let loss = 0;
    let score = 0;
    let seen = 0;
    for (const batch of batches(random.shuffle(order))) {
      const start = performance.now();
      const result = learner.learn(digits, batch, rate * (1 - step / steps));
      milliseconds += performance.now() - start;
      loss += result.loss;
      score += result.score;
      seen += batch.length;
      watcher.step(++step, number, loss / seen, score / seen);
    }
    testScore = examine(learner, test);
    watcher.epoch({ number, loss: loss / seen, score: score / seen, testScore });
  }
  return { score: testScore, steps, milliseconds };
}

/**
 * The mean score on pictures; `look` sees the network after each batch.
 * @param {Learner} learner @param {import('./digits.js').Digits} digits @param {(batch: Uint32Array) => void} [look]
 */
export function examine(learner, digits, look = () => {}) {
  let score = 0;
  for (const batch of batches(Uint32Array.from({ length: digits.count }, (_, i) => i))) {
    score += learner.judge(digits, batch).score;
    look(batch);
  }
  return score / digits.count;
}

/** Neighbours in a list; the last batch may be short. @param {Uint32Array} order */
function* batches(order) {
  for (let at = 0; at < order.length; at += BATCH) yield order.subarray(at, at + BATCH);
}
