import { cpSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** Bundles the page into a folder. @param {string} folder */
export async function buildPage(folder) {
  await build({
    entryPoints: [here('page/page.js')],
    outdir: folder,
    bundle: true,
    format: 'esm',
    minify: true,
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'page.css']) cpSync(here(`page/${name}`), `${folder}/${name}`);
  // the bundle has no workers in it: they come from a file beside it
  cpSync(here('../../dist/worker.js'), `${folder}/worker.js`);
  const files = here('node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  for (const name of readdirSync(files).filter((file) => file.endsWith('.wasm')))
    cpSync(files + name, `${folder}/wasm/${name}`);
}
