import { LENT, loopNames, startBound } from './bound.js';
import { operandsOf } from './data.js';
import { duel, middle } from './measure.js';
import { openThreads } from './open.js';
import { peakFile } from './peak.js';
import { parseProblem, workOf } from './problem.js';
import { stacks } from './stacks.js';
import { prepare } from './stridewise.js';
import { digits, percent, table, widest } from './table.js';

/**
 * Several threads against one: the default entry beside `stridewise/threads`, in turns in one process.
 *
 * @typedef {import('./stridewise.js').Api} Api
 * @typedef {import('./stridewise.js').Setup} Setup
 * @typedef {import('./problem.js').Problem} Problem
 * @typedef {object} Figures
 * @property {number} oneMs Of a call on one thread.
 * @property {number} manyMs On all of them.
 * @property {number} serialMs Of a call on all of them in which only one works.
 * @property {number} ratio
 * @property {number} lent Share of the blocks in which the machine lent its cores: the others count only where there are
 * fewer than three of these. Of a stack, the least of its layers.
 *
 * @typedef {{ title: string, problem: string } & Setup & Figures} Row
 */

/** A case slower than this on several threads is named. */
const LEAST = 0.97;

/** Threads for which the speed is computed. */
const computed = [4, 8, 16];

/** Speed of n threads over one when a part of the work is serial: Amdahl 1967. @param {number} serial */
const amdahl = (serial, n = 1) => 1 / (serial + (1 - serial) / n);

/**
 * @param {{ title: string, problem: Problem }[]} selected @param {'strict' | 'relaxed'} build
 * @param {{ threads: number, repetitions: number }} options `repetitions`: blocks of turns of each case at most.
 * @param {Setup[]} setups @param {(line: string) => void} print
 * @returns {Promise<import('./report.js').Row[]>}
 */
export async function overThreads(selected, build, { threads, repetitions }, setups, print) {
  const bound = startBound(await peakFile(build), threads);
  const one = await openThreads(build, 1);
  const many = await openThreads(build, threads);
  const gained = [];
  for (const name of loopNames) {
    await bound.ratio(name, 2);
    gained.push(`${name} ${(await bound.ratio(name, 9)).toFixed(2)}`);
  }
  print(
    `what ${threads} workers that share nothing gain over one: ${gained.join(', ')}; lent: share of the time in which ` +
      `the first is at least ${LENT * threads}, which alone counts where it was there`,
  );
  print(`${threads} threads over one, ${build} build; what is said of more threads is computed from the serial part\n`);
  const columns = columnsFor([...selected.map(({ title }) => title), ...stacks.map(({ name }) => name)], threads);
  print(columns.head());
  const rows = [];
  for (const { title, problem } of selected) {
    const distinct = problem.operator === 'gemm' ? setups.slice(0, 1) : setups;
    for (const setup of distinct) {
      const figures = await compare(one, many, problem, setup, { most: repetitions, lends: bound.lends });
      const row = { title, problem: problem.text, ...setup, build, ...figures };
      rows.push(row);
      print(line(columns, title, setup.layout, row));
    }
  }
  for (const { layout } of setups)
    for (const [name, sum] of totals(rows, layout)) print(line(columns, name, layout, sum));
  print(lowest(rows));
  await bound.stop();
  await many.init({ threads: 1 });
  return rows.flatMap((row) => reported(row, threads));
}

/** Cases that threads slow down. @param {Row[]} rows */
function lowest(rows) {
  const slow = rows
    .filter(({ ratio }) => ratio < LEAST)
    .map(({ title, layout, ratio }) => `${title} ${layout} ${ratio.toFixed(3)}`);
  return `\n${slow.length} of ${rows.length} below ${LEAST}${slow.length > 0 ? `: ${slow.join(', ')}` : ''}`;
}

/** As a report has it: one thread, and all of them. @param {Row & { build: 'strict' | 'relaxed' }} row @param {number} threads */
function reported({ oneMs, manyMs, serialMs, ratio, ...row }, threads) {
  const { amount, unit } = workOf(parseProblem(row.problem));
  const at = (/** @type {number} */ medianMs) => ({ ...row, medianMs, rate: amount / medianMs / 1e6, unit });
  return [at(oneMs), { ...at(manyMs), threads, serialMs, ratio }];
}

/**
 * @param {Api} one @param {Api} many @param {Problem} problem @param {Setup} setup @param {{ most:
 * number, lends: import('./measure.js').Lends }} options
 * @returns {Promise<Figures>}
 */
async function compare(one, many, problem, setup, options) {
  const operands = operandsOf(problem);
  const subjects = [one, many].map((api) => prepare(api, problem, operands, setup));
  try {
    const { a: oneMs, b: manyMs, ratio, lent } = await duel(subjects[0], subjects[1], options);
    return { oneMs, manyMs, ratio, lent, serialMs: serialTime(many, subjects[1].run, Math.ceil(20 / manyMs)) };
  } finally {
    for (const subject of subjects) subject.dispose();
  }
}

/** Milliseconds of a call in which this thread alone works. @param {Api} api @param {() => unknown} run @param {number} calls */
function serialTime(api, run, calls) {
  const times = Array.from({ length: 9 }, () => {
    const shared = api.features().sharedMs;
    const began = performance.now();
    for (let i = 0; i < calls; i++) run();
    const wall = performance.now() - began;
    return (wall - (api.features().sharedMs - shared)) / calls;
  });
  return middle(times);
}

/** Stacks of which all layers were timed. @param {Row[]} rows @param {Setup['layout']} layout */
function totals(rows, layout) {
  const times = new Map(rows.filter((row) => row.layout === layout).map((row) => [row.problem, row]));
  return stacks.flatMap(({ name, layers }) => {
    if (!layers.every(([, problem]) => times.has(problem))) return [];
    const sum = (/** @type {'oneMs' | 'manyMs' | 'serialMs'} */ what) =>
      layers.reduce((all, [count, problem]) => all + count * (times.get(problem)?.[what] ?? 0), 0);
    const [oneMs, manyMs, serialMs] = [sum('oneMs'), sum('manyMs'), sum('serialMs')];
    const lent = Math.min(...layers.map(([, problem]) => times.get(problem)?.lent ?? 0));
    return [/** @type {const} */ ([name, { oneMs, manyMs, serialMs, ratio: oneMs / manyMs, lent }])];
  });
}

/** @param {string[]} titles @param {number} threads */
const columnsFor = (titles, threads) =>
  table([
    { title: 'case', width: widest(titles), align: 'left' },
    { title: 'layout', width: 6, align: 'left' },
    { title: '1 ms', width: 7 },
    { title: `${threads} ms`, width: 7 },
    { title: 'ratio', width: 6 },
    { title: 'lent', width: 5 },
    { title: 'serial', width: 7 },
    ...computed.map((n) => ({ title: `on ${n}`, width: 5 })),
  ]);

/** @param {ReturnType<typeof table>} columns @param {string} title @param {string} layout @param {Figures} figures */
function line(columns, title, layout, { oneMs, manyMs, serialMs, ratio, lent }) {
  const serial = Math.min(1, serialMs / oneMs);
  const speeds = computed.map((n) => amdahl(serial, n).toFixed(1));
  const cells = [
    digits(oneMs),
    digits(manyMs),
    ratio.toFixed(3),
    percent(lent),
    `${(100 * serial).toFixed(1)} %`,
    ...speeds,
  ];
  return columns.line([title, layout, ...cells]);
}
