import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../package/packed.js';

const HEAD = ['runtime', 'version', 'build', 'fused', 'tests passed'];

/** Rows of the table keep this order, whoever writes them. */
const ORDER = [
  'Node 20',
  'Node 22',
  'Node 24',
  'Node 26',
  'Node 24, aarch64 (emulated)',
  'Deno',
  'Bun',
  'workerd',
  'Vercel edge-runtime',
  'Chromium',
  'Firefox',
  'WebKitGTK',
];

const count = (runs, key) => runs.reduce((sum, run) => sum + (Array.isArray(run[key]) ? run[key].length : run[key]), 0);

/** One row: the build is the one that runs when nothing is said. */
function row({ name, version, runs }) {
  const [{ build, fused }] = runs;
  const tests = count(runs, 'tests');
  return [name, version, build, fused ? 'yes' : 'no', `${tests - count(runs, 'failures')} of ${tests}`];
}

/** All results of each strict run in one word. */
const strictDigests = (reports) =>
  reports.flatMap(({ name, runs }) =>
    runs.filter(({ build }) => build === 'simd').map(({ entry, digest }) => ({ host: `${name}, ${entry}`, digest })),
  );

/** The strict build gives the same bits everywhere: hosts whose digest is not that of the first one. */
function differing(reports) {
  const [first, ...rest] = strictDigests(reports);
  return rest
    .filter(({ digest }) => digest !== first.digest)
    .map(({ host }) => `${host}: other bits than in ${first.host}`);
}

/** Everything that is wrong, in words. */
export function problems(reports) {
  const failures = reports.flatMap(({ name, runs }) =>
    runs.flatMap(({ entry, simd, failures }) =>
      failures.map((failure) => `${name}, ${entry}, simd "${simd}": ${failure}`),
    ),
  );
  const gaps = reports.flatMap(({ missing, untested }) => [
    ...missing.map((operator) => `${operator} is in the cases and not in the package`),
    ...untested.map((operator) => `${operator} is in the package and not in the cases`),
  ]);
  return [...new Set([...gaps, ...failures, ...differing(reports)])];
}

/** Columns under each other, and the bits that all of them have. */
export function print(reports) {
  const rows = [HEAD, ...reports.map(row)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
  const line = (cells) => cells.map((cell, i) => cell.padEnd(widths[i])).join('  ');
  for (const cells of rows) console.log(line(cells).trimEnd());
  const digests = new Set(strictDigests(reports).map(({ digest }) => digest));
  console.log(`bits of the strict build: ${[...digests].join(', ')}`);
}

const MARKS = /(<!-- runtimes -->\n)([\s\S]*?)(<!-- \/runtimes -->)/;

/** Puts rows into the table of docs/builds.md, in place of those of the same runtime. */
export function write(reports) {
  const file = join(root, 'docs/builds.md');
  const text = readFileSync(file, 'utf8');
  if (!MARKS.test(text))
    throw new Error('docs/builds.md has no place for the table: <!-- runtimes --> and <!-- /runtimes -->');
  const kept = (MARKS.exec(text)[2].match(/^\|.*\|$/gm) ?? []).slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  const rows = new Map([...kept, ...reports.map(row)].map((cells) => [cells[0], cells]));
  const sorted = [...rows.values()].sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const lines = [HEAD, HEAD.map(() => '---'), ...sorted].map((cells) => `| ${cells.join(' | ')} |\n`);
  writeFileSync(
    file,
    text.replace(MARKS, (_, begin, __, end) => `${begin}${lines.join('')}${end}`),
  );
}
