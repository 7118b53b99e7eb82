import { writeFileSync } from 'node:fs';
import { choice, listed, readArguments, selectProblems, wholeNumber, writeJson } from '../arguments.js';
import { LENT, startBound } from '../bound.js';
import { cases, furtherCases, sizes, thinCases, tinyCases } from '../cases.js';
import { ensureRelaxedSimd, machine, machineLine, runAgain } from '../machine.js';
import { peakFile } from '../peak.js';
import { parseProblem } from '../problem.js';
import { KIND } from '../report.js';
import { stacks } from '../stacks.js';
import { digits, percent, table, widest } from '../table.js';
import { aroundPeers } from './around.js';
import { compare, geometricMeans, layouts, total } from './compare.js';
import { installNode24, installPeers } from './install.js';
import { savePeers } from './saved.js';

const help = `npm run bench:peers -- [options] [problem …]

Times this package beside its alternatives, one thread each unless --threads says more, in turns in one process, and prints GFLOP/s (pools: GB/s
of input and output) by the median. Both layouts of the package are judged, each by its ratio to the fastest peer in
whatever layout that works. Results are compared with the definition in float64 and with each other before anything is
timed. The peers are installed into bench/peers/node_modules at the first run.

Without a problem string (see npm run bench -- --help) the judged list runs, then ResNet-50, MobileNetV2, VGG-16 and U-Net as their layers.

  --filter REGEX      only cases, or stacks, whose title or problem string matches
  --list NAMES        of judged, further, thin, tiny, sizes, stacks, joined by commas (default judged,stacks); or around:
                      what stands around convolution, beside TensorFlow.js
  --threads N         every library on N threads, those that have them; the means are over the best threaded peer, of all
                      cases and of those in which the machine mostly lent N cores (lent); other turns do not count
  --only REGEX        only libraries whose name matches
  --build NAME        of this package: auto (default), strict or relaxed
  --repetitions N     at most this many for each library and case (default 15)
  --node 24           run under Node 24 from npm, the reference
  --json [FILE.json]  all figures as JSON, to standard output or a file
  --html FILE.html    the plots and tables as a page; npm run bench -- --html shows those of the last run, too
  --help`;

const options = /** @type {const} */ ({
  filter: { type: 'string' },
  list: { type: 'string', default: 'judged,stacks' },
  only: { type: 'string' },
  build: { type: 'string', default: 'auto' },
  repetitions: { type: 'string', default: '15' },
  node: { type: 'string' },
  threads: { type: 'string', default: '1' },
  json: { type: 'string' },
  html: { type: 'string' },
  help: { type: 'boolean', default: false },
});

/** @typedef {import('./compare.js').Library} Library */

/** Milliseconds after which the threads of all libraries sleep. */
const REST = 5;

/** Share of a case's turns in which the machine lent its cores. */
const HALF = 0.5;

async function main() {
  const { values, positionals } = readArguments(options, { json: '.json' });
  if (values.help) return console.log(help);
  if (values.node !== undefined) {
    if (values.node !== '24') throw new Error(`--node ${values.node}: only 24 is among the packages of bench/peers`);
    if (!process.versions.node.startsWith('24.')) runAgain(installNode24(), withoutNode(process.argv.slice(1)));
  }
  const build = choice(
    'build',
    values.build,
    /** @type {('auto' | 'strict' | 'relaxed')[]} */ (['auto', 'strict', 'relaxed']),
  );
  if (build === 'relaxed') ensureRelaxedSimd();
  const repetitions = wholeNumber('repetitions', values.repetitions);
  const threads = wholeNumber('threads', values.threads);
  const print = values.json === '-' ? console.error : console.log;
  if (values.list === 'around') {
    installPeers();
    print(machineLine(machine()));
    const found = await aroundPeers({ filter: values.filter, repetitions, print });
    if (values.json) writeJson(values.json, { machine: machineLine(machine()), ...found });
    return;
  }
  const isNamed = positionals.length > 0;
  const withStacks = !isNamed && values.list.split(',').includes('stacks');
  const list = listed(values.list, {
    judged: cases,
    further: furtherCases,
    thin: thinCases,
    tiny: tinyCases,
    sizes,
    stacks: [],
  });
  const selected = isNamed || list.length > 0 ? selectProblems(positionals, list, values.filter, withStacks) : [];

  installPeers();
  print(machineLine(machine()));
  const libraries = await openLibraries(build, threads, values.only, print);
  const columns = columnsFor(
    libraries,
    selected.map(({ title }) => title),
    threads > 1,
  );
  const bound = threads > 1 ? startBound(await peakFile('strict'), threads) : undefined;
  const comparisons = [];
  if (selected.length > 0) print(`\n${columns.head()}`);
  for (const { title, problem } of selected) {
    const onThreads = bound && { rest: REST, lends: bound.lends };
    comparisons.push(await compare(title, problem, libraries, { repetitions, budget: 1500, ...onThreads }));
    print(comparisonLine(columns, comparisons[comparisons.length - 1], libraries));
  }
  await bound?.stop();
  const means = geometricMeans(comparisons);
  print('');
  printMeans(comparisons, threads > 1 ? `, ${threads} threads each` : '', print);
  const lent = comparisons.filter((comparison) => comparison.lent >= HALF);
  const gain = `${threads} workers that share nothing gained at least ${LENT * threads}`;
  if (bound) printMeans(lent, ` in which, half of the time or more, ${gain}`, print);
  /** @type {Map<string, import('./compare.js').Comparison>} */
  const layers = new Map();
  const totals = withStacks ? await runStacks(libraries, layers, values.filter, repetitions, print) : [];
  for (const note of problemsOf([...comparisons, ...layers.values()])) print(note);

  const report = {
    machine: machineLine(machine()),
    libraries: libraries.map(({ adapter: { name, role, includes }, engine: { version } }) => ({
      name,
      role,
      version,
      includes,
    })),
    comparisons,
    geometricMeans: means,
    stacks: totals,
    layers: [...layers.values()],
  };
  if (values.json) writeJson(values.json, report);
  // the reports of one thread show these
  if (threads === 1) savePeers(report);
  if (!values.html) return;
  const { reportHtml } = await import('../html.js');
  writeFileSync(values.html, await reportHtml({ kind: KIND, machine: report.machine, rows: [], peers: report }));
}

