import { writeFileSync } from 'node:fs';
import { choice, choices, listed, readArguments, selectProblems, wholeNumber, writeJson } from './arguments.js';
import { around } from './around.js';
import { cases, furtherCases, scalingCases, sizes, smallCases, thinCases, tinyCases } from './cases.js';
import { dips } from './dips.js';
import { bandwidthOf, peakLoops, readLoop, triadLoop } from './loops.js';
import { ensureRelaxedSimd, machine, machineLine } from './machine.js';
import { race } from './measure.js';
import { openBuild, openThreads } from './open.js';
import { peakModule } from './peak.js';
import { savedPeers } from './peers/saved.js';
import { isProduct } from './problem.js';
import { KIND } from './report.js';
import { stackCases } from './stacks.js';
import { digits, percent, power, table, widest } from './table.js';
import { overThreads } from './threads.js';
import { check, figures, time } from './trial.js';

const help = `npm run bench -- [options] [problem …]

Times this package's operators, one thread, against the multiply-add peak of this machine measured in the same run by a loop that stays in
registers. Every result is first checked against the definition in float64 at sampled positions.

A problem is a string such as  n1ic64ih56iw56_oc64kh3kw3_ph1pw1  gemm_m256n256k256  maxpool_ic64ih112iw112_kh3kw3_sh2sw2_ph1pw1
(operators convT gradX gradW maxpool argmax avgpool gap gradMaxpool gemm linear; the grammar is in bench/problem.js).
Without one, the judged list runs.

  --filter REGEX      only cases whose title or problem string matches
  --list NAMES        of judged, further, small, thin, tiny, sizes, scaling and stacks, joined by commas (default
                      judged; with --html judged,scaling); or around: what stands around convolution, as times of
                      a copy of the same bytes
                      after sizes, cases slower than 70 % of a smaller neighbour are named
  --build NAME        strict, relaxed or both (default)
  --layout NAME       nchw, nhwc or both (default)
  --memory NAME       arena (operands and result in wasm memory), heap (JavaScript arrays, copied in and out) or both (default)
  --call NAME         prepared (default: weights packed beforehand) or function (packed at every call)
  --algorithm NAME    insist on one row of the package's table
  --repetitions N     at most this many for each way and case (default 21)
  --threads N         N threads over one: ratio, serial part, and the speed on 4, 8 and 16 threads computed from it; of both
                      builds and memories relaxed and arena are taken; --repetitions: blocks of turns at most; --once
                      checks the results of N threads
  --once              one pass to check results, no timing; exit code 1 if a check fails
  --json [FILE.json]  all figures as JSON, to standard output or a file; the page of npm run page takes it for comparison
  --html FILE.html    plots and tables as a page of its own, with the peers that npm run bench:peers ran last
  --help

Times are per call: the smaller of wall time and CPU time, median and best of interleaved repetitions. GFLOP/s count two per multiply-add of the
definition, so methods that need fewer exceed the peak; pools count GB/s of input and output. Products are also held
against a loop that only reads the second matrix (of read). Errors are relative to the root mean square of the
results. Workspace is what a prepared layer takes in a run besides its packed weights (from the heap with copies of input and output), relative to input,
output and weights together.
On a busy machine bind the process to one core (Linux: taskset -c 1 npm run bench).`;

/** @typedef {import('./loops.js').Build} Build @typedef {import('./trial.js').Setup} Setup */

const options = /** @type {const} */ ({
  filter: { type: 'string' },
  list: { type: 'string' },
  build: { type: 'string', default: 'both' },
  layout: { type: 'string', default: 'both' },
  memory: { type: 'string', default: 'both' },
  call: { type: 'string', default: 'prepared' },
  algorithm: { type: 'string' },
  repetitions: { type: 'string', default: '21' },
  threads: { type: 'string', default: '1' },
  once: { type: 'boolean', default: false },
  json: { type: 'string' },
  html: { type: 'string' },
  help: { type: 'boolean', default: false },
});

