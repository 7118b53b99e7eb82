import { type Operand, type Result, volume } from './tensor.js';

/** All products of a bilinear operator y[a] += x[b] * w[c], visited as flat offsets (a, b, c). */
export type Terms = (visit: (y: number, x: number, w: number) => void) => void;

const magnitudeOf = (operand: Operand, at: number): number => operand.magnitude?.[at] ?? Math.abs(operand.data[at]);

/** out[a] += left[b] * right[c] over all (a, b, c). */
function accumulate(shape: readonly number[], terms: Terms, left: Operand, right: Operand): Result {
  const size = volume(shape);
  const data = new Float64Array(size);
  const magnitude = new Float64Array(size);
  const counts = new Int32Array(size);
  terms((a, b, c) => {
    data[a] += left.data[b] * right.data[c];
    magnitude[a] += magnitudeOf(left, b) * magnitudeOf(right, c);
    counts[a] += 1;
  });
  const own = counts.reduce((most, count) => Math.max(most, count), 0);
  return { data, shape: [...shape], magnitude, terms: own + (left.terms ?? 0) + (right.terms ?? 0) };
}

/** y[a] += x[b] * w[c] */
export const forwardSum = (terms: Terms, x: Operand, w: Operand, yShape: readonly number[]): Result =>
  accumulate(yShape, terms, x, w);

/** gradX[b] += gradY[a] * w[c] */
export const leftGrad = (terms: Terms, gradY: Operand, w: Operand, xShape: readonly number[]): Result =>
  accumulate(xShape, (visit) => terms((a, b, c) => visit(b, a, c)), gradY, w);

/** gradW[c] += gradY[a] * x[b] */
export const rightGrad = (terms: Terms, gradY: Operand, x: Operand, wShape: readonly number[]): Result =>
  accumulate(wShape, (visit) => terms((a, b, c) => visit(c, a, b)), gradY, x);

const one: Operand = { data: [1], shape: [1] };

/** out[a] += from[b] over all (a, b). */
export const plainSum = (
  pairs: (visit: (to: number, from: number) => void) => void,
  from: Operand,
  shape: readonly number[],
): Result => accumulate(shape, (visit) => pairs((a, b) => visit(a, b, 0)), from, one);
