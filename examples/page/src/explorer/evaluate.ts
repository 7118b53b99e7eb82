import { avgPool2d, conv2d, convTranspose2d, maxPool2d, StridewiseError, type Tensor, tensor } from 'stridewise';
import { type Config, type Edits, isPool } from './config.js';
import { type Axis, axisOf } from './links.js';
import { fillOf, withEdits } from './numbers.js';
import { avgOptions, convOptions, maxOptions, transposedOptions } from './options.js';
import { type Pads, padsOf } from './pads.js';
import { checkNumbers, checkSizes, Trouble } from './trouble.js';

/** A configuration with its numbers, all from the kernels. */
export interface Evaluation {
  readonly config: Config;
  readonly pads: Pads;
  /** [1, ic, height, width] */
  readonly x: Tensor;
  /** The input as it is drawn, with its padding. */
  readonly drawn: Tensor;
  /** [oc, ic / groups, height, width], transposed [ic, oc / groups, height, width]; pools have none. */
  readonly weight: Tensor | undefined;
  /** [1, oc, height, width] */
  readonly y: Tensor;
  /** Of a max pool: the input cell in its channel plane that each output cell shows. */
  readonly indices: Int32Array | undefined;
  readonly axes: readonly [Axis, Axis];
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The operator of a configuration on an input and weights of its shapes. */
export function apply(config: Config, x: Tensor, weight: Tensor | undefined): Tensor {
  if (config.operator === 'conv') return conv2d(x, weight!, convOptions(config));
  if (config.operator === 'transposed') return convTranspose2d(x, weight!, transposedOptions(config));
  return config.operator === 'avg' ? avgPool2d(x, avgOptions(config)) : maxPool2d(x, maxOptions(config));
}

/** The padded input, by a convolution that only copies. */
function padded(x: Tensor, config: Config, padding: Pads): Tensor {
  if (config.operator === 'transposed') return x;
  const channels = x.shape[1];
  const copy = tensor(new Float32Array(channels).fill(1), [channels, 1, 1, 1]);
  return conv2d(x, copy, {
    padding,
    groups: channels,
    paddingMode: config.operator === 'conv' ? config.mode : 'zeros',
  });
}

/** @throws {Trouble} when the configuration makes no sense */
export function evaluate(config: Config): Evaluation {
  checkNumbers(config);
  checkSizes(config);
  const { operator, input, kernel, ic, oc, groups, fill, seed } = config;
  const xShape = [1, ic, ...input];
  const weightShape = operator === 'transposed' ? [ic, oc / groups, ...kernel] : [oc, ic / groups, ...kernel];
  const filled = (shape: readonly number[], first: number, most: number, edits: Edits) =>
    tensor(withEdits(fillOf(product(shape), fill, first, most), shape, edits), shape);
  const x = filled(xShape, seed, 4, config.xEdits);
  const weight = isPool(operator) ? undefined : filled(weightShape, seed + 100, 2, config.weightEdits);
  try {
    const pads = padsOf(config);
    const y = apply(config, x, weight);
    const isMax = operator === 'max';
    const indices = isMax ? maxPool2d(x, { ...maxOptions(config), returnIndices: true }).indices.data : undefined;
    const axes = [axisOf(config, 0, y.shape[2]), axisOf(config, 1, y.shape[3])] as const;
    return { config, pads, x, drawn: padded(x, config, pads), weight, y, indices, axes };
  } catch (error) {
    if (error instanceof StridewiseError) throw new Trouble(sentence(error.message), []);
    throw error;
  }
}

const sentence = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}.`;
