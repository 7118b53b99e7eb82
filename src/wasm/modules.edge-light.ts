// @ts-expect-error: the host compiles the file and imports it as a module
import simd from './simd.wasm?module';
import type { Sources } from './sources.js';

/** Edge runtimes compile whatever is imported, so only the build that every host accepts is. */
export const sources: Sources = {
  validates: (build) => build === 'simd',
  module: () => simd as WebAssembly.Module,
};
