// Every function of the package has an example in its docstring, which runs and prints what it says.

import { expect, test } from 'vitest';
import { holds, run } from './blocks.js';
import { type Documented, functionsOf, typeErrors } from './docstrings.js';

/** Entries with the names of their functions: which import gives a function, first those that other examples use. */
const entries = new Map(['index', 'matrix', 'arithmetic', 'data', 'nn'].map((entry) => [entry, functionsOf(entry)]));
const further = ['threads', 'tfjs'].map((entry) => [entry, functionsOf(entry)] as const);
const all = [...entries, ...further];

/** A fenced example reads a file, or needs what Node has not. */
const runs = (example: string) => !example.startsWith('```');

const withoutCode = (text: string) => text.replace(/```.*?```|`[^`]*`/gs, '');

test.each(all)('%s: every function has an example, and formulas stand as such', (_, functions) => {
  expect(functions.length).toBeGreaterThan(0);
  expect(functions.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  expect(functions.filter(({ text }) => / = |Σ|sum over/.test(withoutCode(text))).map(({ name }) => name)).toEqual([]);
});

/** The examples of a file as a program, each in a block of its own. `address` tells where an entry is. */
function programOf(entry: string, functions: readonly Documented[], address: (entry: string) => string): string {
  const examples = functions.flatMap(({ examples }) => examples.filter(runs));
  const body = examples.map((example) => `{\n${example}\n}`).join('\n');
  const words = new Set(body.match(/\w+/g));
  const imported = new Set<string>();
  const imports = [entry, ...entries.keys()].flatMap((from) => {
    const names = (entries.get(from) ?? []).map(({ name }) => name).filter((n) => words.has(n) && !imported.has(n));
    for (const name of names) imported.add(name);
    return names.length > 0 ? [`import { ${names.join(', ')} } from '${address(from)}';`] : [];
  });
  return [...imports, body].join('\n');
}

const files = [...entries].flatMap(([entry, functions]) =>
  [...new Set(functions.map(({ file }) => file))].map((file) => ({
    file,
    entry,
    functions: functions.filter((each) => each.file === file && each.examples.some(runs)),
  })),
);

const packaged = (entry: string) => (entry === 'index' ? 'stridewise' : `stridewise/${entry}`);

test.each(files.filter(({ functions }) => functions.length > 0))(
  '$entry: the examples of $file run and print what they say',
  async ({ entry, functions }) => {
    const prints = await run({ line: 1, code: programOf(entry, functions, packaged) });
    expect(prints.length).toBeGreaterThanOrEqual(functions.length);
    expect(prints.filter((print) => print.promised === '' || !holds(print))).toEqual([]);
  },
);

test('the examples have the right types', () => {
  const functions = [...entries.values()].flat();
  expect(typeErrors(programOf('index', functions, (from) => `../../src/${from}.js`))).toEqual([]);
});