/**
 * Means of some cases, in both layouts.
 * @param {import('./compare.js').Comparison[]} comparisons @param {string} what @param {(line: string) => void} print
 */
function printMeans(comparisons, what, print) {
  if (comparisons.length === 0) return;
  const means = geometricMeans(comparisons);
  const inWords = layouts.map((layout) => `${layout} ${digits(means[layout] ?? Number.NaN)}`).join(', ');
  print(`geometric mean of the ratios to the best peer of ${comparisons.length} cases${what}: ${inWords}`);
}

/** The command line without `--node`. @param {string[]} args */
function withoutNode(args) {
  return args.filter((arg, i) => !/^--node(=|$)/.test(arg) && args[i - 1] !== '--node');
}

/**
 * Loads every library that can run here, and says what its numbers include. @param {'auto' | 'strict' | 'relaxed'}
 * build @param {number} threads @param {string | undefined} only @param {(line: string) => void} print
 */
async function openLibraries(build, threads, only, print) {
  const { adapters } = await import('./adapters/index.js');
  const pattern = new RegExp(only ?? '');
  /** @type {Library[]} */
  const libraries = [];
  for (const adapter of adapters(build, threads).filter(({ name }) => pattern.test(name))) {
    try {
      const engine = await adapter.open();
      libraries.push({ adapter, engine });
      print(`  ${adapter.name.padEnd(14)} ${engine.version.padEnd(20)} ${adapter.includes}`);
    } catch (error) {
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
      print(`  ${adapter.name.padEnd(14)} cannot run here: ${reason.slice(0, 100)}`);
    }
  }
  return libraries;
}

/** @param {Library[]} libraries @param {string[]} titles @param {boolean} [bounded] */
function columnsFor(libraries, titles, bounded = false) {
  const names = libraries.map(({ adapter: { name } }) => ({ title: name, width: Math.max(9, name.length) }));
  return table([
    { title: 'case', width: widest(titles), align: 'left' },
    { title: '', width: 7, align: 'left' },
    ...names,
    { title: 'best peer', width: 13 },
    ...layouts.map((layout) => ({ title: layout, width: 6 })),
    ...(bounded ? [{ title: 'lent', width: 5 }] : []),
  ]);
}

/**
 * @param {ReturnType<typeof table>} columns @param {import('./compare.js').Comparison} comparison @param {Library[]}
 * libraries
 */
function comparisonLine(columns, { title, unit, figures, bestPeer, ratios, lent }, libraries) {
  const cells = libraries.map(({ adapter: { name } }) => {
    const { rate, note } = figures[name];
    if (rate !== undefined) return digits(rate);
    return note?.startsWith('wrong result') ? 'wrong' : note === 'not offered' || note === 'too slow' ? '–' : 'failed';
  });
  return columns.line([title, unit, ...cells, bestPeer, ...ratioCells(ratios), percent(lent)]);
}

/** @param {import('./compare.js').Ratios} ratios */
const ratioCells = (ratios) => layouts.map((layout) => digits(ratios[layout] ?? Number.NaN));

/**
 * @param {Library[]} libraries @param {Map<string, import('./compare.js').Comparison>} layers Filled, by problem
 * string.
 * @param {string | undefined} filter @param {number} repetitions @param {(line: string) => void} print
 */
async function runStacks(libraries, layers, filter, repetitions, print) {
  const quick = libraries.filter(({ adapter }) => !adapter.slow);
  const pattern = new RegExp(filter ?? '', 'i');
  const columns = columnsFor(quick, []);
  const totals = [];
  for (const stack of stacks.filter(({ name }) => pattern.test(name))) {
    if (totals.length === 0) print(`\n${columns.head()}`);
    for (const [i, [, text]] of stack.layers.entries()) {
      if (process.stderr.isTTY) process.stderr.write(`\r${stack.name}: layer ${i + 1} of ${stack.layers.length} `);
      if (!layers.has(text))
        layers.set(text, await compare(text, parseProblem(text), quick, { repetitions, budget: 500 }));
    }
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    const sum = total(stack, layers, quick);
    totals.push(sum);
    const cells = quick.map(({ adapter: { name } }) => digits(sum.milliseconds[name] ?? Number.NaN));
    print(
      columns.line([
        `${stack.name} (${stack.layers.length} distinct layers)`,
        'ms',
        ...cells,
        sum.bestPeer,
        ...ratioCells(sum.ratios),
      ]),
    );
  }
  return totals;
}

/** One line for every library that failed or was wrong. @param {import('./compare.js').Comparison[]} comparisons */
function problemsOf(comparisons) {
  return comparisons.flatMap(({ title, figures }) =>
    Object.entries(figures)
      .filter(([, { rate, note }]) => rate === undefined && note !== 'not offered' && note !== 'too slow')
      .map(([name, { note }]) => `${title}, ${name}: ${note}`),
  );
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
// peers' threads would keep the process
process.exit();
