import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { minify } from '@swc/core';
import { dts } from 'rollup-plugin-dts';
import { lines } from './rollup.lines.js';
import { loader } from './rollup.loader.js';
import { shipped, shortNames } from './rollup.names.js';

/** Entries that hold the whole API, by where they have the kernels from. */
const hosts = {
  index: 'modules',
  'index.workerd': 'modules.workerd',
  'index.edge-light': 'modules.edge-light',
  url: 'modules.url',
  threads: 'modules.threads',
  tfjs: 'modules.threads',
};

/** Of these entries `index` is not the source. */
const sourceOf = { threads: 'threads', tfjs: 'tfjs' };

/** Where a file of CommonJS is; what bundlers know, `import.meta.url`, they take from the module. */
const place = {
  name: 'place',
  resolveImportMeta: (property, { format }) =>
    format === 'cjs' && property === 'url' ? "require('node:url').pathToFileURL(__filename).href" : null,
};

/** What a transformation gives for code whose sources are none of this package's. */
const unmapped = { mappings: '' };

/** The maps that TypeScript wrote lead to `src/`, which the package holds; the kernels' text has none. */
const sourceMaps = {
  name: 'source-maps',
  load(id) {
    if (!id.startsWith(resolve('build'))) return null;
    const code = readFileSync(id, 'utf8');
    return { code, map: existsSync(`${id}.map`) ? readFileSync(`${id}.map`, 'utf8') : unmapped };
  },
};

/** Compiled kernels stand beside the compiled TypeScript, not inside it. */
const COMPILED = /build\/wasm\/\w+\.js$/;

/** Where the entry with further kernels has them from, by the entry whose memory they work in. */
const besides = { index: 'module', 'index.workerd': 'module.workerd', 'index.edge-light': 'module.edge-light' };

/**
 * Further kernels: the instance that serves, and the classes of errors, are those of the entry beside it, which stays a
 * file of its own.
 */
const beside = (module) => ({
  name: 'beside',
  resolveId(id, importer) {
    const compiled = COMPILED.exec(id);
    if (compiled) return resolve(compiled[0]);
    if (id === './module.js') return resolve(`build/js/src/nn/${module}.js`);
    if (importer && /\/(errors|host)\.js$/.test(id)) return { id: 'beside', external: true };
    return /\.wasm(\?module)?$/.test(id) ? { id, external: true } : null;
  },
});

/** Entries with few options name all of them instead of the likely one. */
const fewOptions = {
  name: 'few-options',
  resolveId: (id) => (id.endsWith('/spelling.js') ? resolve('build/js/src/shape/spelling.none.js') : null),
};

/**
 * The functions around convolution are a file of their own, without an effect. `stridewise/nn` passes them on, and makes
 * their activations known; `stridewise/data` has what needs kernels from there.
 */
const passesOn = {
  name: 'passes-on',
  resolveId: (id) => (id === './nn-functions.js' ? { id: 'nn-functions', external: true } : null),
};

/** What threads need is a file beside `stridewise/tfjs`. */
const threadsApart = {
  name: 'threads-apart',
  resolveId: (id, importer) =>
    id === './team.js' && importer?.endsWith('/tfjs/place.js') ? { id: 'tfjs-threads', external: true } : null,
};

/** Entries without kernels. */
const pure = ['arithmetic', 'matrix', 'worker'];

/** Each entry is bundled with its own source of the kernels; `nn`: those around convolution. */
const kernels = (modules, nn = 'nn') => ({
  name: 'kernels',
  resolveId(id, importer) {
    const compiled = COMPILED.exec(id);
    if (compiled) return resolve(compiled[0].replace(/nn\.js$/, `${nn}.js`));
    // a source may build on the default one
    const own = importer?.endsWith(`/${modules}.js`);
    if (id === './modules.js' && importer && !own) return resolve(`build/js/src/wasm/${modules}.js`);
    if (id.endsWith('/sharing.js') && modules !== 'modules.threads')
      return resolve('build/js/src/wasm/sharing.none.js');
    return /\.wasm(\?module)?$/.test(id) ? { id, external: true } : null;
  },
});

