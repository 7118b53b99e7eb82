import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const folder = mkdtempSync(join(tmpdir(), 'stridewise-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const own = new URL('../../dist/worker.js', import.meta.url).href;

/**
 * A worker of the package in which some code runs before every kernel. `count`: a shared array that it knows as that.
 * @param {string} code @param {Int32Array} [count]
 */
export function spoiled(code, count) {
  const file = join(folder, `${Math.random()}.mjs`);
  const text = `import { workerData as count } from 'node:worker_threads';
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  const { exports } = new Instance(...given);
  const wrap = (kernel) => (...operands) => {
    ${code}
    return kernel(...operands);
  };
  return { exports: Object.fromEntries(Object.entries(exports).map(([name, kernel]) => [name, wrap(kernel)])) };
};
await import(${JSON.stringify(own)});
`;
  writeFileSync(file, text);
  return new Worker(pathToFileURL(file), { workerData: count });
}
