import { kernels } from '../../build/wasm/nn.js';
import { decode } from '../wasm/decode.js';

let compiled: WebAssembly.Module | undefined;

/** The kernels beside those of the default entry, inlined. */
export const module = (): WebAssembly.Module => (compiled ??= new WebAssembly.Module(decode(kernels())));
