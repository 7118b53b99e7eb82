import { beforeAll, describe, expect, it } from 'vitest';
import { convCases } from '../conv/cases.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { useBuild, variants } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { strideCases, transposedCases } from './cases.js';
import { operators, type Prepared, resultOf } from './operators.js';

const layouts = (text: string) => [text, `${text}_nhwc`];

const cases = {
  convTranspose: transposedCases.flatMap(layouts),
  convInputGrad: [...convCases, ...strideCases].flatMap(layouts),
  convTransposeInputGrad: transposedCases.flatMap(layouts),
} as const;

const names = ['convTranspose', 'convInputGrad', 'convTransposeInputGrad'] as const;

/** The reference is slow and the same for every build and row. */
const ready = new Map<string, { integers: Prepared; reals: Prepared }>();
function prepared(name: (typeof names)[number], text: string) {
  const key = `${name} ${text}`;
  const found = ready.get(key);
  if (found) return found;
  const given = parseCase(text);
  const made = {
    integers: operators[name].prepare(given, integerTensor),
    reals: operators[name].prepare(given, realTensor),
  };
  ready.set(key, made);
  return made;
}

describe.each(variants)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(names)('%s', (name) => {
    const operator = operators[name];
    const rows = operator.table.filter(({ accuracy }) => accuracy === 'high').map((row) => row.name);

    it.each(rows)('row %s is exact on integers and bounded on reals', (row) => {
      for (const text of cases[name]) {
        const { integers, reals } = prepared(name, text);
        const exact = resultOf(operator, integers, row);
        const bounded = resultOf(operator, reals, row);
        try {
          if (exact) expectExact(exact, integers.expected);
          if (bounded) expectWithin(bounded, reals.expected, reals.expected.magnitude, reals.expected.terms);
        } catch (error) {
          throw new Error(`${text}: ${(error as Error).message}`, { cause: error });
        }
      }
    });
  });
});

describe.each(names)('the table of %s', (name) => {
  it('has no row that never serves', () => {
    const { table } = operators[name];
    const served = table.filter((row) =>
      cases[name].some((text) => row.refuses(prepared(name, text).integers.problem) === null),
    );
    expect(served.map((row) => row.name)).toEqual(table.map((row) => row.name));
  });
});
