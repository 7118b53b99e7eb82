import { MemoryError } from '../errors.js';

/** Byte address in linear memory. */
export type Address = number;

/** What `memoryUsage()` reports, in bytes. */
export interface MemoryUsage {
  /** Taken right now: kept blocks and the scratch of calls that are running. */
  readonly used: number;
  /** Taken by handles that live on: packed weights of prepared layers, tensors of arenas. */
  readonly kept: number;
  /** Linear memory the host gave so far. It never shrinks; what is not used is reused. */
  readonly reserved: number;
}

const PAGE = 65536;
/** Every block starts and ends on a cache line; vectors need 16. */
const ALIGN = 64;
/** The first bytes stay free, so that no block has address 0. */
const FIRST = 64;
/** Kernels may load (never store) up to a vector past an operand's last element. */
const SLACK = 64;
/** What 32-bit addresses reach. */
const LIMIT = 2 ** 32;

const roundUp = (bytes: number, to: number) => Math.ceil(bytes / to) * to;

/** A block that is taken. */
interface Taken {
  readonly bytes: number;
  /** Counts blocks in the order in which they were taken. */
  readonly serial: number;
  kept: boolean;
}

/** The one allocator over linear memory: address-ordered free list, first fit, neighbours joined when given back. */
export class Arena {
  readonly #memory: WebAssembly.Memory;
  /** All of memory, asked for again when it has grown, and only here it grows: asking takes longer than making a view. */
  #buffer: ArrayBuffer;
  readonly #cap: number;
  /** Free blocks by address; the last one reaches to the end of memory. */
  readonly #freeAt: number[] = [];
  readonly #freeBytes: number[] = [];
  readonly #taken = new Map<Address, Taken>();
  #serial = 0;
  #used = 0;
  #kept = 0;

  /** `cap`: most bytes of linear memory to reserve. */
  constructor(memory: WebAssembly.Memory, cap: number = LIMIT) {
    this.#memory = memory;
    this.#buffer = memory.buffer as ArrayBuffer;
    this.#cap = Math.min(cap, LIMIT);
    this.#release(FIRST, memory.buffer.byteLength - SLACK - FIRST);
  }

  get usage(): MemoryUsage {
    return { used: this.#used, kept: this.#kept, reserved: this.#buffer.byteLength };
  }

  /** A block that lives until `free`. Throws MemoryError when the host refuses; nothing has changed then. */
  alloc(bytes: number): Address {
    const size = Math.max(ALIGN, roundUp(bytes, ALIGN));
    let i = 0;
    while (this.#freeBytes[i] < size) i++;
    if (i === this.#freeBytes.length) {
      this.#grow(size);
      i = this.#freeBytes.length - 1;
    }
    const at = this.#freeAt[i];
    if (this.#freeBytes[i] === size) {
      this.#freeAt.splice(i, 1);
      this.#freeBytes.splice(i, 1);
    } else {
      this.#freeAt[i] += size;
      this.#freeBytes[i] -= size;
    }
    this.#taken.set(at, { bytes: size, serial: this.#serial++, kept: false });
    this.#used += size;
    return at;
  }

  /** Gives a block back. */
  free(at: Address): void {
    const taken = this.#taken.get(at);
    if (taken === undefined) throw new MemoryError(`no block at address ${at}: it was given back already`);
    this.#taken.delete(at);
    this.#used -= taken.bytes;
    if (taken.kept) this.#kept -= taken.bytes;
    this.#release(at, taken.bytes);
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
    return new Float32Array(this.#buffer, at, length);
  }

  /** As `f32`. */
  f64(at: Address, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#buffer, at, length);
  }

  /** As `f32`. */
  i32(at: Address, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#buffer, at, length);
  }

  /** Where the numbers stand in this memory; undefined when they live elsewhere, or the view was detached. */
  addressOf(values: Float32Array | Int32Array): Address | undefined {
    return values.buffer === this.#buffer ? values.byteOffset : undefined;
  }

  #grow(size: number): void {
    const reserved = this.#buffer.byteLength;
    const last = this.#freeAt.length - 1;
    const tail = last >= 0 && this.#freeAt[last] + this.#freeBytes[last] === reserved - SLACK ? this.#freeBytes[last] : 0;
    const least = roundUp(size - tail, PAGE);
    const refusal = () =>
      new MemoryError(
        `cannot take ${size} bytes: ${this.#used} of ${reserved} reserved bytes are in use and at most ${this.#cap} can be reserved`,
      );
    if (reserved + least > this.#cap) throw refusal();
    // A quarter more than needed now spares later calls a growth; a host that refuses it may still grant the least.
    const more = Math.min(Math.max(least, roundUp(reserved / 4, PAGE)), Math.floor((this.#cap - reserved) / PAGE) * PAGE);
    if (!this.#tryGrow(more) && !this.#tryGrow(least)) throw refusal();
    this.#release(reserved - SLACK, this.#buffer.byteLength - reserved);
  }

  #tryGrow(bytes: number): boolean {
    try {
      this.#memory.grow(bytes / PAGE);
      this.#buffer = this.#memory.buffer as ArrayBuffer;
      return true;
    } catch {
      return false;
    }
  }

  #release(at: Address, bytes: number): void {
    let low = 0;
    let high = this.#freeAt.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#freeAt[middle] < at) low = middle + 1;
      else high = middle;
    }
    if (this.#freeAt[low] === at + bytes) {
      this.#freeAt[low] = at;
      this.#freeBytes[low] += bytes;
    } else {
      this.#freeAt.splice(low, 0, at);
      this.#freeBytes.splice(low, 0, bytes);
    }
    if (low > 0 && this.#freeAt[low - 1] + this.#freeBytes[low - 1] === at) {
      this.#freeBytes[low - 1] += this.#freeBytes[low];
      this.#freeAt.splice(low, 1);
      this.#freeBytes.splice(low, 1);
    }
  }
}
