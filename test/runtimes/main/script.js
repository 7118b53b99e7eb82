import { readFile } from 'node:fs/promises';
import * as stridewise from 'stridewise';
import * as arithmetic from 'stridewise/arithmetic';
import * as matrix from 'stridewise/matrix';
import * as threads from 'stridewise/threads';
import * as url from 'stridewise/url';
import { suite } from './suite/index.js';

const module = async () => WebAssembly.compile(await readFile(new URL(import.meta.resolve('stridewise/simd.wasm'))));
const version = globalThis.Deno?.version.deno ?? globalThis.Bun?.version ?? process.versions.node;

const report = await suite(
  { stridewise, 'stridewise/url': url, 'stridewise/threads': threads },
  [arithmetic, matrix],
  module,
  [],
  // every call is shared, however small
  { 'stridewise/threads': { threads: 2, leastFloats: 0 } },
);
console.log(JSON.stringify({ version, ...report }));
