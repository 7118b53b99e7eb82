import { describe, expect, test } from 'vitest';
import { adaptivePool, globalPool, unpoolProblem } from '../../src/shape/planes.js';
import { poolProblem } from '../../src/shape/pool.js';

describe('maxPool2d 9 x 7', () => {
  const cases = [
    { options: { kernelSize: [3, 2] }, output: [3, 3] },
    { options: { kernelSize: [3, 2], stride: 2 }, output: [4, 3] },
    { options: { kernelSize: [4, 2], stride: [2, 3] }, output: [3, 2] },
    // The last height window would start at 8, inside the input; 9 rows, 4 wide: ceil(5 / 2) + 1.
    { options: { kernelSize: [4, 2], stride: [2, 3], ceilMode: true }, output: [4, 3] },
    // ceil(8 / 4) + 1 fits exactly; ceil(6 / 4) + 1 = 3 would start at 8 >= 7, so it is dropped.
    { options: { kernelSize: 1, stride: 4, ceilMode: true }, output: [3, 2] },
    // ceil(9 / 5) + 1 = 3 would start at 10 >= 9 + 1: dropped. ceil(7 / 5) + 1 = 3 would start at 10 >= 7 + 1: dropped.
    { options: { kernelSize: 2, stride: 5, padding: 1, ceilMode: true }, output: [2, 2] },
    // A kernel larger than the padded input still has one window when rounded up: ceil(-1 / 2) + 1.
    { options: { kernelSize: [10, 2], stride: [2, 1], ceilMode: true }, output: [1, 6] },
    {
      options: {
        kernelSize: [3, 2],
        stride: 1,
        padding: [
          [4, 0],
          [1, 5],
        ],
      },
      output: [11, 12],
    },
    { options: { kernelSize: [3, 2], stride: 1, dilation: [2, 3] }, output: [5, 4] },
    { options: { kernelSize: [3, 2], padding: 'same' }, output: [3, 4] },
    { options: { kernelSize: [3, 2], padding: 'same', stride: [2, 1] }, output: [5, 7] },
    { options: { kernelSize: [3, 2], padding: 'full', stride: 1 }, output: [11, 8] },
  ];
  test.each(cases)('$options', ({ options, output }) => {
    expect(poolProblem('maxPool', 2, [2, 5, 9, 7], options).yShape).toEqual([2, 5, ...output]);
    expect(poolProblem('maxPool', 2, [2, 9, 7, 5], { layout: 'NHWC', ...options }).yShape).toEqual([2, ...output, 5]);
  });
});

test('the odd cell of same and same-lower', () => {
  const options = { kernelSize: [4, 3], stride: [1, 2] };
  expect(poolProblem('avgPool', 2, [1, 1, 9, 8], { ...options, padding: 'same' })).toMatchObject({
    ph: 1,
    phEnd: 2,
    pw: 0,
    pwEnd: 1,
  });
  expect(poolProblem('avgPool', 2, [1, 1, 9, 8], { ...options, padding: 'same-lower' })).toMatchObject({
    ph: 2,
    phEnd: 1,
    pw: 1,
    pwEnd: 0,
  });
});

test('a ceiled pool keeps the declared padding', () => {
  const problem = poolProblem('avgPool', 1, [1, 1, 6], { kernelSize: 3, stride: 2, padding: [[1, 0]], ceilMode: true });
  expect(problem).toMatchObject({ iw: 6, pw: 1, pwEnd: 0, ow: 3, c: 1, n: 1 });
  expect(Object.isFrozen(problem)).toBe(true);
});

test('what each pool has of its own', () => {
  expect(poolProblem('maxPool', 3, [1, 2, 3, 4, 5], { kernelSize: 2, returnIndices: true })).toMatchObject({
    returnIndices: true,
    yShape: [1, 2, 1, 2, 2],
  });
  expect(poolProblem('maxPool', 1, [1, 2, 3], { kernelSize: 2 }).returnIndices).toBe(false);
  expect(poolProblem('avgPool', 1, [1, 2, 3], { kernelSize: 2 })).toMatchObject({
    countIncludePad: true,
    divisorOverride: undefined,
  });
  const options = { kernelSize: 2, countIncludePad: false, divisorOverride: 7 };
  expect(poolProblem('avgPool', 1, [1, 2, 3], options)).toMatchObject({ countIncludePad: false, divisorOverride: 7 });
  expect(poolProblem('lpPool', 1, [1, 2, 3], { kernelSize: 2, p: 1.5 }).p).toBe(1.5);
});

test('adaptive and global pools', () => {
  const problem = adaptivePool('adaptiveMaxPool', 2, [2, 5, 9, 7], { outputSize: [4, 11], returnIndices: true });
  expect(problem).toEqual({
    ...{ rank: 2, channelsLast: false, n: 2, c: 5, id: 1, ih: 9, iw: 7, od: 1, oh: 4, ow: 11 },
    ...{ xShape: [2, 5, 9, 7], yShape: [2, 5, 4, 11], returnIndices: true },
  });
  expect(adaptivePool('adaptiveAvgPool', 2, [2, 9, 7, 5], { outputSize: 3, layout: 'NHWC' })).toMatchObject({
    yShape: [2, 3, 3, 5],
    returnIndices: false,
  });
  expect(globalPool('globalAvgPool', [2, 5, 9])).toMatchObject({ yShape: [2, 5, 1], returnIndices: false });
  expect(globalPool('globalMaxPool', [2, 9, 7, 5], { layout: 'NHWC' }).yShape).toEqual([2, 1, 1, 5]);
  expect(globalPool('globalMaxPool', [0, 5, 9, 7, 3])).toMatchObject({
    rank: 3,
    id: 9,
    ih: 7,
    iw: 3,
    od: 1,
    yShape: [0, 5, 1, 1, 1],
  });
});

describe('maxUnpool2d 4 x 3', () => {
  const cases = [
    { options: { kernelSize: [3, 2] }, output: [12, 6] },
    { options: { kernelSize: [3, 2], stride: [2, 3] }, output: [9, 8] },
    {
      options: {
        kernelSize: [3, 2],
        stride: [2, 3],
        padding: [
          [1, 0],
          [0, 1],
        ],
      },
      output: [8, 7],
    },
    { options: { kernelSize: [3, 2], stride: [2, 3], outputSize: [8, 10] }, output: [8, 10] },
    { options: { kernelSize: [3, 2], stride: [2, 3], outputSize: [10, 6] }, output: [10, 6] },
    { options: { kernelSize: [3, 2], stride: [2, 3], padding: 'same' }, output: [8, 9] },
    { options: { kernelSize: [3, 2], stride: [2, 3], padding: 'same', outputSize: [7, 7] }, output: [7, 7] },
  ];
  test.each(cases)('$options', ({ options, output }) => {
    expect(unpoolProblem(2, [2, 5, 4, 3], options)).toMatchObject({
      yShape: [2, 5, ...output],
      ih: 4,
      iw: 3,
      oh: output[0],
      ow: output[1],
    });
    expect(unpoolProblem(2, [2, 4, 3, 5], { layout: 'NHWC', ...options }).yShape).toEqual([2, ...output, 5]);
  });
});
