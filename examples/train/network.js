// A network of layers on fixed shapes: forward, backward, and the numbers it learns. Channels last, everything in wasm
// memory.

import {
  arena,
  conv2d,
  convTranspose2d,
  linear,
  linearBackward,
  maxPool2d,
  maxPool2dInputGrad,
  prepareConv2dBackward,
  prepareConvTranspose2dBackward,
} from 'stridewise';

/**
 * @typedef {import('stridewise').Tensor} Tensor
 * @typedef {{ value: Tensor, grad: Tensor }} Signal numbers, and the derivative of the loss by them
 * @typedef {{ forward(): void, backward(): void }} Layer
 *
 * @typedef {object} Convolution
 * @property {number} channels of the result
 * @property {number} kernelSize
 * @property {number} [stride]
 * @property {number} [padding]
 * @property {'relu'} [activation]
 */

const layout = /** @type {const} */ ('NHWC');

export class Network {
  /** What is learnt. @type {Signal[]} */
  parameters = [];
  /** @type {Layer[]} */
  #layers = [];
  #memory = arena();
  /** What holds wasm memory. @type {{ dispose(): void }[]} */
  #handles = [this.#memory];
  #random;

  /** @param {number[]} xShape [n, h, w, c] @param {import('./random.js').Random} random for the first weights */
  constructor(xShape, random) {
    this.#random = random;
    this.input = this.#signal(xShape);
    /** Of the last layer so far. */
    this.output = this.input;
  }

  /** From `input` to `output`. */
  forward() {
    for (const layer of this.#layers) layer.forward();
  }

  /** From the gradient of `output` to those of all parameters. */
  backward() {
    for (const layer of this.#layers.toReversed()) layer.backward();
  }

  dispose() {
    for (const handle of this.#handles) handle.dispose();
  }

  /** @param {Convolution} layer */
  convolution({ channels, kernelSize, ...rest }) {
    const depth = this.output.value.shape[3];
    const weight = this.#weight([kernelSize, kernelSize, depth, channels], depth * kernelSize ** 2);
    return this.#convolve(conv2d, prepareConv2dBackward, weight, channels, rest);
  }

  /**
   * A convolution backwards: with stride 2, kernel size 4 and padding 1, maps of twice the extent. @param {Convolution}
   * layer
   */
  transposedConvolution({ channels, kernelSize, stride = 1, ...rest }) {
    const depth = this.output.value.shape[3];
    const weight = this.#weight([kernelSize, kernelSize, channels, depth], depth * (kernelSize / stride) ** 2);
    return this.#convolve(convTranspose2d, prepareConvTranspose2dBackward, weight, channels, { stride, ...rest });
  }

  /** The largest number of each square. @param {number} kernelSize */
  maxPooling(kernelSize) {
    const x = this.output;
    const { output, indices } = maxPool2d(x.value, { kernelSize, layout, returnIndices: true });
    return this.#add(output.shape, (y) => ({
      forward: () => maxPool2d(x.value, { kernelSize, layout, returnIndices: true, out: { output: y.value, indices } }),
      backward: () => maxPool2dInputGrad(y.grad, indices, x.value.shape, { kernelSize, layout, out: x.grad }),
    }));
  }

  /**
   * Every feature of the result from every feature of a picture. @param {number} features @param {'relu'} [activation]
   */
  linear(features, activation) {
    const x = { value: asRows(this.output.value), grad: asRows(this.output.grad) };
    const [count, depth] = x.value.shape;
    const weight = this.#weight([features, depth], depth);
    const bias = this.#parameter([features]);
    const options = { activation, bias: bias.value };
    return this.#add([count, features], (y) => {
      const out = { gradX: x.grad, gradWeight: weight.grad, gradBias: bias.grad };
      return {
        forward: () => linear(x.value, weight.value, { ...options, out: y.value }),
        backward: () => linearBackward(y.grad, x.value, weight.value, { ...options, y: y.value, out }),
      };
    });
  }

  /**
   * @param {typeof conv2d | typeof convTranspose2d} call
   * @param {typeof prepareConv2dBackward | typeof prepareConvTranspose2dBackward} prepareBackward
   * @param {Signal} weight @param {number} channels @param {Omit<Convolution, 'channels' | 'kernelSize'>} rest
   */
  #convolve(call, prepareBackward, weight, channels, rest) {
    const x = this.output;
    const bias = this.#parameter([channels]);
    const options = { ...rest, layout, bias: bias.value };
    const gradients = prepareBackward(options, x.value.shape, weight.value.shape);
    this.#handles.push(gradients);
    // Nobody asks for the gradient of the pictures.
    const wanted = { x: x !== this.input, weight: true, bias: true };
    return this.#add(call(x.value, weight.value, options).shape, (y) => {
      const out = { gradX: x.grad, gradWeight: weight.grad, gradBias: bias.grad };
      return {
        forward: () => call(x.value, weight.value, { ...options, out: y.value }),
        backward: () => gradients.run(y.grad, x.value, weight.value, { y: y.value, wanted, out }),
      };
    });
  }

  /** @param {readonly number[]} yShape @param {(y: Signal) => Layer} connect */
  #add(yShape, connect) {
    this.output = this.#signal(yShape);
    this.#layers.push(connect(this.output));
    return this;
  }

  /**
   * Normal numbers that keep a signal's size through a rectified layer (K. He et al., Delving deep into rectifiers,
   * 2015).
   * @param {number[]} shape @param {number} fanIn terms of each sum
   */
  #weight(shape, fanIn) {
    const weight = this.#parameter(shape);
    const values = weight.value.data;
    for (let i = 0; i < values.length; i++) values[i] = Math.sqrt(2 / fanIn) * this.#random.normal();
    return weight;
  }

  /** Zeros. @param {number[]} shape */
  #parameter(shape) {
    const parameter = this.#signal(shape);
    this.parameters.push(parameter);
    return parameter;
  }

  /** @param {readonly number[]} shape @returns {Signal} */
  #signal(shape) {
    return { value: this.#memory.tensor(shape), grad: this.#memory.tensor(shape) };
  }
}

/** The same numbers, each picture's as one row. @param {Tensor} maps @returns {Tensor} */
function asRows(maps) {
  const [count, ...rest] = maps.shape;
  return {
    // A view of wasm memory holds only until memory grows, so that it is taken anew each time.
    get data() {
      return maps.data;
    },
    shape: [count, rest.reduce((a, b) => a * b)],
  };
}
