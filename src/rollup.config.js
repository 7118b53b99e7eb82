import { resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { dts } from 'rollup-plugin-dts';

const entries = ['index', 'arithmetic', 'matrix'];

/** The compiled kernels stand beside the compiled TypeScript, not inside it. */
const kernels = {
  name: 'kernels',
  resolveId: (id) => (id.endsWith('build/wasm/inline.js') ? resolve('build/wasm/inline.js') : null),
};

/** Each entry is one file of its own: loader, kernels and API together, so that a bundler cannot drop half of it. */
export default entries.flatMap((name) => [
  { input: `build/js/src/${name}.js`, output: { file: `dist/${name}.js`, format: 'es' }, plugins: [kernels, nodeResolve()] },
  { input: `build/js/src/${name}.d.ts`, output: { file: `dist/${name}.d.ts`, format: 'es' }, plugins: [dts()] },
]);
