import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** Runs loops of bench/assembly/peak.ts for bench/bound.js. */

const module = new WebAssembly.Module(new Uint8Array(readFileSync(workerData)));
const { memory, chained, triad } = /** @type {any} */ (
  new WebAssembly.Instance(module, { env: { abort() {} } }).exports
);
const first = memory.buffer.byteLength;
const PAGE = 65536;

parentPort?.on('message', ({ loop, size, calls }) => {
  const bytes = Math.floor(size / 16) * 16;
  if (loop === 'triad' && memory.buffer.byteLength < first + 3 * bytes) {
    memory.grow(Math.ceil((first + 3 * bytes - memory.buffer.byteLength) / PAGE));
    new Uint8Array(memory.buffer, first).fill(1);
  }
  for (let i = 0; i < calls; i++) {
    if (loop === 'triad') triad(first, bytes, 0.5);
    else chained(Math.round(size), 0.5, 0.25);
  }
  parentPort?.postMessage('done');
});
