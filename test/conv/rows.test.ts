import { beforeAll, describe, expect, it } from 'vitest';
import { conv1d, conv2d, conv3d, UnsupportedError } from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { conv as reference } from '../reference/index.js';
import { expectExact } from '../support/bounds.js';
import { leavesNothing, poison, useBuild, variants } from '../support/builds.js';
import { type Case, has, parseCase } from '../support/cases.js';
import { integerTensor, realTensor as reals, type realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { convOperands, convOptions } from '../support/problems.js';
import { convCases } from './cases.js';
import { expectBounded, isExact } from './promise.js';

const operators = [undefined, conv1d, conv2d, conv3d] as const;

/** Operands, options and result of a case by the definition. */
function define(given: Case, make: typeof realTensor) {
  const { x, weight, bias } = convOperands(given, make);
  const options = { ...convOptions(given), ...(bias && { bias }) };
  const { shape } = reference(x, weight, options);
  const add = has(given, 'add') ? { add: make(shape, 4) } : {};
  return { x, weight, options: { ...options, ...add }, expected: reference(x, weight, { ...options, ...add }) };
}

/** Every row of every build is held against the same definitions. */
const definitions = new Map<string, ReturnType<typeof define>>();

function definition(text: string, make: typeof realTensor) {
  const key = `${make.name} ${text}`;
  const known = definitions.get(key) ?? define(parseCase(text), make);
  definitions.set(key, known);
  return known;
}

/** The call a case stands for, by one row of the table, into a fenced output; undefined when the row refuses. */
function call(text: string, algorithm: string, make: typeof realTensor = integerTensor) {
  const { x, weight, options, expected } = definition(text, make);
  const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
  const operator = operators[parseCase(text).rank] as typeof conv2d;
  const before = [x.data.slice(), weight.data.slice()];
  poison();
  try {
    leavesNothing(() => operator(x, weight, { ...options, algorithm, out } as never));
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
  checkFence(out.data);
  expect([x.data, weight.data]).toEqual(before);
  return { out, expected };
}

const layouts = (text: string) => [text, `${text}_nhwc`];

describe.each(variants)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(convTable)('$name', ({ name, accuracy }) => {
    it.runIf(isExact({ name, accuracy })).each(convCases.flatMap(layouts))('is exact on integers: %s', (text) => {
      const result = call(text, name);
      if (result) expectExact(result.out, result.expected);
    });

    it.each(convCases.flatMap(layouts))('is bounded on reals: %s', (text) => {
      const result = call(text, name, reals);
      if (result) expectBounded(result.out, result.expected, accuracy);
    });
  });
});

describe('the table', () => {
  it('serves every case by a row, and every row serves a case', () => {
    const served = new Set(
      convTable
        .filter(({ name }) => convCases.some((text) => parseCase(text).n > 0 && call(text, name) !== undefined))
        .map(({ name }) => name),
    );
    expect([...served]).toEqual(convTable.map(({ name }) => name));
  });
});
