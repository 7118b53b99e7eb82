import { describe, expect, it } from 'vitest';
import { choose } from '../../src/plan/choose.js';
import { inputGradTable } from '../../src/plan/input-grad.js';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';

/**
 * [operands' shapes, options, row]: [n, ic, h, w] and [ic, oc / groups, kh, kw] of a transposed convolution, channels
 * first.
 */
const transposed = [
  ['4x4/2 512-256@8', [1, 512, 8, 8], [512, 256, 4, 4], { stride: 2, padding: 1 }, 'residue'],
  ['2x2/2 128-64@56', [1, 128, 56, 56], [128, 64, 2, 2], { stride: 2 }, 'residue'],
  ['to three channels', [1, 64, 32, 32], [64, 3, 4, 4], { stride: 2, padding: 1 }, 'col2im'],
  ['one position', [16, 100, 1, 1], [100, 512, 4, 4], {}, 'col2im'],
  ['patches of 16 x 16', [1, 192, 14, 14], [192, 3, 16, 16], { stride: 16 }, 'col2im'],
  ['depthwise', [1, 96, 28, 28], [96, 1, 3, 3], { stride: 2, padding: 1, groups: 96 }, 'residue'],
  ['depthwise, stride 1', [1, 96, 28, 28], [96, 1, 3, 3], { padding: 1, groups: 96 }, 'flipped'],
  ['pointwise', [1, 96, 28, 28], [96, 24, 1, 1], {}, 'flipped'],
  ['padding beyond the kernel', [1, 32, 9, 9], [32, 32, 2, 2], { padding: 3 }, 'residue'],
] as const;

/** [x shape, weight shape, options, row]: input gradients, whose weights are packed for each call. */
const inputGrads = [
  ['few positions of many classes', [4, 8, 16, 16], [8, 8, 3, 3], { stride: 8 }, 'col2im'],
  ['two outputs for each channel', [8, 48, 64, 64], [96, 1, 3, 1], { groups: 48 }, 'flipped'],
  ['the same with a stride', [1, 384, 38, 38], [768, 1, 4, 4], { stride: 2, padding: 1, groups: 384 }, 'residue'],
  ['few channels to many', [1, 2, 56, 56], [1024, 2, 3, 3], {}, 'flipped'],
] as const;

/** As `transposed`, at standard accuracy. */
const transformed = [
  ['4x4/2 512-256@8', [1, 512, 8, 8], [512, 256, 4, 4], { stride: 2, padding: 1 }, 'residue-winograd'],
  ['4x4/2 256-128@16', [1, 256, 16, 16], [256, 128, 4, 4], { stride: 2, padding: 1 }, 'residue-winograd'],
  ['3x3/2', [1, 128, 28, 28], [128, 128, 3, 3], { stride: 2, padding: 1 }, 'residue-winograd'],
  ['6x6/2 in groups', [1, 128, 28, 28], [128, 64, 6, 6], { stride: 2, padding: 2, groups: 2 }, 'residue-winograd'],
  ['few channels', [1, 8, 28, 28], [8, 8, 4, 4], { stride: 2, padding: 1 }, 'residue'],
  ['classes of one tap', [1, 128, 56, 56], [128, 64, 2, 2], { stride: 2 }, 'residue'],
  ['depthwise', [1, 96, 28, 28], [96, 1, 4, 4], { stride: 2, padding: 1, groups: 96 }, 'residue'],
] as const;

describe('the row that serves', () => {
  it.each(transformed)('%s, transformed or not', (_, x, weight, options, row) => {
    const problem = convTransposeProblem(2, x, weight, options);
    expect(choose(inputGradTable, { ...problem, prepared: true }).row.name).toBe(row);
  });

  it.each(inputGrads)('%s', (_, x, weight, options, row) => {
    expect(choose(inputGradTable, convProblem(2, x, weight, { ...options, accuracy: 'high' })).row.name).toBe(row);
  });

  it.each(transposed)('%s', (_, x, weight, options, row) => {
    const problem = convTransposeProblem(2, x, weight, { ...options, accuracy: 'high' });
    expect(choose(inputGradTable, { ...problem, prepared: true }).row.name).toBe(row);
  });

  it('a plain call of a small layer does without the transform', () => {
    const problem = convTransposeProblem(2, [1, 64, 14, 14], [64, 64, 4, 4], { stride: 2, padding: 1 });
    expect(choose(inputGradTable, { ...problem, prepared: true }).row.name).toBe('residue-winograd');
    expect(choose(inputGradTable, problem).refused).toContainEqual({
      name: 'residue-winograd',
      reason: 'few products',
    });
  });

  it('a padding mode, judged by the padded image', () => {
    const options = { padding: 2, paddingMode: 'reflect', accuracy: 'high' };
    expect(choose(inputGradTable, convProblem(2, [1, 64, 56, 56], [64, 64, 3, 3], options)).row.name).toBe('residue');
    const small = choose(inputGradTable, convProblem(2, [1, 64, 3, 3], [64, 64, 5, 5], options));
    expect(small.row.name).toBe('col2im');
    expect(small.refused).toContainEqual({
      name: 'residue',
      reason: expect.stringMatching(/^it would take \d\.\d times as long as GEMM and scatter$/),
    });
  });

  it('a row that was declined still serves when it is asked for', () => {
    const problem = convTransposeProblem(2, [1, 64, 32, 32], [64, 3, 4, 4], { stride: 2, algorithm: 'residue' });
    expect(choose(inputGradTable, problem).row.name).toBe('residue');
  });
});
