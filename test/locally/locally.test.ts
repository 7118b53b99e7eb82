import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  locallyConnected1d,
  locallyConnected1dBackward,
  locallyConnected2d,
  locallyConnected2dBackward,
  MemoryError,
  memoryUsage,
  OptionError,
  prepareLocallyConnected1d,
  prepareLocallyConnected1dBackward,
  prepareLocallyConnected2dBackward,
  ShapeError,
  type Tensor,
} from '../../src/index.js';
import * as reference from '../reference/index.js';
import { convCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { leavesNothing, useBuild, variants } from '../support/builds.js';
import { has, parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { convOptions, weightShape, xShape } from '../support/problems.js';
import { blocks } from './cases.js';

/** A drawn convolution of rank 1 or 2 with weights of its own at every position. */
function layer(text: string, make = integerTensor) {
  const given = parseCase(text);
  const { groups: _, accuracy: __, ...options } = { accuracy: 'standard', ...convOptions(given) };
  const x = make(xShape(given), 1);
  const last = has(given, 'nhwc');
  const shared = weightShape(given);
  const kernel = last ? shared.slice(0, given.rank) : shared.slice(2);
  const probe = reference.conv(
    x,
    { data: new Float32Array(shared.reduce((a, b) => a * b, 1)), shape: shared },
    options,
  ).shape;
  const output = last ? probe.slice(1, -1) : probe.slice(2);
  const shape = last ? [...output, ...kernel, given.ic, given.oc] : [given.oc, ...output, given.ic, ...kernel];
  const weight = make(shape, 2);
  const [forward, backward] =
    given.rank === 1
      ? [locallyConnected1d, locallyConnected1dBackward]
      : [locallyConnected2d, locallyConnected2dBackward];
  const bias = has(given, 'bias') ? { bias: make([given.oc], 3).data } : {};
  return {
    ...{ x, weight, options: { ...options, ...bias } as never },
    ...{ forward: forward as typeof locallyConnected2d, backward: backward as typeof locallyConnected2dBackward },
  };
}

const drawn = fc.oneof(convCase({ rank: 1, kinds: ['dense'] }), convCase({ rank: 2, kinds: ['dense'] }));

/** Forward and backward, exactly. */
function expectEqual(text: string) {
  const { x, weight, options, forward, backward } = layer(text);
  const expected = reference.locallyConnected(x, weight, options);
  const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
  expect(leavesNothing(() => forward(x, weight, { ...(options as object), out }))).toBe(out);
  checkFence(out.data);
  expectExact(out, expected);

  const gradY = integerTensor(expected.shape, 4);
  const y = { data: Float32Array.from(expected.data), shape: expected.shape };
  const wanted = { x: true, weight: true, bias: true };
  const grads = reference.locallyConnectedBackward(gradY, x, weight, { ...(options as object), y });
  const found = leavesNothing(() => backward(gradY, x, weight, { ...(options as object), y, wanted }));
  for (const name of ['gradX', 'gradWeight', 'gradBias'] as const) expectExact(found[name] as never, grads[name]);
}

describe.each(variants)('locally connected layers, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it('equal the reference on integers, forward and backward', () => {
    fc.assert(fc.property(drawn, expectEqual), propertyRuns(100));
  });

  it.each(blocks)('equal the reference block by block: %s', expectEqual);

  it('stay within the bound on reals', () => {
    fc.assert(
      fc.property(drawn, (text) => {
        const { x, weight, options, forward } = layer(text, realTensor);
        const expected = reference.locallyConnected(x, weight, options);
        expectWithin(forward(x, weight, options), expected, expected.magnitude, expected.terms);
      }),
      propertyRuns(50),
    );
  });

  it.each(['NCHW', 'NHWC'] as const)('adds into what is given, %s', (layout) => {
    const { x, weight, options, backward } = layer(`n2ic3ih5iw6_oc5kh3kw2_ph1${layout === 'NHWC' ? '_nhwc' : ''}`);
    const gradY = integerTensor(reference.locallyConnected(x, weight, options).shape, 4);
    const once = backward(gradY, x, weight, { ...(options as object), wanted: { x: true, weight: true } });
    const out = {
      gradX: { data: (once.gradX as Tensor).data.slice(), shape: x.shape },
      gradWeight: { data: (once.gradWeight as Tensor).data.slice(), shape: weight.shape },
    };
    backward(gradY, x, weight, { ...(options as object), wanted: { x: true, weight: true }, accumulate: true, out });
    for (const name of ['gradX', 'gradWeight'] as const) {
      expectExact(
        out[name],
        (once[name] as Tensor).data.map((value) => 2 * value),
      );
    }
  });
});

