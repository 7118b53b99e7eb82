// The picture the example runs on: a lake at dusk, made of nothing but formulas, the same at every run.

import { add, blend, encode, mix, step } from './colour.js';
import { fractal, hash, noise, ridged } from './noise.js';

/** @typedef {import('./colour.js').Colour} Colour */

// Lengths are in picture heights: x from 0 to 1.5, y from 0 (top) to 1; heights above the waterline are called `up`.
const WATERLINE = 0.63;
const SUN = { x: 1.012, up: 0.108, radius: 0.026 };

/** Clear sky by height above the waterline. @type {[number, Colour][]} */
const SKY = [
  [0, [1.25, 0.6, 0.2]],
  [0.09, [1.05, 0.42, 0.17]],
  [0.2, [0.62, 0.25, 0.22]],
  [0.36, [0.23, 0.15, 0.27]],
  [0.64, [0.045, 0.06, 0.17]],
];

/** Mountain ranges, far to near: height of the foot and of the peaks, peaks per picture height, haze in front. */
const RANGES = [
  { foot: 0.05, peak: 0.2, pitch: 2.3, haze: 0.7 },
  { foot: 0.02, peak: 0.15, pitch: 3.1, haze: 0.46 },
  { foot: 0.0, peak: 0.1, pitch: 4.3, haze: 0.22 },
  { foot: -0.01, peak: 0.055, pitch: 6.1, haze: 0.05 },
];

/** @param {number} up @returns {Colour} */
function clearSky(up) {
  const next = SKY.findIndex(([height]) => height > up);
  const [low, lowColour] = SKY[next - 1];
  const [high, highColour] = SKY[next];
  return blend(lowColour, highColour, step(low, high, up));
}

/**
 * Thickness of the clouds seen at a point of the sky: a flat layer, so it crowds together toward the horizon.
 * @param {number} x @param {number} up
 */
function cloud(x, up) {
  const far = 1 / (up + 0.16);
  const across = (x - 0.75) * far * 0.55;
  const bend = 0.5 * noise(across * 0.9 + 3.7, far * 0.8);
  return step(0.02, 0.62, fractal(across + bend + 4.2, far * 1.55 + bend, 6) + 0.24 - 0.4 * Math.max(0, up - 0.45));
}

/** @param {number} x @param {number} up @returns {Colour} */
function sky(x, up) {
  const distance = Math.hypot(x - SUN.x, (up - SUN.up) * 1.15);
  const near = Math.exp(-distance / 0.3);
  let colour = clearSky(up);
  colour = add(colour, [1.5, 0.62, 0.16], 0.55 * near);
  colour = add(colour, [3, 1.7, 0.6], 0.8 * Math.exp(-distance / 0.055));
  colour = add(colour, [9, 6.6, 3.4], step(SUN.radius + 0.002, SUN.radius - 0.002, distance));
  const thick = cloud(x, up);
  const reach = 0.035 / Math.max(0.08, distance);
  const lit = step(-0.1, 0.4, thick - cloud(x + (SUN.x - x) * reach, up + (SUN.up - up) * reach));
  const shade = blend([0.2, 0.11, 0.17], [0.07, 0.055, 0.12], step(0.1, 0.5, up));
  const glow = add(blend([0.55, 0.17, 0.19], [1.6, 0.62, 0.24], near), [2.6, 1.4, 0.5], near * near * (1 - thick));
  return blend(colour, blend(shade, glow, 0.12 + 0.88 * lit), 0.9 * thick);
}

/** @param {number} x @param {number} up @param {number} blur half width of an edge @returns {Colour} */
function mountainsAndSky(x, up, blur) {
  let colour = up > -0.02 ? sky(x, Math.max(0, up)) : clearSky(0);
  const warmth = Math.exp(-Math.abs(x - SUN.x) / 0.45);
  const haze = blend([0.26, 0.15, 0.22], [1.15, 0.5, 0.2], warmth);
  RANGES.forEach(({ foot, peak, pitch, haze: veil }, i) => {
    const crest = foot + peak * (ridged(x * pitch + 11 * i, 2.7 * i, 6) ** 2 + 0.25 * noise(x * 1.3 + 5 * i, 8.5));
    const cover = step(-blur, blur, crest - up);
    if (cover === 0) return;
    const relief = fractal(x * 16 + 7 * i, up * 26 + x * 9, 4);
    const rock = blend([0.022, 0.02, 0.045], [0.085, 0.05, 0.07], 0.5 + 0.5 * relief);
    const mist = veil + (1 - veil) * 0.6 * Math.exp(-Math.max(0, up - foot) / 0.03) * (i < 3 ? 1 : 0.25);
    colour = blend(colour, blend(rock, haze, mist * (0.9 + 0.1 * relief)), cover);
  });
  return colour;
}

