import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { StridewiseError } from '../../src/errors.js';
import { backwardOptions, biasGradProblem, maskOf } from '../../src/shape/backward.js';
import { col2imProblem, im2colProblem } from '../../src/shape/columns.js';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';
import { gemmProblem } from '../../src/shape/gemm.js';
import { linearAsConvShape, linearProblem } from '../../src/shape/linear.js';
import { locallyConnectedProblem } from '../../src/shape/locally.js';
import { matmulProblem } from '../../src/shape/matmul.js';
import { optionNames } from '../../src/shape/options.js';
import { adaptivePool, globalPool, unpoolProblem } from '../../src/shape/planes.js';
import { poolProblem } from '../../src/shape/pool.js';
import { separableProblem } from '../../src/shape/separable.js';
import { checkIndexTensor, checkOut, checkTensor, checkVector, tensor } from '../../src/shape/tensor.js';

const junk = fc.anything({
  withTypedArray: true,
  withNullPrototype: true,
  withBigInt: true,
  withSparseArray: true,
  withDate: true,
  withMap: true,
});
// Zero, one, huge, negative and fractional extents, in lists of every length.
const extent = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 31, 2 ** 53));
const value = fc.oneof(
  junk,
  extent,
  fc.array(extent, { maxLength: 6 }),
  fc.array(fc.array(extent, { maxLength: 3 }), { maxLength: 4 }),
);
const words = fc.constantFrom('same', 'full', 'NHWC', 'NLC', 'relu', 'reflect', 'high', true, false);
const shape = fc.oneof(
  { weight: 1, arbitrary: junk },
  { weight: 9, arbitrary: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 }) },
);

const optionsOf = (names: readonly string[]) => {
  const fields = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, words, extent), { maxKeys: 4 });
  return fc.oneof({ weight: 1, arbitrary: junk }, { weight: 9, arbitrary: fields });
};

type Call = (a: never, b: never, options: unknown, c: never) => unknown;

const operators: Readonly<Record<string, readonly [names: readonly string[], call: Call]>> = {
  conv1d: [optionNames.conv, (x, w, o) => convProblem(1, x, w, o)],
  conv2d: [optionNames.conv, (x, w, o) => convProblem(2, x, w, o)],
  conv3d: [optionNames.conv, (x, w, o) => convProblem(3, x, w, o)],
  convTranspose2d: [optionNames.convTranspose, (x, w, o) => convTransposeProblem(2, x, w, o)],
  separableConv2d: [optionNames.separable, (x, w, o, more) => separableProblem(x, w, more, o)],
  locallyConnected1d: [optionNames.locallyConnected, (x, w, o) => locallyConnectedProblem(1, x, w, o)],
  maxPool2d: [optionNames.maxPool, (x, _, o) => poolProblem('maxPool', 2, x, o)],
  avgPool1d: [optionNames.avgPool, (x, _, o) => poolProblem('avgPool', 1, x, o)],
  lpPool3d: [optionNames.lpPool, (x, _, o) => poolProblem('lpPool', 3, x, o)],
  adaptiveMaxPool2d: [optionNames.adaptiveMaxPool, (x, _, o) => adaptivePool('adaptiveMaxPool', 2, x, o)],
  globalAvgPool: [optionNames.globalAvgPool, (x, _, o) => globalPool('globalAvgPool', x, o)],
  maxUnpool2d: [optionNames.maxUnpool, (x, _, o) => unpoolProblem(2, x, o)],
  im2col: [optionNames.im2col, (x, _, o) => im2colProblem(x, o)],
  col2im: [optionNames.col2im, (x, _, o) => col2imProblem(x, o)],
  gemm: [optionNames.gemm, (a, b, o) => gemmProblem(a, b, o)],
  matmul: [optionNames.matmul, (a, b, o) => matmulProblem(a, b, o)],
  linear: [optionNames.linear, (x, w, o) => linearProblem(x, w, o)],
  linearAsConv: [optionNames.linear, (w, map) => linearAsConvShape(w, map)],
  biasGrad: [optionNames.biasGrad, (y, _, o) => biasGradProblem(y, o)],
  backward: [
    [...optionNames.conv, 'wanted', 'y'],
    (_x, _w, o) => backwardOptions('conv2dBackward', o, optionNames.conv, ['x', 'bias']),
  ],
  maskOf: [['data', 'shape'], (_x, _w, y, preActivation) => maskOf({ y, preActivation }, [0, 6], [2, 3])],
  tensor: [['data'], (data, extents) => tensor(data, extents)],
  checkTensor: [['data', 'shape'], (_x, _w, o) => checkTensor('x', o)],
  checkIndexTensor: [['data', 'shape'], (_x, _w, o) => checkIndexTensor('indices', o, [2, 3])],
  checkVector: [['data', 'shape'], (_x, _w, o) => checkVector('bias', o, 3)],
  checkOut: [['data', 'shape'], (_x, _w, o) => checkOut(o, [2, 3], [])],
};

test.each(Object.entries(operators))(
  '%s answers anything with a result or its own kind of error',
  (_name, [names, call]) => {
    fc.assert(
      fc.property(shape, shape, optionsOf(names), shape, (a, b, options, c) => {
        try {
          call(a as never, b as never, options, c as never);
        } catch (error) {
          expect(error).toBeInstanceOf(StridewiseError);
        }
      }),
      { numRuns: 400 },
    );
  },
);
