import { describe, expect, test } from 'vitest';
import {
  apply,
  circulant,
  convolutionMatrix,
  gradients,
  linearAsConv,
  multiply,
  toeplitz,
  transposed,
} from '../fixtures/matrix-facts.js';
import { directEquivalent, type Sizes, shapeRules } from '../fixtures/shape-rules.js';
import { convExamples, convTransposeExamples, poolExamples, weightGradExamples } from '../fixtures/worked-examples.js';
import { expectExact, expectPrinted } from '../support/bounds.js';
import { integers } from '../support/data.js';
import { padded, spacedOut } from '../support/padding.js';
import * as reference from './index.js';

const line = (values: ArrayLike<number>) => ({ data: Array.from(values), shape: [1, 1, values.length] });

describe('figures', () => {
  test.each(convExamples)('$id', ({ x, weight, bias, options, y }) => {
    expectPrinted(reference.conv(x, weight, { ...options, bias }), y);
  });

  test.each(convTransposeExamples)('$id', ({ x, weight, options, y }) => {
    expectPrinted(reference.convTranspose(x, weight, options), y);
    if (options.outputPadding !== undefined) return;
    expectPrinted(reference.convInputGrad(x, weight, y.shape, options), y);
  });

  test.each(poolExamples)('$id', ({ operator, x, options, y, indices, gradY, gradX }) => {
    if (operator === 'avgPool2d') return expectPrinted(reference.avgPool(x, options), y);
    const found = reference.maxPool(x, options);
    expectPrinted(found, y);
    if (indices !== undefined) expectExact(found.indices.data, indices);
    if (gradY && gradX) expectPrinted(reference.maxPoolInputGrad(gradY, found.indices, x.shape), gradX);
  });

  test.each(weightGradExamples)('$id', ({ x, gradY, options, gradWeight }) => {
    expectPrinted(reference.convWeightGrad(x, gradY, gradWeight.shape, options), gradWeight);
  });
});

describe('shape rules', () => {
  const outputOf = (operator: string, { i, k, s, p, d, extra }: Sizes): number => {
    const x = { data: new Float32Array(i), shape: [1, 1, i] };
    const weight = { data: new Float32Array(k), shape: [1, 1, k] };
    const window = { stride: s, padding: p, dilation: d };
    if (operator === 'pool') return reference.maxPool(x, { ...window, kernelSize: k }).shape[2];
    if (operator === 'conv') return reference.conv(x, weight, window).shape[2];
    return reference.convTranspose(x, weight, { ...window, outputPadding: extra }).shape[2];
  };

  test.each(shapeRules)('$operator: $name', ({ operator, samples, output }) => {
    expect(samples.length).toBeGreaterThan(5);
    for (const sizes of samples) expect(outputOf(operator, sizes), JSON.stringify(sizes)).toBe(output(sizes));
  });

  test('a transposed convolution is a direct one over spaced inputs', () => {
    for (const { operator, samples } of shapeRules) {
      if (operator !== 'transposed') continue;
      for (const sizes of samples) {
        const [x, weight] = [line(integers(sizes.i, 5)), line(integers(sizes.k, 6))];
        const { inserted, extra, padding } = directEquivalent(sizes);
        const spaced = padded(spacedOut(x, [inserted]), [[padding, padding + extra]], 'zeros');
        const options = { stride: sizes.s, padding: sizes.p, outputPadding: sizes.extra };
        expectExact(reference.convTranspose(x, weight, options), reference.conv(spaced, weight, { flipKernel: true }));
      }
    }
  });
});

describe('matrices', () => {
  test('3x3 over 4x4 as a 4x16 matrix', () => {
    const { c, x, cx, kernel } = convolutionMatrix;
    const weight = { data: kernel, shape: [1, 1, 3, 3] };
    expectExact(apply(c, x), cx);
    expectExact(reference.conv({ data: x, shape: [1, 1, 4, 4] }, weight).data, cx);
    const back = apply(transposed(c), cx);
    expectExact(reference.convTranspose({ data: cx, shape: [1, 1, 2, 2] }, weight).data, back);
    expect(back).not.toEqual([...x]);
  });

  test('Toeplitz from the filter and from the data', () => {
    const { filter, data, fromFilter, fromData, product } = toeplitz;
    expectExact(apply(fromFilter, data), product);
    expectExact(apply(fromData, filter), product);
    expectExact(reference.conv(line(data), line(filter)).data, product);
    expectExact(reference.im2col(line(data), { kernelSize: 3 }).data, transposed(fromData).flat());
  });

  test('circular padding is circulant, and commutes', () => {
    const { filter, otherFilter, matrix, otherMatrix, shift, x } = circulant;
    const around = { padding: 1, paddingMode: 'circular' } as const;
    expectExact(reference.conv(line(x), line(filter), around).data, apply(matrix, x));
    expectExact(reference.conv(line(x), line(otherFilter), around).data, apply(otherMatrix, x));
    expect(multiply(matrix, otherMatrix)).toEqual(multiply(otherMatrix, matrix));
    expect(multiply(matrix, shift)).toEqual(multiply(shift, matrix));
  });

  test('gradients as correlations', () => {
    const { input, weight, gradOutput, gradWeight, gradInput } = gradients;
    expectExact(reference.convWeightGrad(line(input), line(gradOutput), [1, 1, 3]).data, gradWeight);
    expectExact(reference.conv(line(input), line(gradOutput)).data, gradWeight);
    expectExact(reference.convInputGrad(line(gradOutput), line(weight), [1, 1, 5]).data, gradInput);
    expectExact(reference.conv(line(weight), line(gradOutput), { padding: 'full', flipKernel: true }).data, gradInput);
    expectExact(reference.convTranspose(line(gradOutput), line(weight)).data, gradInput);
  });

  test('a linear layer is a convolution as large as its map', () => {
    const { map, x, weight, y } = linearAsConv;
    const flat = { data: weight.flat(), shape: [2, 12] };
    expectExact(reference.linear({ data: x, shape: [1, 12] }, flat).data, y);
    expectExact(reference.conv({ data: x, shape: [1, ...map] }, { ...flat, shape: [2, ...map] }).data, y);
  });
});
