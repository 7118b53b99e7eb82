import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { circulant, multiply, shiftMatrix, toDense, toeplitzFromFilter, transpose } from '../../src/matrix.js';
import * as facts from '../fixtures/matrix-facts.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { integers } from '../support/data.js';

const int = (min: number, max: number) => fc.integer({ min, max });
const filter = fc.array(int(-4, 4), { minLength: 1, maxLength: 7 });

describe('circulant', () => {
  const { length, x, ...known } = facts.circulant;
  const [a, b] = [known.filter, known.otherFilter].map((taps) => circulant(taps, length, { padding: 1 }));
  const shift = shiftMatrix(length, 1);
  const square = [length, length];

  test('the example of the lecture commutes', () => {
    expectExact(toDense(a), { data: known.matrix.flat(), shape: square });
    expectExact(toDense(b), { data: known.otherMatrix.flat(), shape: square });
    expectExact(toDense(shift), { data: known.shift.flat(), shape: square });
    expectExact(toDense(multiply(a, b)), toDense(multiply(b, a)));
    expectExact(multiply(a, multiply(shift, x)), multiply(shift, multiply(a, x)));
  });

  test('rows are the filter and its shifts; with flipKernel columns are', () => {
    expectExact(toDense(circulant([1, 2, 3], 4)), {
      data: [1, 2, 3, 0, 0, 1, 2, 3, 3, 0, 1, 2, 2, 3, 0, 1],
      shape: [4, 4],
    });
    const columns = circulant([1, 2, 3], 4, { flipKernel: true });
    expectExact(toDense(columns), toDense(transpose(circulant([1, 2, 3], 4))));
    expectExact(multiply(columns, [1, 0, 0, 0]), [1, 2, 3, 0]);
  });

  test('longer than n, a filter goes round', () => {
    expectExact(toDense(circulant([1, 2, 4, 8, 16], 2)), { data: [21, 10, 10, 21], shape: [2, 2] });
  });

  test('is the matrix of a convolution with circular padding', () => {
    fc.assert(
      fc.property(filter, int(0, 6), fc.boolean(), int(1, 9), (taps, before, flipKernel, n) => {
        const k = taps.length;
        const begin = Math.min(before, k - 1, n);
        fc.pre(k - 1 - begin <= n);
        const padded = toeplitzFromFilter(taps, n, {
          padding: [[begin, k - 1 - begin]],
          paddingMode: 'circular',
          flipKernel,
        });
        // Flipped, the tap on the output's own cell is the one as far from the end.
        const padding = flipKernel ? k - 1 - begin : begin;
        expectExact(toDense(circulant(taps, n, { padding, flipKernel })), toDense(padded));
      }),
      propertyRuns(),
    );
  });

  test('products commute, with each other and with shifts', () => {
    fc.assert(
      fc.property(filter, filter, int(1, 9), int(0, 5), int(-20, 20), (one, two, n, padding, by) => {
        const [c, d] = [circulant(one, n, { padding }), circulant(two, n, { flipKernel: true })];
        expectExact(toDense(multiply(c, d)), toDense(multiply(d, c)));
        const s = shiftMatrix(n, by);
        const signal = integers(n, 1);
        expectExact(multiply(c, multiply(s, signal)), multiply(s, multiply(c, signal)));
      }),
      propertyRuns(),
    );
  });
});

describe('shiftMatrix', () => {
  test('moves a signal on, round the end', () => {
    expect([...multiply(shiftMatrix(5, 2), [1, 2, 3, 4, 5])]).toEqual([4, 5, 1, 2, 3]);
    expect([...multiply(shiftMatrix(5, -1), [1, 2, 3, 4, 5])]).toEqual([2, 3, 4, 5, 1]);
  });

  test('shifts add up, the transpose is the inverse', () => {
    fc.assert(
      fc.property(int(1, 9), int(-30, 30), int(-30, 30), (n, one, two) => {
        expect(multiply(shiftMatrix(n, one), shiftMatrix(n, two))).toEqual(shiftMatrix(n, one + two));
        expect(transpose(shiftMatrix(n, one))).toEqual(shiftMatrix(n, -one));
        expect(shiftMatrix(n, one)).toEqual(shiftMatrix(n, one - 4 * n));
      }),
      propertyRuns(100),
    );
  });
});
