import { MemoryError } from '../errors.js';

/** Byte address in linear memory. */
export type Address = number;

/** The memory that the kernels work in, whoever made it. Blocks are whole cache lines and start on one. */
export interface LinearMemory {
  /** What the kernels import. */
  readonly memory: WebAssembly.Memory;
  /** All of it, anew when it has grown, which only `allocate` makes it do. */
  readonly buffer: ArrayBuffer;
  /**
   * A block, behind which a vector can be read. Throws MemoryError when there is no room; nothing has changed
   * then.
   */
  allocate(bytes: number): Address;
  /** Gives a block back, with the bytes that it was asked for. */
  release(at: Address, bytes: number): void;
}

const PAGE = 65536;
/** The first bytes stay free, so that no block has address 0. */
const FIRST = 64;
/** Bytes that kernels may load (never store) past an operand's last element. */
export const SLACK = 64;
/** What 32-bit addresses reach. */
const LIMIT = 2 ** 32;

const roundUp = (bytes: number, to: number) => Math.ceil(bytes / to) * to;

/** A memory for the kernels alone. */
export const newMemory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 1, maximum: LIMIT / PAGE });

/**
 * Memory that nobody else uses, and that grows: an address-ordered free list, first fit, neighbours joined when given
 * back.
 */
export class GrowingMemory implements LinearMemory {
  readonly memory: WebAssembly.Memory;
  /** Kept, because asking a memory for its buffer takes longer than making a view of it. */
  buffer: ArrayBuffer;
  readonly #cap: number;
  /** Free blocks by address; the last one reaches to the end of memory. */
  readonly #freeAt: number[] = [];
  readonly #freeBytes: number[] = [];

  /** `cap`: most bytes to reserve. */
  constructor(memory: WebAssembly.Memory, cap: number = LIMIT) {
    this.memory = memory;
    this.buffer = memory.buffer as ArrayBuffer;
    this.#cap = Math.min(cap, LIMIT);
    this.release(FIRST, this.buffer.byteLength - SLACK - FIRST);
  }

  allocate(bytes: number): Address {
    let i = 0;
    while (this.#freeBytes[i] < bytes) i++;
    if (i === this.#freeBytes.length) {
      this.#grow(bytes);
      i = this.#freeBytes.length - 1;
    }
    const at = this.#freeAt[i];
    if (this.#freeBytes[i] === bytes) {
      this.#freeAt.splice(i, 1);
      this.#freeBytes.splice(i, 1);
    } else {
      this.#freeAt[i] += bytes;
      this.#freeBytes[i] -= bytes;
    }
    return at;
  }

  release(at: Address, bytes: number): void {
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

  #grow(bytes: number): void {
    const reserved = this.buffer.byteLength;
    const last = this.#freeAt.length - 1;
    const tail =
      last >= 0 && this.#freeAt[last] + this.#freeBytes[last] === reserved - SLACK ? this.#freeBytes[last] : 0;
    const least = roundUp(bytes - tail, PAGE);
    const refusal = () => {
      const used = this.#freeBytes.reduce((rest, free) => rest - free, reserved - SLACK - FIRST);
      return new MemoryError(
        `cannot take ${bytes} bytes: ${used} of ${reserved} reserved bytes are in use and at most ${this.#cap} can be reserved`,
      );
    };
    if (reserved + least > this.#cap) throw refusal();
    // A quarter more than needed now spares later calls a growth; a host that refuses it may still grant the least.
    const most = Math.floor((this.#cap - reserved) / PAGE) * PAGE;
    const more = Math.min(Math.max(least, roundUp(reserved / 4, PAGE)), most);
    if (!this.#tryGrow(more) && !this.#tryGrow(least)) throw refusal();
    this.release(reserved - SLACK, this.buffer.byteLength - reserved);
  }

  #tryGrow(bytes: number): boolean {
    try {
      this.memory.grow(bytes / PAGE);
      this.buffer = this.memory.buffer as ArrayBuffer;
      return true;
    } catch {
      return false;
    }
  }
}