/** @param {number} x @param {number} down distance below the waterline @param {number} blur @returns {Colour} */
function water(x, down, blur) {
  const far = 1 / (down + 0.03);
  const swell = fractal(x * far * 0.55, far * 3.4, 4);
  const chop = fractal(x * far * 1.7 + 40, far * 9, 3);
  const tilt = 0.05 * down ** 0.6 * (swell + 0.8 * chop);
  const mirrored = mountainsAndSky(x + 0.35 * tilt, Math.max(0, down * 1.02 + 1.9 * tilt), blur + 0.004 + 0.03 * down);
  const shine = 0.86 - 0.75 * down;
  const colour = add([0.012, 0.016, 0.035], mirrored, shine);
  const path = Math.exp(-(((x - SUN.x) / (0.028 + 0.3 * down)) ** 2));
  return add(colour, [2.6, 1.25, 0.42], path * step(0.05, 0.5, swell * 0.6 + chop) * 0.9);
}

/** Spruces on the near shore: foot, height and a number that shapes the branches. */
const TREES = Array.from({ length: 46 }, (_, i) => {
  const left = i % 3 !== 0;
  const spread = hash(i, 1) ** 1.5;
  return {
    x: left ? -0.03 + 0.44 * spread : 1.53 - 0.3 * spread,
    height: (left ? 0.62 : 0.36) * (1 - 0.8 * spread) * mix(0.55, 1, hash(i, 2)),
    phase: hash(i, 3) * 10,
  };
});

/** Height of the near shore: a bay between two banks. @param {number} x */
function bank(x) {
  const left = 0.14 * Math.exp(-((x / 0.36) ** 2));
  const right = 0.085 * Math.exp(-(((1.5 - x) / 0.26) ** 2));
  return -0.325 + left + right + 0.012 * fractal(x * 5, 1.5, 3);
}

/** How much of a pixel the near shore covers. @param {number} x @param {number} up @param {number} pixel */
function shore(x, up, pixel) {
  const grass = 0.02 * Math.max(0, ridged(x * 60, 3, 3) - 0.35);
  let cover = step(-pixel, pixel, bank(x) + grass - up);
  for (const { x: foot, height, phase } of TREES) {
    const distance = Math.abs(x - foot);
    if (cover === 1 || distance > 0.25 * height) continue;
    const fromTop = (bank(foot) + height - up) / height;
    if (fromTop < 0 || fromTop > 1.1) continue;
    const whorl = fromTop * (16 + 12 * height) + phase + 0.6 * noise(x * 90, up * 40);
    const droop = whorl - Math.floor(whorl);
    const raggedness = 0.8 + 0.5 * noise(whorl * 0.9, phase + Math.sign(x - foot));
    const reach = height * (0.004 + 0.19 * fromTop ** 0.9 * (0.35 + 0.65 * droop) * raggedness);
    cover = Math.max(cover, step(-pixel, pixel, reach - distance));
  }
  return cover;
}

/** A few gulls: place and half span. */
const BIRDS = [
  [0.62, 0.43, 0.012],
  [0.66, 0.455, 0.009],
  [0.585, 0.46, 0.008],
  [0.7, 0.44, 0.007],
  [0.55, 0.43, 0.006],
];

/** @param {number} x @param {number} up @param {number} pixel */
function birds(x, up, pixel) {
  let cover = 0;
  for (const [bx, bup, span] of BIRDS) {
    const s = Math.abs(x - bx) / span;
    if (s > 1.05) continue;
    const wing = bup + span * (0.9 * s * (1 - s) + 0.12 * s);
    cover = Math.max(cover, step(pixel * 1.3, 0, Math.abs(up - wing) - 0.05 * span * (1 - s)));
  }
  return cover;
}

/**
 * The picture, three planes of sRGB samples from 0 to 1.
 * @param {number} width pixels @param {number} height pixels
 */
export function paintLandscape(width, height) {
  const data = new Float32Array(3 * width * height);
  const pixel = 1 / height;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = (column + 0.5) * pixel;
      const up = WATERLINE - (row + 0.5) * pixel;
      let colour = up >= 0 ? mountainsAndSky(x, up, pixel) : water(x, -up, pixel);
      colour = blend(colour, [0.02, 0.015, 0.03], birds(x, up, pixel));
      colour = blend(colour, [0.006, 0.007, 0.011], shore(x, up, 0.6 * pixel));
      const corner = Math.hypot(x - 0.75, up - 0.13);
      const exposure = 1.25 * (1 - 0.28 * step(0.35, 1, corner));
      const grain = (hash(column, row) + hash(column + 9973, row) + hash(column, row + 7919) - 1.5) * 0.014;
      for (let c = 0; c < 3; c++) {
        data[(c * height + row) * width + column] = encode(1 - Math.exp(-exposure * colour[c])) + grain;
      }
    }
  }
  return { data, shape: [1, 3, height, width] };
}
