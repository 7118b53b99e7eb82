import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundle } from './bundle.js';

const require = createRequire(new URL('../package.json', import.meta.url));

const wasm = (app, build) => ({
  type: 'CompiledWasm',
  path: `${build}.wasm`,
  contents: readFileSync(join(app, `node_modules/stridewise/dist/${build}.wasm`)),
});

/** Cloudflare's workerd, with the kernels as imported modules. */
export const workerd = {
  name: 'workerd',
  async run(app) {
    const { Miniflare } = await import(require.resolve('miniflare'));
    const contents = await bundle(join(app, 'worker.js'), ['workerd'], { format: 'es' });
    const modules = [{ type: 'ESModule', path: 'worker.js', contents }, wasm(app, 'simd'), wasm(app, 'relaxed')];
    const miniflare = new Miniflare({ modules, compatibilityDate: '2026-01-01' });
    try {
      const response = await miniflare.dispatchFetch('http://localhost/');
      if (!response.ok) throw new Error(await response.text());
      return { version: require('workerd/package.json').version, ...(await response.json()) };
    } finally {
      await miniflare.dispose();
    }
  },
};
