import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { install } from './install.js';
import { root } from './packed.js';
import { functionsOf } from './wasm.js';

/** Most bytes that a browser may have to fetch for an entry, minified and compressed by brotli. */
export const BUDGETS = { index: 60_000, arithmetic: 4_000 };

/** Sizes of what a page fetches for these names of an entry; of everything in it where no names are given. */
export async function sizeOf(entry, names) {
  const { build } = await import('esbuild');
  const file = join(root, 'dist', `${entry}.js`);
  const contents = `export ${names ? `{ ${names.join(', ')} }` : '*'} from ${JSON.stringify(file)};`;
  const stdin = { contents, resolveDir: root };
  const external = ['*.wasm', '*.wasm?module'];
  const { outputFiles } = await build({ stdin, external, bundle: true, minify: true, format: 'esm', write: false });
  const [{ contents: code }] = outputFiles;
  const brotli = brotliCompressSync(code).length;
  return { entry: names ? `${entry}: ${names.join(', ')}` : entry, minified: code.length, gzip: gzipSync(code).length, brotli };
}

/** Functions of the relaxed build, by the names they have in the sources. */
function functions() {
  const directory = mkdtempSync(join(tmpdir(), 'stridewise-'));
  try {
    const file = join(directory, 'named.wasm');
    const asc = join(root, 'node_modules/assemblyscript/bin/asc.js');
    execFileSync(process.execPath, [asc, '--target', 'relaxed', '--debug', '--outFile', file], { cwd: root, stdio: 'ignore' });
    return functionsOf(readFileSync(file));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const aligned = (number) => String(number).padStart(8);

async function main() {
  install(new URL('./', import.meta.url));
  const files = readdirSync(join(root, 'dist')).filter((file) => file.endsWith('.js'));
  const sizes = await Promise.all(files.map((file) => sizeOf(file.slice(0, -3))));
  sizes.push(await sizeOf('index', ['conv2d']));
  console.log('minified    gzip  brotli  entry');
  for (const { entry, minified, gzip, brotli } of sizes)
    console.log(`${[minified, gzip, brotli].map(aligned).join('')}  ${entry}`);
  const found = functions().sort((a, b) => b.bytes - a.bytes);
  const total = found.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`\n   bytes  function of the relaxed build (${total} bytes of code)`);
  for (const { name, bytes } of found) console.log(`${aligned(bytes)}  ${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
