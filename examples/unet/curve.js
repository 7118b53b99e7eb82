// The errors of all steps as a picture.

import { drawLine } from '../train/digits.js';
import { psnr } from './train.js';

/** Pixels of the picture along an axis, and free ones at its edges. */
const EXTENT = 320;
const EDGE = 12;
/** Points of the curve, each the mean of as many steps. */
const POINTS = 100;
/** Decibels from one line to the next. */
export const LINES = 5;

/** Means of equal parts. @param {readonly number[]} losses */
function smoothed(losses) {
  const count = Math.min(POINTS, losses.length);
  const at = (/** @type {number} */ i) => Math.floor((i * losses.length) / count);
  return Array.from({ length: count }, (_, i) => {
    const part = losses.slice(at(i), at(i + 1));
    return part.reduce((sum, loss) => sum + loss, 0) / part.length;
  });
}

/**
 * PSNR over steps, from left to right, on lines of whole multiples of `LINES` decibels.
 * @param {readonly number[]} losses mean squares
 * @returns {import('stridewise').Tensor} [1, 1, height, width], black on white
 */
export function curve(losses) {
  const heights = smoothed(losses).map(psnr);
  const [low, high] = [Math.floor(Math.min(...heights) / LINES), Math.ceil(Math.max(...heights) / LINES)];
  const lines = Array.from({ length: high - low + 1 }, (_, i) => LINES * (low + i));
  const inner = EXTENT - 2 * EDGE;
  const x = (/** @type {number} */ i) => EDGE + (inner * i) / Math.max(1, heights.length - 1);
  const y = (/** @type {number} */ db) =>
    EXTENT - EDGE - (inner * (db - lines[0])) / Math.max(LINES, lines[lines.length - 1] - lines[0]);
  const [faint, ink] = [new Float32Array(EXTENT ** 2), new Float32Array(EXTENT ** 2)];
  for (const db of lines) drawLine(faint, EXTENT, [EDGE, y(db)], [EXTENT - EDGE, y(db)], 0.5);
  heights.forEach((db, i) => {
    drawLine(ink, EXTENT, [x(Math.max(0, i - 1)), y(heights[Math.max(0, i - 1)])], [x(i), y(db)], 1);
  });
  return { data: ink.map((cover, at) => 1 - Math.max(cover, 0.25 * faint[at])), shape: [1, 1, EXTENT, EXTENT] };
}
