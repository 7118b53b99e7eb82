// Functions of a network on fixed shapes, each with its gradient: what runs forward in one order runs backward in the
// other. Channels last, everything in wasm memory.

import { arena, conv2d, prepareConv2dBackward } from 'stridewise';
import {
  add,
  batchNorm,
  batchNormBackward,
  cat,
  catBackward,
  interpolate,
  interpolateInputGrad,
  silu,
  siluInputGrad,
} from 'stridewise/nn';

/**
 * @typedef {import('stridewise').Tensor} Tensor
 * @typedef {{ value: Tensor, grad: Tensor, isGiven: boolean }} Signal numbers, the derivative of the loss by them, and
 *   whether some of it has come in yet
 * @typedef {{ forward(training: boolean): void, backward(): void }} Step
 */

const layout = /** @type {const} */ ('NHWC');

/** Takes a gradient: the first one as it is, what other readers of the signal have is added. */
function give(/** @type {Signal} */ signal, /** @type {(out?: Tensor) => Tensor | undefined} */ gradient) {
  if (signal.isGiven) add(signal.grad, /** @type {Tensor} */ (gradient()), { out: signal.grad });
  else gradient(signal.grad);
  signal.isGiven = true;
}

/** A gradient that is there already. @param {Tensor} made @returns {(out?: Tensor) => Tensor} */
const there = (made) => (out) => {
  out?.data.set(made.data);
  return made;
};

export class Graph {
  /** What is learnt. @type {Signal[]} */
  parameters = [];
  /** @type {Step[]} */
  #steps = [];
  /** @type {Signal[]} */
  #results = [];
  #memory = arena();
  /** What holds wasm memory. @type {{ dispose(): void }[]} */
  #handles = [this.#memory];
  #random;

  /** @param {import('../train/random.js').Random} random for the first weights */
  constructor(random) {
    this.#random = random;
  }

  /** From the inputs to all results; norms go by the batch while training. @param {boolean} training */
  forward(training) {
    for (const step of this.#steps) step.forward(training);
  }

  /** From the gradient of the output to those of all parameters. @param {Signal} output */
  backward(output) {
    for (const result of this.#results) result.isGiven = result === output;
    for (const step of this.#steps.toReversed()) step.backward();
  }

  dispose() {
    for (const handle of this.#handles) handle.dispose();
  }

  /** What nobody asks a gradient of. @param {number[]} shape */
  input(shape) {
    return this.#signal(shape);
  }

  /**
   * Of square kernels, padded by half of them. One that adds to another result begins with zeros: it changes nothing.
   * @param {Signal} x @param {number} channels
   * @param {{ kernelSize: number, stride?: number, bias?: boolean, add?: Tensor }} options `add`: part of the result
   */
  convolution(x, channels, { kernelSize, stride = 1, bias = false, add: other }) {
    const depth = x.value.shape[3];
    const weight = this.#parameter([kernelSize, kernelSize, depth, channels]);
    const fanIn = depth * kernelSize ** 2;
    // K. He et al., Delving deep into rectifiers, 2015
    const values = weight.value.data;
    const deviation = other ? 0 : Math.sqrt(2 / fanIn);
    for (let i = 0; i < values.length; i++) values[i] = deviation * this.#random.normal();
    const shift = bias ? this.#parameter([channels]) : undefined;
    const padding = (kernelSize - 1) / 2;
    const options = { stride, padding, layout, bias: shift?.value };
    const gradients = prepareConv2dBackward(
      options,
      /** @type {any} */ (x.value.shape),
      /** @type {any} */ (weight.value.shape),
    );
    this.#handles.push(gradients);
    const isInput = !this.#results.includes(x);
    return this.#add(conv2d(x.value, weight.value, options).shape, (y) => {
      const learnt = { gradWeight: weight.grad, gradBias: shift?.grad };
      const wanted = { x: !isInput, weight: true, bias };
      const run = (/** @type {Tensor | undefined} */ gradX) =>
        gradients.run(y.grad, x.value, weight.value, { wanted, out: { gradX, ...learnt } }).gradX;
      return {
        forward: () => conv2d(x.value, weight.value, { ...options, add: other, out: y.value }),
        backward: () => (isInput ? run(undefined) : give(x, run)),
      };
    });
  }

  /** Every channel with the mean and deviation of the batch while training, else with what was seen of them. @param {Signal} x */
  batchNorm(x) {
    const channels = x.value.shape[3];
    const [weight, bias] = [this.#parameter([channels]), this.#parameter([channels])];
    weight.value.data.fill(1);
    const [mean, variance] = [new Float32Array(channels), new Float32Array(channels).fill(1)];
    const options = { weight: weight.value, bias: bias.value, layout };
    return this.#add(x.value.shape, (y) => ({
      forward: (training) => batchNorm(x.value, { ...options, mean, variance, training, out: y.value }),
      backward: () =>
        give(x, (out) => {
          const found = batchNormBackward(y.grad, x.value, { ...options, training: true, out });
          weight.grad.data.set(found.gradWeight.data);
          bias.grad.data.set(found.gradBias.data);
          return found.gradX;
        }),
    }));
  }

  /** @param {Signal} x */
  silu(x) {
    return this.#add(x.value.shape, (y) => ({
      forward: () => silu(x.value, { out: y.value }),
      backward: () => give(x, (out) => siluInputGrad(y.grad, x.value, { out })),
    }));
  }

  /** Twice the extents. @param {Signal} x */
  enlarge(x) {
    const options = /** @type {const} */ ({ scale: 2, mode: 'bilinear', layout });
    return this.#add(interpolate(x.value, options).shape, (y) => ({
      forward: () => interpolate(x.value, { ...options, out: y.value }),
      backward: () => give(x, (out) => interpolateInputGrad(y.grad, x.value.shape, { ...options, out })),
    }));
  }

  /** The channels of two maps. @param {Signal} a @param {Signal} b */
  join(a, b) {
    const shapes = [a.value.shape, b.value.shape];
    return this.#add(cat([a.value, b.value], 3).shape, (y) => ({
      forward: () => cat([a.value, b.value], 3, { out: y.value }),
      backward: () => {
        const [gradA, gradB] = catBackward(y.grad, shapes, 3);
        give(a, there(gradA));
        give(b, there(gradB));
      },
    }));
  }

  /** @param {readonly number[]} yShape @param {(y: Signal) => Step} connect */
  #add(yShape, connect) {
    const y = this.#signal(yShape);
    this.#results.push(y);
    this.#steps.push(connect(y));
    return y;
  }

  /** Zeros. @param {number[]} shape */
  #parameter(shape) {
    const parameter = this.#signal(shape);
    this.parameters.push(parameter);
    return parameter;
  }

  /** @param {readonly number[]} shape @returns {Signal} */
  #signal(shape) {
    return { value: this.#memory.tensor(shape), grad: this.#memory.tensor(shape), isGiven: false };
  }
}
