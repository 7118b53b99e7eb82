import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';
import { recorderOf } from '../../wasm/sharing.js';

/**
 * Tables in the making: 32-bit words, some of which hold offsets from the first one and become addresses where the
 * tables are placed.
 */
export class Words {
  readonly #words: number[] = [];
  readonly #addresses: number[] = [];

  /** Bytes so far. */
  get bytes(): number {
    return this.#words.length * 4;
  }

  /** Appends words and returns where the first one stands. */
  push(...words: number[]): number {
    const at = this.bytes;
    this.#words.push(...words);
    return at;
  }

  /** Appends words that hold offsets. */
  pushAddress(...offsets: number[]): void {
    for (const offset of offsets) this.#addresses.push(this.push(offset) / 4);
  }

  /** A function that writes the tables to an address. */
  placer(): (host: Host, at: Address) => void {
    const words = Int32Array.from(this.#words);
    /** What its addresses count from. */
    let base = 0;
    return (host, at) => {
      const recorder = recorderOf(host);
      if (recorder) {
        const values: number[] = [...words];
        for (const i of this.#addresses) values[i] = (words[i] >>> 0) - base + at;
        recorder.words(at, values);
        return;
      }
      for (const i of this.#addresses) words[i] += at - base;
      base = at;
      host.arena.i32(at, words.length).set(words);
    };
  }
}