/** @param {string[]} titles */
const columnsFor = (titles) =>
  table([
    { title: 'case', width: widest(titles), align: 'left' },
    { title: 'build', width: 7, align: 'left' },
    { title: 'layout', width: 6, align: 'left' },
    { title: 'memory', width: 6, align: 'left' },
    { title: 'algorithm', width: 14, align: 'left' },
    { title: 'median ms', width: 9 },
    { title: 'best ms', width: 9 },
    { title: 'rate', width: 14 },
    { title: 'of peak', width: 7 },
    { title: 'of read', width: 7 },
    { title: 'error max', width: 9 },
    { title: 'mean', width: 7 },
    { title: 'workspace', width: 9 },
  ]);

async function main() {
  const { values, positionals } = readArguments(options, { json: '.json' });
  if (values.help) return console.log(help);
  const builds = choices('build', values.build, /** @type {Build[]} */ (['strict', 'relaxed']));
  if (builds.includes('relaxed')) ensureRelaxedSimd();
  const print = values.json === '-' ? console.error : console.log;
  const repetitions = wholeNumber('repetitions', values.repetitions);
  const names = values.list ?? (values.html ? 'judged,scaling' : 'judged');
  if (names === 'around') {
    print(machineLine(machine()));
    const rows = await around({ filter: values.filter, repetitions, print });
    if (values.json) writeJson(values.json, { kind: KIND, machine: machineLine(machine()), rows });
    return;
  }
  const list = listed(names, {
    judged: cases,
    further: furtherCases,
    small: smallCases,
    thin: thinCases,
    tiny: tinyCases,
    sizes,
    scaling: scalingCases,
    stacks: stackCases,
  });
  const selected = selectProblems(positionals, list, values.filter);

  print(machineLine(machine()));
  const threads = wholeNumber('threads', values.threads);
  if (threads > 1 && !values.once) {
    const memory = values.memory === 'both' ? 'arena' : values.memory;
    const [build] = builds.slice(-1);
    const setups = setupsOf({ ...values, memory }, new Map([[build, await openBuild(build)]]));
    const rows = await overThreads(selected, build, { threads, repetitions }, setups, print);
    const report = { kind: KIND, machine: machineLine(machine()), rows };
    if (values.json) writeJson(values.json, report);
    if (values.html) await writePage(values.html, report);
    return;
  }
  const apis = new Map();
  const peaks = new Map();
  for (const build of builds) {
    try {
      apis.set(build, await openThreads(build, threads));
      peaks.set(build, peakLoops(await peakModule(build)));
    } catch (error) {
      if (builds.length === 1) throw error;
      print(`the ${build} build cannot run here: ${messageOf(error)}`);
    }
  }
  const setups = setupsOf(values, apis);
  const columns = columnsFor(selected.map(({ title }) => title));
  if (!values.once) print(`\n${columns.head()}`);
  const tally = { passed: 0, failed: 0, refused: 0, missing: 0 };
  const rows = [];
  for (const { title, problem } of selected) {
    const trials = check(problem, setups, apis);
    const reader = isProduct(problem) ? readLoop(await peakModule(builds[0]), problem.n * problem.k) : undefined;
    const timed = values.once ? undefined : await time(trials, peaks, repetitions, reader);
    for (const trial of trials) {
      const row = { title, problem: problem.text, ...trial.setup, ...figures(problem, trial, timed) };
      tally[trial.missing ? 'missing' : trial.refused ? 'refused' : trial.failure ? 'failed' : 'passed']++;
      print(values.once ? verdict(row) : timingLine(row, columns));
      rows.push(row);
      trial.subject?.dispose();
    }
  }
  const falls = dips(rows);
  if (falls.length > 0) print(`\nbelow 70 % of the next smaller case:\n${falls.join('\n')}`);
  const refused = tally.refused ? `, ${tally.refused} refused` : '';
  const missing = tally.missing ? `, ${tally.missing} cases not in the package yet` : '';
  print(`\n${tally.passed} passed, ${tally.failed} failed${refused}${missing}`);
  if (values.json || values.html) {
    const bandwidth = values.once ? undefined : await memoryBandwidth([...apis.keys()][0]);
    /** @type {import('./report.js').Report} */
    const report = { kind: KIND, machine: machineLine(machine()), bandwidth, rows };
    if (values.json) writeJson(values.json, report);
    if (values.html) await writePage(values.html, { ...report, peers: savedPeers() });
  }
  process.exitCode = tally.failed > 0 ? 1 : 0;
}

