// Weights of the filters, channels first: [output channels, input channels of a group, rows, columns].

import { tensor } from 'stridewise';

/** Shares of red, green and blue in luminance (ITU-R BT.709). */
const LUMINANCE = [0.2126, 0.7152, 0.0722];
/** Red against green, and yellow against blue. */
const RED_GREEN = [0.7, -0.7, 0];
const YELLOW_BLUE = [0.35, 0.35, -0.7];

/**
 * Samples a plane function on a size x size grid round the origin.
 * @param {number} size @param {(x: number, y: number) => number} f
 */
function sample(size, f) {
  const middle = (size - 1) / 2;
  return Array.from({ length: size * size }, (_, i) => f((i % size) - middle, Math.floor(i / size) - middle));
}

/** Scaled so that all taps sum to one: flat areas keep their colour. @param {number[]} taps */
function averaging(taps) {
  const sum = taps.reduce((a, b) => a + b);
  return taps.map((tap) => tap / sum);
}

/**
 * Shifted and scaled: flat areas answer zero, the strongest possible pattern of samples from 0 to 1 answers `gain`.
 * @param {number[]} taps @param {number} gain
 */
function contrasting(taps, gain) {
  const mean = taps.reduce((a, b) => a + b) / taps.length;
  const strongest = taps.reduce((a, tap) => a + Math.max(0, tap - mean), 0);
  return taps.map((tap) => (gain * (tap - mean)) / strongest);
}

/** The same plane for each of three channels, one group per channel. @param {number[]} taps @param {number} size */
const perChannel = (taps, size) => tensor(Float32Array.from([...taps, ...taps, ...taps]), [3, 1, size, size]);

/** One output channel: a plane in the proportions of a colour. @param {number[]} taps @param {number[]} colour */
const tinted = (taps, colour) => colour.flatMap((share) => taps.map((tap) => tap * share));

/** Gaussian of standard deviation 2, nine by nine, one filter per channel. */
export function gaussian() {
  return perChannel(averaging(sample(9, (x, y) => Math.exp(-(x * x + y * y) / 8))), 9);
}

/** Sobel's pair on luminance: change toward the right and change downward; a step from black to white answers four. */
export function sobel() {
  const right = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
  const down = [-1, -2, -1, 0, 0, 0, 1, 2, 1];
  return tensor(Float32Array.from([...tinted(right, LUMINANCE), ...tinted(down, LUMINANCE)]), [2, 3, 3, 3]);
}

/**
 * Binomial taps 1 3 3 1 in both directions, one filter per channel: what a picture needs before every other pixel goes.
 */
export function binomial() {
  const line = [1, 3, 3, 1];
  return perChannel(averaging(line.flatMap((a) => line.map((b) => a * b))), 4);
}

/**
 * Thirty-two filters, nine by nine, in four rows of eight directions: fine and coarse Gabor waves (D. Gabor 1946, J.
 * Daugman 1985) on luminance, coarse ones on opposed colours (red and green, then yellow and blue), and embossing:
 * light from one side.
 */
export function gaborAndEmbossing() {
  const directions = Array.from({ length: 8 }, (_, i) => (i * Math.PI) / 8);
  const fine = directions.map((angle) => tinted(gabor(angle, 4, 1.6, 8), LUMINANCE));
  const coarse = directions.map((angle) => tinted(gabor(angle, 8, 2.2, 6), LUMINANCE));
  const opposed = directions.map((angle, i) => tinted(gabor(2 * angle, 8, 2.2, 12), i < 4 ? RED_GREEN : YELLOW_BLUE));
  const embossed = directions.map((angle) => tinted(slope(2 * angle, 1.2, 4), LUMINANCE));
  return tensor(Float32Array.from([fine, coarse, opposed, embossed].flat(2)), [32, 3, 9, 9]);
}

/**
 * A wave under a Gaussian.
 * @param {number} angle radians @param {number} wavelength pixels @param {number} deviation pixels @param {number} gain
 */
function gabor(angle, wavelength, deviation, gain) {
  const wave = sample(9, (x, y) => {
    const along = x * Math.cos(angle) + y * Math.sin(angle);
    return Math.cos((2 * Math.PI * along) / wavelength) * Math.exp(-(x * x + y * y) / (2 * deviation ** 2));
  });
  return contrasting(wave, gain);
}

/**
 * First derivative of a Gaussian: bright where the picture darkens toward `angle`.
 * @param {number} angle radians @param {number} deviation pixels @param {number} gain
 */
function slope(angle, deviation, gain) {
  const tilt = sample(9, (x, y) => {
    const along = x * Math.cos(angle) + y * Math.sin(angle);
    return -along * Math.exp(-(x * x + y * y) / (2 * deviation ** 2));
  });
  return contrasting(tilt, gain);
}
