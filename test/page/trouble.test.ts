import { describe, expect, it } from 'vitest';
import type { Config } from '../../examples/page/src/explorer/config.js';
import { evaluate } from '../../examples/page/src/explorer/evaluate.js';
import { Trouble } from '../../examples/page/src/explorer/trouble.js';
import { config } from './configs.js';

/** What the page says to a configuration, and to which fields it points. */
function said(part: Partial<Config>): { message: string; fields: readonly string[] } {
  try {
    evaluate(config(part));
  } catch (error) {
    expect(error).toBeInstanceOf(Trouble);
    return error as Trouble;
  }
  throw new Error('no trouble');
}

describe('a configuration that makes no sense is explained', () => {
  it.each<[string, Partial<Config>, RegExp, string]>([
    [
      'a kernel larger than the padded input',
      { input: [3, 9], kernel: [7, 7] },
      /height the kernel spans 7 cells.* has only 5/,
      'kernel-0',
    ],
    [
      'in the other axis',
      { input: [9, 3], kernel: [3, 7], padding: [0, 0] },
      /width the kernel spans 7 cells.* has only 3/,
      'kernel-1',
    ],
    [
      'a kernel larger by one',
      { input: [4, 4], kernel: [5, 5], padding: [0, 0] },
      /spans 5 cells.* only 4/,
      'kernel-0',
    ],
    ['a dilated kernel', { kernel: [3, 3], dilation: [3, 3], padding: [0, 0] }, /spans 7 cells.* only 5/, 'input-0'],
    [
      'a transposed output of nothing',
      { operator: 'transposed', input: [1, 1], padding: [2, 2] },
      /reach over 3 cells.*takes away 2 and 2/,
      'padding-0',
    ],
    ['groups', { ic: 4, oc: 3, groups: 2 }, /2 groups cannot share 4 input channels and 3 output channels/, 'groups'],
    ['a number that is none', { kernel: [Number.NaN, 3] }, /kernel height is no number.*from 1 to 7/, 'kernel-0'],
    ['a fraction', { stride: [1, 1.5] }, /stride of the width is 1\.5/, 'stride-1'],
    ['zero', { kernel: [0, 0] }, /kernel height is 0/, 'kernel-0'],
    ['too much for the page', { input: [900, 900] }, /input height is 900.*from 1 to 12/, 'input-0'],
    ['no channels', { ic: 0 }, /number of input channels is 0/, 'ic'],
  ])('%s', (_, part, message, field) => {
    const { message: found, fields } = said(part);
    expect(found).toMatch(message);
    expect(fields).toContain(field);
  });

  it.each<[string, Partial<Config>, RegExp]>([
    ['reflection beyond the input', { input: [2, 2], padding: [3, 3], mode: 'reflect' }, /reflect/],
    [
      'output padding',
      { operator: 'transposed', outputPadding: [1, 1] },
      /^OutputPadding of height is 1, expected less than 1/,
    ],
  ])('in the words of the library: %s', (_, part, message) => {
    expect(said(part).message).toMatch(message);
  });
});
