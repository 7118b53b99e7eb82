import { choice, choices, readArguments, writeJson } from './arguments.js';
import { draw } from './draw.js';
import { ensureRelaxedSimd, machine, machineLine } from './machine.js';
import { race } from './measure.js';
import { openBuild } from './open.js';
import { parseProblem } from './problem.js';
import { rowsIn } from './stridewise.js';
import { digits, percent } from './table.js';
import { check } from './trial.js';

const help = `npm run bench:sweep -- [options] [problem …]

Times every row of the package's tables on problems drawn from a seed (convolutions, transposed ones, input and weight
gradients; the grammar is in bench/problem.js) in both layouts, and says for each layout how far the row that the table
chose is from the fastest one. Operands lie in wasm memory; weights are packed beforehand where the operator has a
prepared form.

  --count N           problems to draw (default 300)
  --seed S            another list of problems (default 1)
  --build NAME        relaxed (default) or strict
  --layout NAME       nchw, nhwc or both (default)
  --filter REGEX      only drawn problems whose string matches
  --json [FILE.json]  all figures as JSON, to standard output or a file
  --help

Rows take turns, and a time is the smaller of wall and CPU time. Rows at more than 3 times the fastest are timed once.
Results are checked as in npm run bench. A choice that looks more than 10 % slower than another row is timed again for
longer, and that counts.`;

/**
 * @typedef {import('./problem.js').Problem} Problem @typedef {import('./stridewise.js').Api} Api @typedef {'NCHW' |
 * 'NHWC'} Layout @typedef {'strict' | 'relaxed'} Build
 */

const options = /** @type {const} */ ({
  count: { type: 'string', default: '300' },
  seed: { type: 'string', default: '1' },
  build: { type: 'string', default: 'relaxed' },
  layout: { type: 'string', default: 'both' },
  filter: { type: 'string', default: '' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
});

/** A choice within this of the fastest row is a good one. */
const tolerance = 1.1;
/** Rows slower than this many times the fastest are out of the question. */
const hopeless = 3;

const first = { repetitions: 7, milliseconds: 1, warm: { least: 2, most: 100 }, hopeless };
const second = { repetitions: 25, milliseconds: 2, warm: { least: 10, most: 200 }, hopeless };

async function main() {
  const { values, positionals } = readArguments(options, { json: '.json' });
  if (values.help) return console.log(help);
  const build = choice('build', values.build, /** @type {Build[]} */ (['strict', 'relaxed']));
  const layouts = choices('layout', values.layout, /** @type {Layout[]} */ (['NCHW', 'NHWC']));
  if (build === 'relaxed') ensureRelaxedSimd();
  const print = values.json === '-' ? console.error : console.log;
  const api = await openBuild(build);
  print(machineLine(machine()));
  const results = [];
  for (const problem of problems(positionals, values)) {
    for (const layout of layouts) {
      try {
        const result = await timeRows(api, build, problem, layout);
        results.push(result);
        print(line(result));
      } catch (error) {
        print(`FAILED ${messageOf(error)}`);
        process.exitCode = 1;
      }
    }
  }
  for (const layout of layouts) print(summary(results, layout));
  if (values.json) writeJson(values.json, { machine: machine(), build, results });
}

/** @param {string[]} named @param {{ count: string, seed: string, filter: string }} values */
function problems(named, values) {
  if (named.length > 0) return named.map(parseProblem);
  const pattern = new RegExp(values.filter);
  return draw(whole('count', values.count), whole('seed', values.seed)).filter(({ text }) => pattern.test(text));
}

/** @param {string} name @param {string} text */
function whole(name, text) {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 0)) throw new Error(`--${name} ${text}: expected a whole number`);
  return value;
}

/** @typedef {{ name: string, ms: number }} Row @typedef {Awaited<ReturnType<typeof timeRows>>} Result */

