import { UnsupportedError } from '../errors.js';
import type { BuildName, Sources } from './sources.js';

const compiled = new Map<BuildName, WebAssembly.Module>();

// literal, so that bundlers which know this form see both files; at the call, because worklets import what they have no
// URL for
const urls: Readonly<Record<BuildName, () => URL>> = {
  simd: () => new URL('./simd.wasm', import.meta.url),
  relaxed: () => new URL('./relaxed.wasm', import.meta.url),
};

interface Files {
  readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
}

/** The file system, where the host has one: Node's `fetch` reads no files. */
function files(): Files | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.('node:fs/promises') as Files | undefined;
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  const disk = url.protocol === 'file:' ? files() : undefined;
  if (disk) return WebAssembly.compile(await disk.readFile(url));
  const response = await fetch(url);
  const type = response.headers.get('content-type') ?? 'of no type';
  if (!response.ok) throw missing(url, `status ${response.status}`);
  // streaming insists on the type; servers that do not know it are common
  if (type.startsWith('application/wasm')) return WebAssembly.compileStreaming(response);
  const bytes = await response.arrayBuffer();
  // servers of single-page applications answer with their page to whatever they do not know
  if (String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength))) !== '\0asm')
    throw missing(url, type);
  return WebAssembly.compile(bytes);
}

/** What a tool does that takes this module elsewhere and leaves the files behind. */
const missing = (url: URL, found: string) =>
  new UnsupportedError(
    `the kernels are not at ${url} (${found}): a tool moved this module without the files beside it. For the dev server of Vite write ` +
      'optimizeDeps: { exclude: [\'stridewise\'] }; elsewhere import "stridewise", which has them inlined',
  );

/** The entry that fetches the kernels as files beside it, compiling while they arrive. */
export const sources: Sources = {
  validates: () => true,
  async load(build) {
    if (!compiled.has(build)) compiled.set(build, await compile(urls[build]()));
  },
  module(build) {
    const module = compiled.get(build);
    if (!module)
      throw new UnsupportedError(
        `the ${build} kernels are not loaded: this entry needs \`await init()\` before the first call`,
      );
    return module;
  },
};
