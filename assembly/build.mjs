// AssemblyScript -> wasm-opt -> build/wasm: one binary per target of asconfig.json, inline.js, which carries the
// shipped ones as text, and what TypeScript has to know of the kernels, src/wasm/boundary.ts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declarations, inline } from './inline.mjs';
import { newer } from './newer.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const compiler = require.resolve('assemblyscript/package.json');
const binaryen = join(dirname(require.resolve('binaryen/package.json')), 'bin');
const { targets } = JSON.parse(readFileSync(join(root, 'asconfig.json'), 'utf8'));

/** What the binaries are made from; they are made again only when one of these is newer, or with --force. */
const sources = [join(root, 'assembly'), join(root, 'asconfig.json'), compiler];
const signatures = join(root, 'src/wasm/boundary.ts');
const last = join(root, 'build/wasm/inline.d.ts');
if (!process.argv.includes('--force') && !newer(sources, [signatures, last])) process.exit();

const node = (script, args, output = 'inherit') =>
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', output, 'inherit'] });

/** Size only: the kernels are shaped by hand and no pass made them faster. */
const shrink = ['-O2', '--reorder-locals', '--strip-producers', '--strip-target-features'];

// the compiler takes half a second to load
const { compile } = await import('./compile.mjs');

mkdirSync(join(root, 'build/wasm'), { recursive: true });
const graph = join(root, 'build/wasm/reachable.json');
const sizes = [];
for (const [name, target] of Object.entries(targets)) {
  console.log(`wasm: compiling ${name}`);
  const { names, boundary } = await compile(['--target', name]);
  writeFileSync(signatures, boundary);
  // what is to be reached from outside, in the form of wasm-metadce
  const outside = { name: 'outside', root: true, reaches: names };
  writeFileSync(graph, JSON.stringify([outside, ...names.map((name) => ({ name, export: name }))]));
  const file = join(root, target.outFile);
  const before = statSync(file).size;
  const features = [
    '--enable-simd',
    '--enable-bulk-memory',
    '--enable-nontrapping-float-to-int',
    '--enable-sign-ext',
    '--enable-mutable-globals',
  ];
  if (name === 'relaxed') features.push('--enable-relaxed-simd');
  // the debug build is only validated
  if (name === 'debug') node(join(binaryen, 'wasm-opt'), [file, ...features, '-o', file, '-g', '--quiet']);
  else {
    node(join(binaryen, 'wasm-opt'), [file, ...features, ...shrink, '-o', file]);
    // the text of what ships, with the names marked @apart, for the tests that read it
    node(join(binaryen, 'wasm-dis'), [file, ...features, '-o', file.replace(/wasm$/, 'wat')]);
    // it lists what goes
    node(join(binaryen, 'wasm-metadce'), [file, ...features, `--graph-file=${graph}`, '-o', file], 'ignore');
  }
  sizes.push(`${name} ${before} -> ${statSync(file).size} bytes`);
}
const bytes = (name) => readFileSync(join(root, targets[name].outFile));
writeFileSync(join(root, 'build/wasm/inline.js'), inline({ simd: bytes('simd'), relaxed: bytes('relaxed') }));
writeFileSync(join(root, 'build/wasm/inline.d.ts'), declarations);
console.log(`wasm: ${sizes.join(', ')}`);
