import { relaxed, simd } from '../../build/wasm/inline.js';
import { fromHex } from './hex.js';
import type { Sources } from './sources.js';

/** A build's bytes and its module, each made once. */
function lazily(text: () => string) {
  let decoded: Uint8Array<ArrayBuffer> | undefined;
  let compiled: WebAssembly.Module | undefined;
  const bytes = () => (decoded ??= fromHex(text()));
  return { bytes, module: () => (compiled ??= new WebAssembly.Module(bytes())) };
}

const inlined = { simd: lazily(simd), relaxed: lazily(relaxed) };

/** The default entry: both builds inlined, compiled synchronously at the first call. */
export const sources: Sources = {
  validates(build) {
    // to compile is to validate, which takes a twentieth of a start; a host that refuses to compile may still validate
    try {
      return !!inlined[build].module();
    } catch {
      return WebAssembly.validate(inlined[build].bytes());
    }
  },
  module: (build) => inlined[build].module(),
};
