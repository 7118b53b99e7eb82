// TypeScript -> rollup -> dist: every entry with its types. Again only when something is newer than what is there, or
// with --force.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newer } from '../assembly/newer.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const texts = ['inline', 'nn', 'decode'].map((name) => `build/wasm/${name}.js`);
const sources = ['src', 'tsconfig.json', 'package-lock.json', ...texts].map((path) => join(root, path));
const dist = join(root, 'dist');

/** Runs a program of a package. */
function run(what, name, bin, ...args) {
  console.log(`js: ${what}`);
  const program = join(dirname(require.resolve(`${name}/package.json`)), bin);
  execFileSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' });
}

if (process.argv.includes('--force') || newer(sources, [dist])) {
  const begin = performance.now();
  rmSync(dist, { recursive: true, force: true });
  run('compiling src', 'typescript', 'bin/tsc', '-p', 'tsconfig.json');
  run('bundling the entries of dist', 'rollup', 'dist/bin/rollup', '--silent', '--config', 'src/rollup.config.js');
  const sizes = readdirSync(dist).flatMap((file) =>
    /\.c?js$/.test(file) ? [`${file} ${statSync(join(dist, file)).size}`] : [],
  );
  console.log(`js: ${sizes.join(', ')} bytes (${Math.round((performance.now() - begin) / 1000)} s)`);
}
