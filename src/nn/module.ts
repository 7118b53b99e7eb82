import { kernels } from '../../build/wasm/nn.js';
import { decode } from '../wasm/decode.js';
import { sharedBytes } from '../wasm/shared.js';

const compiled: Partial<Record<'plain' | 'shared', WebAssembly.Module>> = {};

/** The kernels beside those of the default entry, inlined; `shared`: for a memory that threads share. */
export function build(shared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = decode(kernels());
  return shared ? sharedBytes(bytes) : bytes;
}

/** The same, compiled. */
export const module = (shared: boolean): WebAssembly.Module =>
  (compiled[shared ? 'shared' : 'plain'] ??= new WebAssembly.Module(build(shared)));
