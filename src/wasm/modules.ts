import { relaxed, simdFromRelaxed } from '../../build/wasm/inline.js';
import { fromHex } from './hex.js';
import type { Sources } from './sources.js';

/** The strict build: the relaxed one with other multiply-adds. Each step copies digits, skips digits, and inserts its own. */
function patched(): string {
  let at = 0;
  const pieces = simdFromRelaxed.map(([copy, skip, insert]) => {
    const copied = relaxed.slice(at, at + copy);
    at += copy + skip;
    return copied + insert;
  });
  return pieces.join('');
}

const once = (text: () => string) => {
  let decoded: Uint8Array<ArrayBuffer> | undefined;
  return () => (decoded ??= fromHex(text()));
};

const inlined = { simd: once(patched), relaxed: once(() => relaxed) };

/** The default entry: both builds inlined, compiled synchronously at the first call. */
export const sources: Sources = {
  validates: (build) => WebAssembly.validate(inlined[build]()),
  module: (build) => new WebAssembly.Module(inlined[build]()),
};
