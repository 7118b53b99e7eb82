import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundle } from './bundle.js';

const require = createRequire(new URL('../package.json', import.meta.url));

/**
 * Vercel's edge runtime, which knows no modules: the host hands a compiled kernel in, as it does for an import with
 * `?module`.
 */
export const edgeRuntime = {
  name: 'Vercel edge-runtime',
  async run(app) {
    const { EdgeRuntime } = await import(require.resolve('edge-runtime'));
    const globals = { './simd.wasm': 'simdModule' };
    const initialCode = await bundle(join(app, 'edge.js'), ['edge-light'], { format: 'iife', globals });
    const simdModule = new WebAssembly.Module(readFileSync(join(app, 'node_modules/stridewise/dist/simd.wasm')));
    const runtime = new EdgeRuntime({ initialCode, extend: (context) => Object.assign(context, { simdModule }) });
    const response = await runtime.dispatchFetch('http://localhost/');
    if (!response.ok) throw new Error(await response.text());
    return { version: require('edge-runtime/package.json').version, ...(await response.json()) };
  },
};
