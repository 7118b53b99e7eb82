import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In front of such a file: its URL is its path, and modules of Node have the names that the bundle gives them. */
const prelude = `URL.createObjectURL = ({ path }) => path;
URL.revokeObjectURL = () => {};
if (typeof require === 'function')
  for (const [i, name] of ['fs', 'path', '', 'perf_hooks', 'os'].entries())
    if (name) globalThis['require$$' + i] = require(name);
globalThis.commonjsGlobal = globalThis;
`;

/**
 * Starts TensorFlow.js's threaded build in Node. It makes workers from blobs, which Node's know nothing of: as long as
 * it starts, a blob is a file here, and its URL the file's path. And it takes half of the cores at most: as long as it
 * starts, there are twice as many as `threads`.
 * @template T @param {number} threads @param {() => Promise<T>} start @returns {Promise<T>}
 */
export async function withThreads(threads, start) {
  const os = createRequire(import.meta.url)('node:os');
  const { cpus } = os;
  const { Blob, Worker } = globalThis;
  const { createObjectURL } = URL;
  const folder = mkdtempSync(join(tmpdir(), 'stridewise-tfjs-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  let files = 0;
  class File {
    /** @param {string[]} parts */
    constructor(parts) {
      this.path = join(folder, `${files++}.cjs`);
      writeFileSync(this.path, prelude + parts.join(''));
    }
  }
  Object.assign(globalThis, { Blob: File });
  Object.assign(URL, { createObjectURL: (/** @type {File} */ { path }) => path });
  os.cpus = () => Array(2 * threads).fill(cpus()[0]);
  try {
    return await start();
  } finally {
    os.cpus = cpus;
    Object.assign(globalThis, { Blob, Worker });
    Object.assign(URL, { createObjectURL });
  }
}
