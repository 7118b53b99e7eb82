import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { convOutputSize, convTransposeOutputSize, transposedAsConv } from '../../src/arithmetic.js';
import { directEquivalent, shapeRules } from '../fixtures/shape-rules.js';
import * as reference from '../reference/index.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { integerTensor } from '../support/data.js';
import { padded, spacedOut } from '../support/padding.js';

const int = (min: number, max: number) => fc.integer({ min, max });

describe('rules of the guide', () => {
  const rules = shapeRules.filter(({ operator }) => operator === 'transposed');
  test.each(rules)('$name', ({ samples, output }) => {
    for (const sizes of samples) {
      const options = {
        kernelSize: sizes.k,
        stride: sizes.s,
        padding: sizes.p,
        dilation: sizes.d,
        outputPadding: sizes.extra,
      };
      const title = JSON.stringify(sizes);
      expect(convTransposeOutputSize(sizes.i, options), title).toBe(output(sizes));
      const { inserted, extra, padding } = directEquivalent(sizes);
      expect(transposedAsConv(sizes.i, options), title).toEqual({
        insertedZeros: inserted,
        stretchedSize: sizes.s * (sizes.i - 1) + 1,
        extra,
        padding: [padding, padding],
        kernelSize: sizes.k,
        stride: 1,
        dilation: 1,
        outputSize: output(sizes),
      });
    }
  });

  test('a = (i + 2p - k) mod s of the convolution that is transposed', () => {
    const sizes = fc.record({ i: int(1, 30), k: int(1, 6), s: int(1, 5), p: int(0, 4), d: int(1, 3) });
    fc.assert(
      fc.property(sizes, ({ i, k, s, p, d }) => {
        const span = k + (k - 1) * (d - 1);
        fc.pre(i + 2 * p >= span);
        const options = { kernelSize: k, stride: s, padding: p, dilation: d };
        const output = convOutputSize(i, options);
        const { extra, outputSize } = transposedAsConv(output, { ...options, outputSize: i });
        expect(extra).toBe((i + 2 * p - span) % s);
        expect(outputSize).toBe(i);
        expect(convTransposeOutputSize(output, { ...options, outputPadding: extra })).toBe(i);
        expect(convTransposeOutputSize(output, { ...options, outputSize: i })).toBe(i);
      }),
      propertyRuns(),
    );
  });
});

const axis = fc
  .record({ i: int(1, 5), k: int(1, 4), s: int(1, 4), d: int(1, 3), begin: int(0, 4), end: int(0, 4), op: int(0, 3) })
  .map(({ begin, end, op, ...a }) => {
    const reach = a.d * (a.k - 1);
    return { ...a, begin: Math.min(begin, reach), end: Math.min(end, reach), op: op % Math.max(a.s, a.d) };
  })
  .filter(({ i, k, s, d, begin, end, op }) => (i - 1) * s - begin - end + d * (k - 1) + 1 + op >= 1);

describe('transposedAsConv', () => {
  test('is the transposed convolution, computed', () => {
    fc.assert(
      fc.property(fc.tuple(axis, axis), (axes) => {
        const x = integerTensor([1, 2, ...axes.map(({ i }) => i)], 3);
        const kernelSize = axes.map(({ k }) => k);
        const weight = integerTensor([2, 1, ...kernelSize], 4);
        const window = {
          stride: axes.map(({ s }) => s),
          dilation: axes.map(({ d }) => d),
          padding: axes.map(({ begin, end }): [number, number] => [begin, end]),
          outputPadding: axes.map(({ op }) => op),
        };
        const found = transposedAsConv([axes[0].i, axes[1].i], { ...window, kernelSize });
        const spaced = padded(
          spacedOut(x, found.insertedZeros),
          found.extra.map((extra): [number, number] => [0, extra]),
          'zeros',
        );
        // [ic, oc, ...] of the transposed convolution becomes [oc, ic, ...]: here oc = 1, so only the shape changes.
        const swapped = { data: weight.data, shape: [1, 2, ...kernelSize] };
        const { padding, stride, dilation } = found;
        const direct = reference.conv(spaced, swapped, { padding, stride, dilation, flipKernel: true });
        expectExact(reference.convTranspose(x, weight, window), direct);
        expect(found.outputSize).toEqual(direct.shape.slice(2));
        expect(found.stretchedSize.map((size, a) => size + found.extra[a])).toEqual(spaced.shape.slice(2));
      }),
      propertyRuns(),
    );
  });

  test('crops where the padding is more than full', () => {
    const options = { stride: 2, padding: [[3, 4]] as const };
    const x = integerTensor([1, 1, 6], 5);
    const weight = integerTensor([1, 1, 3], 6);
    const { padding, outputSize } = transposedAsConv(6, { ...options, kernelSize: 3 });
    expect(padding).toEqual([-1, -2]);
    const spaced = spacedOut(x, [1]).data.slice(1, -2);
    const direct = reference.conv({ data: spaced, shape: [1, 1, spaced.length] }, weight, { flipKernel: true });
    expectExact(reference.convTranspose(x, weight, options), direct);
    expect(outputSize).toBe(direct.shape[2]);
  });

  test('padding same makes i s cells, or an outputSize from which a direct same window comes back', () => {
    for (const [k, s] of [
      [5, 2],
      [2, 3],
      [1, 4],
      [4, 1],
    ]) {
      const options = { kernelSize: k, stride: s, padding: 'same' as const };
      expect(convTransposeOutputSize(7, options)).toBe(7 * s);
      for (let outputSize = 6 * s + 1; outputSize <= 7 * s; outputSize++) {
        const { stretchedSize, extra, padding } = transposedAsConv(7, { ...options, outputSize });
        expect(stretchedSize + extra + padding[0] + padding[1] - (k - 1)).toBe(outputSize);
        expect(convOutputSize(outputSize, options)).toBe(7);
      }
    }
  });

  test('gives lists for a list, ready to be options', () => {
    const found = transposedAsConv([4, 5], { kernelSize: 3, stride: [2, 1], padding: 1, outputPadding: [1, 0] });
    expect(found).toEqual({
      insertedZeros: [1, 0],
      stretchedSize: [7, 5],
      extra: [1, 0],
      padding: [
        [1, 1],
        [1, 1],
      ],
      kernelSize: [3, 3],
      stride: [1, 1],
      dilation: [1, 1],
      outputSize: [8, 5],
    });
    const { kernelSize, stride, padding, dilation } = found;
    expect(convOutputSize([8, 5], { kernelSize, stride, padding, dilation })).toEqual([8, 5]);
    expectTypeOf(found.outputSize).toEqualTypeOf<[number, number]>();
    expectTypeOf(transposedAsConv(4, { kernelSize: 3 }).padding).toEqualTypeOf<readonly [number, number]>();
  });
});
