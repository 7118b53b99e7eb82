// Bundles the worker as a deployment would, and runs it in workerd on this machine.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Log, LogLevel, Miniflare } from 'miniflare';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {number} port 0 for any
 * @returns {Promise<{ url: URL, stop: () => Promise<void> }>}
 */
export async function serve(port) {
  await build({
    entryPoints: [here('worker.js')],
    outdir: here('out'),
    bundle: true,
    format: 'esm',
    // the entry of the package whose kernels are modules, because workerd compiles nothing at run time
    conditions: ['workerd', 'worker'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    logLevel: 'warning',
  });
  const miniflare = new Miniflare({
    modules: true,
    modulesRoot: here('out'),
    scriptPath: here('out/worker.js'),
    modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'] }],
    compatibilityDate: '2026-04-01',
    host: '127.0.0.1',
    port,
    cf: false,
    log: new Log(LogLevel.WARN),
  });
  return { url: await miniflare.ready, stop: () => miniflare.dispose() };
}