/**
 * Every combination asked for, as far as the package has it.
 * @param {{ layout: string, memory: string, call: string, algorithm?: string }} values @param {Map<Build,
 * import('./stridewise.js').Api>} apis
 * @returns {Setup[]}
 */
function setupsOf({ algorithm, ...values }, apis) {
  const layouts = choices('layout', values.layout, /** @type {('NCHW' | 'NHWC')[]} */ (['NHWC', 'NCHW']));
  const memories = choices('memory', values.memory, /** @type {('arena' | 'heap')[]} */ (['arena', 'heap']));
  const call = choice('call', values.call, /** @type {('prepared' | 'function')[]} */ (['prepared', 'function']));
  return [...apis].flatMap(([build, { arena }]) =>
    layouts.flatMap((layout) =>
      memories
        .filter((memory) => memory === 'heap' || typeof arena === 'function')
        .map((memory) => ({ build, layout, memory, call, algorithm })),
    ),
  );
}

/** @param {string} file @param {import('./report.js').Report} report */
async function writePage(file, report) {
  // only here, because it installs what draws the plots
  const { reportHtml } = await import('./html.js');
  writeFileSync(file, await reportHtml(report));
}

/** In GB/s. @param {Build} build */
async function memoryBandwidth(build) {
  const triad = triadLoop(await peakModule(build));
  const timings = await race(new Map([[triad, triad]]), { repetitions: 5 });
  return bandwidthOf(/** @type {import('./measure.js').Timing} */ (timings.get(triad)));
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** @typedef {{ title: string, problem: string } & Setup & ReturnType<typeof figures>} Row */

/** @param {Row} row @param {ReturnType<typeof table>} columns */
function timingLine(row, columns) {
  if (row.missing) return columns.line([row.title, `${row.missing} is not in the package yet`]);
  const left = [row.title, row.build, row.layout, row.memory];
  if (row.refused) return columns.line([...left, `refused: ${row.refused}`]);
  if (row.failure) return columns.line([...left, `FAILED: ${row.failure}`]);
  return columns.line([
    ...left,
    row.chosen ?? '',
    digits(row.medianMs ?? Number.NaN),
    digits(row.bestMs ?? Number.NaN),
    `${digits(row.rate ?? Number.NaN)} ${row.unit.padEnd(7)}`,
    row.ofPeak === undefined ? '' : percent(row.ofPeak),
    row.ofRead === undefined ? '' : percent(row.ofRead),
    power(row.errorMax ?? Number.NaN),
    power(row.errorMean ?? Number.NaN),
    row.workspaceRatio === undefined ? '' : percent(row.workspaceRatio),
  ]);
}

/** @param {Row} row */
function verdict(row) {
  const name = row.title === row.problem ? row.title : `${row.title} (${row.problem})`;
  if (row.missing) return `skip  ${name}: ${row.missing} is not in the package yet`;
  const what = `${name}, ${row.build}, ${row.layout}, ${row.memory}`;
  if (row.refused) return `skip  ${what}: ${row.refused}`;
  if (row.failure) return `FAIL  ${what}: ${row.failure}`;
  return `ok    ${what}${row.chosen ? `, ${row.chosen}` : ''}: error max ${power(row.errorMax ?? 0)}, mean ${power(row.errorMean ?? 0)}`;
}

await main().catch((error) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
