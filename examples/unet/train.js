// Learning to remove noise: pictures are drawn once, noise anew in each step.

import { drawDigits } from '../train/digits.js';
import { Random } from '../train/random.js';
import { UNet } from './unet.js';

/** Clean pictures: digits under uneven light, with scratches, which are to stay. @type {import('../train/digits.js').Style} */
const style = { extent: 48, height: [24, 42], thickness: [3, 8], noise: [0, 0], scratches: [0, 3] };

export const { extent } = style;
/** Deviation of the noise, in units of the distance from black to white. */
export const NOISE = 0.2;
/** Pictures in a step. */
const BATCH = 8;
const PICTURES = 400;
/** Pictures that the network never learns from. */
const TESTS = 40;
/** Of learning, at the begin; it falls to 0. */
const RATE = 0.004;

const AREA = extent ** 2;

/** @param {Float32Array} clean @param {Random} random */
const noisy = (clean, random) => clean.map((value) => value + NOISE * random.normal());

/** Decibels of the peak signal over what is wrong. @param {number} error mean square, for pictures from 0 to 1 */
export const psnr = (error) => -10 * Math.log10(error);

/** @param {Float32Array} a @param {Float32Array} b */
const meanSquare = (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length;

/**
 * @typedef {object} Result
 * @property {number[]} losses of the steps: mean squares
 * @property {Float32Array} clean pictures, [n, extent, extent], from the test
 * @property {Float32Array} noisy
 * @property {Float32Array} found what the network makes of the noisy ones
 * @property {number} before PSNR of the noisy pictures of the test
 * @property {number} after PSNR of what the network makes of them
 */

/**
 * The same for the same seed.
 * @param {number} steps @param {number} seed @param {(step: number, loss: number) => void} progress
 * @returns {Result}
 */
export function train(steps, seed, progress) {
  const random = new Random(seed);
  const { pictures } = drawDigits(PICTURES, style, random);
  const tests = drawDigits(TESTS, style, random).pictures;
  const network = new UNet(BATCH, extent, random);
  try {
    const losses = [];
    const batch = new Float32Array(BATCH * AREA);
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < BATCH; i++) {
        const at = random.below(PICTURES) * AREA;
        batch.set(pictures.subarray(at, at + AREA), i * AREA);
      }
      losses.push(network.learn(noisy(batch, random), batch, RATE * (1 - step / steps)));
      progress(step + 1, losses[step]);
    }
    const given = noisy(tests, random);
    const found = new Float32Array(given.length);
    for (let at = 0; at < given.length; at += BATCH * AREA)
      found.set(network.clean(given.subarray(at, at + BATCH * AREA)), at);
    const [before, after] = [given, found].map((values) => psnr(meanSquare(values, tests)));
    return { losses, clean: tests, noisy: given, found, before, after };
  } finally {
    network.dispose();
  }
}
