import { relaxed, simd } from '../../build/wasm/inline.js';
import { fromBase64 } from './base64.js';

/** Builds of the kernels that ship. `simd` gives the same bits everywhere; `relaxed` may fuse multiply and add. */
export type BuildName = 'simd' | 'relaxed';

/** The inlined builds. Other entries of the package bring their own file of this shape. */
export const sources: Readonly<Record<BuildName, () => Uint8Array<ArrayBuffer>>> = {
  simd: () => fromBase64(simd),
  relaxed: () => fromBase64(relaxed),
};
