import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/index.js';
import * as api from '../../src/index.js';
import { dot } from '../support/algebra.js';
import { adaptiveCase, avgPoolCase, lpPoolCase, propertyRuns } from '../support/arbitraries.js';
import { builds, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { avgPoolOptions, xShape } from '../support/problems.js';
import { checkAdaptiveAvgPool, checkAvgPool, checkGlobalPools, checkLpPool } from './operators.js';

type Operator = (...operands: unknown[]) => Tensor;

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it('average pools and their gradients equal the reference', () => {
    fc.assert(
      fc.property(avgPoolCase(), (text) => checkAvgPool(parseCase(text), integerTensor)),
      propertyRuns(300),
    );
  });

  it('adaptive and global averages equal the reference', () => {
    fc.assert(
      fc.property(adaptiveCase(), (text) => {
        checkAdaptiveAvgPool(parseCase(text), integerTensor);
        checkGlobalPools(parseCase(text), integerTensor);
      }),
      propertyRuns(300),
    );
  });

  it('averages and their gradients stay within the bound on reals', () => {
    fc.assert(
      fc.property(avgPoolCase(), adaptiveCase(), (text, adaptive) => {
        checkAvgPool(parseCase(text), realTensor);
        checkAdaptiveAvgPool(parseCase(adaptive), realTensor);
      }),
      propertyRuns(100),
    );
  });

  it('Lp pools and their gradients stay within the bound', () => {
    fc.assert(
      fc.property(lpPoolCase(), fc.constantFrom(undefined, 0.5, 1.5, 4, 5.25), (text, p) =>
        checkLpPool(parseCase(text), realTensor, p),
      ),
      propertyRuns(300),
    );
  });

  it('the gradient of an average is its adjoint, to the bit on integers', () => {
    fc.assert(
      fc.property(avgPoolCase(), (text) => {
        const given = parseCase(text);
        // with a power of two as divisor every quotient is exact
        const options = { ...avgPoolOptions(given), divisorOverride: 16 };
        const operators = api as unknown as Record<string, Operator>;
        const x = integerTensor(xShape(given), 1);
        const y = operators[`avgPool${given.rank}d`](x, options);
        const gradY = integerTensor(y.shape, 2);
        const gradX = operators[`avgPool${given.rank}dInputGrad`](gradY, x.shape, options);
        expect(dot(x, gradX)).toBe(dot(y, gradY));
      }),
      propertyRuns(300),
    );
  });
});
