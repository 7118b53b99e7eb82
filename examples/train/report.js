// How well it was learnt, in words and numbers.

import { answerOf, overlap } from './loss.js';
import { examine } from './train.js';

/** @typedef {import('./digits.js').Digits} Digits */

/** @param {number} share */
export function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

/** A line of the table of epochs. @param {(string | number)[]} cells */
export function tableRow(...cells) {
  return cells.map((cell, i) => String(cell).padStart(i === 0 ? 5 : 13)).join('');
}

/**
 * How often each digit (row) is read as each (column).
 * @param {import('./learner.js').Learner} learner @param {Digits} digits
 */
export function confusion(learner, digits) {
  const counts = Array.from({ length: 10 }, () => new Array(10).fill(0));
  examine(learner, digits, (batch) => {
    const { data, shape } = learner.network.output.value;
    for (const [i, at] of batch.entries()) {
      counts[digits.labels[at]][answerOf(data.subarray(i * shape[1], (i + 1) * shape[1]))]++;
    }
  });
  return counts;
}

/** @param {number[][]} counts */
export function confusionTable(counts) {
  const width = Math.max(...counts.flat()).toString().length + 2;
  const line = (/** @type {string} */ head, /** @type {(string | number)[]} */ cells) =>
    head.padEnd(8) + cells.map((cell) => String(cell).padStart(width)).join('');
  const digits = counts.map((_, digit) => digit);
  return [
    line('read as', digits),
    ...counts.map((row, digit) =>
      line(
        `drawn ${digit}`,
        row.map((n) => n || '·'),
      ),
    ),
  ].join('\n');
}

/**
 * What a rule without learning reaches: the pixels above one brightness, the best one for all pictures. @param {Digits}
 * digits
 */
export function bestThreshold({ count, extent, pictures, masks }) {
  const area = extent ** 2;
  const scores = Array.from({ length: 20 }, (_, i) => {
    let sum = 0;
    for (let at = 0; at < count * area; at += area) {
      sum += overlap(pictures.subarray(at, at + area), i / 20, masks.subarray(at, at + area));
    }
    return sum / count;
  });
  return Math.max(...scores);
}
