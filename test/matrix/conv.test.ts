import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convMatrix, fromDense, multiply, type PaddingMode, toDense, transpose } from '../../src/matrix.js';
import * as facts from '../fixtures/matrix-facts.js';
import * as reference from '../reference/index.js';
import { dot } from '../support/algebra.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { integerTensor, realTensor } from '../support/data.js';

const floats = (values: readonly number[], shape: readonly number[]) => ({ data: Float32Array.from(values), shape });
const int = (min: number, max: number) => fc.integer({ min, max });

/** What one axis needs of its input: a window that fits, and cells enough for what the mode reflects or wraps. */
const least = (mode: PaddingMode, { k, d, begin, end }: { k: number; d: number; begin: number; end: number }) =>
  Math.max(
    1,
    d * (k - 1) + 1 - begin - end,
    mode === 'reflect' ? Math.max(begin, end) + 1 : 0,
    mode === 'circular' ? Math.max(begin, end) : 0,
  );

const axisOf = (mode: PaddingMode) =>
  fc
    .record({ k: int(1, 4), s: int(1, 3), d: int(1, 2), begin: int(0, 3), end: int(0, 3), beyond: int(0, 3) })
    .map(({ beyond, ...axis }) => ({ ...axis, i: least(mode, axis) + beyond }));

/** Convolutions of every rank and option, small. */
const problem = fc
  .record({ rank: int(1, 3), mode: fc.constantFrom<PaddingMode>('zeros', 'zeros', 'reflect', 'replicate', 'circular') })
  .chain(({ rank, mode }) =>
    fc.record({
      mode: fc.constant(mode),
      axes: fc.array(axisOf(mode), { minLength: rank, maxLength: rank }),
      channels: fc.record({ groups: int(1, 3), icg: int(1, 2), ocg: int(1, 2) }),
      flipKernel: fc.boolean(),
    }),
  )
  .map(({ mode, axes, channels: { groups, icg, ocg }, flipKernel }) => ({
    inputShape: [groups * icg, ...axes.map(({ i }) => i)],
    weightShape: [groups * ocg, icg, ...axes.map(({ k }) => k)],
    options: {
      stride: axes.map(({ s }) => s),
      dilation: axes.map(({ d }) => d),
      padding: axes.map(({ begin, end }): [number, number] => [begin, end]),
      paddingMode: mode,
      groups,
      flipKernel,
    },
  }));

describe('C-4x16: 3 x 3 over 4 x 4', () => {
  const { kernel, c, x, cx } = facts.convolutionMatrix;
  const matrix = convMatrix(floats(kernel, [1, 1, 3, 3]), [1, 4, 4]);

  test('is the matrix of the guide', () => {
    expectExact(toDense(matrix), { data: c.flat(), shape: [4, 16] });
    expect(matrix.values).toHaveLength(36);
  });

  test('C x is the convolution, C^T y its transpose, and C^T C x is not x', () => {
    const y = multiply(matrix, x);
    expectExact(y, cx);
    const back = multiply(transpose(matrix), y);
    const weight = floats(kernel, [1, 1, 3, 3]);
    expectExact(back, reference.convTranspose({ data: y, shape: [1, 1, 2, 2] }, weight).data);
    expect(back).toHaveLength(x.length);
    expect([...back]).not.toEqual(x);
    expectExact(multiply(multiply(transpose(matrix), matrix), x), back);
  });
});

