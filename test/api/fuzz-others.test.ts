import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import * as arithmetic from '../../src/arithmetic.js';
import * as stridewise from '../../src/index.js';
import * as matrix from '../../src/matrix.js';
import { namesOf, operators } from '../calls/index.js';
import { changed, changesAnywhere } from '../calls/junk.js';
import { propertyRuns } from '../support/arbitraries.js';
import { integerTensor } from '../support/data.js';
import { answered } from './answered.js';

/** Any value in any place of the arguments of everything that is no operator. */

const { arena, init, linearAsConv, memoryUsage, StridewiseError, tensor } = stridewise;

const window = { kernelSize: [3, 2], stride: [2, 1], padding: [1, 0], dilation: 1 };
const { padding: _, ...unpadded } = window;
const map = { kind: 'conv', inputSize: [9, 7], inChannels: 4, outChannels: 6, kernelSize: 3, bias: true, batch: 2 };
const circulant = matrix.circulant([1, 2, 3], 5);

/** Functions and arguments that they take. */
const bases: Readonly<Record<string, readonly [call: (...args: never[]) => unknown, ...args: unknown[]][]>> = {
  tensor: [[tensor, [1, 2, 3, 4, 5, 6], [2, 3]]],
  linearAsConv: [[linearAsConv, integerTensor([4, 24], 1), [2, 3, 4]]],
  convOutputSize: [
    [arithmetic.convOutputSize, [9, 7], window],
    [arithmetic.convOutputSize, 9, { kernelSize: 3 }],
  ],
  poolOutputSize: [[arithmetic.poolOutputSize, [9, 7], { ...window, ceilMode: true }]],
  inputSizesFor: [[arithmetic.inputSizesFor, [9, 7], window]],
  convTransposeOutputSize: [[arithmetic.convTransposeOutputSize, [9, 7], { ...window, outputPadding: [1, 0] }]],
  samePadding: [[arithmetic.samePadding, [9, 7], { ...unpadded, padding: 'same' }]],
  transposedAsConv: [[arithmetic.transposedAsConv, [9, 7], { ...window, outputSize: [18, 8] }]],
  receptiveField: [[arithmetic.receptiveField, [window, { kernelSize: 3 }], { inputSize: [9, 7] }]],
  layerCost: [
    [arithmetic.layerCost, map],
    [arithmetic.layerCost, { kind: 'linear', inFeatures: 3, outFeatures: 4 }],
  ],
  circulant: [[matrix.circulant, [1, 2, 3], 5, { padding: 1, flipKernel: true }]],
  shiftMatrix: [[matrix.shiftMatrix, 5, -2]],
  convMatrix: [
    [matrix.convMatrix, integerTensor([4, 3, 2, 3], 1), [3, 5, 4], { stride: 2, padding: 1, paddingMode: 'reflect' }],
  ],
  toeplitzFromFilter: [[matrix.toeplitzFromFilter, [1, 2, 3], 7, { stride: 2, dilation: 2 }]],
  toeplitzFromData: [[matrix.toeplitzFromData, integerTensor([2, 4, 5], 1), { kernelSize: 2, padding: 1 }]],
  fromDense: [[matrix.fromDense, integerTensor([3, 4], 1)]],
  toDense: [[matrix.toDense, circulant]],
  transpose: [[matrix.transpose, circulant]],
  multiply: [
    [matrix.multiply, circulant, circulant],
    [matrix.multiply, circulant, [1, 2, 3, 4, 5]],
  ],
};

describe.each(Object.entries(bases))('%s', (_, calls) => {
  it('any value in any place', () => {
    for (const [call, ...args] of calls) {
      expect(answered(call, args)).toBeDefined();
      fc.assert(
        fc.property(changesAnywhere, (changes) => void answered(call, changed(args, changes))),
        propertyRuns(200),
      );
    }
  });
});

describe('arena', () => {
  afterEach(() => expect(memoryUsage()).toMatchObject({ used: 0, kept: 0 }));

  it.each<['tensor' | 'from', unknown[]]>([
    ['tensor', [[2, 3]]],
    [
      'from',
      [
        [1, 2, 3, 4, 5, 6],
        [2, 3],
      ],
    ],
  ])('%s: any value in any place', (name, args) => {
    fc.assert(
      fc.property(changesAnywhere, (changes) => {
        const home = arena();
        const { kept } = memoryUsage();
        try {
          home[name](...(changed(args, changes) as [never, never]));
        } catch (error) {
          expect(error).toBeInstanceOf(StridewiseError);
          expect(memoryUsage().kept).toBe(kept);
        }
        home.dispose();
      }),
      propertyRuns(200),
    );
  });
});

describe('init', () => {
  afterAll(async () => void (await init()));

  it('any value in any place', async () => {
    const property = fc.asyncProperty(changesAnywhere, async (changes) => {
      const args = changed([{ simd: 'strict', maxMemory: 2 ** 20 }], changes);
      const failure = await init(...(args as [never])).catch((error: unknown) => error);
      if (failure instanceof Error) expect(failure).toBeInstanceOf(StridewiseError);
      expect(tensor([1], [1]).data[0]).toBe(1);
    });
    await fc.assert(property, propertyRuns(100));
  });
});

it('every function of the package is among the operators or here', () => {
  // `host` is for `stridewise/nn`
  const here = ['arena', 'init', 'host', 'features', 'memoryUsage', 'tensor'];
  const known = new Set([...here, ...Object.keys(bases), ...Object.keys(operators).flatMap(namesOf)]);
  const functions = Object.entries(stridewise).filter(
    ([name, value]) => typeof value === 'function' && /^[a-z]/.test(name),
  );
  expect(functions.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  for (const module of [arithmetic, matrix]) {
    const names = Object.keys(module).filter((name) => /^[a-z]/.test(name));
    expect(names.filter((name) => !(name in bases))).toEqual([]);
  }
});
