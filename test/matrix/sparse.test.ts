import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromDense, multiply, toDense, transpose } from '../../src/matrix.js';
import * as facts from '../fixtures/matrix-facts.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';

const int = (min: number, max: number) => fc.integer({ min, max });

/** Rows of integers, more than half of them 0. */
const rowsOf = (rows: number, columns: number) =>
  fc.array(fc.array(fc.constantFrom(0, 0, 0, 1, -2, 3), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  });

const dense = (rows: facts.Matrix) => ({ data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0].length] });
const matrices = fc.tuple(int(1, 6), int(1, 7), int(1, 5)).chain(([m, k, n]) => fc.tuple(rowsOf(m, k), rowsOf(k, n)));

describe('sparse rows', () => {
  test('hold what is not 0, row by row', () => {
    expect(
      fromDense(
        dense([
          [0, 5, 0],
          [0, 0, 0],
          [Number.NaN, 0, -1],
        ]),
      ),
    ).toEqual({
      rows: 3,
      columns: 3,
      rowStarts: Uint32Array.of(0, 1, 1, 3),
      columnIndices: Uint32Array.of(1, 0, 2),
      values: Float32Array.of(5, Number.NaN, -1),
    });
  });

  test('products, transposes and dense forms agree with dense arithmetic', () => {
    fc.assert(
      fc.property(matrices, ([a, b]) => {
        const [left, right] = [fromDense(dense(a)), fromDense(dense(b))];
        expectExact(toDense(left), dense(a));
        expectExact(toDense(multiply(left, right)), dense(facts.multiply(a, b)));
        expect(transpose(left)).toEqual(fromDense(dense(facts.transposed(a))));
        expectExact(multiply(right, b[0]), facts.apply(b, b[0]));
        expectExact(multiply(left, Float32Array.from(a[0])), facts.apply(a, a[0]));
      }),
      propertyRuns(),
    );
  });

  test('sums are rounded once: 2^24 + 1 + 1', () => {
    const row = fromDense(dense([[2 ** 24, 1, 1]]));
    expect([...multiply(row, [1, 1, 1])]).toEqual([2 ** 24 + 2]);
    expect([...multiply(row, fromDense(dense([[1], [1], [1]]))).values]).toEqual([2 ** 24 + 2]);
  });

  test('may have no rows or no columns', () => {
    const none = fromDense({ data: new Float32Array(0), shape: [0, 3] });
    expect(multiply(none, [1, 2, 3])).toEqual(new Float32Array(0));
    expect(toDense(transpose(none))).toEqual({ data: new Float32Array(0), shape: [3, 0] });
    expect([...multiply(transpose(none), [])]).toEqual([0, 0, 0]);
    expect(multiply(transpose(none), none)).toEqual(fromDense({ data: new Float32Array(9), shape: [3, 3] }));
  });
});
