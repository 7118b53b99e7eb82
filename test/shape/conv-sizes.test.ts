import { describe, expect, test } from 'vitest';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';
import type { ConvProblem } from '../../src/types.js';

/** begin+end of h and w. */
function pads(p: ConvProblem): string {
  return `${p.ph}+${p.phEnd} ${p.pw}+${p.pwEnd}`;
}

describe('conv2d 9 x 7, kernel 4 x 3', () => {
  const cases = [
    { options: {}, output: [6, 5], padding: '0+0 0+0' },
    { options: { padding: 2 }, output: [10, 9], padding: '2+2 2+2' },
    { options: { padding: [1, 2] }, output: [8, 9], padding: '1+1 2+2' },
    {
      options: {
        padding: [
          [1, 0],
          [2, 3],
        ],
      },
      output: [7, 10],
      padding: '1+0 2+3',
    },
    { options: { padding: 'valid', stride: [2, 3] }, output: [3, 2], padding: '0+0 0+0' },
    { options: { padding: 'same' }, output: [9, 7], padding: '1+2 1+1' },
    { options: { padding: 'same-lower' }, output: [9, 7], padding: '2+1 1+1' },
    { options: { padding: 'same', stride: [3, 2] }, output: [3, 4], padding: '0+1 1+1' },
    { options: { padding: 'same-lower', stride: [3, 2] }, output: [3, 4], padding: '1+0 1+1' },
    { options: { padding: 'same', stride: [5, 4] }, output: [2, 2], padding: '0+0 0+0' },
    { options: { padding: 'same', dilation: [3, 2] }, output: [9, 7], padding: '4+5 2+2' },
    { options: { padding: 'same-lower', dilation: [3, 2] }, output: [9, 7], padding: '5+4 2+2' },
    { options: { padding: 'full' }, output: [12, 9], padding: '3+3 2+2' },
    { options: { padding: 'full', dilation: [2, 3] }, output: [15, 13], padding: '6+6 6+6' },
    { options: { padding: 'full', stride: [2, 3] }, output: [6, 3], padding: '3+3 2+2' },
    { options: { stride: [4, 1], dilation: [2, 3] }, output: [1, 1], padding: '0+0 0+0' },
  ];
  test.each(cases)('$options', ({ options, output, padding }) => {
    const first = convProblem(2, [2, 6, 9, 7], [8, 3, 4, 3], { groups: 2, ...options });
    expect(first.yShape).toEqual([2, 8, ...output]);
    expect([first.od, first.oh, first.ow]).toEqual([1, ...output]);
    expect(pads(first)).toBe(padding);
    const last = convProblem(2, [2, 9, 7, 6], [4, 3, 3, 8], { groups: 2, layout: 'NHWC', ...options });
    expect(last.yShape).toEqual([2, ...output, 8]);
    const { xShape, weightShape, yShape, channelsLast, weightsLast, ...rest } = first;
    expect(last).toMatchObject(rest);
    expect([channelsLast, last.channelsLast]).toEqual([false, true]);
    expect([weightsLast, last.weightsLast]).toEqual([false, true]);
  });
});

test('every field of a convolution in rank 3, each with its own value', () => {
  const options = {
    stride: [2, 3, 1],
    dilation: [3, 1, 2],
    padding: [
      [7, 5],
      [4, 6],
      [8, 9],
    ],
    groups: 2,
    activation: { clamp: [-2, 3] },
    flipKernel: true,
    accuracy: 'high',
    algorithm: 'direct',
    paddingMode: 'replicate',
  };
  const problem = convProblem(3, [2, 6, 11, 16, 10], [4, 3, 5, 7, 6], options);
  expect(problem).toEqual({
    rank: 3,
    channelsLast: false,
    ...{ n: 2, ic: 6, oc: 4, groups: 2 },
    ...{ id: 11, ih: 16, iw: 10 },
    ...{ kd: 5, kh: 7, kw: 6 },
    // floor((23 - 12 - 1) / 2) + 1, floor((26 - 6 - 1) / 3) + 1, (27 - 10 - 1) + 1
    ...{ od: 6, oh: 7, ow: 17 },
    ...{ sd: 2, sh: 3, sw: 1 },
    ...{ dd: 3, dh: 1, dw: 2 },
    ...{ pd: 7, ph: 4, pw: 8, pdEnd: 5, phEnd: 6, pwEnd: 9 },
    ...{
      paddingMode: 'replicate',
      flipKernel: true,
      accuracy: 'high',
      algorithm: 'direct',
      prepared: false,
      clamp: [-2, 3],
    },
    weightsLast: false,
    ...{ xShape: [2, 6, 11, 16, 10], weightShape: [4, 3, 5, 7, 6], yShape: [2, 4, 6, 7, 17] },
  });
});

test('a problem and its lists are frozen copies', () => {
  const shape = [2, 4, 9, 7];
  const problem = convProblem(2, shape, [6, 4, 3, 2]);
  shape[0] = 5;
  expect(problem.xShape).toEqual([2, 4, 9, 7]);
  for (const part of [problem, problem.xShape, problem.weightShape, problem.yShape, problem.clamp])
    expect(Object.isFrozen(part)).toBe(true);
});

test('missing leading axes are 1, and 0 for padding', () => {
  const problem = convProblem(1, [2, 4, 9], [6, 4, 3], { stride: 2, dilation: 3, padding: [[2, 5]] });
  expect(problem).toMatchObject({
    ...{ rank: 1, id: 1, ih: 1, iw: 9, od: 1, oh: 1, ow: 5 },
    ...{ kd: 1, kh: 1, kw: 3, sd: 1, sh: 1, sw: 2, dd: 1, dh: 1, dw: 3 },
    ...{ pd: 0, ph: 0, pw: 2, pdEnd: 0, phEnd: 0, pwEnd: 5 },
  });
  const flat = convProblem(1, [2, 9, 4], [3, 4, 6], { layout: 'NLC', padding: [2] });
  expect(flat.yShape).toEqual([2, 11, 6]);
});

