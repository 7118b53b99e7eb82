import { kernels } from '../../build/wasm/inline.js';
import { decode } from './decode.js';
import type { Sources } from './sources.js';

/** A build's bytes and its module, each made once. */
function lazily(strict: boolean) {
  let decoded: Uint8Array<ArrayBuffer> | undefined;
  let compiled: WebAssembly.Module | undefined;
  const bytes = () => (decoded ??= decode(kernels(strict)));
  return {
    bytes,
    module: () => (compiled ??= new WebAssembly.Module(bytes())),
    // a host that refuses this, too, says why in `module`
    async load() {
      compiled ??= await WebAssembly.compile(bytes()).catch(() => undefined);
    },
  };
}

const inlined = { simd: lazily(true), relaxed: lazily(false) };

/**
 * The default entry: both builds inlined, compiled synchronously at the first call, or by `init` on threads that may
 * not.
 */
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
  load: (build) => inlined[build].load(),
};