describe('convMatrix, every option', () => {
  test('C x = conv(x), C^T y = its input gradient = the transposed convolution', () => {
    fc.assert(
      fc.property(problem, ({ inputShape, weightShape, options }) => {
        const x = integerTensor([1, ...inputShape], 1);
        const weight = integerTensor(weightShape, 2);
        const matrix = convMatrix(weight, inputShape, options);
        const expected = reference.conv(x, weight, options);
        expect([matrix.rows, matrix.columns]).toEqual([expected.data.length, x.data.length]);
        const y = multiply(matrix, x.data);
        expectExact(y, expected.data);

        const gradY = integerTensor(expected.shape, 3);
        const gradX = multiply(transpose(matrix), gradY.data);
        expectExact(gradX, reference.convInputGrad(gradY, weight, x.shape, options).data);
        expect(dot({ data: y, shape: [] }, gradY)).toBe(dot({ data: gradX, shape: [] }, x));
        if (options.paddingMode !== 'zeros') return;
        const transposedOptions = { ...options, outputSize: inputShape.slice(1) };
        expectExact(gradX, reference.convTranspose(gradY, weight, transposedOptions).data);
      }),
      propertyRuns(),
    );
  });

  test('on reals, within the bound of a sum', () => {
    fc.assert(
      fc.property(problem, ({ inputShape, weightShape, options }) => {
        const x = realTensor([1, ...inputShape], 4);
        const weight = realTensor(weightShape, 5);
        const expected = reference.conv(x, weight, options);
        expectWithin(
          multiply(convMatrix(weight, inputShape, options), x.data),
          expected.data,
          expected.magnitude,
          expected.terms,
        );
      }),
      propertyRuns(100),
    );
  });

  test.each(['valid', 'same', 'same-lower', 'full'] as const)('padding %s', (padding) => {
    const x = integerTensor([1, 2, 7, 6], 6);
    const weight = integerTensor([3, 2, 4, 3], 7);
    const options = { padding, stride: [2, 1] };
    expectExact(multiply(convMatrix(weight, [2, 7, 6], options), x.data), reference.conv(x, weight, options).data);
  });
});

describe('structure', () => {
  test('doubly blocked Toeplitz: constant along the diagonals of blocks, and of each block', () => {
    const [oh, ow, ih, iw] = [3, 4, 5, 6];
    const { data } = toDense(convMatrix(integerTensor([1, 1, 3, 3], 8), [1, ih, iw]));
    const at = (y: number, x: number, v: number, u: number) => data[(y * ow + x) * ih * iw + v * iw + u];
    for (let y = 0; y + 1 < oh; y++) {
      for (let x = 0; x + 1 < ow; x++) {
        for (let v = 0; v + 1 < ih; v++) {
          for (let u = 0; u + 1 < iw; u++) {
            expect(at(y + 1, x, v + 1, u)).toBe(at(y, x, v, u));
            expect(at(y, x + 1, v, u + 1)).toBe(at(y, x, v, u));
          }
        }
      }
    }
  });

  test('groups leave blocks empty; a weight of 0 is stored, padding is not', () => {
    const weight = floats([1, 0, 2, 3], [2, 1, 2]);
    const matrix = convMatrix(weight, [2, 2], { groups: 2, padding: [[1, 0]] });
    expect(matrix).toEqual({
      rows: 4,
      columns: 4,
      rowStarts: Uint32Array.of(0, 1, 3, 4, 6),
      columnIndices: Uint32Array.of(0, 0, 1, 2, 2, 3),
      values: Float32Array.of(0, 1, 0, 3, 2, 3),
    });
    // An infinite cell times a weight of 0 is NaN; beside padding it meets one product only.
    expectExact(multiply(matrix, [Number.POSITIVE_INFINITY, 1, 1, 1]), [Number.NaN, Number.POSITIVE_INFINITY, 3, 5]);
  });

  test('taps that read one cell are summed', () => {
    const matrix = convMatrix(floats([1, 2, 4], [1, 1, 3]), [1, 2], { padding: [[2, 0]], paddingMode: 'replicate' });
    expectExact(toDense(matrix), { data: [7, 0, 3, 4], shape: [2, 2] });
  });

  test('linear-as-conv: a linear layer over a flattened map is a convolution with a kernel as large as the map', () => {
    const { map, x, weight, y } = facts.linearAsConv;
    const layer = floats(weight.flat(), [2, ...map]);
    const matrix = convMatrix(layer, map);
    expectExact(toDense(matrix), { data: layer.data, shape: [2, 12] });
    expectExact(multiply(matrix, x), y);
    expectExact(multiply(fromDense({ data: layer.data, shape: [2, 12] }), x), y);
    const batch = { data: Float32Array.from(x), shape: [1, 12] };
    expectExact(multiply(matrix, x), reference.linear(batch, { data: layer.data, shape: [2, 12] }).data);
  });
});
