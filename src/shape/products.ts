import { ShapeError } from '../errors.js';
import type { Clamp } from '../further.js';
import { activationClamp } from './options.js';
import { show } from './show.js';
import { checkShape, checkSize } from './tensor.js';

/** Extents of a product [m, k] by [k, n]; any of them may be 0. */
export interface ProductExtents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Bounds of the activation among checked options. */
export function clampOf(o: Readonly<Record<string, unknown>>): Clamp {
  return Object.freeze(activationClamp(o.activation));
}

/** Rows and columns of an operand as it enters the product. */
export function readMatrix(
  operand: string,
  shape: readonly number[],
  transposed: boolean,
  rows: string,
  columns: string,
): readonly [number, number] {
  checkShape(`${operand}.shape`, shape);
  if (shape.length !== 2) {
    const expected = transposed ? `[${columns}, ${rows}]` : `[${rows}, ${columns}]`;
    throw new ShapeError(`${operand} has rank ${shape.length} (shape ${show(shape)}), expected rank 2: ${expected}`);
  }
  checkSize(operand, shape);
  return transposed ? [shape[1], shape[0]] : [shape[0], shape[1]];
}

/** Holds the columns of `a` against the rows of `b`. */
export function matchInner(found: number, expected: number): void {
  if (found !== expected) throw new ShapeError(`a has inner extent ${found}, b expects ${expected}`);
}
