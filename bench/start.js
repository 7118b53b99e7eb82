import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wholeNumber } from './arguments.js';
import { machine, machineLine } from './machine.js';
import { digits } from './table.js';

const help = `node bench/start.js [--repetitions N]

What starting costs, in fresh processes that take turns: an empty one, one that imports the package and runs one small conv2d, and the first call of
a 3x3 layer with 64 channels on 56x56 pixels against its later calls, as a function and prepared beforehand. Medians of N processes each (default 15); every
time is the smaller of wall time and CPU time.`;

const root = fileURLToPath(new URL('..', import.meta.url));

const small = `
  import { conv2d } from 'stridewise';
  conv2d({ data: new Float32Array(9), shape: [1, 1, 3, 3] }, { data: new Float32Array(4), shape: [1, 1, 2, 2] });`;

/**
 * Times the calls of a layer in its own process: the first one, and the median of those after the engine's compilers
 * have finished.
 */
const layer = (/** @type {string} */ prepare, /** @type {string} */ call) => `
  import { conv2d, prepareConv2d } from 'stridewise';
  const x = { data: new Float32Array(64 * 56 * 56).fill(0.5), shape: [1, 64, 56, 56] };
  const w = { data: new Float32Array(64 * 64 * 9).fill(0.5), shape: [64, 64, 3, 3] };
  const options = { padding: 1 };
  const cpu = () => process.cpuUsage().user + process.cpuUsage().system;
  const time = (run) => {
    const from = [performance.now(), cpu()];
    run();
    return Math.min(performance.now() - from[0], (cpu() - from[1]) / 1000);
  };
  let prepared;
  const before = time(() => { prepared = ${prepare}; });
  const call = () => ${call};
  const first = time(call);
  for (let i = 0; i < 30; i++) call();
  const later = Array.from({ length: 11 }, () => time(call)).sort((a, b) => a - b)[5];
  Object.assign(report, { before, first, later });`;

/** Without what the surroundings have Node load besides, such as certificates. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')));

/**
 * Runs a program in a process of its own; the time is that of the whole process.
 * @param {string} program
 * @returns {{ time: number, before: number, first: number, later: number }}
 */
function inProcess(program) {
  const code = `const report = {}; ${program}
    process.stdout.write(JSON.stringify({ ...report, cpu: (process.cpuUsage().user + process.cpuUsage().system) / 1000 }));`;
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(stderr);
  const { cpu, ...report } = JSON.parse(stdout);
  return { time: Math.min(wall, cpu), ...report };
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function main() {
  const options = /** @type {const} */ ({
    repetitions: { type: 'string', default: '15' },
    help: { type: 'boolean', default: false },
  });
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const programs = {
    empty: '',
    small,
    function: layer('undefined', 'conv2d(x, w, options)'),
    prepared: layer('prepareConv2d(w, options, x.shape)', 'prepared.run(x)'),
  };
  /** @type {Record<string, ReturnType<typeof inProcess>[]>} */
  const runs = { empty: [], small: [], function: [], prepared: [] };
  for (let i = wholeNumber('repetitions', values.repetitions); i > 0; i--) {
    for (const [name, program] of Object.entries(programs)) runs[name].push(inProcess(program));
  }
  const medianOf = (/** @type {string} */ name, /** @type {'time' | 'before' | 'first' | 'later'} */ what) =>
    median(runs[name].map((run) => run[what]));
  const [empty, one] = [medianOf('empty', 'time'), medianOf('small', 'time')];
  console.log(machineLine(machine()));
  console.log(
    `an empty process ${digits(empty)} ms, with import and one small conv2d ${digits(one)} ms: ${digits(one - empty)} ms more`,
  );
  for (const name of ['function', 'prepared']) {
    const [before, first, later] = [medianOf(name, 'before'), medianOf(name, 'first'), medianOf(name, 'later')];
    const beforehand = name === 'prepared' ? `beforehand ${digits(before)} ms, ` : '';
    console.log(
      `3x3 64@56, ${name}: ${beforehand}first call ${digits(first)} ms, later ${digits(later)} ms: ${digits(first / later)} times`,
    );
  }
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
