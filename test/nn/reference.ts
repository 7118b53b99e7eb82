// The textbook loops, in f64.

export interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** Every index of a shape, in row-major order. */
export function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (list, extent) => list.flatMap((index) => Array.from({ length: extent }, (_, i) => [...index, i])),
    [[]],
  );
}

/** Place of an index; axes of extent 1, and those that are not there, repeat. */
export function placeOf(index: readonly number[], shape: readonly number[]): number {
  const own = index.slice(index.length - shape.length);
  return shape.reduce((place, extent, axis) => place * extent + (extent === 1 ? 0 : own[axis]), 0);
}

export const at = (t: Values, index: readonly number[]): number => t.data[placeOf(index, t.shape)];

/** A tensor made of its indices. */
export function made(shape: readonly number[], value: (index: number[]) => number) {
  return { data: Float64Array.from(indices(shape), value), shape: [...shape] };
}

/** Sums of what `value` gives for the indices of `over`, at the places that `to` says. */
export function summed(
  shape: readonly number[],
  over: readonly number[],
  to: (index: number[]) => number,
  value: (index: number[]) => number,
) {
  const data = new Float64Array(size(shape));
  for (const index of indices(over)) data[to(index)] += value(index);
  return { data, shape: [...shape] };
}

/** erf by a series of positive terms. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 6)) return Math.sign(x);
  let sum = 0;
  let term = a;
  for (let n = 1; n < 200; n++) {
    sum += term;
    term *= (2 * a * a) / (2 * n + 1);
  }
  return (Math.sign(x) * 2 * Math.exp(-a * a) * sum) / Math.sqrt(Math.PI);
}
