import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';

/**
 * Tells TensorFlow.js's core how its operators are differentiated. Its file for Node leaves that out, and the module
 * that has it is written for bundlers, so it is bundled here. Registries are global: what one copy of the core
 * registers, all know; the first copy to be loaded makes them.
 */
export async function registerGradients() {
  await import('@tensorflow/tfjs-core');
  const core = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'));
  const bundle = await rollup({
    input: join(core, 'dist/register_all_gradients.js'),
    plugins: [nodeResolve()],
    onwarn: () => {},
  });
  const folder = mkdtempSync(join(tmpdir(), 'stridewise-tfjs-'));
  const file = join(folder, 'gradients.mjs');
  try {
    await bundle.write({ file, format: 'es' });
    await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
