// Pictures of digits, each written in its own hand and photographed badly.

import { glyphs } from './strokes.js';

/** @typedef {import('./strokes.js').Stroke} Stroke */
/** @typedef {readonly [number, number]} Range */

/**
 * @typedef {object} Style
 * @property {number} extent pixels along an edge
 * @property {Range} height of a digit, in pixels
 * @property {Range} thickness of its strokes, in pixels
 * @property {Range} noise deviation, in units of the distance from black to white
 * @property {Range} scratches how many straight lines, a pixel wide and as bright as the digit, cross the picture
 */

/** For telling digits apart. @type {Style} */
export const small = { extent: 28, height: [16, 22], thickness: [2, 3.5], noise: [0.02, 0.12], scratches: [0, 1] };

/** For finding the digit's pixels. @type {Style} */
export const noisy = { extent: 48, height: [32, 42], thickness: [5, 8], noise: [0.08, 0.25], scratches: [2, 5] };

/**
 * @typedef {object} Digits
 * @property {number} count
 * @property {number} extent
 * @property {Float32Array} pictures [count, extent, extent], about 0 (background) to 1 (ink)
 * @property {Float32Array} masks [count, extent, extent], 1 where ink covers at least half a pixel, else 0
 * @property {Uint8Array} labels 0 to 9, each as often as the others
 */

/**
 * Draws digits; the same ones for random numbers in the same state.
 * @param {number} count @param {Style} style @param {import('./random.js').Random} random
 * @returns {Digits}
 */
export function drawDigits(count, style, random) {
  const { extent } = style;
  const area = extent ** 2;
  const pictures = new Float32Array(count * area);
  const masks = new Float32Array(count * area);
  const labels = random.shuffle(Uint8Array.from({ length: count }, (_, i) => i % 10));
  for (const [i, label] of labels.entries()) {
    const range = /** @type {const} */ ([i * area, (i + 1) * area]);
    const ink = masks.subarray(...range);
    const picture = pictures.subarray(...range);
    ink.set(write(label, style, random));
    photograph(ink, style, random, picture);
    for (let at = 0; at < area; at++) ink[at] = ink[at] >= 0.5 ? 1 : 0;
  }
  return { count, extent, pictures, masks, labels };
}

/**
 * How much of each pixel the strokes of a digit cover, 0 to 1.
 * @param {number} label @param {Style} style @param {import('./random.js').Random} random
 */
function write(label, { extent, height, thickness }, random) {
  const glyph = glyphs[label][random.below(glyphs[label].length)];
  const tall = random.between(...height);
  const wide = tall * random.between(0.5, 0.8);
  const pen = random.between(...thickness) / 2;
  const slant = random.between(-0.25, 0.35);
  const turn = random.between(-0.12, 0.12);
  const bend = random.between(-0.12, 0.12);
  const place = (/** @type {readonly [number, number]} */ [x, y]) => {
    const [u, v] = [(x - 0.5 + bend * Math.sin(Math.PI * y)) * wide, (y - 0.5) * tall];
    return /** @type {const} */ ([u - slant * v - turn * v, v + turn * u]);
  };
  const strokes = glyph.map((stroke) =>
    stroke.map((point) => place([point[0] + 0.025 * random.normal(), point[1] + 0.02 * random.normal()])),
  );
  const points = strokes.flat();
  const [dx, dy] = [0, 1].map((axis) => {
    const along = points.map((point) => point[axis]);
    const low = pen - Math.min(...along);
    const high = extent - pen - Math.max(...along);
    // A digit too large for the picture is cut at both ends.
    return low < high ? random.between(low, high) : (low + high) / 2;
  });
  const ink = new Float32Array(extent ** 2);
  for (const stroke of strokes) {
    for (let i = 1; i < stroke.length; i++) {
      const [[ax, ay], [bx, by]] = [stroke[i - 1], stroke[i]];
      drawLine(ink, extent, [ax + dx, ay + dy], [bx + dx, by + dy], pen);
    }
  }
  return ink;
}

/**
 * A straight line with round ends and smooth borders; where lines meet, the darker one counts.
 * @param {Float32Array} ink @param {number} extent @param {Range} a @param {Range} b @param {number} pen half its width
 */
export function drawLine(ink, extent, [ax, ay], [bx, by], pen) {
  const [ux, uy] = [bx - ax, by - ay];
  const square = ux * ux + uy * uy || 1;
  const reach = pen + 1;
  const span = (/** @type {number} */ p, /** @type {number} */ q) =>
    /** @type {const} */ ([
      Math.max(0, Math.floor(Math.min(p, q) - reach)),
      Math.min(extent, Math.ceil(Math.max(p, q) + reach)),
    ]);
  const [left, right] = span(ax, bx);
  const [top, bottom] = span(ay, by);
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const [px, py] = [column + 0.5 - ax, row + 0.5 - ay];
      const along = Math.min(1, Math.max(0, (px * ux + py * uy) / square));
      const distance = Math.sqrt((px - along * ux) ** 2 + (py - along * uy) ** 2);
      const cover = Math.min(1, pen + 0.5 - distance);
      const at = row * extent + column;
      if (cover > ink[at]) ink[at] = cover;
    }
  }
}

/**
 * Ink under uneven light, with scratches and noise.
 * @param {Float32Array} ink @param {Style} style @param {import('./random.js').Random} random @param {Float32Array}
 * picture written
 */
function photograph(ink, { extent, noise, scratches }, random, picture) {
  const contrast = random.between(0.6, 1);
  const light = [random.between(0, 0.25), random.between(-0.15, 0.15), random.between(-0.15, 0.15)];
  const deviation = random.between(...noise);
  const marked = ink.slice();
  const anywhere = () => /** @type {const} */ ([random.between(0, extent), random.between(0, extent)]);
  for (let i = Math.floor(random.between(scratches[0], scratches[1] + 1)); i > 0; i--) {
    drawLine(marked, extent, anywhere(), anywhere(), 0.5);
  }
  for (let at = 0; at < picture.length; at++) {
    const [u, v] = [(at % extent) / extent - 0.5, Math.floor(at / extent) / extent - 0.5];
    picture[at] = light[0] + light[1] * u + light[2] * v + contrast * marked[at] + deviation * random.normal();
  }
}
