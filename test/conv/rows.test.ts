import { beforeAll, describe, expect, it } from 'vitest';
import { conv1d, conv2d, conv3d, UnsupportedError } from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { conv as reference } from '../reference/index.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { type Case, has, parseCase } from '../support/cases.js';
import { integerTensor, realTensor as reals, type realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { convOperands, convOptions } from '../support/problems.js';
import { convCases } from './cases.js';

const operators = [undefined, conv1d, conv2d, conv3d] as const;

/** The call a case stands for, by one row of the table, into a fenced output; undefined when the row refuses. */
function call(given: Case, algorithm: string, make: typeof realTensor = integerTensor) {
  const { x, weight, bias } = convOperands(given, make);
  const options = { ...convOptions(given), ...(bias && { bias }) };
  const shape = reference(x, weight, options).shape;
  const add = has(given, 'add') ? { add: make(shape, 4) } : {};
  const expected = reference(x, weight, { ...options, ...add });
  const out = { data: fencedOutput(expected.data.length), shape };
  const operator = operators[given.rank] as typeof conv2d;
  const before = [x.data.slice(), weight.data.slice()];
  try {
    leavesNothing(() => operator(x, weight, { ...options, ...add, algorithm, out } as never));
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
  checkFence(out.data);
  expect([x.data, weight.data]).toEqual(before);
  return { out, expected };
}

const layouts = (text: string) => [text, `${text}_nhwc`];

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(convTable.map(({ name }) => name))('%s', (algorithm) => {
    const exact = convTable.find(({ name }) => name === algorithm)?.accuracy === 'high';
    it.runIf(exact).each(convCases.flatMap(layouts))('is exact on integers: %s', (text) => {
      const result = call(parseCase(text), algorithm);
      if (result) expectExact(result.out, result.expected);
    });

    it.each(convCases.flatMap(layouts))('is bounded on reals: %s', (text) => {
      const result = call(parseCase(text), algorithm, reals);
      // rows of standard accuracy state their own factor beside their bench line
      if (result && exact) expectWithin(result.out, result.expected, result.expected.magnitude, result.expected.terms);
    });
  });
});

describe('the table', () => {
  it('serves every case by a row, and every row serves a case', () => {
    const served = new Set(
      convTable
        .filter(({ name }) => convCases.some((text) => parseCase(text).n > 0 && call(parseCase(text), name) !== undefined))
        .map(({ name }) => name),
    );
    expect([...served]).toEqual(convTable.map(({ name }) => name));
  });
});
