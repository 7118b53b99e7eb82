import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { minify } from '@swc/core';
import { dts } from 'rollup-plugin-dts';

/** Entries that hold the whole API, by where they have the kernels from. */
const hosts = {
  index: 'modules',
  'index.workerd': 'modules.workerd',
  'index.edge-light': 'modules.edge-light',
  url: 'modules.url',
  threads: 'modules.threads',
};

/** Of these entries `index` is not the source. */
const sourceOf = { threads: 'threads' };

/** Entries without kernels. */
const pure = ['arithmetic', 'matrix', 'worker'];

/**
 * The compiled kernels stand beside the compiled TypeScript, not inside it; each entry is bundled with its own source
 * of them.
 */
const kernels = (modules) => ({
  name: 'kernels',
  resolveId(id, importer) {
    if (id.endsWith('build/wasm/inline.js')) return resolve('build/wasm/inline.js');
    // a source may build on the default one
    const own = importer?.endsWith(`/${modules}.js`);
    if (id === './modules.js' && importer && !own) return resolve(`build/js/src/wasm/${modules}.js`);
    if (id.endsWith('/sharing.js') && modules !== 'modules.threads') return resolve('build/js/src/wasm/sharing.none.js');
    return /\.wasm(\?module)?$/.test(id) ? { id, external: true } : null;
  },
});

const files = {
  name: 'files',
  writeBundle() {
    mkdirSync('dist', { recursive: true });
    for (const build of ['simd', 'relaxed']) copyFileSync(`build/wasm/${build}.wasm`, `dist/${build}.wasm`);
    writeFileSync('dist/wasm.d.ts', 'declare const module: WebAssembly.Module;\nexport default module;\n');
  },
};

/**
 * Of the loader the package needs that it makes an instance. The rest serves AssemblyScript's own runtime, which the
 * kernels do without, and would be 1.7 KB of the default entry, compressed. Left alone, Rollup keeps it: each line
 * below cuts one thread by which it hangs on.
 */
const cuts = [
  // An instance's exports get company: functions that read and write strings, arrays and classes. Ours are numbers in,
  // numbers out.
  ['= postInstantiate(extended, instance)', '= instance.exports'],
  // Imports get company, too: what the kernels would call to report an abort, or to print. They call nothing.
  ['= preInstantiate(imports)', '= {}'],
  // A decoder of strings is made when the module is loaded, which Rollup takes for something that must happen. Nobody
  // uses it.
  ['= new TextDecoder', '= /* @__PURE__ */ new TextDecoder'],
  // A function is put on the global Object where it is missing. Every host of SIMD has it, and a package should not
  // touch what is not its own.
  ['Object.hasOwn = Object.hasOwn || function', 'void function'],
];

const loader = {
  name: 'loader',
  transform(code, id) {
    if (!id.includes('@assemblyscript/loader')) return null;
    let bare = code;
    for (const [from, to] of cuts) {
      if (!bare.includes(from)) this.error(`the loader has changed: no "${from}"`);
      bare = bare.replaceAll(from, to);
    }
    return { code: bare, map: null };
  },
};

/**
 * Minified, because a page may load these files as they are; the types keep the names and the descriptions. (Terser and
 * Oxc leave the default entry 400 bytes larger, compressed, and what is switched off makes it 100 larger.)
 */
const compress = { ecma: 2022, passes: 3, conditionals: false, evaluate: false, negate_iife: false };

const minified = {
  name: 'minified',
  async renderChunk(code) {
    const { code: text } = await minify(code, { module: true, compress, mangle: true });
    return { code: text, map: null };
  },
};

const code = (name, output, plugins) => ({
  input: `build/js/src/${name}.js`,
  output: { file: `dist/${output}.js`, format: 'es' },
  plugins: [...plugins, minified],
});

/** Each entry is one file of its own: loader, kernels and API together, so that a bundler cannot drop half of it. */
export default [
  ...Object.entries(hosts).map(([output, modules]) =>
    code(sourceOf[output] ?? 'index', output, [kernels(modules), nodeResolve(), loader, files]),
  ),
  ...pure.map((name) => code(name, name, [nodeResolve()])),
  ...['index', 'threads', 'arithmetic', 'matrix'].map((name) => ({
    input: `build/js/src/${name}.d.ts`,
    output: {
      file: `dist/${name}.d.ts`,
      format: 'es',
      banner: name === 'index' ? '/// <reference lib="esnext.disposable" />' : '',
    },
    // the types of the default entry are said once
    external: (id) => name === 'threads' && /^\.\/index\.js$/.test(id),
    plugins: [dts()],
  })),
];
