import { describe, expect, test } from 'vitest';
import { backwardOptions, biasGradProblem, maskOf } from '../../src/shape/backward.js';
import { col2imProblem, im2colProblem } from '../../src/shape/columns.js';
import { gemmProblem } from '../../src/shape/gemm.js';
import { linearAsConvShape, linearProblem } from '../../src/shape/linear.js';
import { locallyConnectedProblem } from '../../src/shape/locally.js';
import { matmulProblem } from '../../src/shape/matmul.js';
import { optionNames } from '../../src/shape/options.js';
import { separableProblem } from '../../src/shape/separable.js';
import { tensor } from '../../src/shape/tensor.js';

test('gemm in all four orientations', () => {
  const expected = { m: 3, n: 4, k: 5, yShape: [3, 4], alpha: 1, beta: 1, clamp: [-Infinity, Infinity] };
  expect(gemmProblem([3, 5], [5, 4])).toEqual({ ...expected, transposeA: false, transposeB: false });
  expect(gemmProblem([5, 3], [5, 4], { transposeA: true })).toMatchObject({ ...expected, transposeA: true });
  expect(gemmProblem([3, 5], [4, 5], { transposeB: true })).toMatchObject({ ...expected, transposeB: true });
  expect(gemmProblem([5, 3], [4, 5], { transposeA: true, transposeB: true })).toMatchObject(expected);
});

test('gemm with everything, and empty products', () => {
  const options = { alpha: -2, beta: 0.5, c: tensor([0], [1, 1]), bias: 1, activation: 'relu6' };
  expect(gemmProblem([3, 5], [5, 4], options)).toMatchObject({ alpha: -2, beta: 0.5, clamp: [0, 6] });
  expect(gemmProblem([3, 5], [5, 4], { beta: 0 }).beta).toBe(0);
  expect(gemmProblem([0, 5], [5, 4]).yShape).toEqual([0, 4]);
  expect(gemmProblem([3, 0], [0, 4])).toMatchObject({ m: 3, n: 4, k: 0, yShape: [3, 4] });
});

describe('matmul', () => {
  const cases = [
    { a: [3, 5], b: [5, 4], y: [3, 4], batch: [], aStrides: [], bStrides: [], mnk: [3, 4, 5] },
    { a: [5], b: [5], y: [], batch: [], aStrides: [], bStrides: [], mnk: [1, 1, 5] },
    { a: [5], b: [5, 4], y: [4], batch: [], aStrides: [], bStrides: [], mnk: [1, 4, 5] },
    { a: [3, 5], b: [5], y: [3], batch: [], aStrides: [], bStrides: [], mnk: [3, 1, 5] },
    { a: [5], b: [7, 2, 5, 4], y: [7, 2, 4], batch: [7, 2], aStrides: [0, 0], bStrides: [2, 1], mnk: [1, 4, 5] },
    { a: [7, 2, 3, 5], b: [5], y: [7, 2, 3], batch: [7, 2], aStrides: [2, 1], bStrides: [0, 0], mnk: [3, 1, 5] },
    {
      a: [7, 2, 3, 5],
      b: [7, 2, 5, 4],
      y: [7, 2, 3, 4],
      batch: [7, 2],
      aStrides: [2, 1],
      bStrides: [2, 1],
      mnk: [3, 4, 5],
    },
    {
      a: [7, 1, 3, 5],
      b: [2, 5, 4],
      y: [7, 2, 3, 4],
      batch: [7, 2],
      aStrides: [1, 0],
      bStrides: [0, 1],
      mnk: [3, 4, 5],
    },
    {
      a: [6, 1, 2, 3, 5],
      b: [7, 1, 5, 4],
      y: [6, 7, 2, 3, 4],
      batch: [6, 7, 2],
      aStrides: [2, 0, 1],
      bStrides: [0, 1, 0],
      mnk: [3, 4, 5],
    },
    { a: [0, 3, 5], b: [1, 5, 4], y: [0, 3, 4], batch: [0], aStrides: [1], bStrides: [0], mnk: [3, 4, 5] },
  ];
  test.each(cases)('$a by $b', ({ a, b, y, batch, aStrides, bStrides, mnk: [m, n, k] }) => {
    const stored = { transposeA: false, transposeB: false };
    const expected = {
      m,
      n,
      k,
      ...stored,
      batchShape: batch,
      aBatchStrides: aStrides,
      bBatchStrides: bStrides,
      yShape: y,
    };
    expect(matmulProblem(a, b)).toEqual(expected);
  });
});

test('linear over any leading axes, and as a convolution', () => {
  expect(linearProblem([2, 5], [4, 5], { activation: 'relu' })).toEqual({
    m: 2,
    n: 4,
    k: 5,
    clamp: [0, Infinity],
    yShape: [2, 4],
  });
  expect(linearProblem([5], [4, 5])).toMatchObject({ m: 1, yShape: [4] });
  expect(linearProblem([2, 3, 7, 5], [4, 5])).toMatchObject({ m: 42, yShape: [2, 3, 7, 4] });
  expect(linearProblem([0, 5], [4, 5])).toMatchObject({ m: 0, yShape: [0, 4] });
  expect(linearAsConvShape([10, 60], [3, 4, 5])).toEqual([10, 3, 4, 5]);
  expect(linearAsConvShape([10, 60], [12, 5])).toEqual([10, 12, 5]);
});

