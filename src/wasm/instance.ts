import { instantiateSync } from '@assemblyscript/loader';
import { UnsupportedError } from '../errors.js';
import { newMemory } from './memory.js';

/** A module that runs, and the memory that it was given. */
export interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly exports: WebAssembly.Exports;
}

/** The kernels import a memory and nothing else, and have no start function. */
export function instantiate(module: WebAssembly.Module): Instance {
  const memory = newMemory();
  const imports = { env: { memory } };
  // the loader takes a module of another realm, which edge runtimes hand in, for bytes
  const { exports }: { exports: WebAssembly.Exports } =
    module instanceof WebAssembly.Module
      ? instantiateSync(module, imports).instance
      : new WebAssembly.Instance(module, imports);
  return { memory, exports };
}

/** The same where a host does it asynchronously only. */
export async function instantiateLater(module: WebAssembly.Module): Promise<Instance> {
  const memory = newMemory();
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return { memory, exports };
}

/**
 * Chromium before 114, on the main thread of a page: it neither compiles nor instantiates more than 4 KB synchronously.
 */
export const onlyLater = (cause: unknown): cause is RangeError =>
  cause instanceof RangeError && /main thread/.test(cause.message);

export const initFirst = (cause: RangeError) =>
  new UnsupportedError(`this host needs \`await init()\` before the first call, and after a trap (${cause.message})`);
