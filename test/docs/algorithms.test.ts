import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { read, root } from './documents.js';
import { cellsOf, namesIn, sectionsOf } from './markdown.js';

const page = sectionsOf(read('docs/algorithms.md'));

/** Sections of the page and the tables that they list. */
const sections: Readonly<Record<string, string>> = {
  Convolutions: 'convTable',
  'Transposed convolutions and input gradients': 'inputGradTable',
  'Weight gradients': 'weightGradTable',
  'Separable convolutions': 'separableTable',
  Pools: 'poolTable',
};

type Rows = readonly { readonly name: string; readonly accuracy: string }[];

/** Every table that the modules of src/plan export, by name. */
const tables = new Map<string, Rows>();
for (const file of readdirSync(new URL('src/plan/', root))) {
  const module: Record<string, unknown> = await import(new URL(`src/plan/${file}`, root).href);
  for (const [name, value] of Object.entries(module)) if (Array.isArray(value)) tables.set(name, value);
}

test('every table of src/plan has a section', () => {
  expect(Object.values(sections).sort()).toEqual([...tables.keys()].sort());
});

test.each(Object.entries(sections))('%s: the rows of %s with their accuracy, in order', (section, name) => {
  const [head, ...rows] = cellsOf(page.get(section) ?? '');
  expect(head?.slice(0, 2)).toEqual(['row', 'accuracy']);
  const expected = tables.get(name)?.map((row) => [`\`${row.name}\``, row.accuracy]);
  expect(rows.map(([row, accuracy]) => [row, accuracy])).toEqual(expected);
});

test('errors are those of rows that there are', () => {
  const [, ...rows] = cellsOf(page.get('Accuracy') ?? '');
  const of = (name: string) => tables.get(name)?.map((row) => row.name) ?? [];
  const [forward, weights] = [[...of('convTable'), ...of('inputGradTable')], of('weightGradTable')];
  expect(rows.length).toBeGreaterThan(0);
  for (const [row] of rows) {
    const [name, ...more] = namesIn(row);
    expect(more).toEqual([]);
    expect(row.startsWith('weight gradient') ? weights : forward).toContain(name);
  }
});

const types = read('src/types.ts');

test.each([
  ['ConvAlgorithm', 'convTable'],
  ['ConvTransposeAlgorithm', 'inputGradTable'],
  ['WeightGradAlgorithm', 'weightGradTable'],
  ['SeparableAlgorithm', 'separableTable'],
])('the type %s has the names of %s', (type, table) => {
  const [, names = ''] = new RegExp(`type ${type} = OneOf<([^>]*)>`).exec(types) ?? [];
  expect([...names.matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual(tables.get(table)?.map(({ name }) => name));
});
