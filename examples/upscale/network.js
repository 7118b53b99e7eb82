// A model on pictures of one size: convolutions prepared, results in wasm memory, channels last.

import { arena, prepareConv2d } from 'stridewise';
import { add, cat, interpolate, relu } from 'stridewise/nn';

/**
 * @typedef {import('stridewise').Tensor} Tensor
 * @typedef {import('./model.js').Layer} Layer
 * @typedef {import('./model.js').Model} Model
 */

const layout = /** @type {const} */ ('NHWC');

/** Only this one reads that one's result. @param {Model} model @param {string} name */
const readers = ({ layers }, name) => layers.filter(({ inputs }) => inputs.includes(name));

export class Network {
  /** What goes in. @type {Tensor} */
  input;
  /** What comes out. @type {Tensor} */
  output;
  /** @type {(() => void)[]} */
  #steps = [];
  #memory = arena();
  /** @type {{ dispose(): void }[]} */
  #handles = [this.#memory];

  /** @param {Model} model @param {number[]} xShape [1, height, width, channels] */
  constructor(model, xShape) {
    this.input = this.#memory.tensor(xShape);
    /** @type {Map<string, Tensor>} */
    const results = new Map();
    for (const layer of model.layers) {
      // what a convolution took over is there
      if (results.has(layer.name)) continue;
      const inputs = layer.inputs.map((name) => /** @type {Tensor} */ (results.get(name)));
      if (layer.kind === 'InputLayer') results.set(layer.name, this.input);
      else if (layer.kind === 'Conv2D') this.#convolve(model, layer, inputs[0], results);
      else results.set(layer.name, this.#call(layer, inputs));
    }
    this.output = /** @type {Tensor} */ (results.get(model.output));
  }

  run() {
    for (const step of this.#steps) step();
    return this.output;
  }

  dispose() {
    for (const handle of this.#handles) handle.dispose();
  }

  /**
   * With the activation or the sum that follows, if nobody else reads the result: both cost next to nothing while it is
   * in the cache.
   * @param {Model} model @param {Layer} layer @param {Tensor} x @param {Map<string, Tensor>} results
   */
  #convolve(model, { name, config, weight, bias }, x, results) {
    if (!weight) throw new Error(`the layer ${name} has no weights`);
    const [next, ...others] = readers(model, name);
    const follows = others.length === 0 && name !== model.output ? next : undefined;
    const other =
      follows?.kind === 'Add' ? results.get(follows.inputs.find((input) => input !== name) ?? '') : undefined;
    const activation = follows?.kind === 'Activation' ? follows.config.activation : undefined;
    const options = { padding: config.padding, bias: bias?.data, activation, layout };
    const layer = prepareConv2d(weight, options, /** @type {any} */ (x.shape));
    this.#handles.push(layer);
    const y = this.#memory.tensor(layer.shape);
    this.#steps.push(() => layer.run(x, y, other));
    results.set(name, y);
    if (follows && (other || activation)) results.set(follows.name, y);
  }

  /** @param {Layer} layer @param {Tensor[]} inputs @returns {Tensor} */
  #call({ kind, config }, inputs) {
    const [x, other] = inputs;
    /** @type {Record<string, (out?: Tensor) => Tensor>} */
    const calls = {
      Activation: (out) => relu(x, { out }),
      Add: (out) => add(x, other, { out }),
      Concatenate: (out) => cat(inputs, config.axis, { out }),
      UpSampling2D: (out) => interpolate(x, { scale: config.size, layout, out }),
    };
    const y = this.#memory.tensor(calls[kind]().shape);
    this.#steps.push(() => calls[kind](y));
    return y;
  }
}

/**
 * How a result depends on the input: pixels that one becomes along an axis, and how many pixels of the input around it
 * each depends on.
 * @param {Model} model
 * @returns {{ scale: number, reach: number }}
 */
export function fieldOf({ layers, output }) {
  /** @type {Map<string, { scale: number, reach: number }>} */
  const fields = new Map();
  for (const { kind, name, inputs, config } of layers) {
    const from = inputs.map((input) => /** @type {{ scale: number, reach: number }} */ (fields.get(input)));
    const scale = Math.max(1, ...from.map((field) => field.scale)) * (kind === 'UpSampling2D' ? config.size[0] : 1);
    const own = kind === 'Conv2D' ? (config.kernel_size[0] - 1) / 2 / scale : 0;
    fields.set(name, { scale, reach: own + Math.max(0, ...from.map((field) => field.reach)) });
  }
  const { scale, reach } = /** @type {{ scale: number, reach: number }} */ (fields.get(output));
  return { scale, reach: Math.ceil(reach) };
}
