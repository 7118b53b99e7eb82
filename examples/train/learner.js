// A network that learns from pictures by Adam, in batches.

import { Adam } from './adam.js';

/**
 * @typedef {import('./digits.js').Digits} Digits
 * @typedef {import('./loss.js').Result} Result
 */

export class Learner {
  network;
  #loss;
  #adam;

  /** @param {import('./network.js').Network} network @param {import('./loss.js').Loss} loss */
  constructor(network, loss) {
    this.network = network;
    this.#loss = loss;
    this.#adam = new Adam(network.parameters);
  }

  /**
   * One step of learning.
   * @param {Digits} digits @param {Uint32Array} batch which of them: at most as many as the network takes @param
   * {number} rate
   */
  learn(digits, batch, rate) {
    const result = this.judge(digits, batch);
    this.network.backward();
    this.#adam.update(rate);
    return result;
  }

  /**
   * What the network makes of a batch is in `network.output` afterwards. @param {Digits} digits @param {Uint32Array}
   * batch @returns {Result}
   */
  judge({ pictures, extent, ...digits }, batch) {
    const area = extent ** 2;
    const input = this.network.input.value.data;
    for (const [i, at] of batch.entries()) input.set(pictures.subarray(at * area, (at + 1) * area), i * area);
    this.network.forward();
    return this.#loss(this.network.output, { pictures, extent, ...digits }, batch);
  }
}
