// Random numbers that are the same for a seed everywhere.

export class Random {
  #state;

  /** @param {number} seed integer */
  constructor(seed) {
    this.#state = seed | 0;
  }

  /** In [low, high), in steps of 2^-32 of the range: mulberry32 (T. Ettinger). */
  between(low = 0, high = 1) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let h = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    h ^= h + Math.imul(h ^ (h >>> 7), h | 61);
    return low + ((high - low) * ((h ^ (h >>> 14)) >>> 0)) / 2 ** 32;
  }

  /** An integer from 0 to count - 1. @param {number} count */
  below(count) {
    return Math.floor(this.between(0, count));
  }

  /**
   * Nearly normal, mean 0 and deviation 1: the sum of four uniform numbers, which needs no function that engines round
   * differently.
   */
  normal() {
    return Math.sqrt(3) * (this.between() + this.between() + this.between() + this.between() - 2);
  }

  /**
   * Into random order, in place (Fisher and Yates). @template {Uint8Array | Uint32Array} T @param {T} list @returns {T}
   */
  shuffle(list) {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  }
}
