import { beforeAll, describe, expect, it } from 'vitest';
import { adaptiveAvgPool2d, adaptiveMaxPool3d, avgPool1d, conv1d, conv2d, OptionError } from '../../src/index.js';
import { conv as reference } from '../reference/index.js';
import { expectExact } from '../support/bounds.js';
import { builds, useBuild } from '../support/builds.js';
import { integerTensor } from '../support/data.js';

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each([
    [1, 1],
    [3, 2],
    [2, 5],
  ])('causal padding with stride %i and dilation %i sees nothing that is to come', (stride, dilation) => {
    const weight = integerTensor([5, 3, 4], 2);
    const options = { stride, dilation, padding: 'causal' as const, bias: [3, -1, 4, 1, -5] };
    const x = integerTensor([2, 3, 17], 1);
    const y = conv1d(x, weight, options);
    expect(y.shape).toEqual([2, 5, Math.ceil(17 / stride)]);
    expectExact(y, reference(x, weight, { ...options, padding: [[3 * dilation, 0]] }));
    expectExact(y, conv1d(x, weight, { ...options, bias: Float32Array.from(options.bias) }));
  });
});

it('causal padding is for one dimension', () => {
  expect(() =>
    conv2d(integerTensor([1, 1, 3, 3], 1), integerTensor([1, 1, 2, 2], 1), { padding: 'causal' as never }),
  ).toThrow(OptionError);
  expectExact(avgPool1d(integerTensor([1, 2, 5], 1), { kernelSize: 3, stride: 1, padding: 'causal' }).shape, [1, 2, 5]);
});

it('an extent of null is kept by adaptive pools', () => {
  const x = integerTensor([2, 3, 7, 5], 1);
  const last = integerTensor([2, 4, 5, 6, 3], 1);
  expectExact(adaptiveAvgPool2d(x, { outputSize: [null, 2] }), adaptiveAvgPool2d(x, { outputSize: [7, 2] }));
  expectExact(
    adaptiveMaxPool3d(last, { outputSize: [2, null, null], layout: 'NDHWC' }),
    adaptiveMaxPool3d(last, { outputSize: [2, 5, 6], layout: 'NDHWC' }),
  );
  expect(() => adaptiveAvgPool2d(x, { outputSize: null as never })).toThrow(OptionError);
});
