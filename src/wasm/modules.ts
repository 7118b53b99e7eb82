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
    async load() {
      try {
        compiled ??= await WebAssembly.compile(bytes());
      } catch {
        // a host that refuses this, too, says why in `module`
      }
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
    const { bytes, module } = inlined[build];
    // to compile is to validate, which takes a twentieth of a start
    try {
      return !!module();
    } catch {
      // a host that refuses a large module may still validate it; one that refuses every module says why in `module`
      try {
        return WebAssembly.validate(bytes());
      } catch {
        return true;
      }
    }
  },
  module: (build) => inlined[build].module(),
  load: (build) => inlined[build].load(),
};
