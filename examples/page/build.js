import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peakFile } from '../../bench/peak.js';
import { installPackages } from '../common/install.js';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** The library as it is built, under the names by which a user imports it. */
const alias = Object.fromEntries(
  ['', '/arithmetic', '/matrix', '/nn', '/threads'].map((entry) => [
    `stridewise${entry}`,
    here(`../../dist${entry || '/index'}.js`),
  ]),
);

/**
 * What the page and the report are built with. Node's own modules stay outside: only code that a browser never calls
 * asks for them.
 */
async function options() {
  if (!existsSync(here('../../dist/index.js'))) throw new Error('dist/ is missing: run `npm run build` first');
  installPackages(new URL('.', import.meta.url), { dev: true });
  return {
    absWorkingDir: here('.'),
    alias: { ...alias, 'peak-strict.wasm': await peakFile('strict'), 'peak-relaxed.wasm': await peakFile('relaxed') },
    loader: { '.wasm': 'binary' },
    bundle: true,
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** Not by a literal: types are checked before this folder's packages are installed. @returns {Promise<any>} */
const bundler = () => import(/** @type {string} */ ('esbuild'));

/** The network that doubles pictures, with its licence, as its package has it. @param {string} folder */
function copyNetwork(folder) {
  const packages = new URL('../upscale/packages/', import.meta.url);
  installPackages(packages, { dev: false });
  const network = new URL('node_modules/@upscalerjs/default-model/', packages);
  cpSync(new URL('models', network), folder, { recursive: true });
  cpSync(new URL('LICENSE', network), join(folder, 'LICENSE'));
}

/** The kernels of TensorFlow.js, which it loads by their names. @param {string} folder */
function copyTensorflow(folder) {
  const files = here('node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  for (const name of readdirSync(files).filter((file) => file.endsWith('.wasm')))
    cpSync(files + name, join(folder, name));
}

/** Writes the page into a folder, which any static host can serve. @param {string} folder */
export async function buildPage(folder) {
  const shared = await options();
  const { build } = await bundler();
  mkdirSync(folder, { recursive: true });
  await build({
    ...shared,
    entryPoints: {
      page: 'src/page.ts',
      style: 'style/page.css',
      'picture-worker': 'src/picture/worker.ts',
      'upscale-worker': 'src/picture/upscale-worker.ts',
      'bench-worker': 'src/bench/worker.ts',
    },
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    outdir: resolve(folder),
  });
  copyNetwork(join(folder, 'upscale'));
  copyTensorflow(join(folder, 'tfjs'));
  cpSync(here('../../dist/worker.js'), join(folder, 'worker.js'));
  cpSync(here('index.html'), join(folder, 'index.html'));
  cpSync(here('icon.svg'), join(folder, 'icon.svg'));
}

/** Script and style of a benchmark report that stands alone. @returns {Promise<{ script: string, style: string }>} */
export async function reportParts() {
  const shared = await options();
  const { build } = await bundler();
  const textOf = async (/** @type {string} */ entry) => {
    const { outputFiles } = await build({ ...shared, entryPoints: [entry], format: 'iife', write: false });
    return outputFiles[0].text;
  };
  return { script: await textOf('src/report/alone.ts'), style: await textOf('style/report-alone.css') };
}
