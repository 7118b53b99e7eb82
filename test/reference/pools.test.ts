import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelsFirst, channelsLast } from '../support/algebra.js';
import { adaptiveCase, avgPoolCase, maxPoolCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { type Case, has, inLayout, parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { padded, paddingPairs } from '../support/padding.js';
import { adaptiveOptions, avgPoolOptions, maxPoolOptions, xShape } from '../support/problems.js';
import * as reference from './index.js';

const runs = propertyRuns(100);
const line = (data: number[]) => ({ data, shape: [1, 1, data.length] });
const first = (given: Case): Case => inLayout(given, false);

describe('max pool', () => {
  test('ties go to the first cell, in row-major order', () => {
    const x = { data: [1, 7, 7, 2, 7, 0], shape: [1, 1, 2, 3] };
    const { data, indices } = reference.maxPool(x, { kernelSize: 2, stride: 1 });
    expectExact(data, [7, 7]);
    expectExact(indices.data, [1, 1]);
    expectExact(
      reference.maxPoolInputGrad({ data: [3, 5], shape: [1, 1, 1, 2] }, indices, x.shape).data,
      [0, 8, 0, 0, 0, 0],
    );
  });

  test('the first NaN wins', () => {
    const { data, indices } = reference.maxPool(line([3, Number.NaN, 9, Number.NaN, 4]), { kernelSize: 3, stride: 1 });
    expectExact(data, [Number.NaN, Number.NaN, Number.NaN]);
    expectExact(indices.data, [1, 1, 3]);
  });

  test('-Infinity everywhere has an index; padding never wins', () => {
    const low = Number.NEGATIVE_INFINITY;
    const { data, indices } = reference.maxPool(line([low, low, -5]), { kernelSize: 2, stride: 2, padding: 1 });
    expectExact(data, [low, -5]);
    expectExact(indices.data, [0, 2]);
  });

  test('a window without cells: -Infinity, index -1, no gradient, nothing unpooled', () => {
    const options = { kernelSize: 2, stride: 2, padding: [[3, 0]] as [number, number][] };
    const { data, indices, shape } = reference.maxPool(line([1, 5]), options);
    expectExact(data, [Number.NEGATIVE_INFINITY, 1]);
    expectExact(indices.data, [-1, 0]);
    expectExact(reference.maxPoolInputGrad({ data: [7, 8], shape }, indices, [1, 1, 2]).data, [8, 0]);
    expectExact(
      reference.maxUnpool({ data: [7, 8], shape }, indices, { kernelSize: 2, outputSize: [3] }).data,
      [8, 0, 0],
    );
    expectExact(reference.maxUnpoolInputGrad({ data: [4, 5, 6], shape: [1, 1, 3] }, indices, shape).data, [0, 4]);
  });

  test('the stride defaults to the kernel', () => {
    const x = integerTensor([1, 1, 6, 7], 3);
    expect(reference.maxPool(x, { kernelSize: [2, 3] }).shape).toEqual([1, 1, 3, 2]);
    expect(reference.avgPool(x, { kernelSize: [2, 3] }).shape).toEqual([1, 1, 3, 2]);
    expect(reference.lpPool(x, { kernelSize: [2, 3], p: 2 }).shape).toEqual([1, 1, 3, 2]);
  });

  test('indices lie in the plane of the unpadded input', () => {
    const x = { data: Float32Array.from({ length: 12 }, (_, at) => at), shape: [1, 2, 2, 3] };
    const { indices } = reference.maxPool(x, { kernelSize: 2, stride: 2, padding: 1 });
    expect(indices.shape).toEqual([1, 2, 2, 2]);
    expectExact(indices.data, [0, 2, 3, 5, 0, 2, 3, 5]);
  });

  test('every maximum is the largest cell of the padded input under its window', () => {
    fc.assert(
      fc.property(maxPoolCase(), (text) => {
        const given = first(parseCase(text));
        if (given.n === 0 || has(given, 'ceil')) return;
        const [x, options] = [integerTensor(xShape(given), 4), maxPoolOptions(given)];
        const { data, shape, indices } = reference.maxPool(x, options);
        const columns = maxOfColumns(x, options);
        expectExact({ data, shape }, { data: columns, shape });
        const cells = x.shape.slice(2).reduce((product, extent) => product * extent, 1);
        const positions = shape.slice(2).reduce((product, extent) => product * extent, 1);
        data.forEach((value, at) => {
          const cell = indices.data[at];
          if (cell >= 0) expect(x.data[Math.floor(at / positions) * cells + cell]).toBe(value);
        });
      }),
      runs,
    );
  });
});

/** Column maxima of im2col over an input padded in memory by -Infinity. */
function maxOfColumns(
  x: { data: Float32Array; shape: number[] },
  options: ReturnType<typeof maxPoolOptions>,
): number[] {
  const [n, c, ...extents] = x.shape;
  const pairs = paddingPairs(extents, options.kernelSize, options);
  const columns = reference.im2col(padded(x, pairs, 'zeros', Number.NEGATIVE_INFINITY), {
    ...options,
    ceilMode: false,
    padding: 0,
  });
  const taps = columns.shape[1] / c;
  const positions = columns.shape[2];
  return Array.from({ length: n * c * positions }, (_, at) => {
    const [plane, position] = [Math.floor(at / positions), at % positions];
    const column = Array.from({ length: taps }, (_tap, t) => columns.data[(plane * taps + t) * positions + position]);
    return Math.max(...column);
  });
}

describe('average pool', () => {
  test('what the divisor counts', () => {
    const x = line([1, 2, 3, 4]);
    const window = { kernelSize: 3, stride: 2, padding: 1, ceilMode: true };
    // Windows: [pad 1 2], [2 3 4], [4 pad overflow].
    expectExact(reference.avgPool(x, window).data, [1, 3, 2]);
    expect(reference.avgPool(x, window).terms).toBe(3 + 1);
    expectExact(reference.avgPool(x, { ...window, countIncludePad: false }).data, [1.5, 3, 4]);
    expectExact(reference.avgPool(x, { ...window, divisorOverride: 2 }).data, [1.5, 4.5, 2]);
  });

  test('the gradient divides by what the forward divided by', () => {
    const window = { kernelSize: 3, stride: 2, padding: 1, ceilMode: true };
    const g = { data: [6, 12, 8], shape: [1, 1, 3] };
    expectExact(reference.avgPoolInputGrad(g, [1, 1, 4], window).data, [2, 6, 4, 8]);
    expectExact(reference.avgPoolInputGrad(g, [1, 1, 4], { ...window, countIncludePad: false }).data, [3, 7, 4, 12]);
    expectExact(reference.avgPoolInputGrad(g, [1, 1, 4], { ...window, divisorOverride: 2 }).data, [3, 9, 6, 10]);
  });

  test('a window without cells is 0', () => {
    const far = { kernelSize: 2, stride: 2, padding: [[3, 0]] as [number, number][], countIncludePad: false };
    expectExact(reference.avgPool(line([1, 5]), far).data, [0, 1]);
    expectExact(reference.lpPool(line([1, 5]), { ...far, p: 2 }).data, [0, 1]);
  });

  test('a kernel of ones, divided', () => {
    fc.assert(
      fc.property(avgPoolCase(), (text) => {
        const given = first(parseCase(text));
        if (has(given, 'ceil')) return;
        const [x, options] = [integerTensor(xShape(given), 4), avgPoolOptions(given)];
        const kernel = [given.ic, 1, ...options.kernelSize];
        const ones = { data: new Float32Array(kernel.reduce((a, b) => a * b)).fill(1), shape: kernel };
        const { stride, padding, dilation, layout } = options;
        const box = { stride, padding, dilation, layout, groups: given.ic };
        const sum = reference.conv(x, ones, box);
        const count = reference.conv({ ...x, data: x.data.map(() => 1) }, ones, box);
        const taps = options.kernelSize.reduce((a, b) => a * b);
        const divisor = (at: number) => options.divisorOverride ?? (options.countIncludePad ? taps : count.data[at]);
        const expected = sum.data.map((value, at) => (count.data[at] === 0 ? 0 : value / divisor(at)));
        expectExact(reference.avgPool(x, options), { data: expected, shape: sum.shape });
      }),
      runs,
    );
  });
});

describe('Lp pool', () => {
  test('norms by hand', () => {
    const x = line([3, -4, 0, 0, -2, 0]);
    expectExact(reference.lpPool(x, { kernelSize: 2, p: 1 }).data, [7, 0, 2]);
    expectExact(reference.lpPool(x, { kernelSize: 2, p: 2 }).data, [5, 0, 2]);
    const y = reference.lpPool(x, { kernelSize: 2, p: 2 });
    const g = reference.lpPoolInputGrad({ data: [10, 1, 3], shape: y.shape }, x, y, { kernelSize: 2, p: 2 });
    expectExact(g.data, [6, -8, 0, 0, -3, 0]);
  });
});

describe('adaptive and global pools', () => {
  test('windows overlap where extents do not divide', () => {
    const x = line([1, 2, 3, 4, 5, 6, 10]);
    expectExact(reference.adaptiveAvgPool(x, { outputSize: [3] }).data, [2, 4, 7]);
    const most = reference.adaptiveMaxPool(x, { outputSize: 3 });
    expectExact(most.data, [3, 5, 10]);
    expectExact(most.indices.data, [2, 4, 6]);
    const g = { data: [3, 6, 9], shape: [1, 1, 3] };
    expectExact(reference.adaptiveAvgPoolInputGrad(g, [1, 1, 7], { outputSize: 3 }).data, [1, 1, 3, 2, 5, 3, 3]);
  });

  test('global', () => {
    const x = { data: [1, 2, 3, 6, 4, 4, -4, 0], shape: [1, 2, 2, 2] };
    expectExact(reference.globalAvgPool(x), { data: [3, 1], shape: [1, 2, 1, 1] });
    expectExact(reference.globalMaxPool(x), { data: [6, 4], shape: [1, 2, 1, 1] });
    expectExact(reference.globalAvgPool(channelsLast(x), { layout: 'NHWC' }), { data: [3, 1], shape: [1, 1, 1, 2] });
    expectExact(
      reference.globalAvgPoolInputGrad({ data: [4, 8], shape: [1, 2, 1, 1] }, x.shape).data,
      [1, 1, 1, 1, 2, 2, 2, 2],
    );
  });

  test('an output that divides the input is a pool of equal windows', () => {
    const x = integerTensor([2, 3, 6, 8], 9);
    expectExact(reference.adaptiveAvgPool(x, { outputSize: [3, 2] }), reference.avgPool(x, { kernelSize: [2, 4] }));
  });
});

describe('both layouts hold the same numbers', () => {
  const check = (
    name: string,
    cases: fc.Arbitrary<string>,
    run: (x: { data: Float32Array; shape: number[] }, given: Case) => reference.Result | reference.MaxPoolResult,
  ) =>
    test(name, () =>
      fc.assert(
        fc.property(cases, (text) => {
          const given = first(parseCase(text));
          const x = integerTensor(xShape(given), 6);
          const [one, other] = [run(x, given), run(channelsLast(x), inLayout(given, true))];
          expectExact(channelsFirst(other), one);
          if ('indices' in one && 'indices' in other) expectExact(channelsFirst(other.indices), one.indices);
        }),
        runs,
      ),
    );

  check('max', maxPoolCase(), (x, given) => reference.maxPool(x, maxPoolOptions(given)));
  check('average', avgPoolCase(), (x, given) => reference.avgPool(x, avgPoolOptions(given)));
  check('adaptive max', adaptiveCase(), (x, given) => reference.adaptiveMaxPool(x, adaptiveOptions(given)));
  check('adaptive average', adaptiveCase(), (x, given) => reference.adaptiveAvgPool(x, adaptiveOptions(given)));
});

describe('unpool', () => {
  test('scatters to where the maxima were', () => {
    const x = { data: [1, 9, 3, 4, 5, 6, 7, 8, 2], shape: [1, 1, 3, 3] };
    const { data, shape, indices } = reference.maxPool(x, { kernelSize: 2, stride: 1 });
    const y = reference.maxUnpool({ data, shape }, indices, { kernelSize: 2, stride: 1 });
    expectExact(y, { data: [0, 9, 0, 0, 0, 0, 0, 8, 0], shape: [1, 1, 3, 3] });
  });

  test('sizes', () => {
    const x = { data: [1, 2], shape: [1, 1, 2] };
    const indices = { data: [1, 3], shape: [1, 1, 2] };
    expect(reference.maxUnpool(x, indices, { kernelSize: 3, stride: 2, padding: 0 }).shape).toEqual([1, 1, 5]);
    expect(reference.maxUnpool(x, indices, { kernelSize: 3, stride: 2, padding: [[0, 1]] }).shape).toEqual([1, 1, 4]);
    expect(reference.maxUnpool(x, indices, { kernelSize: 2, outputSize: [5] }).shape).toEqual([1, 1, 5]);
    expect(() => reference.maxUnpool(x, indices, { kernelSize: 1 })).toThrow('index 3');
  });
});

describe('columns', () => {
  test('im2col by hand', () => {
    const x = { data: [1, 2, 3, 4, 5, 6], shape: [1, 1, 2, 3] };
    const columns = reference.im2col(x, {
      kernelSize: 2,
      padding: [
        [0, 0],
        [1, 0],
      ],
    });
    expectExact(columns, { data: [0, 1, 2, 1, 2, 3, 0, 4, 5, 4, 5, 6], shape: [1, 4, 3] });
  });

  test('col2im sums overlaps', () => {
    const columns = { data: [1, 2, 3, 10, 20, 30], shape: [1, 2, 3] };
    expectExact(reference.col2im(columns, { kernelSize: 2, outputSize: [4] }).data, [1, 12, 23, 30]);
    expectExact(
      reference.col2im(columns, { kernelSize: 2, stride: 2, padding: 1, outputSize: [4] }).data,
      [10, 2, 20, 3],
    );
    expect(() => reference.col2im(columns, { kernelSize: 2, outputSize: [5] })).toThrow('columns');
  });

  test('channels are grouped, their taps together, in either layout', () => {
    const x = { data: [1, 2, 3, 10, 20, 30], shape: [1, 2, 3] };
    const columns = reference.im2col(x, { kernelSize: 2 });
    expectExact(columns, { data: [1, 2, 2, 3, 10, 20, 20, 30], shape: [1, 4, 2] });
    expectExact(reference.im2col(channelsLast(x), { kernelSize: 2, layout: 'NLC' }), columns);
    const back = reference.col2im(columns, { kernelSize: 2, outputSize: [3] });
    expectExact(channelsFirst(reference.col2im(columns, { kernelSize: 2, outputSize: [3], layout: 'NLC' })), back);
  });
});
