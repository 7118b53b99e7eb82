// What somebody does who has never seen this package: an empty folder, the tarball, and one command after the other.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '../browsers/drivers/chromium.js';
import { serve } from '../browsers/server.js';
import { install } from './install.js';
import { pack, root } from './packed.js';

const folder = mkdtempSync(join(tmpdir(), 'stridewise-walk-'));
const tarball = pack(folder);
const typescript = fileURLToPath(new URL('node_modules/typescript59', import.meta.url));

/** Longer than a page takes on a busy machine, in milliseconds. */
const PATIENCE = 60_000;

/** The first block of code in the README. */
// a stranger's npm is not as silent as the one that may run this
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
const [, example] = /^```[jt]s\n(.*?)^```$/ms.exec(readFileSync(join(root, 'README.md'), 'utf8'));
const SHAPE = /^\[ 1, 4, 4, 4 \]$/m;
const SUMS = /^\[ 1, 1, 2, 1 \] Float32Array\(2\) \[ 3, 7 \]$/m;
const ENTRIES = new RegExp(
  [
    String.raw`^data \[ 1, 2 \] Float32Array\(2\) \[ -1, 2 \]`,
    String.raw`nn Float32Array\(2\) \[ 0, 2 \]`,
    String.raw`stridewise Float32Array\(1\) \[ 5 \]`,
    String.raw`matrix Float32Array\(2\) \[ 2, -1 \]`,
    'arithmetic 3',
    String.raw`threads 2 Float32Array\(2\) \[ 21, 32 \]`,
    'tfjs function$',
  ].join('\n'),
  'm',
);

/** Commands, and what they print; `writes` are files that are there before them. */
const walk = [
  { command: 'npm init --yes', prints: /Wrote to/ },
  { command: 'npm pkg set type=module', prints: /^$/ },
  { command: `npm install ./${basename(tarball)}`, prints: /^\s*(added 1 package\b.*|up to date.*)\s*$/ },
  { writes: { 'first.js': example }, command: 'node first.js', prints: SHAPE },
  { command: `npm install --save-dev typescript@file:${typescript}`, prints: /added/ },
  { command: 'npx tsc --init', prints: /Created a new tsconfig.json/ },
  { writes: { 'second.ts': example }, command: 'npx tsc', prints: /^$/ },
  { command: 'node second.js', prints: SHAPE },
  { writes: fixture('entries.js'), command: 'node entries.js', prints: ENTRIES },
  { writes: fixture('threads.js', 'worker.js'), command: 'node threads.js', prints: SUMS },
];

/** Files of the folder `walk`. */
function fixture(...names) {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(new URL(`walk/${name}`, import.meta.url), 'utf8')]),
  );
}

function write(files = {}) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function step({ writes, command, prints }) {
  write(writes);
  console.log(`$ ${command}`);
  const printed = execFileSync(command, { cwd: folder, encoding: 'utf8', shell: true, env });
  if (!prints.test(printed)) throw new Error(`\`${command}\` prints ${printed}\nexpected ${prints}`);
}

/** The page and its Worker, without a bundler, from a static server. */
async function page() {
  write(fixture('index.html', 'page.js', 'page-worker.js'));
  console.log('index.html, page.js and page-worker.js in Chromium');
  const program = chromium.find();
  if (!program) throw new Error(`Chromium is missing: apt-get install --no-install-recommends ${chromium.packages}`);
  install(new URL('../browsers/', import.meta.url));
  const server = await serve(folder);
  try {
    const late = setTimeout(PATIENCE, { error: `no answer after ${PATIENCE / 1000} s` }, { ref: false });
    const { error, here, there } = await chromium.open(program, server.address, Promise.race([server.report(), late]));
    if (error) throw new Error(error);
    if (`${here}` !== '3,7' || `${there}` !== '3,7')
      throw new Error(`the page has ${here}, its Worker ${there}, expected 3,7`);
  } finally {
    server.close();
  }
}

try {
  install(new URL('./', import.meta.url));
  for (const stage of walk) step(stage);
  await page();
  console.log('arrived');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
