import { relaxed, simd } from '../../build/wasm/inline.js';
import { fromBase64 } from './base64.js';
import { probe, type Sources } from './sources.js';

const bytes = (text: string) => {
  let decoded: Uint8Array<ArrayBuffer> | undefined;
  return () => (decoded ??= fromBase64(text));
};

const inlined = { simd: bytes(simd), relaxed: bytes(relaxed) };

/** The default entry: both builds inlined, compiled synchronously at the first call. */
export const sources: Sources = {
  // the probe spares hosts without relaxed SIMD the decoding of a build they cannot run
  validates: (build) => probe(build) && WebAssembly.validate(inlined[build]()),
  module: (build) => new WebAssembly.Module(inlined[build]()),
};
