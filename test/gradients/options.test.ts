import { expect, it } from 'vitest';
import { backwardOptions, readOuts } from '../../src/shape/backward.js';
import { optionNames } from '../../src/shape/options.js';

const names = ['x', 'weight', 'bias'] as const;

it('wants the gradient of an option where the option is given', () => {
  const wanted = (options: object) => backwardOptions('conv2dBackward', options, optionNames.conv, names).wanted;
  expect(wanted({})).toEqual({ x: true, weight: true, bias: false });
  expect(wanted({ bias: new Float32Array(3) })).toEqual({ x: true, weight: true, bias: true });
  expect(wanted({ bias: new Float32Array(3), wanted: { x: true } })).toEqual({ x: true, weight: false, bias: false });
  expect(wanted({ wanted: { bias: true } })).toEqual({ x: false, weight: false, bias: true });
});

it('reads the tensors to be written by name', () => {
  const y = { data: new Float32Array(1), shape: [1] };
  expect(readOuts({ b: y }, ['a', 'b'], true)).toEqual({ b: y });
  expect(readOuts(undefined, ['a', 'b'], false)).toEqual({});
  expect(() => readOuts(undefined, ['a', 'b'], true)).toThrow('accumulate is true without out');
  expect(() => readOuts({ c: y }, ['a', 'b'], false)).toThrow('out: unknown option "c"');
});