/**
 * Rows of the table that serves an operator, as the package names them when it is asked for one that is not there.
 * @param {Map<Build, Api>} apis @param {Build} build @param {Problem} problem
 */
function rowsFor(apis, build, { operator, text }) {
  const prefix = operator === 'conv' ? '' : `${operator}_`;
  const small = parseProblem(`${prefix}ih3iw3_kh2kw2`);
  const [{ failure, refused }] = check(small, [{ build, layout: 'NHWC', memory: 'heap', algorithm: 'none' }], apis);
  const rows = rowsIn(failure ?? '');
  if (rows.length === 0) throw new Error(`${text}: ${refused ?? failure ?? 'this operator has no table of rows'}`);
  return rows;
}

/** @param {Api} api @param {Build} build @param {Problem} problem @param {Layout} layout */
async function timeRows(api, build, problem, layout) {
  const setup = { build, layout, memory: /** @type {const} */ ('arena') };
  const apis = new Map([[build, api]]);
  const rows = rowsFor(apis, build, problem);
  const [automatic, ...forced] = check(problem, [setup, ...rows.map((algorithm) => ({ ...setup, algorithm }))], apis);
  try {
    const failed = [automatic, ...forced].find(({ failure, missing }) => failure ?? missing);
    if (failed) throw new Error(`${problem.text} ${layout}: ${failed.failure ?? failed.missing}`);
    const chosen = automatic.subject?.algorithm;
    /** @type {Map<string, import('./measure.js').Candidate>} */
    const candidates = new Map();
    for (const { setup, subject } of forced) if (subject) candidates.set(setup.algorithm ?? '', subject);
    if (chosen === undefined || !candidates.has(chosen))
      throw new Error(`${problem.text}: the table chose the row ${chosen}`);
    const once = judged(await race(candidates, first), chosen);
    const { ratio, timed } = once.ratio <= tolerance ? once : judged(await race(candidates, second), chosen);
    return { problem: problem.text, operator: problem.operator, layout, chosen, ratio, rows: timed };
  } finally {
    for (const { subject } of [automatic, ...forced]) subject?.dispose();
  }
}

/** @param {Map<string, import('./measure.js').Timing>} timings @param {string} chosen */
function judged(timings, chosen) {
  /** @type {Row[]} */
  const timed = [...timings].map(([name, { median }]) => ({ name, ms: median })).sort((a, b) => a.ms - b.ms);
  const own = timings.get(chosen)?.median ?? Number.NaN;
  return { ratio: own / timed[0].ms, timed };
}

/** @param {Result} result */
function line({ problem, layout, chosen, ratio, rows }) {
  const times = rows.map(({ name, ms }) => `${name === chosen ? `[${name}]` : name} ${digits(ms)}`).join('  ');
  return `${ratio <= tolerance ? '     ' : `${ratio.toFixed(2)} `.padStart(5)} ${problem} ${layout}  ${times}`;
}

/**
 * Choices that are not good, by the pair of rows, and how many are. @param {Result[]} all @param {Layout} layout
 */
function summary(all, layout) {
  const results = all.filter((result) => result.layout === layout);
  const good = results.filter(({ ratio }) => ratio <= tolerance).length;
  /** @type {Map<string, number[]>} */
  const pairs = new Map();
  for (const { operator, chosen, ratio, rows } of results) {
    if (ratio <= tolerance) continue;
    const pair = `${operator}: ${chosen} where ${rows[0].name} is faster`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), ratio]);
  }
  const lines = [...pairs].sort(([, a], [, b]) => b.length - a.length);
  return [
    '',
    ...lines.map(([pair, ratios]) => `${pair}: ${ratios.length} (up to ${Math.max(...ratios).toFixed(2)} times)`),
    `${layout}: the choice is within 10 % of the fastest row on ${good} of ${results.length} problems, ` +
      percent(good / Math.max(1, results.length)),
  ].join('\n');
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

await main().catch((error) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
