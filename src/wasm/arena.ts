import { MemoryError } from '../errors.js';
import type { Address, LinearMemory } from './memory.js';

export type { Address };

/** What `memoryUsage()` reports, in bytes. */
export interface MemoryUsage {
  /** Taken right now: kept blocks and the scratch of calls that are running. */
  readonly used: number;
  /** Taken by handles that live on: packed weights of prepared layers, tensors of arenas. */
  readonly kept: number;
  /** Linear memory the host gave so far. It never shrinks; what is not used is reused. */
  readonly reserved: number;
}

/** Every block starts and ends on a cache line; vectors need 16. */
const ALIGN = 64;

/** A block that is taken. */
interface Taken {
  readonly bytes: number;
  /** Counts blocks in the order in which they were taken. */
  readonly serial: number;
  kept: boolean;
}

/** The books over linear memory: which blocks are taken, for a call or for as long as a handle lives. */
export class Arena {
  readonly #linear: LinearMemory;
  readonly #taken = new Map<Address, Taken>();
  #serial = 0;
  #used = 0;
  #kept = 0;

  constructor(linear: LinearMemory) {
    this.#linear = linear;
  }

  /** What another module of kernels imports to work in it, too. */
  get memory(): WebAssembly.Memory {
    return this.#linear.memory;
  }

  get usage(): MemoryUsage {
    return { used: this.#used, kept: this.#kept, reserved: this.#linear.buffer.byteLength };
  }

  /** A block that lives until `free`. Throws MemoryError when the host refuses; nothing has changed then. */
  alloc(bytes: number): Address {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const at = this.#linear.allocate(size);
    this.#taken.set(at, { bytes: size, serial: this.#serial++, kept: false });
    this.#used += size;
    return at;
  }

  /** Tells a block from others that stood at its address; undefined when it was given back. */
  serialOf(at: Address): number | undefined {
    return this.#taken.get(at)?.serial;
  }

  /** Gives a block back. */
  free(at: Address): void {
    const taken = this.#taken.get(at);
    if (taken === undefined) throw new MemoryError(`no block at address ${at}: it was given back already`);
    this.#taken.delete(at);
    this.#used -= taken.bytes;
    if (taken.kept) this.#kept -= taken.bytes;
    this.#linear.release(at, taken.bytes);
  }

  /** A block that counts as kept, for handles. */
  keep(bytes: number): Address {
    const at = this.alloc(bytes);
    const taken = this.#taken.get(at) as Taken;
    taken.kept = true;
    this.#kept += taken.bytes;
    return at;
  }

  /** Gives a kept block back. */
  release(at: Address): void {
    this.free(at);
  }

  /** Runs `work`, and when it throws gives back every block that it took. */
  attempt<T>(work: () => T): T {
    const first = this.#serial;
    try {
      return work();
    } catch (error) {
      for (const [at, { serial }] of [...this.#taken]) if (serial >= first) this.free(at);
      throw error;
    }
  }

  /** Runs `work` with a block of scratch that is given back in any case. */
  scratch<T>(bytes: number, work: (at: Address) => T): T {
    const at = this.alloc(bytes);
    try {
      return work(at);
    } finally {
      this.free(at);
    }
  }

  /** A view made for this expression: growing memory detaches it. */
  f32(at: Address, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#linear.buffer, at, length);
  }

  /** As `f32`. */
  f64(at: Address, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#linear.buffer, at, length);
  }

  /** As `f32`. */
  i32(at: Address, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#linear.buffer, at, length);
  }

  /** Where the numbers stand in this memory; undefined when they live elsewhere, or the view was detached. */
  addressOf(values: Float32Array | Int32Array): Address | undefined {
    return values.buffer === this.#linear.buffer ? values.byteOffset : undefined;
  }
}
