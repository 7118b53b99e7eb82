import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { convOutputSize, inputSizesFor, type PoolWindow, poolOutputSize, samePadding } from '../../src/arithmetic.js';
import { shapeRules } from '../fixtures/shape-rules.js';
import { windowsOver } from '../reference/windows.js';
import { propertyRuns } from '../support/arbitraries.js';

const int = (min: number, max: number) => fc.integer({ min, max });

const words = fc.constantFrom('valid' as const, 'same' as const, 'same-lower' as const, 'full' as const);
const pair = fc.tuple(int(0, 5), int(0, 5));

/** One axis whose input holds at least one window. */
const axis = fc
  .record({
    kernelSize: int(1, 6),
    stride: int(1, 7),
    dilation: int(1, 3),
    padding: fc.oneof(
      words,
      pair.map((p) => [p]),
    ),
    beyond: int(0, 20),
  })
  .map(({ beyond, ...options }) => {
    const { kernelSize: k, dilation: d, padding } = options;
    const padded =
      typeof padding === 'string' ? (padding === 'valid' ? 0 : d * (k - 1)) : padding[0][0] + padding[0][1];
    return { input: Math.max(1, d * (k - 1) + 1 - padded) + beyond, ...options };
  });

/** Windows counted one by one. */
const counted = (input: number, options: PoolWindow & { readonly kernelSize: number }): number =>
  windowsOver([input], [options.kernelSize], options).output[2];

describe('rules of the guide', () => {
  const direct = shapeRules.filter(({ operator }) => operator !== 'transposed');
  test.each(direct)('$operator: $name', ({ operator, samples, output }) => {
    const outputSize = operator === 'pool' ? poolOutputSize : convOutputSize;
    for (const sizes of samples) {
      const options = { kernelSize: sizes.k, stride: sizes.s, padding: sizes.p, dilation: sizes.d };
      expect(outputSize(sizes.i, options), JSON.stringify(sizes)).toBe(output(sizes));
    }
  });
});

describe('output sizes', () => {
  test('are the windows one can count', () => {
    fc.assert(
      fc.property(axis, fc.boolean(), ({ input, ...options }, ceilMode) => {
        expect(convOutputSize(input, options)).toBe(counted(input, options));
        expect(poolOutputSize(input, { ...options, ceilMode })).toBe(counted(input, { ...options, ceilMode }));
      }),
      propertyRuns(),
    );
  });

  test('a pool steps by its kernel, and ceilMode drops a window that begins beyond input and begin padding', () => {
    expect(poolOutputSize(8, { kernelSize: 3 })).toBe(2);
    expect(poolOutputSize(8, { kernelSize: 3, ceilMode: true })).toBe(3);
    expect(poolOutputSize(5, { kernelSize: 2, stride: 3, padding: [[1, 1]], ceilMode: true })).toBe(2);
    expect(poolOutputSize(5, { kernelSize: 2, stride: 3, padding: [[2, 1]], ceilMode: true })).toBe(3);
  });

  test('a number gives a number, a list gives a list', () => {
    const one = convOutputSize(224, { kernelSize: 7, stride: 2, padding: 3 });
    const two = convOutputSize([224, 160], {
      kernelSize: [7, 5],
      stride: 2,
      padding: [
        [3, 2],
        [0, 1],
      ],
    });
    const three = poolOutputSize([9, 8, 7], { kernelSize: [1, 2, 3] });
    const given: readonly number[] = [9, 8];
    expect(one).toBe(112);
    expect(two).toEqual([112, 79]);
    expect(three).toEqual([9, 4, 2]);
    expect(convOutputSize([9], { kernelSize: 2 })).toEqual([8]);
    expectTypeOf(one).toEqualTypeOf<number>();
    expectTypeOf(two).toEqualTypeOf<[number, number]>();
    expectTypeOf(three).toEqualTypeOf<[number, number, number]>();
    expectTypeOf(convOutputSize(given, { kernelSize: 2 })).toEqualTypeOf<number[]>();
  });
});

describe('inputSizesFor', () => {
  test('are all the sizes whose output it is', () => {
    const anyAxis = fc.record({ axis, output: int(1, 6), ceilMode: fc.boolean() });
    fc.assert(
      fc.property(anyAxis, ({ axis: { input: _, ...options }, output, ceilMode }) => {
        // Large enough for the largest input of 6 outputs.
        const sizes = Array.from({ length: 80 }, (_, at) => at + 1).filter((size) => {
          try {
            return counted(size, { ...options, ceilMode }) === output;
          } catch {
            return false; // no window fits
          }
        });
        const found = () => inputSizesFor(output, { ...options, ceilMode });
        if (sizes.length === 0) expect(found).toThrow(/^no input length of at least 1 has the output \d = /);
        else expect(found()).toEqual(sizes);
      }),
      propertyRuns(1000),
    );
  });

  test('share their output: 5 x 5 and 6 x 6 of the guide', () => {
    expect(inputSizesFor(2, { kernelSize: 3, stride: 2 })).toEqual([5, 6]);
    expect(inputSizesFor(3, { kernelSize: 3, stride: 2, padding: 1 })).toEqual([5, 6]);
    const lists = inputSizesFor([2, 3], { kernelSize: 3, stride: [2, 3], padding: 'same' });
    expect(lists).toEqual([
      [3, 4],
      [7, 8, 9],
    ]);
    expectTypeOf(lists).toEqualTypeOf<[number[], number[]]>();
  });
});

describe('samePadding', () => {
  test('makes ceil(i / s) outputs, with the odd cell at the end or the begin', () => {
    fc.assert(
      fc.property(axis, ({ input, kernelSize, stride, dilation }) => {
        const window = { kernelSize, stride, dilation };
        const { total, begin, end } = samePadding(input, window);
        expect([begin, end]).toEqual([Math.floor(total / 2), Math.ceil(total / 2)]);
        expect(samePadding(input, { ...window, padding: 'same-lower' })).toEqual({ total, begin: end, end: begin });
        const outputs = Math.ceil(input / stride);
        expect(counted(input, { ...window, padding: [[begin, end]] })).toBe(outputs);
        expect(convOutputSize(input, { ...window, padding: 'same' })).toBe(outputs);
        // One cell less would lose a window.
        if (total > 0) {
          const less = input + total - 1;
          expect(Math.floor((less - dilation * (kernelSize - 1) - 1) / stride) + 1).toBe(outputs - 1);
        }
      }),
      propertyRuns(),
    );
  });

  test('gives lists for a list', () => {
    const found = samePadding([7, 8], { kernelSize: [4, 3], stride: [1, 2] });
    expect(found).toEqual({ total: [3, 1], begin: [1, 0], end: [2, 1] });
    expectTypeOf(found.total).toEqualTypeOf<[number, number]>();
    expectTypeOf(samePadding(7, { kernelSize: 4 }).begin).toEqualTypeOf<number>();
  });
});
