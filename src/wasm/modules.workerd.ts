// @ts-expect-error: the host compiles the file and imports it as a module
import relaxed from './relaxed.wasm';
// @ts-expect-error: the same
import simd from './simd.wasm';
import type { Sources } from './sources.js';

const imported: Readonly<Record<'simd' | 'relaxed', WebAssembly.Module>> = { simd, relaxed };

/** Cloudflare Workers refuse to compile bytes: both builds are static imports, compiled when the worker is deployed. */
export const sources: Sources = { validates: () => true, module: (build) => imported[build] };
