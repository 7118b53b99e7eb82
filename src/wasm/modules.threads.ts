import { kernels } from '../../build/wasm/inline.js';
import { decode } from './decode.js';
import { sources as inlined } from './modules.js';
import { sharedBuild } from './shared.js';
import type { BuildName, Sources } from './sources.js';

const compiled = new Map<BuildName, WebAssembly.Module>();

/** The entry with threads: as the default one, and each build once more for a shared memory. */
export const sources: Sources = {
  ...inlined,
  shared(build) {
    const module = compiled.get(build) ?? sharedBuild(decode(kernels(build === 'simd')));
    compiled.set(build, module);
    return module;
  },
};
