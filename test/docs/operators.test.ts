import { describe, expect, test } from 'vitest';
import * as arithmetic from '../../src/arithmetic.js';
import * as api from '../../src/index.js';
import * as matrix from '../../src/matrix.js';
import * as nn from '../../src/nn.js';
import { drawCalls, invoke } from '../calls/index.js';
import { pages, read } from './documents.js';
import { cellsOf, namesIn, sectionsOf } from './markdown.js';

const readme = read('README.md');

/** Functions of an entry, but for what it has for another one. */
const functionsOf = (entry: object) =>
  Object.entries(entry)
    .filter(([name, value]) => typeof value === 'function' && name !== 'host')
    .map(([name]) => name);

/** `conv2d` as `convR`. */
const ofAnyRank = (name: string) => name.replace(/[123]d/, 'R');

/** Names between backticks and in blocks of code. `…` stands for the name of an operator. */
const named = new Set(
  pages
    .filter((page) => page !== 'CHANGELOG.md')
    .map(read)
    .flatMap((page) => [
      ...namesIn(page).flatMap((code) => code.match(/[\w…]+/g) ?? []),
      ...[...page.matchAll(/^```(?:js|ts)\n(.*?)^```$/gms)].flatMap(([, code]) => code.match(/\w+/g) ?? []),
    ]),
);

/** Whether a function is named, or is a form of one that is, of a kind that is. */
function isNamed(name: string): boolean {
  if (named.has(name) || named.has(ofAnyRank(name))) return true;
  return [...named].some((form) => {
    const [before, after] = form.split('…');
    if (after === undefined || !name.startsWith(before) || !name.endsWith(after)) return false;
    const operator = name.slice(before.length, name.length - after.length);
    return operator !== '' && operator.length < name.length && isNamed(operator[0].toLowerCase() + operator.slice(1));
  });
}

const entries = {
  stridewise: api,
  'stridewise/arithmetic': arithmetic,
  'stridewise/matrix': matrix,
  'stridewise/nn': nn,
};

test.each(Object.entries(entries))('every function of %s is named in the documents', (_, entry) => {
  expect(functionsOf(entry).length).toBeGreaterThan(5);
  expect(functionsOf(entry).filter((name) => !isNamed(name))).toEqual([]);
});

describe('the table of operators', () => {
  const [, ...rows] = cellsOf(sectionsOf(readme).get('Operators') ?? '');
  const lines = rows.flatMap(([operators, , , options]) =>
    namesIn(operators).map((operator) => ({ operator, options: namesIn(options) })),
  );

  const calls = drawCalls(api, 8, 1);
  /** Like no option, so that an operator that is given it names all that it knows. */
  const UNKNOWN = 'qqqqqqqqqqqq';

  function accepted(name: string): string[] {
    const call = calls.find((each) => each.name === name);
    if (!call) throw new Error(`no call of ${name} in test/calls`);
    const options = { ...(call.args[call.args.length - 1] as object), [UNKNOWN]: 1 };
    try {
      invoke(api, name, [...call.args.slice(0, -1), options]);
    } catch (error) {
      const [, known] = /known are (.*)$/.exec((error as Error).message) ?? [];
      if (known !== undefined) return known.split(', ');
      throw error;
    }
    throw new Error(`${name} takes an unknown option`);
  }

  test('it has every operator', () => {
    const inTable = new Set(lines.map(({ operator }) => operator));
    const others = /InputGrad$|WeightGrad$|Backward$|^prepare|Error$/;
    const rest = ['arena', 'biasGrad', 'features', 'init', 'memoryUsage', 'tensor'];
    const operators = functionsOf(api).filter((name) => !others.test(name) && !rest.includes(name));
    expect(operators.filter((name) => !inTable.has(name) && !inTable.has(ofAnyRank(name)))).toEqual([]);
  });

  test.each(lines)('$operator takes the options of its line', ({ operator, options }) => {
    const names = functionsOf(api).filter((name) => name === operator || ofAnyRank(name) === operator);
    expect(names).toHaveLength(operator.includes('R') ? 3 : 1);
    // the one that takes none
    if (operator === 'linearAsConv') return expect(options).toEqual([]);
    for (const name of names) {
      const besides = accepted(name).filter((option) => option !== 'layout' && option !== 'out');
      expect(besides.sort(), name).toEqual([...options].sort());
    }
  });
});
