import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { adaptiveCase, maxPoolCase, propertyRuns } from '../support/arbitraries.js';
import { builds, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { checkAdaptiveMaxPool, checkGlobalPools, checkMaxPool, checkMaxUnpool, specialTensor } from './operators.js';

/** Without gaps between the cells of a window. */
const dense = maxPoolCase().map((text) => text.replace(/_(d[dhw]\d+)+/, ''));

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it('max pools, their indices and gradients equal the reference', () => {
    fc.assert(
      fc.property(maxPoolCase(), (text) => checkMaxPool(parseCase(text), specialTensor)),
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
