import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  MemoryError,
  OptionError,
  prepareSeparableConv2d,
  ShapeError,
  separableConv2d,
  separableConv2dBackward,
  type Tensor,
} from '../../src/index.js';
import * as reference from '../reference/index.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { integers, integerTensor, realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';

const drawn = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  ic: fc.integer({ min: 1, max: 6 }),
  multiplier: fc.integer({ min: 1, max: 3 }),
  oc: fc.integer({ min: 1, max: 9 }),
  size: fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 })),
  kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.constantFrom<number | 'same' | [[number, number], [number, number]]>(0, 1, 'same', [
    [1, 2],
    [0, 1],
  ]),
  paddingMode: fc.constantFrom('zeros' as const, 'reflect' as const),
  flipKernel: fc.boolean(),
  activation: fc.constantFrom(undefined, 'relu' as const, { clamp: [-9, 20] as [number, number] }),
  last: fc.boolean(),
  biased: fc.boolean(),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function operands(d: Drawn, make = integerTensor) {
  const [h, w] = d.size;
  const [kh, kw] = d.kernel;
  const c = d.ic * d.multiplier;
  const x = make(d.last ? [d.n, h, w, d.ic] : [d.n, d.ic, h, w], 1);
  const depthwise = make(d.last ? [kh, kw, 1, c] : [c, 1, kh, kw], 2);
  const pointwise = make(d.last ? [1, 1, c, d.oc] : [d.oc, c, 1, 1], 3);
  const { stride, padding, paddingMode, flipKernel, activation } = d;
  const options = {
    ...{ stride, padding, paddingMode, flipKernel, layout: d.last ? ('NHWC' as const) : ('NCHW' as const) },
    ...(activation && { activation }),
    ...(d.biased && { bias: make([d.oc], 4).data }),
  };
  return { x, depthwise, pointwise, options };
}

describe.each(builds)('separable convolution, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it('equals the depthwise and the pointwise convolution of the reference, prepared or not', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const { x, depthwise, pointwise, options } = operands(d);
        const expected = reference.separableConv(x, depthwise, pointwise, options);
        const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
        expect(leavesNothing(() => separableConv2d(x, depthwise, pointwise, { ...options, out }))).toBe(out);
        checkFence(out.data);
        expectExact(out, expected);
        expectExact(
          leavesNothing(() => separableConv2d(x, depthwise, pointwise, { ...options, algorithm: 'two-step' })),
          expected,
        );
        leavesNothing(() => {
          const layer = prepareSeparableConv2d(depthwise, pointwise, options, x.shape);
          expectExact(layer.run(x), expected);
          expectExact(layer.run(x), expected);
          layer.dispose();
        });
      }),
      propertyRuns(100),
    );
  });

  it('stays within the bound on reals', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const { x, depthwise, pointwise, options } = operands(d, realTensor);
        const high = { ...options, accuracy: 'high' as const };
        const expected = reference.separableConv(x, depthwise, pointwise, options);
        expectWithin(separableConv2d(x, depthwise, pointwise, high), expected, expected.magnitude, expected.terms);
      }),
      propertyRuns(50),
    );
  });

  it('has the gradients of the reference', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const { x, depthwise, pointwise, options } = operands(d);
        const forward = separableConv2d(x, depthwise, pointwise, options);
        const gradY = integerTensor(forward.shape, 5);
        const expected = reference.separableConvBackward(gradY, x, depthwise, pointwise, { ...options, y: forward });
        const masked = options.activation ? { y: forward } : {};
        const all = { x: true, depthwise: true, pointwise: true, bias: true };
        const found = leavesNothing(() =>
          separableConv2dBackward(gradY, x, depthwise, pointwise, { ...options, ...masked, wanted: all }),
        );
        for (const name of ['gradX', 'gradDepthwise', 'gradPointwise', 'gradBias'] as const) {
          expectExact(found[name] as never, expected[name]);
        }
      }),
      propertyRuns(60),
    );
  });
});

describe('separable convolution', () => {
  const x = integerTensor([2, 3, 6, 7], 1);
  const depthwise = integerTensor([6, 1, 3, 2], 2);
  const pointwise = integerTensor([5, 6, 1, 1], 3);

  it('computes what is wanted alone, and adds into what is given', () => {
    const gradY = integerTensor([2, 5, 4, 6], 4);
    const whole = separableConv2dBackward(gradY, x, depthwise, pointwise, { bias: integers(5, 5) });
    expect(Object.keys(whole)).toEqual(['gradX', 'gradDepthwise', 'gradPointwise', 'gradBias']);
    expect(
      Object.keys(separableConv2dBackward(gradY, x, depthwise, pointwise, { wanted: { pointwise: true } })),
    ).toEqual(['gradPointwise']);
    const gradDepthwise = { data: (whole.gradDepthwise as Tensor).data.slice(), shape: depthwise.shape };
    separableConv2dBackward(gradY, x, depthwise, pointwise, {
      wanted: { depthwise: true },
      accumulate: true,
      out: { gradDepthwise },
    });
    expectExact(
      gradDepthwise,
      (whole.gradDepthwise as Tensor).data.map((value) => 2 * value),
    );
  });

  it.each([
    ['NCHW', 3, 1],
    ['NHWC', 3, 1],
    ['NHWC', 5, 2],
  ] as const)('runs band by band: %s, kernel %i, stride %i', (layout, k, stride) => {
    const last = layout === 'NHWC';
    const [c, oc, h, w] = [70, 9, 47, 38];
    const x = integerTensor(last ? [2, h, w, c] : [2, c, h, w], 1);
    const depthwise = integerTensor(last ? [k, k, 1, c] : [c, 1, k, k], 2);
    const pointwise = integerTensor(last ? [1, 1, c, oc] : [oc, c, 1, 1], 3);
    const options = { layout, stride, padding: 1, bias: integerTensor([oc], 4).data };
    const expected = reference.separableConv(x, depthwise, pointwise, options);
    const layer = prepareSeparableConv2d(depthwise, pointwise, options, x.shape);
    expect(layer.algorithm).toBe('fused');
    const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
    expectExact(layer.run(x, out), expected);
    checkFence(out.data);
    const add = integerTensor(expected.shape, 5);
    expectExact(
      layer.run(x, undefined, add),
      expected.data.map((value, i) => value + add.data[i]),
    );
    layer.dispose();
  });

  it('refuses what does not fit', () => {
    expect(() => separableConv2d(x, integerTensor([4, 1, 3, 2], 2), pointwise)).toThrow(/groups is 3|divisor/);
    expect(() => separableConv2d(x, depthwise, integerTensor([5, 4, 1, 1], 3))).toThrow(ShapeError);
    expect(() => separableConv2d(x, depthwise, integerTensor([5, 6, 2, 1], 3))).toThrow(
      /pointwise has a kernel of 2 x 1/,
    );
    expect(() => separableConv2d(x, depthwise, pointwise, { algorithm: 'whole' })).toThrow(/unknown algorithm "whole"/);
    const fused = { algorithm: 'fused' };
    expect(() => separableConv2d(x, depthwise, pointwise, fused)).toThrow(
      /"fused" refuses this problem: 2 results of each channel/,
    );
    expect(() => separableConv2d(x, depthwise, pointwise, { groups: 3 } as never)).toThrow(OptionError);
    const layer = prepareSeparableConv2d(depthwise, pointwise, {}, x.shape);
    expect(layer.algorithm).toBe('two-step');
    expect(layer.refused).toEqual([{ name: 'fused', reason: '2 results of each channel' }]);
    layer.dispose();
    expect(() => layer.run(x)).toThrow(MemoryError);
  });
});