test('im2col and col2im in three ranks and both layouts', () => {
  const options = {
    kernelSize: [3, 2],
    stride: [2, 1],
    padding: [
      [1, 0],
      [0, 2],
    ],
    dilation: [1, 3],
  };
  const unfolded = im2colProblem([2, 5, 9, 7], options);
  expect(unfolded).toMatchObject({ rank: 2, c: 5, oh: 4, ow: 6, xShape: [2, 5, 9, 7], columnsShape: [2, 30, 24] });
  expect(im2colProblem([2, 9, 7, 5], { layout: 'NHWC', ...options }).columnsShape).toEqual([2, 30, 24]);
  expect(col2imProblem([2, 30, 24], { outputSize: [9, 7], ...options })).toEqual(unfolded);
  expect(col2imProblem([2, 30, 24], { outputSize: [9, 7], layout: 'NHWC', ...options }).xShape).toEqual([2, 9, 7, 5]);
  expect(im2colProblem([2, 5, 9], { kernelSize: 4 }).columnsShape).toEqual([2, 20, 6]);
  expect(col2imProblem([2, 20, 6], { kernelSize: 4, outputSize: [9] }).xShape).toEqual([2, 5, 9]);
  expect(im2colProblem([2, 5, 4, 3, 6], { kernelSize: [2, 1, 3] }).columnsShape).toEqual([2, 30, 36]);
  expect(col2imProblem([0, 30, 36], { kernelSize: [2, 1, 3], outputSize: [4, 3, 6] }).xShape).toEqual([0, 5, 4, 3, 6]);
});

test('locally connected layers in both layouts', () => {
  const options = {
    stride: [2, 1],
    padding: [
      [1, 1],
      [0, 2],
    ],
    activation: 'relu',
  };
  const first = locallyConnectedProblem(2, [2, 4, 9, 7], [6, 5, 8, 4, 3, 2], options);
  expect(first).toMatchObject({
    ic: 4,
    oc: 6,
    groups: 1,
    kh: 3,
    kw: 2,
    oh: 5,
    ow: 8,
    clamp: [0, Infinity],
    yShape: [2, 6, 5, 8],
  });
  const last = locallyConnectedProblem(2, [2, 9, 7, 4], [5, 8, 3, 2, 4, 6], { layout: 'NHWC', ...options });
  expect(last).toMatchObject({ ic: 4, oc: 6, kh: 3, kw: 2, yShape: [2, 5, 8, 6] });
  const plain = locallyConnectedProblem(1, [2, 4, 9], [6, 7, 4, 3]);
  expect(plain).toMatchObject({
    yShape: [2, 6, 7],
    flipKernel: false,
    paddingMode: 'zeros',
    clamp: [-Infinity, Infinity],
  });
  expect(locallyConnectedProblem(1, [2, 9, 4], [7, 3, 4, 6], { layout: 'NLC' }).yShape).toEqual([2, 7, 6]);
});

test('separable convolution: window options before, activation after', () => {
  const options = { stride: [2, 1], padding: 'same', flipKernel: true, activation: 'relu', algorithm: 'fused' };
  const { depthwise, pointwise, algorithm } = separableProblem([2, 4, 9, 7], [8, 1, 3, 2], [5, 8, 1, 1], options);
  expect(depthwise).toMatchObject({
    groups: 4,
    ic: 4,
    oc: 8,
    sh: 2,
    flipKernel: true,
    clamp: [-Infinity, Infinity],
    yShape: [2, 8, 5, 7],
  });
  expect(pointwise).toMatchObject({
    groups: 1,
    ic: 8,
    oc: 5,
    sh: 1,
    kh: 1,
    clamp: [0, Infinity],
    algorithm: undefined,
    yShape: [2, 5, 5, 7],
  });
  expect(algorithm).toBe('fused');
  const last = separableProblem([2, 9, 7, 4], [3, 2, 1, 8], [1, 1, 8, 5], { layout: 'NHWC' });
  expect(last.pointwise.yShape).toEqual([2, 7, 6, 5]);
});

test('options of gradients', () => {
  const names = ['x', 'weight', 'bias'] as const;
  const all = backwardOptions('conv2dBackward', { stride: 2 }, optionNames.conv, names);
  const forward = { stride: 2 };
  const nothing = { y: undefined, preActivation: undefined };
  expect(all).toEqual({
    wanted: { x: true, weight: true, bias: false },
    saved: nothing,
    accumulate: false,
    forward,
  });
  const y = tensor([1, 2], [1, 2]);
  const saved = { ...nothing, y };
  const some = backwardOptions(
    'conv2dBackward',
    { wanted: { weight: true, x: undefined }, y },
    optionNames.conv,
    names,
  );
  expect(some).toEqual({ wanted: { x: false, weight: true, bias: false }, saved, accumulate: false, forward: {} });
  for (const clamp of [
    [0, 6],
    [0, Infinity],
    [-Infinity, 6],
  ] as const)
    expect(maskOf(saved, clamp, [1, 2])).toBe(y);
  expect(maskOf(saved, [-Infinity, Infinity], [1, 2])).toBeUndefined();
  expect(maskOf(nothing, [-Infinity, Infinity], [1, 2])).toBeUndefined();
  expect(biasGradProblem([2, 3, 4, 5])).toEqual({ channelsLast: false, n: 2, c: 3, cells: 20 });
  expect(biasGradProblem([2, 4, 5], { layout: 'NLC' })).toEqual({ channelsLast: true, n: 2, c: 5, cells: 4 });
});
