import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelsFirst, channelsLast, section, weightChannelsLast } from '../support/algebra.js';
import { convCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { has, inLayout, parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { padded, paddingPairs, spacedOut } from '../support/padding.js';
import { convOperands, convOptions } from '../support/problems.js';
import { conv } from './conv.js';

const runs = propertyRuns(100);

/** A case with channels first, its operands and its options. */
function problem(text: string) {
  const given = inLayout(parseCase(text), false);
  return { given, ...convOperands(given), options: convOptions(given) };
}

describe('by hand', () => {
  test('two channels, two rows, asymmetric everything', () => {
    const x = { data: [1, 2, 3, 4, 5, 6, -1, 0, 2, 1, -2, 3], shape: [1, 2, 2, 3] };
    const weight = { data: [1, 10, 100, 1000], shape: [1, 2, 1, 2] };
    // y[r, c] = x0[r, c] + 10 x0[r, c + 1] + 100 x1[r, c] + 1000 x1[r, c + 1], one column of zeros on the left.
    const y = conv(x, weight, {
      padding: [
        [0, 0],
        [1, 0],
      ],
    });
    expectExact(y, {
      data: [10 - 1000, 21 - 100, 32 + 2000, 40 + 1000, 54 + 100 - 2000, 65 - 200 + 3000],
      shape: [1, 1, 2, 3],
    });
  });

  test('groups, multiplier and channels last', () => {
    const x = { data: [1, 2, 3, 4, 5, 6], shape: [1, 3, 2] };
    const weight = { data: [1, 2, 3, 4, 10, 20, 30, 40], shape: [2, 1, 4] };
    // Depthwise, two outputs per channel: y[p, o] = x[p, c] w[0, o] + x[p + 1, c] w[1, o] with c = floor(o / 2).
    const y = conv(x, weight, { groups: 2, layout: 'NLC' });
    expectExact(y, { data: [31, 62, 126, 168, 53, 106, 192, 256], shape: [1, 2, 4] });
  });

  test('bias, residual, activation in that order', () => {
    const one = { data: [1], shape: [1, 1, 1] };
    const x = { data: [-4, -1, 2, 9], shape: [1, 1, 4] };
    const add = { data: [1, 1, -6, 1], shape: [1, 1, 4] };
    expectExact(conv(x, one, { bias: [2], add }).data, [-1, 2, -2, 12]);
    expectExact(conv(x, one, { bias: [2], add, activation: 'relu' }).data, [0, 2, 0, 12]);
    expectExact(conv(x, one, { bias: [2], add, activation: 'relu6' }).data, [0, 2, 0, 6]);
    expectExact(conv(x, one, { bias: [2], add, activation: { clamp: [-1.5, 3] } }).data, [-1, 2, -1.5, 3]);
  });

  test('padding is not multiplied; zero weights are', () => {
    const x = { data: [Number.POSITIVE_INFINITY, 1, 2], shape: [1, 1, 3] };
    const zero = { data: [5, 0, 1], shape: [1, 1, 3] };
    expectExact(conv(x, zero, { padding: [[1, 0]] }).data, [Number.NaN, Number.POSITIVE_INFINITY]);
    const bad = { data: [Number.NaN, 1], shape: [1, 1, 2] };
    expectExact(conv({ ...x, data: [4, 1, 2] }, bad, { padding: [[1, 0]] }).data, [4, Number.NaN, Number.NaN]);
  });

  test('magnitude and terms', () => {
    const x = { data: [1, -2, 3], shape: [1, 1, 3] };
    const y = conv(x, { data: [1, 1], shape: [1, 1, 2] }, { bias: [-5], padding: [[1, 0]], activation: 'relu' });
    expectExact(y.magnitude, [6, 8, 10]);
    expect(y.terms).toBe(3);
  });

  test('batch 0', () => {
    const y = conv({ data: [], shape: [0, 2, 4, 5] }, { data: new Float32Array(12), shape: [3, 2, 2, 1] });
    expect([y.shape, y.data.length]).toEqual([[0, 3, 3, 5], 0]);
  });

  test('refuses channels that do not fit', () => {
    expect(() => conv({ data: [1, 2], shape: [1, 2, 1] }, { data: [1], shape: [1, 1, 1] })).toThrow('groups');
  });
});

describe('identities', () => {
  const check = (name: string, property: (text: string) => void) =>
    test(name, () => fc.assert(fc.property(convCase(), property), runs));

  check('both layouts hold the same numbers', (text) => {
    const { x, weight, bias, options, given } = problem(text);
    const last = { ...convOptions(inLayout(given, true)), bias };
    const y = conv(channelsLast(x), weightChannelsLast(weight), last);
    expectExact(channelsFirst(y), conv(x, weight, { ...options, bias }));
  });

  check('padding in memory, any mode', (text) => {
    const { x, weight, bias, options } = problem(text);
    const pairs = paddingPairs(x.shape.slice(2), weight.shape.slice(2), options);
    const plain = { ...options, bias, padding: 0, paddingMode: 'zeros' } as const;
    expectExact(conv(x, weight, { ...options, bias }), conv(padded(x, pairs, options.paddingMode), weight, plain));
  });

  check('dilation is zeros between the taps', (text) => {
    const { x, weight, options } = problem(text);
    const dense = spacedOut(
      weight,
      options.dilation.map((d) => d - 1),
    );
    expectExact(conv(x, weight, options), conv(x, dense, { ...options, dilation: 1 }));
  });

  check('stride keeps every s-th output', (text) => {
    const { x, weight, options, given } = problem(text);
    // Of a padding word, `same` alone depends on the stride.
    if (has(given, 'same') || has(given, 'samelower')) return;
    const all = conv(x, weight, { ...options, stride: 1 });
    const kept = conv(x, weight, options);
    expectExact(kept, section(all, [{}, {}, ...options.stride.map((step) => ({ step }))]));
  });

  check('a flipped kernel is the kernel read backwards', (text) => {
    const { x, weight, options } = problem(text);
    const taps = weight.shape.slice(2).reduce((product, extent) => product * extent, 1);
    const backwards = weight.data.map((_, at) => weight.data[at - (at % taps) + (taps - 1 - (at % taps))]);
    expectExact(
      conv(x, weight, { ...options, flipKernel: !options.flipKernel }),
      conv(x, { data: backwards, shape: weight.shape }, options),
    );
  });

  check('groups are convolutions side by side', (text) => {
    const { x, weight, options, given } = problem(text);
    const whole = conv(x, weight, options);
    const [icg, ocg] = [given.ic / given.g, given.oc / given.g];
    for (let g = 0; g < given.g; g += 1) {
      const part = conv(
        section(x, [{}, { begin: g * icg, count: icg }]),
        section(weight, [{ begin: g * ocg, count: ocg }]),
        {
          ...options,
          groups: 1,
        },
      );
      expectExact(part, section(whole, [{}, { begin: g * ocg, count: ocg }]));
    }
  });

  test('a lower rank is a higher one with extents of 1', () => {
    fc.assert(
      fc.property(convCase({ rank: 1 }), (text) => {
        const { x, weight, options } = problem(text);
        const lift = ({ data, shape: [a, b, w] }: { data: Float32Array; shape: number[] }) => ({
          data,
          shape: [a, b, 1, 1, w],
        });
        const padding =
          typeof options.padding === 'string'
            ? options.padding
            : ([[0, 0], [0, 0], ...options.padding] as [number, number][]);
        const lifted = {
          ...options,
          stride: [1, 1, ...options.stride],
          dilation: [1, 1, ...options.dilation],
          padding,
          layout: 'NCDHW' as const,
        };
        expectExact(conv(lift(x), lift(weight), lifted).data, conv(x, weight, options).data);
      }),
      runs,
    );
  });

  test('pointwise is a product of matrices', () => {
    const [x, weight] = [integerTensor([2, 3, 4, 5], 1), integerTensor([7, 3, 1, 1], 2)];
    const y = conv(x, weight);
    for (const [b, o, cell] of [
      [0, 0, 0],
      [1, 6, 19],
      [1, 2, 11],
    ]) {
      const expected = [0, 1, 2].reduce((sum, c) => sum + weight.data[o * 3 + c] * x.data[(b * 3 + c) * 20 + cell], 0);
      expect(y.data[(b * 7 + o) * 20 + cell]).toBe(expected);
    }
  });
});
