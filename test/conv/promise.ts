import type { ConvRow } from '../../src/algorithms/row.js';
import type { Result } from '../reference/tensor.js';
import { expectWithin, expectWithinTiles, type Values } from '../support/bounds.js';

type Row = Pick<ConvRow, 'name' | 'accuracy'>;

/**
 * Direct sums of integers are exact. So is Winograd on the points 0, 1, -1, infinity, whose only fractions are halves.
 */
export const isExact = ({ name, accuracy }: Row): boolean => accuracy === 'high' || name === 'winograd-f2x2';

/** Holds a row to the bound that its accuracy states. */
export function expectBounded(out: Values, expected: Result, accuracy: Row['accuracy']): void {
  if (accuracy === 'high') expectWithin(out, expected, expected.magnitude, expected.terms);
  else expectWithinTiles(out, expected);
}
