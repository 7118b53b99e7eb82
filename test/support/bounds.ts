import { AssertionError } from 'node:assert';

/** Half the distance from 1 to the next float32. */
export const UNIT_ROUNDOFF = 2 ** -24;

/** The smallest positive float32: what one product can lose by underflow. */
const SMALLEST = 2 ** -149;

interface Shaped {
  readonly data: ArrayLike<number>;
  readonly shape?: readonly number[];
}

export type Values = ArrayLike<number> | Shaped;

const valuesOf = (values: Values): ArrayLike<number> => ('data' in values ? values.data : values);
const shapeOf = (values: Values): readonly number[] | undefined => ('data' in values ? values.shape : undefined);

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Flat index as [position along each axis]. */
function position(index: number, shape: readonly number[]): number[] {
  let rest = index;
  const at = [...shape].reverse().map((extent) => {
    const along = rest % extent;
    rest = Math.floor(rest / extent);
    return along;
  });
  return at.reverse();
}

/** Fails with the first index at which `agrees` does not hold, naming its position where a shape is known. */
function compare(
  actual: Values,
  expected: Values,
  agrees: (a: number, e: number, index: number) => boolean,
  rule: (index: number) => string,
): void {
  const found = valuesOf(actual);
  const wanted = valuesOf(expected);
  const shape = shapeOf(expected) ?? shapeOf(actual);
  const fail = (message: string): never => {
    throw new AssertionError({ message, stackStartFn: compare });
  };
  const actualShape = shapeOf(actual);
  if (shape && actualShape && shape.join() !== actualShape.join()) fail(`shape [${actualShape}], expected [${shape}]`);
  if (found.length !== wanted.length) fail(`${found.length} elements, expected ${wanted.length}`);
  let first = -1;
  let wrong = 0;
  for (let index = 0; index < wanted.length; index += 1) {
    if (agrees(found[index], wanted[index], index)) continue;
    if (first < 0) first = index;
    wrong += 1;
  }
  if (wrong === 0) return;
  const where = shape ? ` [${position(first, shape)}]` : '';
  fail(
    `index ${first}${where}: ${found[first]}, expected ${wanted[first]} (${rule(first)}); ${wrong} of ${wanted.length} differ`,
  );
}

/**
 * Equal values everywhere: -0 equals +0, NaN equals NaN. Where `actual` is float32, `expected` is rounded to float32
 * once.
 */
export function expectExact(actual: Values, expected: Values): void {
  const single = valuesOf(actual) instanceof Float32Array;
  const agrees = (a: number, e: number): boolean => same(a, single ? Math.fround(e) : e);
  compare(actual, expected, agrees, () => 'exactly');
}

/** The bound of `expectWithin` for one sum. */
export function sumBound(magnitude: number, terms: number, factor = 1): number {
  const n = terms + 2;
  return ((factor * n * UNIT_ROUNDOFF) / (1 - n * UNIT_ROUNDOFF)) * magnitude + n * SMALLEST;
}

/**
 * Within the error of a float32 sum: |actual - expected| <= factor * gamma(n) * magnitude + n * 2^-149, with gamma(n) =
 * n u / (1 - n u), u = 2^-24 and n = terms + 2. `magnitude` is the sum of the absolute values of the terms, `terms` how
 * many there are. n roundings are all that a product of two sees in a sum of n terms in any order (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., section 3.1); fused multiply-add rounds less often, so relaxed madd
 * satisfies the bound too. The two more are for a final scale and its rounding (alpha, a divisor). `factor` is for
 * algorithms whose error is of another order, and says of which.
 */
export function expectWithin(
  actual: Values,
  expected: Values,
  magnitude: ArrayLike<number>,
  terms: number,
  factor = 1,
): void {
  const bound = (index: number): number => sumBound(magnitude[index], terms, factor);
  const agrees = (a: number, e: number, index: number): boolean =>
    same(a, e) || (Number.isFinite(e) && Math.abs(a - e) <= bound(index));
  compare(actual, expected, agrees, (index) => `within ${bound(index)}`);
}

/**
 * What Winograd's transforms make of a rounding error at most: the largest row sum of |A^T| (|G| |B^T|) over that of
 * the direct sum. With points 0, 1, -1, 2, -2, infinity it is 20.3 along an axis with two taps and less with more, so
 * 413 along two axes; 28 with eight points along one axis. The rest is for the roundings of the transforms themselves.
 */
const TILE_FACTOR = 512;

interface Summed extends Shaped {
  readonly magnitude: ArrayLike<number>;
  readonly terms: number;
}

/**
 * As `expectWithin`, for algorithms that sum the inputs of a tile before they multiply them: every output answers for
 * the largest of all.
 */
export function expectWithinTiles(actual: Values, expected: Summed): void {
  const { magnitude, terms } = expected;
  const largest = Array.from(magnitude).reduce((most, value) => Math.max(most, value), 0);
  expectWithin(actual, expected, new Float64Array(magnitude.length).fill(largest), terms, TILE_FACTOR);
}

/**
 * Mean error that rows of each accuracy promise, relative to the root mean square of the output, for uniform operands
 * and up to 128 channels.
 */
const MEAN_ERROR = { high: 8e-7, standard: 2e-6 } as const;

/** The mean error is what rows of this accuracy promise. */
export function expectAccuracy(actual: Values, expected: Values, accuracy: keyof typeof MEAN_ERROR): void {
  const found = valuesOf(actual);
  const wanted = valuesOf(expected);
  let error = 0;
  let square = 0;
  for (let i = 0; i < wanted.length; i += 1) {
    error += Math.abs(found[i] - wanted[i]);
    square += wanted[i] ** 2;
  }
  const relative = error / wanted.length / Math.sqrt(square / wanted.length);
  if (!(relative <= MEAN_ERROR[accuracy])) {
    throw new AssertionError({
      message: `mean error ${relative}, promised ${MEAN_ERROR[accuracy]}`,
      stackStartFn: expectAccuracy,
    });
  }
}

/** Figures printed in a lecture: relative 1e-5 plus absolute 1e-5, the precision to which they are printed. */
export function expectPrinted(actual: Values, printed: Values): void {
  const bound = (e: number): number => 1e-5 + 1e-5 * Math.abs(e);
  compare(
    actual,
    printed,
    (a, e) => Math.abs(a - e) <= bound(e),
    () => 'as printed',
  );
}

/**
 * A derivative in f64 against its estimate by central differences of step 2^-17 (see derivative.ts): the estimate errs
 * by about 2^-36 for the curvature and 2^-36 for rounding where values and their third derivatives are of the order of
 * 1; the bound leaves a factor of a thousand for those that are not.
 */
export function expectDerivative(actual: Values, estimate: Values): void {
  const bound = (e: number): number => 2 ** -26 * Math.max(1, Math.abs(e));
  compare(
    actual,
    estimate,
    (a, e) => Math.abs(a - e) <= bound(e),
    (index) => `within ${bound(valuesOf(estimate)[index])}`,
  );
}
