import { UnsupportedError } from '../errors.js';
import { guardAll } from '../wasm/guard.js';
import { type Host, host } from '../wasm/host.js';
import { offeredHost } from '../wasm/offered.js';
import type { Kernels } from './boundary.js';
import { bytes, module } from './module.js';

export interface Nn {
  readonly on: Host;
  readonly kernels: Kernels;
}

const made = new WeakMap<Host, Kernels>();

function start(on: Host): Kernels {
  const { memory } = on.arena;
  try {
    const kernels = on.join?.(bytes()) ?? new WebAssembly.Instance(module(), { env: { memory } }).exports;
    return guardAll(kernels as Kernels, on);
  } catch (cause) {
    throw new UnsupportedError(
      `the kernels of stridewise/nn do not start here (${cause instanceof Error ? cause.message : cause})`,
    );
  }
}

/** The kernels of this entry in the memory of an instance. */
export function kernelsIn(on: Host): Kernels {
  const here = made.get(on) ?? start(on);
  made.set(on, here);
  return here;
}

/** The same for the instance that serves: that of the entry with threads, if its `init` was called. */
export function nn(): Nn {
  const on = offeredHost() ?? host();
  return { on, kernels: kernelsIn(on) };
}
