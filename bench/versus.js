import { choice, choices, listed, readArguments, selectProblems, wholeNumber, writeJson } from './arguments.js';
import { cases, furtherCases, scalingCases, sizes, smallCases, thinCases, tinyCases } from './cases.js';
import { operandsOf } from './data.js';
import { ensureRelaxedSimd, machine, machineLine } from './machine.js';
import { duel, halfWidth, middle } from './measure.js';
import { openBuild } from './open.js';
import { isProduct } from './problem.js';
import { revision } from './revision.js';
import { prepare } from './stridewise.js';
import { digits, table, widest } from './table.js';

const help = `npm run bench:versus -- [options] [REVISION [problem …]]

Times the package as a revision has it (default: the last tag, or the last commit where there is none), built from git,
against the package as it stands: in one process, in turns, each repetition the smaller of wall and CPU time. A ratio
above 1 means that the package has become faster. Without a problem the judged and the further list run from prepared
layers in wasm memory, and a list of small layers by plain calls on JavaScript arrays.

  --filter REGEX      only cases whose title or problem string matches
  --list NAMES        of judged, further, small, thin, tiny, sizes and scaling, joined by commas (default judged,further,small)
  --build NAME        relaxed (default) or strict
  --layout NAME       nchw, nhwc or both (default)
  --call NAME         prepared or function, for every list
  --algorithm NAME    insist on one row of the package's table; problems that it refuses are left out
  --repetitions N     fresh instances of both for each case (default 3), up to three times as many where they differ
  --json [FILE.json]  all figures as JSON, to standard output or a file
  --help

The ratio of a case is the median over instances, for where an instance's memory happens to lie counts, too; of an
instance it is the median over blocks of turns A B B A, as many as it takes to know it within 1 %. The spread is that of
the instances.`;

/**
 * @typedef {import('./stridewise.js').Api} Api
 * @typedef {import('./stridewise.js').Setup} Setup
 * @typedef {import('./problem.js').Problem} Problem
 * @typedef {{ ratio: number, least: number, most: number, before: number, after: number }} Figures
 * @typedef {Figures & { rows: (string | undefined)[] }} Result `rows`: that served before and after.
 */

