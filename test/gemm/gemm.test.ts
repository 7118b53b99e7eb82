import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { gemm, linear, matmul } from '../../src/index.js';
import * as reference from '../reference/index.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { integers, integerTensor, realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { sizes } from './cases.js';

type Make = typeof realTensor;

interface Options {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
  readonly withC?: boolean;
  readonly withBias?: boolean;
  readonly activation?: 'relu' | 'relu6' | { clamp: [number, number] };
}

function compare(m: number, n: number, k: number, { withC, withBias, ...options }: Options, make: Make, exact: boolean) {
  const a = make(options.transposeA ? [k, m] : [m, k], 1);
  const b = make(options.transposeB ? [n, k] : [k, n], 2);
  const all = { ...options, ...(withC && { c: make([m, n], 3) }), ...(withBias && { bias: make([n], 4).data }) };
  const expected = reference.gemm(a, b, all);
  const out = { data: fencedOutput(m * n), shape: [m, n] };
  leavesNothing(() => gemm(a, b, { ...all, out }));
  checkFence(out.data);
  if (exact) expectExact(out, expected);
  else expectWithin(out, expected, expected.magnitude, expected.terms);
}

const variants: Options[] = [
  {},
  { transposeA: true },
  { transposeB: true, withBias: true },
  { transposeA: true, transposeB: true, alpha: 2, activation: 'relu' },
  { withC: true, beta: 1 },
  { withC: true, beta: -3, alpha: 0, withBias: true },
  { withC: true, beta: 0, activation: { clamp: [-2, 9] } },
];

describe.each(builds)('gemm, %s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(sizes)('%d x %d x %d', (m, n, k) => {
    it.each(variants)('%j is exact on integers', (options) => compare(m, n, k, options, integerTensor, true));
    it.each(variants)('%j is bounded on reals', (options) => compare(m, n, k, options, realTensor, false));
  });

  it('agrees with the reference on drawn problems', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const options = fc.record({
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      alpha: fc.integer({ min: -2, max: 3 }),
      withC: fc.boolean(),
      withBias: fc.boolean(),
    });
    fc.assert(
      fc.property(size, size, size, options, (m, n, k, o) => compare(m, n, k, o, integerTensor, true)),
      propertyRuns(100),
    );
  });

  it.each<[number[], number[]]>([
    [[4], [4]],
    [[3, 4], [4]],
    [[4], [4, 5]],
    [
      [2, 3, 4],
      [4, 5],
    ],
    [
      [3, 4],
      [2, 4, 5],
    ],
    [
      [2, 1, 3, 4],
      [5, 4, 2],
    ],
    [
      [5, 1, 2, 3],
      [1, 4, 3, 7],
    ],
    [
      [0, 2, 3],
      [3, 2],
    ],
  ])('matmul %j by %j broadcasts as the reference', (aShape, bShape) => {
    const a = integerTensor(aShape, 5);
    const b = integerTensor(bShape, 6);
    const expected = reference.matmul(a, b);
    const y = leavesNothing(() => matmul(a, b));
    expect(y.shape).toEqual(expected.shape);
    expectExact(y, expected);
  });

  it.each([[[7]], [[3, 7]], [[2, 3, 7]], [[0, 7]]])('linear over %j', (xShape) => {
    const x = integerTensor(xShape, 7);
    const weight = integerTensor([5, 7], 8);
    const options = { bias: integers(5, 9), activation: 'relu' as const };
    const expected = reference.linear(x, weight, options);
    const y = leavesNothing(() => linear(x, weight, options));
    expect(y.shape).toEqual(expected.shape);
    expectExact(y, expected);
  });

  it('lets NaN and Infinity through', () => {
    const a = { data: Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, 0), shape: [2, 2] };
    const b = { data: Float32Array.of(1, 0, 2, 3), shape: [2, 2] };
    expectExact(
      gemm(a, b, { activation: 'relu' }),
      Float32Array.of(Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, Number.NaN),
    );
  });

  it.each([1, 2, 4, 9, 20])('keeps NaN to its column and to its row, %d rows', (m) => {
    const a = integerTensor([m, 21], 1);
    const b = integerTensor([21, 11], 2);
    const across = { data: new Float32Array(231), shape: [11, 21] };
    for (let p = 0; p < 21; p++) for (let j = 0; j < 11; j++) across.data[j * 21 + p] = b.data[p * 11 + j];
    a.data[5] = Number.NaN;
    for (let p = 0; p < 21; p++) across.data[3 * 21 + p] = b.data[p * 11 + 3] = Number.POSITIVE_INFINITY;
    expectExact(gemm(a, b), reference.gemm(a, b));
    expectExact(gemm(a, across, { transposeB: true }), reference.gemm(a, b));
  });

  it('does not read c when beta is 0', () => {
    const c = { data: new Float32Array(4).fill(Number.NaN), shape: [2, 2] };
    const eye = { data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] };
    expectExact(gemm(eye, eye, { c, beta: 0 }), eye.data);
  });
});
