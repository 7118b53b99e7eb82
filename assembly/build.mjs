// AssemblyScript -> wasm-opt -> build/wasm: one binary per target of each asconfig.json, inline.js and nn.js, which carry
// the shipped ones as text, decode.js, which makes binaries of text, and what TypeScript has to know of the kernels,
// boundary.ts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declarations, inline, inlineOne } from './inline.mjs';
import { newer } from './newer.mjs';
import { ofTfjs } from './nn/tfjs.mjs';
import { renumbered } from './text/renumber.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const compiler = require.resolve('assemblyscript/package.json');
const binaryen = join(dirname(require.resolve('binaryen/package.json')), 'bin');

/** Modules: their configuration, their list of exports, and where the boundary of kernels is written. */
const modules = [
  { config: 'asconfig.json', index: 'assembly/index', boundary: 'src/wasm/boundary.ts' },
  { config: 'assembly/nn/asconfig.json', index: 'assembly/nn/index', boundary: 'src/nn/boundary.ts' },
  { config: 'assembly/text/asconfig.json', index: 'assembly/text/decode' },
];
const targets = modules.flatMap((module) =>
  Object.keys(JSON.parse(readFileSync(join(root, module.config), 'utf8')).targets).map((name) => ({ name, ...module })),
);
const fileOf = (name) => join(root, `build/wasm/${name}.wasm`);

/** What the binaries are made from; they are made again only when one of these is newer, or with --force. */
const sources = [join(root, 'assembly'), join(root, 'asconfig.json'), compiler];
const signatures = modules.flatMap(({ boundary }) => (boundary ? [join(root, boundary)] : []));
const last = join(root, 'build/wasm/nn.d.ts');
if (!process.argv.includes('--force') && !newer(sources, [...signatures, last])) process.exit();

const node = (script, args, output = 'inherit') =>
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', output, 'inherit'] });

/** Size only: the kernels are shaped by hand and no pass made them faster. */
const shrink = ['-O2', '--strip-producers', '--strip-target-features'];

// the compiler takes half a second to load
const { compile } = await import('./compile.mjs');

mkdirSync(join(root, 'build/wasm'), { recursive: true });
const graph = join(root, 'build/wasm/reachable.json');
const sizes = [];
const features = [
  '--enable-simd',
  '--enable-bulk-memory',
  '--enable-nontrapping-float-to-int',
  '--enable-sign-ext',
  '--enable-mutable-globals',
];

/** Leaves out what these exports do not reach. */
function keep(names, from, to, enabled = features) {
  // what is to be reached from outside, in the form of wasm-metadce
  const outside = { name: 'outside', root: true, reaches: names };
  writeFileSync(graph, JSON.stringify([outside, ...names.map((name) => ({ name, export: name }))]));
  // it lists what goes
  node(join(binaryen, 'wasm-metadce'), [from, ...enabled, `--graph-file=${graph}`, '-o', to], 'ignore');
}

for (const { name, config, index, boundary: signed } of targets) {
  console.log(`wasm: compiling ${name}`);
  const { names, boundary } = await compile(['--config', config, '--target', name], {}, index);
  if (signed) writeFileSync(join(root, signed), boundary);
  const file = fileOf(name);
  const before = statSync(file).size;
  const enabled = name === 'relaxed' ? [...features, '--enable-relaxed-simd'] : features;
  // the debug build is only validated
  if (name.endsWith('debug')) node(join(binaryen, 'wasm-opt'), [file, ...enabled, '-o', file, '-g', '--quiet']);
  else {
    node(join(binaryen, 'wasm-opt'), [file, ...enabled, ...shrink, '-o', file]);
    writeFileSync(file, renumbered(readFileSync(file)));
    // the text of what ships, with the names marked @apart, for the tests that read it
    node(join(binaryen, 'wasm-dis'), [file, ...enabled, '-o', file.replace(/wasm$/, 'wat')]);
    keep(names, file, file, enabled);
  }
  sizes.push(`${name} ${before} -> ${statSync(file).size} bytes`);
}
keep(ofTfjs, fileOf('nn'), fileOf('nn-tfjs'));
const bytes = (name) => readFileSync(fileOf(name));
writeFileSync(join(root, 'build/wasm/decode.js'), `export const decoder = [${[...bytes('decode')]}];\n`);
writeFileSync(join(root, 'build/wasm/decode.d.ts'), declarations.decoder);
writeFileSync(join(root, 'build/wasm/inline.js'), inline({ simd: bytes('simd'), relaxed: bytes('relaxed') }));
writeFileSync(join(root, 'build/wasm/inline.d.ts'), declarations.inline);
writeFileSync(join(root, 'build/wasm/nn.js'), inlineOne(bytes('nn')));
writeFileSync(join(root, 'build/wasm/nn.d.ts'), declarations.one);
console.log(`wasm: ${sizes.join(', ')}`);