const options = /** @type {const} */ ({
  filter: { type: 'string' },
  list: { type: 'string', default: 'judged,further,small' },
  build: { type: 'string', default: 'relaxed' },
  layout: { type: 'string', default: 'both' },
  call: { type: 'string' },
  algorithm: { type: 'string' },
  repetitions: { type: 'string', default: '3' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
});

const lists = {
  judged: cases,
  further: furtherCases,
  small: smallCases,
  thin: thinCases,
  tiny: tinyCases,
  sizes,
  scaling: scalingCases,
};

/** Instances give the ratio well enough when half of its 95 % interval is this. */
const precision = 0.015;

async function main() {
  const { values, positionals } = readArguments(options, { json: '.json' });
  if (values.help) return console.log(help);
  const build = choice('build', values.build, /** @type {('strict' | 'relaxed')[]} */ (['strict', 'relaxed']));
  const layouts = choices('layout', values.layout, /** @type {('NCHW' | 'NHWC')[]} */ (['NCHW', 'NHWC']));
  const call =
    values.call === undefined
      ? undefined
      : choice('call', values.call, /** @type {('prepared' | 'function')[]} */ (['prepared', 'function']));
  const repetitions = wholeNumber('repetitions', values.repetitions);
  if (build === 'relaxed') ensureRelaxedSimd();
  const print = values.json === '-' ? console.error : console.log;
  const [name, ...named] = positionals;
  const selected = (named.length > 0 ? ['judged'] : values.list.split(',')).flatMap((list) =>
    selectProblems(named, listed(list, lists), values.filter, true).map((selection) => ({
      ...selection,
      call: call ?? (list === 'small' ? 'function' : 'prepared'),
    })),
  );
  if (selected.length === 0) throw new Error(`no case matches ${values.filter}`);

  const { title, url } = revision(name);
  const apis = [await openBuild(build, url), await openBuild(build)];
  print(`${machineLine(machine())}\nbefore: ${title}, ${build} build\n`);
  const columns = columnsFor(selected.map(({ title }) => title));
  print(columns.head());
  const results = [];
  for (const { title, problem, call } of selected) {
    for (const layout of isProduct(problem) ? layouts.slice(0, 1) : layouts) {
      /** @type {Setup} */
      const setup = { layout, memory: call === 'prepared' ? 'arena' : 'heap', call, algorithm: values.algorithm };
      const result = await versus(apis, build, problem, setup, repetitions);
      if (result === undefined) continue;
      results.push({ title, problem: problem.text, ...setup, ...result });
      print(line(results[results.length - 1], columns));
    }
  }
  if (results.length === 0) throw new Error('no case is served by both');
  print(summary(results));
  if (values.json) writeJson(values.json, { machine: machine(), before: title, build, results });
}

/**
 * @param {Api[]} apis Before and after. @param {'strict' | 'relaxed'} build
 * @param {Problem} problem @param {Setup} setup @param {number} repetitions
 * @returns {Promise<Result | undefined>} Nothing where one of the two does not serve the problem so.
 */
async function versus(apis, build, problem, setup, repetitions) {
  const operands = operandsOf(problem);
  /** @type {Awaited<ReturnType<typeof duel>>[]} */
  const duels = [];
  const ratios = () => duels.map(({ ratio }) => ratio);
  /** @type {(string | undefined)[]} */
  let rows = [];
  while (duels.length < repetitions || (duels.length < 3 * repetitions && halfWidth(ratios()) > precision)) {
    const subjects = [];
    try {
      for (const api of apis) {
        await api.init({ simd: build });
        subjects.push(prepare(api, problem, operands, setup));
      }
      rows = subjects.map(({ algorithm }) => algorithm);
      duels.push(await duel(subjects[0], subjects[1]));
    } catch (error) {
      if (!(setup.algorithm && error instanceof Error && 'code' in error)) throw error;
      return undefined;
    } finally {
      for (const subject of subjects) subject.dispose();
    }
  }
  const [least, most] = [Math.min(...ratios()), Math.max(...ratios())];
  const [before, after] = [middle(duels.map(({ a }) => a)), middle(duels.map(({ b }) => b))];
  return { ratio: middle(ratios()), least, most, before, after, rows };
}

/** @param {string[]} titles */
const columnsFor = (titles) =>
  table([
    { title: 'case', width: widest(titles), align: 'left' },
    { title: 'layout', width: 6, align: 'left' },
    { title: 'call', width: 8, align: 'left' },
    { title: 'algorithm', width: 16, align: 'left' },
    { title: 'before ms', width: 9 },
    { title: 'after ms', width: 9 },
    { title: 'ratio', width: 6 },
    { title: 'spread', width: 11 },
  ]);

/** @typedef {{ title: string, problem: string } & Setup & Result} Row */

/** @param {Row} row @param {ReturnType<typeof table>} columns */
function line({ title, layout, call, rows, before, after, ratio, least, most }, columns) {
  const spread = `${least.toFixed(2)}–${most.toFixed(2)}`;
  const algorithm = [...new Set(rows)].join(' → ');
  return columns.line([title, layout, call, algorithm, digits(before), digits(after), ratio.toFixed(3), spread]);
}

/** Geometric mean and lowest ratio, of each row of the tables and of all. @param {Row[]} results */
function summary(results) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const result of results) {
    const name = result.call === 'function' ? 'plain calls' : (result.rows[1] ?? 'without a table');
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  const text = (/** @type {Row[]} */ group) => {
    const mean = Math.exp(group.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / group.length);
    const lowest = group.reduce((low, result) => (result.ratio < low.ratio ? result : low));
    const worst = `${lowest.ratio.toFixed(3)} (${lowest.title} ${lowest.layout})`;
    return `geometric mean ${mean.toFixed(3)}, lowest ${worst}, ${group.length} cases`;
  };
  return ['', ...[...groups].map(([name, group]) => `${name}: ${text(group)}`), text(results)].join('\n');
}

await main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
