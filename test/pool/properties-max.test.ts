import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { adaptiveCase, maxPoolCase, propertyRuns } from '../support/arbitraries.js';
import { builds, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import {
  checkAdaptiveMaxPool,
  checkGlobalPools,
  checkMaxPool,
  checkMaxUnpool,
  specialTensor,
  withNaN,
} from './operators.js';

/** Without gaps between the cells of a window. */
const dense = maxPoolCase().map((text) => text.replace(/_(d[dhw]\d+)+/, ''));

/** Large windows over channels that leave part of a vector block. */
const wide = fc
  .record({
    c: fc.constantFrom(4, 20, 36, 5, 21),
    h: fc.nat(6),
    w: fc.nat(9),
    k: fc.integer({ min: 3, max: 6 }),
    s: fc.constantFrom(1, 2),
  })
  .map(({ c, h, w, k, s }) => `ic${c}ih${h + k}iw${w + k}_kh${k}kw${k}_sh${s}sw${s}_ph1pw1_nhwc`);

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it('max pools, their indices and gradients equal the reference', () => {
    fc.assert(
      fc.property(maxPoolCase(), (text) => checkMaxPool(parseCase(text), specialTensor)),
      propertyRuns(300),
    );
  });

  it('max pools find a single NaN, wherever it stands', () => {
    fc.assert(
      fc.property(fc.oneof(maxPoolCase(), wide), fc.nat(), (text, position) =>
        checkMaxPool(parseCase(text), withNaN(position)),
      ),
      propertyRuns(300),
    );
  });

  it('adaptive and global max pools equal the reference', () => {
    fc.assert(
      fc.property(adaptiveCase(), (text) => {
        checkAdaptiveMaxPool(parseCase(text), specialTensor);
        checkGlobalPools(parseCase(text), specialTensor);
      }),
      propertyRuns(300),
    );
  });

  it('unpooling and its gradient equal the reference', () => {
    fc.assert(
      fc.property(dense, (text) => checkMaxUnpool(parseCase(text))),
      propertyRuns(300),
    );
  });
});