describe('prepared locally connected layers', () => {
  it('keep a copy of the weights until they are disposed of', () => {
    const x = integerTensor([2, 3, 7], 1);
    const weight = integerTensor([4, 5, 3, 3], 2);
    const bias = integerTensor([4], 3).data;
    const expected = locallyConnected1d(x, weight, { bias });
    const before = memoryUsage();
    const layer = prepareLocallyConnected1d(weight, { bias }, x.shape);
    weight.data.fill(0);
    bias.fill(0);
    expect(memoryUsage().used).toBeGreaterThan(before.used);
    expect(layer.shape).toEqual([2, 4, 5]);
    expect(layer.algorithm).toBe('per-position');
    expect(layer.workspaceBytes).toBeGreaterThan(4 * (2 * 3 * 7 + 2 * 4 * 5));
    const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
    for (let run = 0; run < 2; run++) expectExact(layer.run(x, out), expected);
    checkFence(out.data);
    expect(() => layer.run(integerTensor([2, 3, 8], 1))).toThrow(ShapeError);
    layer.dispose();
    expect(memoryUsage()).toEqual(before);
    expect(() => layer.run(x)).toThrow('prepareLocallyConnected1d was used after dispose()');
  });

  it('give the gradients of every step', () => {
    const x = integerTensor([2, 5, 6, 3], 1);
    const gradY = integerTensor([2, 4, 5, 2], 4);
    const bias = new Float32Array(2);
    const weights = [2, 3].map((seed) => integerTensor([4, 5, 2, 2, 3, 2], seed));
    const layer = prepareLocallyConnected2dBackward({ layout: 'NHWC', bias }, x.shape, weights[0].shape);
    for (const weight of weights) {
      const expected = locallyConnected2dBackward(gradY, x, weight, { layout: 'NHWC', bias });
      const found = layer.run(gradY, x, weight);
      expect(Object.keys(found)).toEqual(['gradX', 'gradWeight', 'gradBias']);
      for (const name of ['gradX', 'gradWeight', 'gradBias'] as const)
        expectExact(found[name] as Tensor, expected[name] as Tensor);
    }
    layer.dispose();
    expect(() => layer.run(gradY, x, weights[0])).toThrow(MemoryError);
  });

  it('refuse what does not fit', () => {
    const weight = integerTensor([3, 4, 2, 2], 2);
    expect(() => prepareLocallyConnected1d(weight, { out: weight } as never, [1, 2, 5])).toThrow(OptionError);
    expect(() => prepareLocallyConnected1d(weight, {}, [1, 2, 6])).toThrow(/weight is for output length 4, expected 5/);
    expect(() => prepareLocallyConnected1d(weight, {}, null as never)).toThrow(/xShape is null/);
    expect(() => prepareLocallyConnected1dBackward({ wanted: {} } as never, [1, 2, 5], weight.shape)).toThrow(
      OptionError,
    );
    expect(() => prepareLocallyConnected1dBackward({}, [1, 2, 5], [3, 4, 2])).toThrow(ShapeError);
  });
});

describe('locally connected layers', () => {
  it('refuse what does not fit, and leave memory as it was', () => {
    const x = integerTensor([1, 2, 5], 1);
    const weight = integerTensor([3, 4, 2, 2], 2);
    const before = memoryUsage();
    expect(() => locallyConnected1d(x, integerTensor([3, 5, 2, 2], 2))).toThrow(
      /weight is for output length 5, expected 4/,
    );
    expect(() => locallyConnected1d(x, weight, { groups: 2 } as never)).toThrow(OptionError);
    expect(() => locallyConnected1d(x, integerTensor([3, 4, 1, 2], 2))).toThrow(ShapeError);
    expect(() => locallyConnected1d(x, weight, { bias: new Float32Array(4) })).toThrow(
      /bias has 4 elements, expected 3/,
    );
    expect(() => locallyConnected1dBackward(integerTensor([1, 3, 4], 3), x, weight, { activation: 'relu' })).toThrow(
      /y is required/,
    );
    expect(memoryUsage()).toEqual(before);
  });
});
