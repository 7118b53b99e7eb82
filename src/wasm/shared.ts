import { MemoryError } from '../errors.js';

/** Section of imports with `env.memory` alone, of any size; then the same, shared and with a maximum of 4 GiB. */
const name = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121];
const plain = [2, 15, 1, ...name, 2, 0, 0];
const shared = [2, 18, 1, ...name, 2, 3, 0, 128, 128, 4];

/** A build of the kernels for a shared memory. They share nothing by themselves, so that nothing else changes. */
export function sharedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((_, i) => plain.every((byte, j) => bytes[i + j] === byte));
  const rest = bytes.subarray(at + plain.length);
  return Uint8Array.from([...bytes.subarray(0, at), ...shared, ...rest]);
}

/** The same, compiled. */
export const sharedBuild = (bytes: Uint8Array): WebAssembly.Module => new WebAssembly.Module(sharedBytes(bytes));

const PAGE = 65536;

/** A shared memory: as much as the host lets it grow to, since it reserves all of that at once. */
export function sharedMemory(cap = 2 ** 32): WebAssembly.Memory {
  for (let maximum = Math.floor(Math.min(cap, 2 ** 32) / PAGE); ; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch (cause) {
      if (maximum * PAGE < 2 ** 27) throw new MemoryError(`the host refuses a shared wasm memory (${cause})`);
    }
  }
}

/** Whether threads can share a memory. */
export const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