test('batch 0 is legal, and the other extents stand', () => {
  expect(convProblem(2, [0, 4, 9, 7], [6, 4, 3, 2]).yShape).toEqual([0, 6, 7, 6]);
  expect(convTransposeProblem(2, [0, 4, 9, 7], [4, 6, 3, 2]).xShape).toEqual([0, 6, 11, 8]);
});

test('defaults', () => {
  const expected = {
    groups: 1,
    paddingMode: 'zeros',
    flipKernel: false,
    accuracy: 'standard',
    algorithm: undefined,
    prepared: false,
    clamp: [-Infinity, Infinity],
  };
  expect(convProblem(2, [1, 1, 2, 2], [1, 1, 1, 1])).toMatchObject(expected);
  expect(
    convProblem(2, [1, 1, 2, 2], [1, 1, 1, 1], { stride: undefined, groups: undefined, algorithm: undefined }),
  ).toMatchObject(expected);
});

test.each([
  [undefined, [-Infinity, Infinity]],
  ['relu', [0, Infinity]],
  ['relu6', [0, 6]],
  ['hardTanh', [-1, 1]],
  [{ clamp: [-Infinity, 2] }, [-Infinity, 2]],
  [{ clamp: [3, 3] }, [3, 3]],
])('activation %j', (activation, clamp) => {
  expect(convProblem(1, [1, 1, 2], [1, 1, 1], { activation }).clamp).toEqual(clamp);
});

test.each([
  ['reflect', [8, 6]],
  ['circular', [9, 7]],
  ['replicate', [40, 50]],
])('the most padding that %s takes', (paddingMode, padding) => {
  expect(convProblem(2, [1, 1, 9, 7], [1, 1, 1, 1], { paddingMode, padding })).toMatchObject({
    ph: padding[0],
    pw: padding[1],
  });
});

describe('convTranspose2d 5 x 7, kernel 4 x 3: the direct convolution the other way', () => {
  const cases = [
    { options: {}, output: [8, 9], padding: '0+0 0+0' },
    { options: { stride: [2, 3] }, output: [12, 21], padding: '0+0 0+0' },
    {
      options: {
        stride: [2, 3],
        padding: [
          [1, 0],
          [2, 1],
        ],
      },
      output: [11, 18],
      padding: '1+0 2+1',
    },
    { options: { stride: [2, 3], outputPadding: [1, 2] }, output: [13, 23], padding: '0+0 0+0' },
    { options: { stride: [2, 3], outputSize: [13, 22] }, output: [13, 22], padding: '0+0 0+0' },
    { options: { stride: [2, 3], padding: 1, outputSize: [10, 21] }, output: [10, 21], padding: '1+1 1+1' },
    { options: { dilation: [3, 2], outputPadding: [2, 1] }, output: [16, 12], padding: '0+0 0+0' },
    { options: { padding: 'valid', stride: [2, 3] }, output: [12, 21], padding: '0+0 0+0' },
    { options: { padding: 'full' }, output: [2, 5], padding: '3+3 2+2' },
    { options: { padding: 'full', stride: [2, 3], dilation: [1, 2] }, output: [6, 15], padding: '3+3 4+4' },
    { options: { padding: 'same' }, output: [5, 7], padding: '1+2 1+1' },
    { options: { padding: 'same-lower' }, output: [5, 7], padding: '2+1 1+1' },
    { options: { padding: 'same', stride: [3, 2] }, output: [15, 14], padding: '0+1 0+1' },
    { options: { padding: 'same-lower', stride: [3, 2] }, output: [15, 14], padding: '1+0 1+0' },
    { options: { padding: 'same', stride: [6, 5] }, output: [30, 35], padding: '0+0 0+0' },
    { options: { padding: 'same', stride: [3, 2], outputSize: [13, 13] }, output: [13, 13], padding: '1+2 1+1' },
    { options: { padding: 'same', stride: [3, 2], dilation: [2, 3] }, output: [15, 14], padding: '2+2 2+3' },
  ];
  test.each(cases)('$options', ({ options, output, padding }) => {
    const first = convTransposeProblem(2, [2, 6, 5, 7], [6, 4, 4, 3], { groups: 2, ...options });
    expect(first).toMatchObject({ xShape: [2, 8, ...output], yShape: [2, 6, 5, 7], ic: 8, oc: 6, groups: 2 });
    expect([first.ih, first.iw, first.oh, first.ow]).toEqual([...output, 5, 7]);
    expect(pads(first)).toBe(padding);
    const last = convTransposeProblem(2, [2, 5, 7, 6], [4, 3, 4, 6], { groups: 2, layout: 'NHWC', ...options });
    expect(last).toMatchObject({ xShape: [2, ...output, 8], yShape: [2, 5, 7, 6], ic: 8, oc: 6 });
    expect(pads(last)).toBe(padding);
  });
});

test('transposed in rank 1 and 3', () => {
  expect(convTransposeProblem(1, [2, 3, 5], [3, 4, 2], { stride: 3, outputPadding: 2 }).xShape).toEqual([2, 4, 16]);
  const options = {
    stride: [1, 2, 3],
    padding: [
      [1, 0],
      [0, 2],
      [1, 1],
    ],
    outputPadding: [0, 1, 2],
  };
  expect(convTransposeProblem(3, [2, 3, 5, 4, 6], [3, 4, 2, 5, 3], options).xShape).toEqual([2, 4, 5, 10, 18]);
});
