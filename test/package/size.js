import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { compile } from '../../assembly/compile.mjs';
import { install } from './install.js';
import { root } from './packed.js';
import { functionsOf } from './wasm.js';

export const sized = (what, code) => ({
  what,
  bytes: code.length,
  gzip: gzipSync(code).length,
  brotli: brotliCompressSync(code).length,
});

const entryFile = (entry) => join(root, 'dist', `${entry}.js`);

/** Sizes of what a page fetches that imports an entry as it is. */
const shipped = (entry) => sized(`${entry}.js, whole`, readFileSync(entryFile(entry)));

/** Sizes of what a page fetches whose bundle uses these names of an entry. */
async function bundled(entry, ...names) {
  const { build } = await import('esbuild');
  const contents = `export { ${names.join(', ')} } from ${JSON.stringify(entryFile(entry))};`;
  const stdin = { contents, resolveDir: root };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: 'esm', write: false });
  return sized(`${entry}.js, ${names.join(', ')} in a bundle`, outputFiles[0].contents);
}

/** What a page fetches more for the entry with threads than for the default one. */
function threads() {
  const [more, worker, less] = ['threads', 'worker', 'index'].map(shipped);
  const difference = (size) => more[size] + worker[size] - less[size];
  const sizes = { bytes: difference('bytes'), gzip: difference('gzip'), brotli: difference('brotli') };
  return { what: 'threads.js and worker.js, beyond index.js', ...sizes };
}

/** What must stay small, and its sizes: the most bytes that a page may have to fetch, compressed by brotli. */
export const budgeted = async () => [
  { most: 70_000, ...shipped('index') },
  { most: 45_500, ...(await bundled('index', 'conv2d')) },
  // what threads take besides, in the entry and in the worker
  { most: 6_000, ...threads() },
  // beyond the default entry, which it imports
  { most: 24_500, ...shipped('nn-functions') },
  { most: 75_000, ...shipped('tfjs') },
  { most: 4_000, ...shipped('arithmetic') },
  // what reads files takes no kernels along
  { most: 3_000, ...(await bundled('data', 'safetensors', 'npy')) },
];

/** Functions of the relaxed build, by the names they have in the sources. */
async function functions() {
  const directory = mkdtempSync(join(tmpdir(), 'stridewise-'));
  try {
    const file = join(directory, 'named.wasm');
    await compile(['--target', 'relaxed', '--debug', '--outFile', file]);
    return functionsOf(readFileSync(file));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const aligned = (number) => String(number).padStart(8);

async function main() {
  install(new URL('./', import.meta.url));
  const entries = readdirSync(join(root, 'dist')).flatMap((file) => (file.endsWith('.js') ? [file.slice(0, -3)] : []));
  const bundles = [
    await bundled('index', 'conv2d'),
    await bundled('index', 'maxPool2d'),
    await bundled('index', 'gemm'),
  ];
  console.log('   bytes    gzip  brotli  entry');
  for (const { what, bytes, gzip, brotli } of [...entries.map(shipped), ...bundles])
    console.log(`${[bytes, gzip, brotli].map(aligned).join('')}  ${what}`);
  const found = (await functions()).sort((a, b) => b.bytes - a.bytes);
  const total = found.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`\n   bytes  function of the relaxed build (${total} bytes of code)`);
  for (const { name, bytes } of found) console.log(`${aligned(bytes)}  ${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
