import { kernels } from '../../build/wasm/nn.js';
import { decode } from '../wasm/decode.js';
import { sharedBuild } from '../wasm/shared.js';

const compiled: Partial<Record<'plain' | 'shared', WebAssembly.Module>> = {};

function compile(shared: boolean): WebAssembly.Module {
  const bytes = decode(kernels());
  return shared ? sharedBuild(bytes) : new WebAssembly.Module(bytes);
}

/** The kernels beside those of the default entry, inlined; `shared`: for a memory that threads share. */
export const module = (shared: boolean): WebAssembly.Module =>
  (compiled[shared ? 'shared' : 'plain'] ??= compile(shared));
