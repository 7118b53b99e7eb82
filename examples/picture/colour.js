// Arithmetic on linear light, and the curve between linear light and the samples of a file.

/** @typedef {[number, number, number]} Colour linear light, red green blue */

/** @param {number} a @param {number} b @param {number} t */
export const mix = (a, b, t) => a + (b - a) * t;

/** @param {Colour} a @param {Colour} b @param {number} t @returns {Colour} */
export const blend = (a, b, t) => [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];

/** @param {Colour} a @param {Colour} b @param {number} t @returns {Colour} */
export const add = (a, b, t) => [a[0] + b[0] * t, a[1] + b[1] * t, a[2] + b[2] * t];

/** 0 below `from`, 1 above `to`, smooth between. @param {number} from @param {number} to @param {number} t */
export function step(from, to, t) {
  const s = Math.min(1, Math.max(0, (t - from) / (to - from)));
  return s * s * (3 - 2 * s);
}

/** Linear light to an sRGB sample (IEC 61966-2-1). @param {number} light */
export const encode = (light) => (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
