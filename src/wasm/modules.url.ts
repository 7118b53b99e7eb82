import { UnsupportedError } from '../errors.js';
import { type BuildName, probe, type Sources } from './sources.js';

const compiled = new Map<BuildName, WebAssembly.Module>();

const urls: Readonly<Record<BuildName, URL>> = {
  simd: new URL('./simd.wasm', import.meta.url),
  relaxed: new URL('./relaxed.wasm', import.meta.url),
};

/** Files of a local disk where `fetch` does not read them (Node). */
async function readFile(url: URL): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  const fs = host?.getBuiltinModule?.('node:fs/promises') as { readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> } | undefined;
  return url.protocol === 'file:' ? fs?.readFile(url) : undefined;
}

/** The entry that fetches the kernels as files beside it, compiling while they arrive. */
export const sources: Sources = {
  validates: probe,
  async load(build) {
    if (compiled.has(build)) return;
    const bytes = await readFile(urls[build]);
    compiled.set(build, await (bytes ? WebAssembly.compile(bytes) : WebAssembly.compileStreaming(fetch(urls[build]))));
  },
  module(build) {
    const module = compiled.get(build);
    if (!module) throw new UnsupportedError('the kernels are not loaded: this entry needs `await init()` before the first call');
    return module;
  },
};
