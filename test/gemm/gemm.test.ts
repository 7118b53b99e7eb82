import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type GemmOptions,
  gemm,
  gemmBackward,
  linear,
  matmul,
  matmulBackward,
  prepareLinear,
} from '../../src/index.js';
import * as reference from '../reference/index.js';
import { propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { leavesNothing, useBuild, variants } from '../support/builds.js';
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

function compare(
  m: number,
  n: number,
  k: number,
  { withC, withBias, ...options }: Options,
  make: Make,
  exact: boolean,
) {
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

const options: Options[] = [
  {},
  { transposeA: true },
  { transposeB: true, withBias: true },
  { transposeA: true, transposeB: true, alpha: 2, activation: 'relu' },
  { withC: true, beta: 1 },
  { withC: true, beta: -3, alpha: 0, withBias: true },
  { withC: true, beta: 0, activation: { clamp: [-2, 9] } },
];

describe.each(variants)('gemm, %s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(sizes)('%d x %d x %d', (m, n, k) => {
    it.each(options)('%j is exact on integers', (given) => compare(m, n, k, given, integerTensor, true));
    it.each(options)('%j is bounded on reals', (given) => compare(m, n, k, given, realTensor, false));
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

  it('takes other operands and options in turn', () => {
    const [a, b] = [integerTensor([3, 5], 1), integerTensor([5, 4], 2)];
    const [matrix, row] = [integerTensor([3, 4], 3), integerTensor([4], 4)];
    const number = { data: Float32Array.of(-3), shape: [] };
    const given: [options: GemmOptions, like?: GemmOptions][] = [
      [{}],
      [{ c: matrix }],
      [{}],
      [{ c: row }],
      [{ c: -3 }, { c: number }],
      [{ activation: 'relu' }],
      [{ bias: row.data }],
      [{ alpha: 2 }],
    ];
    for (const [options, like = options] of [...given, ...given]) {
      const expected = reference.gemm(a, b, like as never);
      const out = { data: fencedOutput(12), shape: [3, 4] };
      expectExact(gemm(a, b, options), expected);
      expectExact(gemm(a, b, { ...options, out }), expected);
      checkFence(out.data);
    }
    expect(() => gemm(a, a)).toThrow('inner extent');
    expectExact(gemm(a, b), reference.gemm(a, b));
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

  it.each([
    [3, 5, 4],
    [20, 9, 33],
    [7, 1, 6],
    [1, 8, 2],
    [4, 6, 0],
  ])('takes c as what broadcasts to [%i, %i], k = %i', (m, n, k) => {
    const [a, b] = [integerTensor([m, k], 1), integerTensor([k, n], 2)];
    for (const shape of [[], [1], [n], [1, n], [m, 1], [1, 1]]) {
      for (const beta of [undefined, 1, -3, 0]) {
        const options = {
          c: integerTensor(shape, 3),
          ...(beta !== undefined && { beta }),
          bias: integerTensor([n], 4).data,
        };
        expectExact(gemm(a, b, options), reference.gemm(a, b, options));
        const gradY = integerTensor([m, n], 5);
        const { gradC } = gemmBackward(gradY, a, b, options);
        expect(gradC?.shape).toEqual(shape);
        expectExact(gradC as never, reference.gemmBackward(gradY, a, b, { ...options }).gradC as never);
      }
    }
    expectExact(
      gemm(a, b, { c: 5, beta: -2 }),
      reference.gemm(a, b, { c: { data: Float32Array.of(5), shape: [] }, beta: -2 }),
    );
    for (const shape of [[n + 1], [m + 1, 1], [m, n, 1], [1, m, n]])
      expect(() => gemm(a, b, { c: integerTensor(shape, 3) })).toThrow(`expected what broadcasts to [${m}, ${n}]`);
  });

  it.each([
    [
      [3, 4],
      [4, 5],
    ],
    [
      [2, 1, 3, 4],
      [3, 4, 5],
    ],
    [
      [12, 7],
      [2, 7, 9],
    ],
    [[4], [4, 5]],
    [[2, 3, 4], [4]],
  ])('matmul %j by %j takes operands that are stored transposed, and so do its gradients', (aShape, bShape) => {
    const turned = ({ data, shape }: ReturnType<typeof integerTensor>) => {
      const [rows, columns] = shape.slice(-2);
      const place = (i: number) =>
        Math.floor(i / (rows * columns)) * rows * columns + ((i % rows) * columns + (Math.floor(i / rows) % columns));
      return { data: data.map((_, i) => data[place(i)]), shape: [...shape.slice(0, -2), columns, rows] };
    };
    const [a, b] = [integerTensor(aShape, 1), integerTensor(bShape, 2)];
    const y = reference.matmul(a, b);
    const gradY = integerTensor(y.shape, 3);
    const expected = reference.matmulBackward(gradY, a, b);
    for (const transposeA of aShape.length > 1 ? [true, false] : [false]) {
      for (const transposeB of bShape.length > 1 ? [true, false] : [false]) {
        const operands = [transposeA ? turned(a) : a, transposeB ? turned(b) : b] as const;
        const options = { transposeA, transposeB };
        expectExact(matmul(...operands, options), y);
        expectExact(reference.matmul(...operands, options) as never, y);
        const { gradA, gradB } = matmulBackward(gradY, ...operands, options);
        expectExact(gradA, transposeA ? turned(expected.gradA as never) : expected.gradA);
        expectExact(gradB, transposeB ? turned(expected.gradB as never) : expected.gradB);
      }
    }
    if (aShape.length === 1) expect(() => matmul(a, b, { transposeA: true })).toThrow('a is a vector');
    if (bShape.length === 1) expect(() => matmul(a, b, { transposeB: true })).toThrow('b is a vector');
  });

  it('reads neither a nor b with alpha = 0, and takes beta = 1 without c', () => {
    const [a, b] = [integerTensor([4, 3], 1), integerTensor([3, 5], 2)];
    const [nan, c] = [{ data: new Float32Array(12).fill(Number.NaN), shape: [4, 3] }, integerTensor([4, 5], 3)];
    expectExact(gemm(nan, b, { alpha: 0 }), new Float32Array(20));
    expectExact(
      gemm(nan, b, { alpha: 0, c, beta: 2 }),
      c.data.map((value) => 2 * value),
    );
    expectExact(gemm(a, b, { beta: 1 }), gemm(a, b));
    const column = { data: nan.data.subarray(0, 3), shape: [3, 1] };
    expectExact(gemm(a, column, { alpha: 0 }), new Float32Array(4));
    expect(() => gemm(a, b, { beta: 2 })).toThrow('beta is 2 without c');
  });

  it('sums a long k in runs', () => {
    // ones and a two behind the last run: 9000 and 20001 are exact in any order
    for (const k of [8191, 8193, 16385, 20001]) {
      const [ones, last] = [new Float32Array(12 * k).fill(1), new Float32Array(k * 9).fill(1)];
      for (const [m, n] of [
        [12, 9],
        [2, 9],
        [1, 9],
        [12, 1],
      ]) {
        const a = { data: ones.subarray(0, m * k), shape: [m, k] };
        const b = { data: last.subarray(0, k * n), shape: [k, n] };
        const turned = { data: b.data, shape: [n, k] };
        const c = integerTensor([m, n], 6);
        const expected = c.data.map((value) => k - 2 * value + 3);
        const bias = new Float32Array(n).fill(3);
        expectExact(gemm(a, b, { c, beta: -2, bias }), expected);
        expectExact(gemm(a, turned, { transposeB: true, c, beta: -2, bias }), expected);
        const layer = prepareLinear(turned, { bias, activation: { clamp: [0, k + 1] } });
        expectExact(layer.run(a), new Float32Array(m * n).fill(k + 1));
        layer.dispose();
      }
    }
  });
});
