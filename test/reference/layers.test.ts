import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelsFirst, channelsLast, permuted, weightChannelsLast } from '../support/algebra.js';
import { convCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { inLayout, parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { convOperands, convOptions } from '../support/problems.js';
import * as reference from './index.js';

describe('locally connected', () => {
  test('by hand', () => {
    const x = { data: [1, 2, 3, 10, 20, 30], shape: [1, 2, 3] };
    // [oc, position, ic, tap]
    const weight = { data: [1, 0, 0, 1, 0, 2, 3, 0], shape: [1, 2, 2, 2] };
    const y = reference.locallyConnected(x, weight, { bias: [-70], activation: { clamp: [-60, -5] } });
    // Position 0: 1 * 1 + 20 * 1; position 1: 3 * 2 + 20 * 3.
    expectExact(y, { data: [-49, -5], shape: [1, 1, 2] });
  });

  test('channels last hold the same numbers', () => {
    const [x, weight] = [integerTensor([2, 3, 4, 5], 1), integerTensor([4, 3, 2, 3, 2, 4], 2)];
    const y = reference.locallyConnected(x, weight);
    const last = permuted(weight, [1, 2, 4, 5, 3, 0]);
    expectExact(channelsFirst(reference.locallyConnected(channelsLast(x), last, { layout: 'NHWC' })), y);
  });

  test('the same weights everywhere are a convolution', () => {
    fc.assert(
      fc.property(convCase({ kinds: ['dense'] }), (text) => {
        const given = inLayout(parseCase(text), false);
        const { x, weight, bias } = convOperands(given);
        const options = { ...convOptions(given), bias };
        const y = reference.conv(x, weight, options);
        const output = y.shape.slice(2);
        const positions = output.reduce((product, extent) => product * extent, 1);
        const each = weight.data.length / given.oc;
        const repeated = Float32Array.from({ length: weight.data.length * positions }, (_, at) => {
          const oc = Math.floor(at / (each * positions));
          return weight.data[oc * each + (at % each)];
        });
        const [oc, ic, ...kernel] = weight.shape;
        const local = { data: repeated, shape: [oc, ...output, ic, ...kernel] };
        expectExact(reference.locallyConnected(x, local, options), y);
      }),
      propertyRuns(40),
    );
  });

  test('refuses weights of another output', () => {
    expect(() => reference.locallyConnected(integerTensor([1, 1, 4], 1), integerTensor([1, 2, 1, 2], 2))).toThrow(
      'fit',
    );
  });
});

describe('separable', () => {
  test('depthwise, then pointwise', () => {
    const x = { data: [1, 2, 3, 10, 20, 30], shape: [1, 2, 3] };
    const depthwise = { data: [1, 1, -1, 2], shape: [2, 1, 2] };
    const pointwise = { data: [1, 1, 2, 0, 0, 3], shape: [3, 2, 1] };
    // Depthwise: [3, 5] and [30, 40].
    const y = reference.separableConv(x, depthwise, pointwise, { bias: [0, 1, -100], activation: 'relu' });
    expectExact(y, { data: [33, 45, 7, 11, 0, 20], shape: [1, 3, 2] });
    expectExact(y.magnitude, [53, 85, 7, 11, 250, 340]);
    expect(y.terms).toBe(2 + 2 + 1);
  });

  test('is one convolution with the product of the weights', () => {
    const [x, depthwise, pointwise] = [
      integerTensor([2, 3, 6, 5], 1),
      integerTensor([6, 1, 3, 2], 2),
      integerTensor([4, 6, 1, 1], 3),
    ];
    const joint = Float32Array.from({ length: 4 * 3 * 6 }, (_, at) => {
      const [o, c, tap] = [Math.floor(at / 18), Math.floor(at / 6) % 3, at % 6];
      return [0, 1].reduce(
        (sum, m) => sum + pointwise.data[o * 6 + 2 * c + m] * depthwise.data[(2 * c + m) * 6 + tap],
        0,
      );
    });
    const options = { stride: [2, 1], padding: 'same', dilation: [1, 2], flipKernel: true } as const;
    const y = reference.separableConv(x, depthwise, pointwise, options);
    expectExact(y, reference.conv(x, { data: joint, shape: [4, 3, 3, 2] }, options));
    const last = reference.separableConv(
      channelsLast(x),
      weightChannelsLast(depthwise),
      weightChannelsLast(pointwise),
      {
        ...options,
        layout: 'NHWC',
      },
    );
    expectExact(channelsFirst(last), y);
  });
});
