import { UnsupportedError } from '../errors.js';
import { guardAll } from '../wasm/guard.js';
import { type Host, host } from '../wasm/host.js';
import type { Kernels } from './boundary.js';
import { module } from './module.js';

export interface Nn {
  readonly on: Host;
  readonly kernels: Kernels;
}

const made = new WeakMap<Host, Nn>();

/** The kernels of a module in the memory of an instance. @throws UnsupportedError where they do not start */
export function start(on: Host, module: (shared: boolean) => WebAssembly.Module): Nn {
  const { memory } = on.arena;
  try {
    const shared = Object.prototype.toString.call(memory.buffer) === '[object SharedArrayBuffer]';
    const { exports } = new WebAssembly.Instance(module(shared), { env: { memory } });
    return { on, kernels: guardAll(exports as unknown as Kernels, on) };
  } catch (cause) {
    throw new UnsupportedError(
      `the kernels of stridewise/nn do not start here (${cause instanceof Error ? cause.message : cause})`,
    );
  }
}

/** The kernels of this entry in the memory of an instance. */
export function nnOf(on: Host): Nn {
  const here = made.get(on) ?? start(on, module);
  made.set(on, here);
  return here;
}

/** The same for the instance that serves. */
export const nn = (): Nn => nnOf(host());
