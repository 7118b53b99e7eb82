import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dot } from '../support/algebra.js';
import {
  adaptiveCase,
  avgPoolCase,
  type CaseText,
  columnCase,
  convCase,
  convTransposeCase,
  maxPoolCase,
  propertyRuns,
} from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { type Case, parseCase } from '../support/cases.js';
import { integerTensor, type TestTensor } from '../support/data.js';
import * as problems from '../support/problems.js';
import * as reference from './index.js';

const runs = propertyRuns(100);

/** A linear operator and its gradient are adjoint: <f(x), g> = <x, f'(g)>, to the bit on integers. */
function adjoint(name: string, cases: CaseText, run: (text: string) => readonly (readonly [number, number])[]) {
  test(name, () =>
    fc.assert(
      fc.property(cases, (text) => {
        for (const [left, right] of run(text)) expect(left).toBe(right);
      }),
      runs,
    ),
  );
}

/** Convolutions are linear in x and in the weight, once bias and activation are left out. */
const plain = (text: string) =>
  parseCase(
    text
      .split('_')
      .filter((segment) => !['bias', 'relu', 'relu6', 'hardtanh', 'clamp'].includes(segment))
      .join('_'),
  );

describe('adjoint identities', () => {
  adjoint('conv', convCase(), (text) => {
    const given = plain(text);
    const { x, weight } = problems.convOperands(given);
    const options = problems.convOptions(given);
    const y = reference.conv(x, weight, options);
    const g = integerTensor(y.shape, 7);
    const { gradX, gradWeight } = reference.convBackward(g, x, weight, options);
    return [
      [dot(y, g), dot(x, gradX)],
      [dot(y, g), dot(weight, gradWeight)],
    ];
  });

  adjoint('conv transpose', convTransposeCase(), (text) => {
    const given = plain(text);
    const { x, weight } = problems.convTransposeOperands(given);
    const options = problems.convTransposeOptions(given);
    const y = reference.convTranspose(x, weight, options);
    const g = integerTensor(y.shape, 7);
    const { gradX, gradWeight } = reference.convTransposeBackward(g, x, weight, options);
    return [
      [dot(y, g), dot(x, gradX)],
      [dot(y, g), dot(weight, gradWeight)],
    ];
  });

  adjoint('bias', convCase(), (text) => {
    const given = plain(text);
    const { x, weight } = problems.convOperands(given);
    const options = problems.convOptions(given);
    const bias = integerTensor([given.oc], 3);
    const without = reference.conv(x, weight, options);
    const y = reference.conv(x, weight, { ...options, bias });
    const g = integerTensor(y.shape, 7);
    return [[dot(y, g) - dot(without, g), dot(bias, reference.biasGrad(g, options))]];
  });

  adjoint('locally connected', convCase({ kinds: ['dense'] }), (text) => {
    const given = plain(text);
    const { x } = problems.convOperands(given);
    const { groups: _, ...options } = problems.convOptions(given);
    const weight = integerTensor(localShape(text), 5);
    const y = reference.locallyConnected(x, weight, options);
    const g = integerTensor(y.shape, 7);
    const { gradX, gradWeight } = reference.locallyConnectedBackward(g, x, weight, options);
    return [
      [dot(y, g), dot(x, gradX)],
      [dot(y, g), dot(weight, gradWeight)],
    ];
  });

  adjoint('separable', convCase({ kinds: ['depthwise'] }), (text) => {
    const given = plain(text);
    const { x, weight } = problems.convOperands(given);
    const { groups: _, ...options } = problems.convOptions(given);
    const point = problems.weightShape({ ...given, ic: given.oc, oc: 5, g: 1, kd: 1, kh: 1, kw: 1 });
    const pointwise = integerTensor(point, 5);
    const y = reference.separableConv(x, weight, pointwise, options);
    const g = integerTensor(y.shape, 7);
    const { gradX, gradDepthwise, gradPointwise } = reference.separableConvBackward(g, x, weight, pointwise, options);
    return [
      [dot(y, g), dot(x, gradX)],
      [dot(y, g), dot(weight, gradDepthwise)],
      [dot(y, g), dot(pointwise, gradPointwise)],
    ];
  });

  adjoint('max pool and unpool', maxPoolCase(), (text) => {
    const given = parseCase(text);
    const options = problems.maxPoolOptions(given);
    const x = integerTensor(problems.xShape(given), 1);
    const { data, shape, indices } = reference.maxPool(x, options);
    const g = integerTensor(shape, 7);
    const gradX = reference.maxPoolInputGrad(g, indices, x.shape, options);
    // With the indices held, the pool is linear where its windows hold cells, and unpooling gathers the same pairs.
    const held = data.map((value) => (value === Number.NEGATIVE_INFINITY ? 0 : value));
    const gathered = reference.maxUnpoolInputGrad(x, indices, shape, options);
    expectExact(gathered.data, held);
    return [[dot({ data: held, shape }, g), dot(x, gradX)]];
  });

  adjoint('im2col and col2im', columnCase(), (text) => {
    const given = parseCase(text);
    const options = problems.columnOptions(given);
    const x = integerTensor(problems.xShape(given), 1);
    const columns = reference.im2col(x, options);
    const g = integerTensor(columns.shape, 7);
    const back = reference.im2colInputGrad(g, x.shape, options);
    expectExact(reference.col2imInputGrad(x, options), columns);
    return [[dot(columns, g), dot(x, back)]];
  });
});

describe('adjoint identities with divisors', () => {
  /** The quotients are rounded, so the two products agree to the bound of their sums. */
  function divided(
    name: string,
    cases: CaseText,
    forward: (x: TestTensor, given: Case) => reference.Result,
    backward: (g: TestTensor, xShape: readonly number[], given: Case) => reference.Result,
  ) {
    test(name, () =>
      fc.assert(
        fc.property(cases, (text) => {
          const given = parseCase(text);
          const x = integerTensor(problems.xShape(given), 1);
          const y = forward(x, given);
          const g = integerTensor(y.shape, 7);
          const size = dot({ data: y.magnitude, shape: y.shape }, { data: g.data.map(Math.abs), shape: g.shape });
          expectWithin([dot(y, g)], [dot(x, backward(g, x.shape, given))], [size], y.terms);
        }),
        runs,
      ),
    );
  }

  divided(
    'average pool',
    avgPoolCase(),
    (x, given) => reference.avgPool(x, problems.avgPoolOptions(given)),
    (g, xShape, given) => reference.avgPoolInputGrad(g, xShape, problems.avgPoolOptions(given)),
  );

  divided(
    'adaptive average pool',
    adaptiveCase(),
    (x, given) => reference.adaptiveAvgPool(x, problems.adaptiveOptions(given)),
    (g, xShape, given) => reference.adaptiveAvgPoolInputGrad(g, xShape, problems.adaptiveOptions(given)),
  );
});

/** Shape of the weights of a locally connected layer for a dense case. */
function localShape(text: string): number[] {
  const given = plain(text);
  const { x, weight } = problems.convOperands(given);
  const options = problems.convOptions(given);
  const y = reference.conv(x, weight, options);
  const last = given.flags.includes('nhwc');
  const output = last ? y.shape.slice(1, -1) : y.shape.slice(2);
  const kernel = last ? weight.shape.slice(0, -2) : weight.shape.slice(2);
  return last ? [...output, ...kernel, given.ic, given.oc] : [given.oc, ...output, given.ic, ...kernel];
}
