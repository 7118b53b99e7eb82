import { describe, expect, test } from 'vitest';
import { expectExact } from '../support/bounds.js';
import { integerTensor } from '../support/data.js';
import * as reference from './index.js';

const a = { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] };
const b = { data: [1, 0, 2, -1, 3, 1], shape: [3, 2] };
const flip = ({ data, shape: [rows, columns] }: { data: number[]; shape: number[] }) => ({
  data: Array.from({ length: rows * columns }, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]),
  shape: [columns, rows],
});

describe('gemm', () => {
  test('by hand, in all four transpositions', () => {
    const expected = { data: [14, 1, 32, 1], shape: [2, 2] };
    expectExact(reference.gemm(a, b), expected);
    expectExact(reference.gemm(flip(a), b, { transposeA: true }), expected);
    expectExact(reference.gemm(a, flip(b), { transposeB: true }), expected);
    expectExact(reference.gemm(flip(a), flip(b), { transposeA: true, transposeB: true }), expected);
  });

  test('alpha, beta, c, bias and activation', () => {
    const c = { data: [1, 2, 3, 4], shape: [2, 2] };
    const y = reference.gemm(a, b, { alpha: 2, beta: -3, c, bias: [0, 10] });
    expectExact(y.data, [25, 6, 55, 0]);
    expectExact(y.magnitude, [31, 26, 73, 44]);
    expectExact(reference.gemm(a, b, { alpha: -1, bias: [20, 0], activation: 'relu' }).data, [6, 0, 0, 0]);
    expectExact(reference.gemm(a, b, { c: { data: [1, 2], shape: [2, 1] } }).data, [15, 2, 34, 3]);
    expectExact(
      reference.gemm(a, b, { c: { data: Array(4).fill(Number.NaN), shape: [2, 2] }, beta: 0 }).data,
      [14, 1, 32, 1],
    );
  });

  test('gradients by hand', () => {
    const g = { data: [1, 2, 0, -1], shape: [2, 2] };
    const c = { data: [5, 6], shape: [1, 2] };
    const { gradA, gradB, gradBias, gradC } = reference.gemmBackward(g, a, b, { alpha: 2, beta: 3, c });
    expectExact(gradA, { data: [2, 0, 10, 0, 2, -2], shape: [2, 3] });
    expectExact(gradB, { data: [2, -4, 4, -2, 6, 0], shape: [3, 2] });
    expectExact(gradBias, { data: [1, 1], shape: [2] });
    expectExact(gradC ?? [], { data: [3, 3], shape: [1, 2] });
    const turned = reference.gemmBackward(g, flip(a), flip(b), { transposeA: true, transposeB: true });
    expectExact(turned.gradA, flip({ data: [1, 0, 5, 0, 1, -1], shape: [2, 3] }));
    expectExact(turned.gradB, flip({ data: [1, -2, 2, -1, 3, 0], shape: [3, 2] }));
  });

  test('gradients are masked by the saved output', () => {
    const options = { activation: { clamp: [0, 20] } } as const;
    const y = reference.gemm(a, b, options);
    expectExact(y.data, [14, 1, 20, 1]);
    const { gradBias } = reference.gemmBackward({ data: [1, 10, 100, 1000], shape: [2, 2] }, a, b, { ...options, y });
    expectExact(gradBias.data, [1, 1010]);
    expect(() => reference.gemmBackward(y, a, b, options)).toThrow('saved output');
  });
});

describe('matmul', () => {
  test('batches are products side by side, extents of 1 repeated', () => {
    const [left, right] = [integerTensor([2, 1, 3, 4], 1), integerTensor([5, 4, 2], 2)];
    const y = reference.matmul(left, right);
    expect(y.shape).toEqual([2, 5, 3, 2]);
    for (let i = 0; i < 2; i += 1) {
      for (let j = 0; j < 5; j += 1) {
        const one = { data: left.data.subarray(i * 12, (i + 1) * 12), shape: [3, 4] };
        const other = { data: right.data.subarray(j * 8, (j + 1) * 8), shape: [4, 2] };
        expectExact(y.data.subarray((i * 5 + j) * 6, (i * 5 + j + 1) * 6), reference.gemm(one, other).data);
      }
    }
    const { gradA, gradB } = reference.matmulBackward({ data: y.data.fill(1), shape: y.shape }, left, right);
    expect([gradA.shape, gradB.shape]).toEqual([left.shape, right.shape]);
    // Each row of the left meets the row sums of all five matrices on the right.
    const sum = [0, 1, 2, 3, 4].reduce((total, j) => total + right.data[j * 8 + 2] + right.data[j * 8 + 3], 0);
    expect(gradA.data[1]).toBe(sum);
  });

  test('vectors', () => {
    const v = { data: [1, 2, 3], shape: [3] };
    expectExact(reference.matmul(a, v), { data: [14, 32], shape: [2] });
    expectExact(reference.matmul(v, b), { data: [14, 1], shape: [2] });
    expectExact(reference.matmul(v, v), { data: [14], shape: [] });
  });

  test('refuses what does not broadcast', () => {
    const odd = integerTensor([3, 3, 4], 1);
    expect(() => reference.matmul(odd, integerTensor([2, 4, 1], 1))).toThrow('broadcast');
    expect(() => reference.matmul(odd, integerTensor([3, 1], 1))).toThrow('fit');
  });
});

describe('linear', () => {
  test('x weight^T + bias over any leading axes', () => {
    const x = { data: [1, 2, 3, 4, 5, 6], shape: [2, 1, 3] };
    const weight = { data: [1, 0, 2, -1, 3, 1], shape: [2, 3] };
    const y = reference.linear(x, weight, { bias: [10, 20] });
    expectExact(y, { data: [17, 28, 26, 37], shape: [2, 1, 2] });
    const { gradX, gradWeight, gradBias } = reference.linearBackward(
      { data: [1, 2, 0, -1], shape: [2, 1, 2] },
      x,
      weight,
    );
    expectExact(gradX, { data: [-1, 6, 4, 1, -3, -1], shape: [2, 1, 3] });
    expectExact(gradWeight, { data: [1, 2, 3, -2, -1, 0], shape: [2, 3] });
    expectExact(gradBias, { data: [1, 1], shape: [2] });
  });
});