/** Declarations of what is not compiled from TypeScript of that name; tools find them beside the files. */
const declarations = {
  'url.d.ts': "export * from './index.js';\n",
  'url.d.cts': "export * from './index.cjs';\n",
  'wasm.d.ts': '/** A compiled `WebAssembly.Module`. */\ndeclare const module: object;\nexport default module;\n',
};

const files = {
  name: 'files',
  writeBundle() {
    mkdirSync('dist', { recursive: true });
    for (const build of ['simd', 'relaxed', 'nn']) writeFileSync(`dist/${build}.wasm`, shipped(build));
    for (const [name, text] of Object.entries(declarations)) writeFileSync(`dist/${name}`, text);
  },
};

/**
 * Minified, because a page may load these files as they are; the types keep the names and the descriptions. (Terser and
 * Oxc leave the default entry 400 bytes larger, compressed, and what is switched off makes it 200 larger.)
 */
const off = { conditionals: false, evaluate: false, negate_iife: false, sequences: false };
const compress = { ecma: 2022, passes: 4, ...off };

const minified = {
  name: 'minified',
  async renderChunk(code) {
    return minify(code, { module: true, compress, mangle: true, sourceMap: true });
  },
};

/** Files beside others: the default entry, that with further kernels, and threads of another library's memory. */
const pathsOf = (host, extension) => ({
  beside: `./${host}.${extension}`,
  'nn-functions': `./${host.replace('index', 'nn-functions')}.${extension}`,
  'tfjs-threads': `./tfjs-threads.${extension}`,
});

/** Jest without settings knows no dynamic import in CommonJS. */
const cjs = { format: 'cjs', sourcemap: true, dynamicImportInCjs: false };

/**
 * An entry as a module and, for tools that know no modules, as CommonJS, which no host with kernels of its own needs,
 * and no worker.
 */
const code = (name, output, plugins, host = 'index') => ({
  input: `build/js/src/${name}.js`,
  output: [
    { file: `dist/${output}.js`, format: 'es', sourcemap: true, paths: pathsOf(host, 'js') },
    ...(output.includes('.') || output === 'worker'
      ? []
      : [{ ...cjs, file: `dist/${output}.cjs`, paths: pathsOf(host, 'cjs') }]),
  ],
  plugins: [...plugins, shortNames, sourceMaps, minified, lines],
});

/** Its declarations, which are the same words in both; those of the default entry are said once. */
const types = (name) => ({
  input: `build/js/src/${name}.d.ts`,
  external: (id) => name === 'threads' && id === './index.js',
  output: ['ts', 'cts'].map((extension) => ({
    file: `dist/${name}.d.${extension}`,
    format: 'es',
    paths: () => `./index.${extension.replace('t', 'j')}`,
    banner: name === 'index' ? '/// <reference lib="esnext.disposable" />' : '',
  })),
  plugins: [dts()],
});

/** Each entry is one file of its own: loader, kernels and API together, so that a bundler cannot drop half of it. */
export default [
  ...Object.entries(hosts).map(([output, modules]) =>
    code(sourceOf[output] ?? 'index', output, [
      ...(output === 'tfjs' ? [fewOptions] : []),
      ...[threadsApart, kernels(modules, output === 'tfjs' ? 'nn-tfjs' : 'nn'), nodeResolve(), loader, place, files],
    ]),
  ),
  ...Object.entries(besides).flatMap(([host, module]) => [
    code('nn-functions', host.replace('index', 'nn-functions'), [beside(module), fewOptions, nodeResolve()], host),
    code('nn', host.replace('index', 'nn'), [passesOn, nodeResolve()], host),
    code('data', host.replace('index', 'data'), [passesOn, nodeResolve()], host),
  ]),
  code('tfjs/team', 'tfjs-threads', [kernels('modules.threads'), nodeResolve(), place]),
  ...pure.map((name) => code(name, name, [nodeResolve()])),
  ...['index', 'threads', 'tfjs', 'nn', 'data', 'arithmetic', 'matrix'].map(types),
];
