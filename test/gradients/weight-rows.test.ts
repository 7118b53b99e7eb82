import { beforeAll, describe, expect, it } from 'vitest';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { convCases } from '../conv/cases.js';
import type { Operand } from '../reference/index.js';
import { expectExact, expectWithin, expectWithinTiles } from '../support/bounds.js';
import { leavesNothing, useBuild, variants } from '../support/builds.js';
import { type Case, parseCase } from '../support/cases.js';
import { integerTensor, realTensor, type TestTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { transposedCases } from '../transposed/cases.js';
import { weightGradCases } from './cases.js';
import { linear, operatorNames, operators } from './operators.js';

const layouts = (text: string) => [text, `${text}_nhwc`];
const cases = {
  conv: [...convCases, ...weightGradCases].flatMap(layouts),
  convTranspose: transposedCases.flatMap(layouts),
};

type Make = typeof realTensor;
interface Ready {
  readonly x: TestTensor;
  readonly gradY: TestTensor;
  readonly weightShape: readonly number[];
  readonly expected: ReturnType<(typeof operators)['conv']['reference']['weightGrad']>;
}

/** The reference is slow and the same for every build and row. */
const ready = new Map<string, Ready>();
function prepared(name: (typeof operatorNames)[number], text: string, make: Make): Ready {
  const key = `${name} ${text} ${make === realTensor}`;
  const found = ready.get(key);
  if (found) return found;
  const given = parseCase(text);
  const { operands, options, reference } = operators[name];
  const { x, weight } = operands(given, make);
  const forward = linear(options(given));
  const gradY = make(reference.forward(x, weight, forward).shape, 5);
  const made = { x, gradY, weightShape: weight.shape, expected: reference.weightGrad(x, gradY, weight.shape, forward) };
  ready.set(key, made);
  return made;
}

/** The result of a row in a fenced output that held NaN, or what is to be added to; undefined when the row refuses. */
function resultOf(
  name: (typeof operatorNames)[number],
  given: Case,
  row: string,
  { x, gradY, weightShape }: Ready,
  added?: number,
): Operand | undefined {
  const operator = operators[name];
  if (weightGradTable.find((r) => r.name === row)?.refuses(operator.problem(given)) !== null) return undefined;
  const out = { data: fencedOutput(weightShape.reduce((a, b) => a * b, 1)), shape: weightShape };
  if (added !== undefined) out.data.fill(added);
  const options = { ...operator.options(given), algorithm: row, out, accumulate: added !== undefined };
  leavesNothing(() => operator.weightGrad(given)(x, gradY, weightShape, options as never));
  checkFence(out.data);
  return out;
}

describe.each(variants)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(operatorNames)('%s', (name) => {
    it.each(weightGradTable)(
      'row $name is exact on integers and bounded on reals',
      ({ name: row, accuracy, declines }) => {
        for (const text of cases[name]) {
          const given = parseCase(text);
          const integers = prepared(name, text, integerTensor);
          const reals = prepared(name, text, realTensor);
          const exact = resultOf(name, given, row, integers);
          const bounded = resultOf(name, given, row, reals);
          const added = resultOf(name, given, row, integers, 3);
          try {
            // Winograd's scales 1/6 and 1/24 round
            if (exact && accuracy === 'high') expectExact(exact, integers.expected);
            const sum = added && { ...added, data: Float64Array.from(added.data, (value) => value - 3) };
            if (sum && accuracy === 'high') expectExact(sum, integers.expected);
            // where too few products meet in a tile, the row declines and only its transforms' own bound holds
            const declined = (declines?.(operators[name].problem(given)) ?? null) !== null;
            for (const [result, { expected }] of [[sum, integers] as const, [bounded, reals] as const]) {
              if (result && declined) expectWithinTiles(result, expected);
              else if (result) expectWithin(result, expected, expected.magnitude, expected.terms);
            }
          } catch (error) {
            throw new Error(`${text}: ${(error as Error).message}`, { cause: error });
          }
        }
      },
    );
  });
});

describe('the table of weight gradients', () => {
  it('has no row that never serves', () => {
    const problems = cases.conv.map((text) => operators.conv.problem(parseCase(text)));
    const served = weightGradTable.filter((row) => problems.some((problem) => row.refuses(problem) === null));
    expect(served.map((row) => row.name)).toEqual(weightGradTable.map((row) => row.name));
  });
});
