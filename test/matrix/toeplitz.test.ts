import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convMatrix, multiply, toDense, toeplitzFromData, toeplitzFromFilter, transpose } from '../../src/matrix.js';
import * as facts from '../fixtures/matrix-facts.js';
import * as reference from '../reference/index.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { integers, integerTensor } from '../support/data.js';

const int = (min: number, max: number) => fc.integer({ min, max });
const line = (values: ArrayLike<number>) => ({ data: values, shape: [1, 1, values.length] });

describe('toeplitz-1d: filter times data is data times filter', () => {
  const { filter, data, fromFilter, fromData, product } = facts.toeplitz;

  test('the example of the lecture', () => {
    expectExact(toDense(toeplitzFromFilter(filter, data.length)), { data: fromFilter.flat(), shape: [2, 4] });
    expectExact(toDense(toeplitzFromData(data, { kernelSize: 3 })), { data: fromData.flat(), shape: [2, 3] });
    expectExact(multiply(toeplitzFromFilter(filter, 4), data), product);
    expectExact(multiply(toeplitzFromData(data, { kernelSize: 3 }), filter), product);
    expectExact(multiply(toeplitzFromFilter(filter, 4, { flipKernel: true }), data), [10, 16]);
  });

  const options = fc.record({
    stride: int(1, 3),
    dilation: int(1, 2),
    padding: fc.tuple(int(0, 3), int(0, 3)).map((pair) => [pair]),
    paddingMode: fc.constantFrom('zeros' as const, 'reflect' as const, 'replicate' as const, 'circular' as const),
    flipKernel: fc.boolean(),
  });

  test('in one dimension, every option', () => {
    fc.assert(
      fc.property(options, int(1, 5), int(9, 14), (window, k, length) => {
        const [w, x] = [integers(k, 1), integers(length, 2)];
        const expected = reference.conv(line(x), line(w), window).data;
        expectExact(multiply(toeplitzFromFilter(w, length, window), x), expected);
        expectExact(multiply(toeplitzFromData(x, { ...window, kernelSize: k }), w), expected);
      }),
      propertyRuns(),
    );
  });

  test('diagonals of the filter matrix are constant, so are those of the data matrix of a true convolution', () => {
    const ofFilter = toDense(toeplitzFromFilter(integers(4, 3), 9));
    const ofData = toDense(toeplitzFromData(integers(9, 4), { kernelSize: 4, flipKernel: true }));
    for (const { data, shape } of [ofFilter, ofData]) {
      const [rows, columns] = shape;
      for (let at = 0; at < (rows - 1) * columns; at++) {
        if ((at + 1) % columns !== 0) expect(data[at + columns + 1]).toBe(data[at]);
      }
    }
  });
});

describe('toeplitzFromData', () => {
  const shapes = [
    { x: [3, 11], kernelSize: [4], stride: [2], dilation: [1], padding: [[1, 2]] },
    {
      x: [2, 6, 7],
      kernelSize: [3, 2],
      stride: [1, 3],
      dilation: [2, 1],
      padding: [
        [0, 1],
        [2, 1],
      ],
    },
    {
      x: [2, 4, 3, 5],
      kernelSize: [2, 1, 3],
      stride: [1, 2, 1],
      dilation: [1, 1, 2],
      padding: [
        [1, 0],
        [0, 1],
        [2, 2],
      ],
    },
  ] as const;

  test.each(shapes)('is im2col transposed: x $x', ({ x: shape, ...options }) => {
    const x = integerTensor(shape, 5);
    const columns = reference.im2col({ data: x.data, shape: [1, ...shape] }, options);
    expectExact(toDense(transpose(toeplitzFromData(x, options))), {
      data: columns.data,
      shape: columns.shape.slice(1),
    });
  });

  test.each(shapes)(
    'times a filter is the matrix of the filter times the data: x $x',
    ({ x: shape, kernelSize, ...options }) => {
      const x = integerTensor(shape, 6);
      const filter = integerTensor([1, shape[0], ...kernelSize], 7);
      for (const flipKernel of [false, true]) {
        const product = multiply(toeplitzFromData(x, { kernelSize, ...options, flipKernel }), filter.data);
        expectExact(product, multiply(convMatrix(filter, shape, { ...options, flipKernel }), x.data));
      }
    },
  );

  test.each(shapes)(
    'transposed, times the gradient of the output, is the gradient of the filter: x $x',
    ({ x: shape, kernelSize, ...options }) => {
      const x = { data: integerTensor(shape, 8).data, shape: [1, ...shape] };
      const weightShape = [1, shape[0], ...kernelSize];
      const matrix = toeplitzFromData({ data: x.data, shape }, { kernelSize, ...options });
      const gradY = integerTensor(
        [1, 1, ...reference.conv(x, integerTensor(weightShape, 9), options).shape.slice(2)],
        10,
      );
      expectExact(
        multiply(transpose(matrix), gradY.data),
        reference.convWeightGrad(x, gradY, weightShape, options).data,
      );
    },
  );
});

describe('gradients are correlations', () => {
  const { input, weight, gradOutput, gradWeight, gradInput } = facts.gradients;

  test('grad-weight: dL/dW = correlation(I, dL/dO)', () => {
    expectExact(multiply(transpose(toeplitzFromData(input, { kernelSize: 3 })), gradOutput), gradWeight);
    expectExact(multiply(toeplitzFromFilter(gradOutput, input.length), input), gradWeight);
  });

  test('grad-input: dL/dI = correlation(W padded in full, dL/dO flipped) = C^T dL/dO', () => {
    const flipped = [...gradOutput].reverse();
    expectExact(multiply(toeplitzFromFilter(flipped, weight.length, { padding: 'full' }), weight), gradInput);
    expectExact(
      multiply(toeplitzFromFilter(gradOutput, weight.length, { padding: 'full', flipKernel: true }), weight),
      gradInput,
    );
    expectExact(multiply(transpose(toeplitzFromFilter(weight, input.length)), gradOutput), gradInput);
  });

  test('in two dimensions, any size', () => {
    const sizes = fc.record({ ih: int(3, 7), iw: int(3, 8), kh: int(1, 3), kw: int(1, 3) });
    fc.assert(
      fc.property(sizes, ({ ih, iw, kh, kw }) => {
        const x = integerTensor([1, 1, ih, iw], 11);
        const w = integerTensor([1, 1, kh, kw], 12);
        const gradY = integerTensor([1, 1, ih - kh + 1, iw - kw + 1], 13);
        expectExact(multiply(convMatrix(gradY, [1, ih, iw]), x.data), reference.convWeightGrad(x, gradY, w.shape).data);
        const full = convMatrix(gradY, [1, kh, kw], { padding: 'full', flipKernel: true });
        expectExact(multiply(full, w.data), reference.convInputGrad(gradY, w, x.shape).data);
        expectExact(multiply(full, w.data), multiply(transpose(convMatrix(w, [1, ih, iw])), gradY.data));
      }),
      propertyRuns(),
    );
  });
});
