// A small U-Net (O. Ronneberger et al., U-Net: convolutional networks for biomedical image segmentation, 2015): down to
// a quarter of the extent, up again, joined with what was there on the way down. It adds what is wrong with the input.

import { adam, mse } from 'stridewise/nn';
import { Graph } from './graph.js';

/** @typedef {import('stridewise').Tensor} Tensor */
/** @typedef {import('./graph.js').Signal} Signal */

/** Channels at the whole extent; each half of it has twice as many. */
const CHANNELS = 16;

export class UNet {
  /** Pictures that go in, [n, extent, extent, 1]. @type {Signal} */
  input;
  /** Pictures without noise. @type {Signal} */
  output;
  #graph;
  #states;
  #step = 0;

  /** @param {number} batch @param {number} extent a multiple of 4 @param {import('../train/random.js').Random} random */
  constructor(batch, extent, random) {
    const graph = new Graph(random);
    const unit = (/** @type {Signal} */ x, /** @type {number} */ channels, stride = 1) =>
      graph.silu(graph.batchNorm(graph.convolution(x, channels, { kernelSize: 3, stride })));
    this.input = graph.input([batch, extent, extent, 1]);
    const whole = unit(unit(this.input, CHANNELS), CHANNELS);
    const half = unit(unit(whole, 2 * CHANNELS, 2), 2 * CHANNELS);
    const quarter = unit(unit(half, 4 * CHANNELS, 2), 4 * CHANNELS);
    const up = unit(graph.join(graph.enlarge(quarter), half), 2 * CHANNELS);
    const top = unit(graph.join(graph.enlarge(up), whole), CHANNELS);
    this.output = graph.convolution(top, 1, { kernelSize: 1, bias: true, add: this.input.value });
    this.#graph = graph;
    this.#states = graph.parameters.map(({ value: { data, shape } }) => ({
      mean: { data: new Float32Array(data.length), shape },
      square: { data: new Float32Array(data.length), shape },
    }));
  }

  /** Pictures without noise, which the next call overwrites. @param {Float32Array} noisy */
  clean(noisy) {
    this.#forward(noisy, false);
    return this.output.value.data;
  }

  /**
   * One step of Adam. @param {Float32Array} noisy @param {Float32Array} clean @param {number} rate
   * @returns {number} the mean square of what was wrong before it
   */
  learn(noisy, clean, rate) {
    this.#forward(noisy, true);
    const { value, grad } = this.output;
    const { loss, gradX } = mse(value, { data: clean, shape: value.shape }, { wanted: { x: true } });
    grad.data.set(/** @type {Tensor} */ (gradX).data);
    this.#graph.backward(this.output);
    const options = { step: ++this.#step, lr: rate };
    this.#graph.parameters.forEach(({ value, grad }, i) => {
      adam(value, grad, this.#states[i], options);
    });
    return loss.data[0];
  }

  dispose() {
    this.#graph.dispose();
  }

  /** @param {Float32Array} noisy @param {boolean} training */
  #forward(noisy, training) {
    this.input.value.data.set(noisy);
    this.#graph.forward(training);
  }
}
