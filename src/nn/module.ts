import { kernels } from '../../build/wasm/nn.js';
import { decode } from '../wasm/decode.js';

let compiled: WebAssembly.Module | undefined;

/** The kernels beside those of the default entry, inlined. */
export const bytes = (): Uint8Array<ArrayBuffer> => decode(kernels());

/** The same, compiled. */
export const module = (): WebAssembly.Module => (compiled ??= new WebAssembly.Module(bytes()));
