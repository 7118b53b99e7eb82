import { ShapeError } from '../errors.js';
import type { Clamp } from '../further.js';
import { checkOptions, optionNames } from './options.js';
import { clampOf, type ProductExtents, readMatrix } from './products.js';
import { count, show } from './show.js';
import { checkShape, checkSize, sizeOf } from './tensor.js';

/** A checked linear layer: m rows of k features to n features. */
export interface LinearProblem extends ProductExtents {
  readonly clamp: Clamp;
  readonly yShape: readonly number[];
}

/**
 * Checks x [..., in] with weight [out, in] to y [..., out]; the value of `bias` ([out]) is not looked at here.
 * @throws ShapeError or OptionError
 */
export function linearProblem(
  xShape: readonly number[],
  weightShape: readonly number[],
  options?: unknown,
  calledAs = 'linear',
): LinearProblem {
  const o = checkOptions(calledAs, options, optionNames.linear);
  checkShape('x.shape', xShape);
  if (xShape.length === 0) throw new ShapeError('x has rank 0 (shape []), expected rank 1 or more: [..., in]');
  checkSize('x', xShape);
  const [n, kOfWeight] = readMatrix('weight', weightShape, false, 'out', 'in');
  const k = xShape[xShape.length - 1];
  if (k !== kOfWeight)
    throw new ShapeError(`x has ${count(k, 'feature')} in its last axis, weight expects ${kOfWeight}`);
  const rows = xShape.slice(0, -1);
  const yShape = Object.freeze([...rows, n]);
  checkSize('y', yShape);
  return Object.freeze({ m: sizeOf(rows), n, k, clamp: clampOf(o), yShape });
}

/**
 * The shape [out, c, ...map] of linear weights [out, c map...] seen as those of a convolution over the whole map.
 * @param mapShape [c, ...spatial] of the map that was flattened, one to three spatial axes
 */
export function linearAsConvShape(weightShape: readonly number[], mapShape: readonly number[]): readonly number[] {
  const [out, features] = readMatrix('weight', weightShape, false, 'out', 'in');
  checkShape('map', mapShape);
  if (mapShape.length < 2 || mapShape.length > 4) {
    throw new ShapeError(
      `map has rank ${mapShape.length} (shape ${show(mapShape)}), expected rank 2 to 4: [c, ...spatial]`,
    );
  }
  const cells = sizeOf(mapShape);
  if (cells !== features) {
    throw new ShapeError(
      `weight has ${features} input features, map ${show(mapShape)} expects ${cells} (${mapShape.join(' x ')})`,
    );
  }
  return Object.freeze([out, ...mapShape]);
}
