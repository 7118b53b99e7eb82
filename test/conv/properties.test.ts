import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { conv1d, conv2d, conv3d } from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { convProblem } from '../../src/shape/conv.js';
import { conv as reference } from '../reference/index.js';
import { convCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { convOperands, convOptions } from '../support/problems.js';
import { expectBounded, isExact } from './promise.js';

const operators = [undefined, conv1d, conv2d, conv3d] as const;

/**
 * Holds the rows of the table that serve a drawn case against the reference: exactly on integers, within the bound on
 * reals.
 */
function check(text: string, make: typeof realTensor): void {
  const given = parseCase(text);
  const { x, weight, bias } = convOperands(given, make);
  const options = { ...convOptions(given), ...(bias && { bias }) };
  const expected = reference(x, weight, options);
  const problem = convProblem(given.rank as 1, x.shape, weight.shape, options);
  const operator = operators[given.rank] as typeof conv2d;
  for (const { name, accuracy, refuses } of convTable) {
    if (refuses(problem) !== null) continue;
    const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
    leavesNothing(() => operator(x, weight, { ...options, algorithm: name, out } as never));
    checkFence(out.data);
    if (make === integerTensor && isExact({ name, accuracy })) expectExact(out, expected);
    else expectBounded(out, expected, accuracy);
  }
}

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it('every row equals the reference on integers', () => {
    fc.assert(
      fc.property(convCase(), (text) => check(text, integerTensor)),
      propertyRuns(300),
    );
  });

  it('every row stays within the bound on reals', () => {
    fc.assert(
      fc.property(convCase(), (text) => check(text, realTensor)),
      propertyRuns(100),
    );
  });
});
