import { beforeAll, describe, it } from 'vitest';
import { builds, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { adaptiveCases, dilatedCases, divisorCases, layouts, windowCases } from './cases.js';
import {
  checkAdaptiveAvgPool,
  checkAdaptiveMaxPool,
  checkAvgPool,
  checkGlobalPools,
  checkLpPool,
  checkMaxPool,
  checkMaxUnpool,
  specialTensor,
  withNaN,
} from './operators.js';

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each([...windowCases, ...dilatedCases].flatMap(layouts))('maxPool %s', (text) => {
    it('on integers', () => checkMaxPool(parseCase(text), integerTensor));
    it('with NaN, infinities and ties', () => checkMaxPool(parseCase(text), specialTensor));
  });

  // two passes over a row that ends inside a block of vectors
  it.each(Array.from({ length: 20 }, (_, channel) => channel))(
    'maxPool sees NaN in the last pixel, channel %d',
    (channel) => {
      const given = parseCase('ic20ih6iw7_kh5kw5_sh1sw1_nhwc');
      checkMaxPool(given, withNaN(6 * 7 * 20 - 20 + channel));
    },
  );

  describe.each([...windowCases, ...dilatedCases, ...divisorCases].flatMap(layouts))('avgPool %s', (text) => {
    it('on integers', () => checkAvgPool(parseCase(text), integerTensor));
    it('on reals', () => checkAvgPool(parseCase(text), realTensor));
  });

  describe.each([...windowCases, ...dilatedCases].flatMap(layouts))('lpPool %s', (text) => {
    it.each([1, 2, 3, 2.5, 0.7])('p = %d', (p) => checkLpPool(parseCase(text), realTensor, p));
  });

  it.each([...windowCases, ...dilatedCases].flatMap(layouts))('maxUnpool %s', (text) =>
    checkMaxUnpool(parseCase(text)),
  );

  describe.each(adaptiveCases.flatMap(layouts))('adaptive and global pools %s', (text) => {
    it('max on integers', () => checkAdaptiveMaxPool(parseCase(text), integerTensor));
    it('max with NaN, infinities and ties', () => checkAdaptiveMaxPool(parseCase(text), specialTensor));
    it('average on integers', () => checkAdaptiveAvgPool(parseCase(text), integerTensor));
    it('average on reals', () => checkAdaptiveAvgPool(parseCase(text), realTensor));
    it('of whole planes', () => checkGlobalPools(parseCase(text), integerTensor));
    it('of whole planes, with NaN', () => checkGlobalPools(parseCase(text), specialTensor));
  });
});
