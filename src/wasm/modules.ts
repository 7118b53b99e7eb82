import { relaxed, simd } from '../../build/wasm/inline.js';
import { fromHex } from './hex.js';
import type { Sources } from './sources.js';

const once = (text: () => string) => {
  let decoded: Uint8Array<ArrayBuffer> | undefined;
  return () => (decoded ??= fromHex(text()));
};

const inlined = { simd: once(simd), relaxed: once(relaxed) };

/** The default entry: both builds inlined, compiled synchronously at the first call. */
export const sources: Sources = {
  validates: (build) => WebAssembly.validate(inlined[build]()),
  module: (build) => new WebAssembly.Module(inlined[build]()),
};
