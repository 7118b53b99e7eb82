import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withSuite } from '../../test/runtimes/app.js';
import { print, problems, write } from '../../test/runtimes/report.js';
import { kept } from './kept.js';
import { lab } from './lab.js';
import { loopsOf, MODELS, productsOf, readsOf } from './loops.js';

const HELP = `aarch64 on any machine: the suite of all runtimes in an emulated Node 24, and the hot loops of both builds
as V8 compiles them there, weighed by LLVM's models of processors. Nothing is timed: an emulator says nothing of speed.

  npm run bench:aarch64 -- [options]

  --loops        the loops alone
  --suite        the suite alone
  --write        put its result into the table of docs/builds.md
  --module FILE  the loops of another WebAssembly module

Figures are multiply-adds of four lanes a cycle, or vectors read a cycle; more is better. \`stack\` counts values that
did not fit into registers: a loop of ours with one is an error.`;

const { values } = parseArgs({
  options: {
    loops: { type: 'boolean' },
    suite: { type: 'boolean' },
    write: { type: 'boolean' },
    module: { type: 'string' },
    help: { type: 'boolean' },
  },
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const binaryen = join(dirname(createRequire(import.meta.url).resolve('binaryen/package.json')), 'bin');

/** A build again, with its loops exported: its module, and the names of its functions by their index. */
function named(build) {
  const text = join(root, `build/wasm/${build}.wat`);
  const file = join(root, `build/aarch64/${build}.wasm`);
  execFileSync(process.execPath, [join(binaryen, 'wasm-as'), text, '--all-features', '-o', file]);
  const exported = readFileSync(text, 'utf8').matchAll(/\(export "(\w+)" \(func \$(\d+)\)\)/g);
  return { file, names: Object.fromEntries([...exported].map(([, name, index]) => [index, name])) };
}

const rowOf = (numbers) => numbers.map((number) => number.toFixed(2).padStart(11)).join(' ');

function table(title, amounts, loops) {
  const names = MODELS.map((name) => name.padStart(11)).join(' ');
  console.log(`\n${title.padEnd(34)} ${amounts.padStart(5)} instr loads stack  ${names}`);
  for (const { name, amount, instructions, loads = '', stack = '', rates, bounds } of loops) {
    const counts = [amount, instructions, loads, stack].map((count) => String(count).padStart(5)).join(' ');
    console.log(`${name.padEnd(34)} ${counts}  ${rowOf(rates)}`);
    if (bounds) console.log(`${'  its vectors alone'.padEnd(57)} ${rowOf(bounds)}`);
  }
}

/** Tables of a module's loops. Gives the names of those that refer to the stack. */
function tablesOf(title, node, { file, names = {} }) {
  const loops = loopsOf(node, file);
  const shown = [productsOf, readsOf].map((measure) =>
    loops
      .flatMap(measure)
      .map((loop) => ({ ...loop, name: names[loop.index] ?? `function ${loop.index}` }))
      .sort((a, b) => a.name.localeCompare(b.name) || b.amount - a.amount),
  );
  table(title, 'madds', shown[0]);
  table(`${title}, what multiplies little`, 'reads', shown[1]);
  return shown.flat().flatMap(({ name, stack }) => (stack > 0 ? [`${title}: ${name}`] : []));
}

async function suite(node) {
  const report = await withSuite((app) =>
    JSON.parse(execFileSync(node, [join(app, 'script.js')], { cwd: app, encoding: 'utf8', maxBuffer: 2 ** 24 })),
  );
  const reports = [{ name: 'Node 24, aarch64 (emulated)', ...report }];
  print(reports);
  const found = problems(reports);
  for (const problem of found) console.error(problem);
  if (found.length > 0) process.exitCode = 1;
  else if (values.write) write(reports);
}

async function main() {
  const node = lab();
  if (values.module) return void tablesOf(values.module, node, { file: values.module });
  if (!values.loops) await suite(node);
  if (values.suite) return;
  const spilt = ['relaxed', 'simd'].flatMap((build) => tablesOf(`${build} build`, node, named(build)));
  table('other libraries', 'madds', kept);
  console.log(`\nloops that refer to the stack: ${spilt.join(', ') || 'none'}`);
  if (spilt.length > 0) process.exitCode = 1;
}

if (values.help) console.log(HELP);
else await main();
