import { OptionError } from '../errors.js';
import { outputExtent, type WindowAxis } from '../shape/extent.js';
import { show } from '../shape/show.js';
import { transposedWindow } from '../shape/transposed.js';
import { flag, integer } from '../shape/values.js';
import {
  extents,
  paddedWindowsOver,
  poolNames,
  readOptions,
  slidingNames,
  transposedNames,
  windowsOver,
} from './axes.js';
import type { Layer } from './layer.js';

/** What one run of a layer takes. */
export interface LayerCost {
  /** Multiplications with an addition each (bias not counted); in a pool, comparisons or additions. */
  readonly multiplyAdds: number;
  /** Weights and bias, in numbers. */
  readonly parameters: number;
  /** Weights and bias, in bytes of float32. */
  readonly weightBytes: number;
  /** The input, in bytes of float32. */
  readonly inputBytes: number;
  /** The output, in bytes of float32. */
  readonly outputBytes: number;
}

/**
 * Multiply-adds, parameters and bytes of a layer, so that kinds of layers can be compared. With n the batch, I and O
 * the cells of input and output, K the taps and g the groups:
 *
 * | kind | multiply-adds | weights |
 * |---|---|---|
 * | `conv` | n oc O K ic / g | oc K ic / g |
 * | `convTranspose` | n ic I K oc / g | ic K oc / g |
 * | `locallyConnected` | n oc O K ic | oc O K ic |
 * | `linear` | n out in | out in |
 * | `pool` | n c O K | 0 |
 *
 * `bias` adds oc (or out) parameters. Every tap counts, also those that read padding or write what is cut off.
 *
 * @param layer `kind` and the sizes of that kind, with the operators' own options and defaults
 * @throws {@link ShapeError} when the output size is below 1, with the formula and its numbers
 * @throws {@link OptionError} when `kind` or an option is unknown, a number is not a positive integer, a list does not
 * fit the axes, or `groups` does not divide the channels
 * @example
 * const sizes = { inputSize: [56, 56], kernelSize: 3, padding: 1, inChannels: 64, outChannels: 64 };
 * console.log(layerCost({ kind: 'conv', ...sizes }).multiplyAdds); // 115605504
 */
export function layerCost(layer: Layer): LayerCost {
  const given: unknown = typeof layer === 'object' && layer !== null ? layer.kind : undefined;
  const kind = kinds.find((known) => known === given);
  if (kind === undefined) throw new OptionError(`kind is ${show(given)}, expected ${kinds.map(show).join(' or ')}`);
  const options = readOptions('layerCost', layer, ['kind', 'batch', ...names[kind]]);
  const batch = integer('batch', options.batch ?? 1, 1);
  const { multiplyAdds, weights, biased, input, output } = counters[kind](options);
  const parameters = weights + (flag('bias', options.bias, false) ? biased : 0);
  const bytes = (numbers: number) => Float32Array.BYTES_PER_ELEMENT * numbers;
  return {
    multiplyAdds: batch * multiplyAdds,
    parameters,
    weightBytes: bytes(parameters),
    inputBytes: bytes(batch * input),
    outputBytes: bytes(batch * output),
  };
}

const kinds = ['conv', 'convTranspose', 'locallyConnected', 'linear', 'pool'] as const;

const mapNames = ['inputSize', 'inChannels', 'outChannels', 'bias'] as const;

const names = {
  conv: [...mapNames, ...slidingNames, 'groups'],
  convTranspose: [...mapNames, ...transposedNames, 'groups'],
  locallyConnected: [...mapNames, ...slidingNames],
  linear: ['inFeatures', 'outFeatures', 'bias'],
  pool: ['inputSize', 'channels', ...poolNames],
} as const;

type Options = Readonly<Record<string, unknown>>;

/** For a batch of one. */
interface Counts {
  readonly multiplyAdds: number;
  readonly weights: number;
  /** What has a bias each, if the layer has any. */
  readonly biased: number;
  readonly input: number;
  readonly output: number;
}

const counters: Readonly<Record<Layer['kind'], (options: Options) => Counts>> = {
  conv: (options) => direct(options, false),
  locallyConnected: (options) => direct(options, true),
  convTranspose: transposed,
  linear({ inFeatures, outFeatures }) {
    const input = integer('inFeatures', inFeatures, 1);
    const output = integer('outFeatures', outFeatures, 1);
    return { multiplyAdds: output * input, weights: output * input, biased: output, input, output };
  },
  pool(options) {
    const channels = integer('channels', options.channels, 1);
    const axes = paddedWindowsOver(extents('inputSize', options.inputSize), options, true);
    const ceil = flag('ceilMode', options.ceilMode, false);
    const output = channels * product(axes.map((axis) => outputExtent(axis, axis.pair, ceil)));
    return { multiplyAdds: output * taps(axes), weights: 0, biased: 0, input: channels * cells(axes), output };
  },
};

/** A convolution, its weights shared by all positions or each position's own. */
function direct(options: Options, own: boolean): Counts {
  const { ic, oc, groups } = channelsOf(options);
  const axes = paddedWindowsOver(extents('inputSize', options.inputSize), options);
  const positions = product(axes.map((axis) => outputExtent(axis, axis.pair)));
  const shared = (oc * ic * taps(axes)) / groups;
  const multiplyAdds = positions * shared;
  return {
    multiplyAdds,
    weights: own ? multiplyAdds : shared,
    biased: oc,
    input: ic * cells(axes),
    output: oc * positions,
  };
}

function transposed(options: Options): Counts {
  const { ic, oc, groups } = channelsOf(options);
  const axes = windowsOver(extents('inputSize', options.inputSize), options);
  const { output } = transposedWindow(axes, options, () => 0);
  const weights = (ic * oc * taps(axes)) / groups;
  return {
    multiplyAdds: cells(axes) * weights,
    weights,
    biased: oc,
    input: ic * cells(axes),
    output: oc * product(output),
  };
}

function channelsOf(options: Options): { readonly ic: number; readonly oc: number; readonly groups: number } {
  const ic = integer('inChannels', options.inChannels, 1);
  const oc = integer('outChannels', options.outChannels, 1);
  const groups = integer('groups', options.groups ?? 1, 1);
  if (ic % groups !== 0 || oc % groups !== 0) {
    throw new OptionError(`groups is ${groups}, expected a divisor of inChannels ${ic} and outChannels ${oc}`);
  }
  return { ic, oc, groups };
}

function cells(axes: readonly WindowAxis[]): number {
  return product(axes.map((axis) => axis.input));
}

function taps(axes: readonly WindowAxis[]): number {
  return product(axes.map((axis) => axis.kernel));
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((result, number) => result * number, 1);
}
