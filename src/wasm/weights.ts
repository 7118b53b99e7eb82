import type { Address, Arena } from './arena.js';

interface Packed {
  readonly at: Address;
  readonly bytes: number;
  readonly serial: number | undefined;
}

/** A block of packed weights. */
export interface Weights {
  readonly at: Address;
  /** Gives it back, if nobody else reads it. */
  release(): void;
}

let planned: SharedWeights | undefined;

/** Packed weights that the plans of one layer share: what is packed alike is kept once, until the last of them goes. */
export class SharedWeights {
  readonly #arena: Arena;
  readonly #blocks: Packed[] = [];
  #users = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Makes a plan, which shares what it packs. */
  plan<T>(make: () => T): T {
    planned = this;
    try {
      return make();
    } finally {
      planned = undefined;
    }
  }

  join(): void {
    this.#users++;
  }

  leave(): void {
    if (--this.#users > 0) return;
    for (const block of this.#blocks) if (this.#stands(block)) this.#arena.release(block.at);
  }

  /** The block with the same bytes that is here already, or this one. */
  settle(at: Address, bytes: number): Address {
    const same = this.#blocks.find(
      (other) => other.bytes === bytes && this.#stands(other) && this.#equal(other.at, at, bytes),
    );
    if (same) {
      this.#arena.release(at);
      return same.at;
    }
    this.#blocks.push({ at, bytes, serial: this.#arena.serialOf(at) });
    return at;
  }

  /** Not given back by an attempt that failed. */
  #stands({ at, serial }: Packed): boolean {
    return this.#arena.serialOf(at) === serial;
  }

  #equal(a: Address, b: Address, bytes: number): boolean {
    const [words, others] = [a, b].map((at) => this.#arena.i32(at, bytes / 4));
    return words.every((word, i) => word === others[i]);
  }
}

/** Keeps a block that `pack` writes all of; in a plan of a layer the one with the same bytes that another plan has. */
export function keepWeights(arena: Arena, bytes: number, pack: (at: Address) => void): Weights {
  const at = arena.keep(bytes);
  pack(at);
  return planned ? { at: planned.settle(at, bytes), release() {} } : { at, release: () => arena.release(at) };
}
