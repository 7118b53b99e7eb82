import { MemoryError, UnsupportedError } from '../errors.js';
import type { Kernels } from './boundary.js';
import { features, type Host, hostOf } from './host.js';
import type { Address, LinearMemory } from './memory.js';
import { sources } from './modules.js';
import type { Running } from './settings.js';
import { isShared, sharedBuild } from './shared.js';

/** The memory of another library, with its allocator. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** A block at any address; 0 when there is no room. */
  allocate(bytes: number): Address;
  release(at: Address): void;
}

const LINE = 64;

/** Blocks on cache lines out of another allocator's. That memory may grow at any time. */
class BorrowedMemory implements LinearMemory {
  readonly memory: WebAssembly.Memory;
  readonly #heap: Heap;
  /** The allocator's blocks by ours. */
  readonly #blocks = new Map<Address, Address>();

  constructor(heap: Heap) {
    this.memory = heap.memory;
    this.#heap = heap;
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer as ArrayBuffer;
  }

  allocate(bytes: number): Address {
    // a line to begin on, and one behind which kernels may read
    const block = this.#heap.allocate(bytes + 2 * LINE) >>> 0;
    if (block === 0) throw new MemoryError(`the allocator of the memory refuses ${bytes} bytes`);
    const at = Math.ceil(block / LINE) * LINE;
    this.#blocks.set(at, block);
    return at;
  }

  release(at: Address): void {
    this.#heap.release(this.#blocks.get(at) as Address);
    this.#blocks.delete(at);
  }
}

/** A build on this thread alone. */
function alone(module: WebAssembly.Module, linear: LinearMemory): Running {
  const { memory } = linear;
  const start = (module: WebAssembly.Module) => new WebAssembly.Instance(module, { env: { memory } }).exports;
  const join = isShared(memory) ? (bytes: Uint8Array) => start(sharedBuild(bytes)) : undefined;
  return { linear, kernels: start(module) as unknown as Kernels, join };
}

/** The build that serves calls now once more, over another library's memory. `start`: how its kernels run. */
export function hostIn(heap: Heap, start = alone): Host {
  const { build } = features();
  const module =
    build === 'custom' ? undefined : isShared(heap.memory) ? sources.shared?.(build) : sources.module(build);
  if (!module) throw new UnsupportedError(`this entry has no ${build} build for that memory`);
  return hostOf(build, start(module, new BorrowedMemory(heap)));
}
