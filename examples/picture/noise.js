// Gradient noise on an integer lattice (K. Perlin, "Improving noise", SIGGRAPH 2002) and its fractal sum.

/** The seed's share of every hash; fixed, so that the picture is the same everywhere. */
const SEED = 0x5eed;

/**
 * A well-mixed number in [0, 1) for a lattice point.
 * @param {number} x integer
 * @param {number} y integer
 */
export function hash(x, y) {
  let h = Math.imul(x, 0x27d4eb2f) ^ Math.imul(y, 0x165667b1) ^ SEED;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * Ramp along one of sixteen directions chosen by the lattice point (ix, iy), at the offset (dx, dy) from it.
 * @param {number} ix @param {number} iy @param {number} dx @param {number} dy
 */
function ramp(ix, iy, dx, dy) {
  const direction = Math.floor(hash(ix, iy) * 16);
  return DIRECTION_X[direction] * dx + DIRECTION_Y[direction] * dy;
}

const DIRECTION_X = Array.from({ length: 16 }, (_, i) => Math.cos((i * Math.PI) / 8));
const DIRECTION_Y = Array.from({ length: 16 }, (_, i) => Math.sin((i * Math.PI) / 8));

/**
 * Smooth noise, about -0.7 to 0.7, zero at every lattice point.
 * @param {number} x @param {number} y
 */
export function noise(x, y) {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const top = ramp(ix, iy, fx, fy) * (1 - u) + ramp(ix + 1, iy, fx - 1, fy) * u;
  const bottom = ramp(ix, iy + 1, fx, fy - 1) * (1 - u) + ramp(ix + 1, iy + 1, fx - 1, fy - 1) * u;
  return top * (1 - v) + bottom * v;
}

/**
 * Fractal sum: each octave twice as fine and half as strong, turned a little so that lattices do not line up.
 * @param {number} x @param {number} y @param {number} octaves
 */
export function fractal(x, y, octaves) {
  let sum = 0;
  for (let i = 0, strength = 1; i < octaves; i++, strength /= 2) {
    sum += strength * noise(x, y);
    [x, y] = [1.6 * x + 1.2 * y + 17.3, 1.6 * y - 1.2 * x - 9.1];
  }
  return sum;
}

/**
 * Fractal sum of folded noise: sharp crests, as mountains have them. About 0 to 1.
 * @param {number} x @param {number} y @param {number} octaves
 */
export function ridged(x, y, octaves) {
  let sum = 0;
  let total = 0;
  for (let i = 0, strength = 1; i < octaves; i++, strength *= 0.48) {
    sum += strength * (1 - 1.6 * Math.abs(noise(x, y)));
    total += strength;
    [x, y] = [1.6 * x + 1.2 * y + 31.7, 1.6 * y - 1.2 * x + 5.9];
  }
  return sum / total;
}
