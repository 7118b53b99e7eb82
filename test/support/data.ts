export interface TestTensor {
  readonly data: Float32Array;
  readonly shape: number[];
}

/** A seeded stream of uniform numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Integers in [lo, hi]: their products sum exactly in f32, in any order, as long as the sums stay below 2^24. */
export function integers(size: number, seed: number, lo = -4, hi = 4): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length: size }, () => lo + Math.floor(next() * (hi - lo + 1)));
}

/** Reals in (-1, 1), none of them a short fraction. */
export function reals(size: number, seed: number): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length: size }, () => 2 * next() - 1);
}

/** A tensor of integers. */
export const integerTensor = (shape: readonly number[], seed: number, lo?: number, hi?: number): TestTensor => ({
  data: integers(
    shape.reduce((product, extent) => product * extent, 1),
    seed,
    lo,
    hi,
  ),
  shape: [...shape],
});

/** A tensor of reals. */
export const realTensor = (shape: readonly number[], seed: number): TestTensor => ({
  data: reals(
    shape.reduce((product, extent) => product * extent, 1),
    seed,
  ),
  shape: [...shape],
});
