import { OptionError } from '../errors.js';
import { checkOptions, finite, flag, integer } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShaped, checkTensor, checkVector } from '../shape/tensor.js';
import type { Layout, Tensor } from '../types.js';
import { type Channels, channelsOf } from './channels.js';
import { type Dots, normalise } from './normalise.js';
import { named, type OutOption, outOf } from './run.js';

/** One number per channel. */
export type PerChannel = Float32Array | Tensor;

/** What the norms have in common. */
export interface NormOptions extends OutOption {
  /** Factors of the channels; default 1. */
  readonly weight?: PerChannel | undefined;
  /** Added to the channels; default 0. */
  readonly bias?: PerChannel | undefined;
  /** Added to variances; default 1e-5. */
  readonly eps?: number | undefined;
  /** Order of axes; default channels first. */
  readonly layout?: Layout | undefined;
}

/** Options of `batchNorm`. */
export interface BatchNormOptions extends NormOptions {
  /** Running statistics: read, or with `training` brought up to date in place, as far as they are given. */
  readonly mean?: PerChannel | undefined;
  readonly variance?: PerChannel | undefined;
  /** Normalise by the statistics of x; default false. */
  readonly training?: boolean | undefined;
  /** Share of this batch in the running statistics; default 0.1. */
  readonly momentum?: number | undefined;
}

/** Gradients of a norm: those of weight and bias of every channel, whether they were given or not. */
export interface NormGradients {
  readonly gradX: Tensor;
  readonly gradWeight: Tensor;
  readonly gradBias: Tensor;
}

/** A channel that belongs to a group of numbers which are normalised together. */
type GroupOf = (image: number, channel: number) => number;

interface Norm {
  readonly channels: Channels;
  readonly groups: number;
  readonly groupOf: GroupOf;
  /** Numbers of a group. */
  readonly count: number;
  readonly weight: Float32Array | undefined;
  readonly bias: Float32Array | undefined;
  readonly eps: number;
  /** Statistics that are given, by group. */
  readonly given?: { readonly mean: Float32Array; readonly variance: Float32Array } | undefined;
  readonly out: unknown;
}

/** Mean and variance of every group. */
function statistics({ channels: { n, c }, groups, groupOf, count, given }: Norm, own: Dots) {
  if (given) return { mean: Float64Array.from(given.mean), variance: Float64Array.from(given.variance) };
  const [mean, variance] = [new Float64Array(groups), new Float64Array(groups)];
  for (let i = 0; i < n * c; i++) {
    const group = groupOf(Math.floor(i / c), i % c);
    mean[group] += own[2 * i] / count;
    variance[group] += own[2 * i + 1] / count;
  }
  return { mean, variance: variance.map((square, group) => Math.max(0, square - mean[group] ** 2)) };
}

type Statistics = ReturnType<typeof statistics>;

function forward(x: Tensor, norm: Norm, seen?: (found: Statistics) => void): Tensor {
  const { channels, groupOf, weight, bias, eps } = norm;
  const vectors = [weight, bias].flatMap((data, i) => (data ? [{ operand: ['weight', 'bias'][i], data }] : []));
  const out = outOf(norm.out, x.shape, [named('x', x), ...vectors], true);
  return normalise(x, undefined, channels, !norm.given, out, (own) => {
    const found = statistics(norm, own);
    seen?.(found);
    const { mean, variance } = found;
    return (image, channel) => {
      const group = groupOf(image, channel);
      const factor = (weight?.[channel] ?? 1) / Math.sqrt(variance[group] + eps);
      return { mean: mean[group], factor, shift: bias?.[channel] ?? 0 };
    };
  });
}

function backward(gradY: Tensor, x: Tensor, norm: Norm): NormGradients {
  const { channels, groups, groupOf, count, weight, eps, given } = norm;
  const { n, c } = channels;
  const [gradWeight, gradBias] = [new Float64Array(c), new Float64Array(c)];
  const out = outOf(norm.out, x.shape, [named('gradY', gradY), named('x', x)], true);
  const gradX = normalise(x, gradY, channels, !given, out, (own, grads) => {
    const { mean, variance } = statistics(norm, own);
    const inverse = variance.map((v) => 1 / Math.sqrt(v + eps));
    // means of g weight, and of g weight times the normalised x
    const [first, second] = [new Float64Array(groups), new Float64Array(groups)];
    for (let i = 0; i < n * c; i++) {
      const channel = i % c;
      const group = groupOf(Math.floor(i / c), channel);
      const sum = grads[2 * i];
      const product = (grads[2 * i + 1] - mean[group] * sum) * inverse[group];
      const w = weight?.[channel] ?? 1;
      gradBias[channel] += sum;
      gradWeight[channel] += product;
      first[group] += (w * sum) / count;
      second[group] += (w * product) / count;
    }
    return (image, channel) => {
      const group = groupOf(image, channel);
      const share = (weight?.[channel] ?? 1) * inverse[group];
      // given statistics do not depend on x
      if (given) return { mean: 0, factor: 0, shift: 0, share };
      const factor = -second[group] * inverse[group] ** 2;
      return { mean: mean[group], factor, shift: -first[group] * inverse[group], share };
    };
  });
  const vector = (data: Float64Array): Tensor => ({ data: Float32Array.from(data), shape: [c] });
  return { gradX, gradWeight: vector(gradWeight), gradBias: vector(gradBias) };
}

const vectorOf = (operand: string, value: unknown, c: number) =>
  value === undefined ? undefined : checkVector(operand, value, c);

const normNames = ['weight', 'bias', 'eps', 'layout', 'out'] as const;

function common(x: Tensor, o: Record<string, unknown>) {
  const channels = channelsOf('x', checkTensor('x', x).shape, o.layout);
  const [weight, bias] = [vectorOf('weight', o.weight, channels.c), vectorOf('bias', o.bias, channels.c)];
  return { channels, weight, bias, eps: finite('eps', o.eps, 1e-5), out: o.out };
}

function batchProblem(name: string, x: Tensor, options: unknown) {
  const o = checkOptions(name, options, [...normNames, 'mean', 'variance', 'training', 'momentum']);
  const base = common(x, o);
  const { n, c, cells } = base.channels;
  const [mean, variance] = [vectorOf('mean', o.mean, c), vectorOf('variance', o.variance, c)];
  const training = flag('training', o.training, false);
  if (!training && !(mean && variance))
    throw new OptionError(`${mean ? 'variance' : 'mean'} is required: without training, running statistics are used`);
  const given = training || !mean || !variance ? undefined : { mean, variance };
  const norm: Norm = { ...base, groups: c, groupOf: (_, channel) => channel, count: n * cells, given };
  return { norm, training, mean, variance, momentum: finite('momentum', o.momentum, 0.1) };
}

/**
 * Normalises every channel: `y = (x - mean) / sqrt(variance + eps) · weight + bias`.
 *
 * With `training`, by the statistics of x (the biased variance), and `mean` and `variance`, if given, take a share
 * `momentum` of them (of the unbiased variance). Sums are f64. `out` may be `x`.
 *
 * @param x [n, c, ...cells], or [n, ...cells, c], with up to three axes of cells
 * @throws ShapeError, OptionError
 * @example
 * const statistics = { mean: Float32Array.of(1), variance: Float32Array.of(4), eps: 0 };
 * console.log(batchNorm(tensor([1, 5], [1, 1, 2]), statistics).data); // 0, 2
 */
export function batchNorm(x: Tensor, options: BatchNormOptions): Tensor {
  const { norm, training, mean, variance, momentum } = batchProblem('batchNorm', x, options);
  return forward(x, norm, (found) => {
    if (!training || norm.count === 0) return;
    const mix = (to: Float32Array | undefined, from: Float64Array, factor: number) =>
      from.forEach((value, i) => {
        if (to) to[i] = (1 - momentum) * to[i] + momentum * factor * value;
      });
    mix(mean, found.mean, 1);
    mix(variance, found.variance, norm.count / (norm.count - 1));
  });
}

/**
 * Gradients of `batchNorm`, with its options: x is what went in. `out` takes that of x.
 * @example
 * const statistics = { mean: Float32Array.of(1), variance: Float32Array.of(4), eps: 0 };
 * console.log(batchNormBackward(tensor([6, 8], [1, 1, 2]), tensor([1, 5], [1, 1, 2]), statistics).gradX.data); // 3, 4
 */
export function batchNormBackward(gradY: Tensor, x: Tensor, options: BatchNormOptions): NormGradients {
  const { norm } = batchProblem('batchNormBackward', x, options);
  return backward(checkShaped('gradY', gradY, x.shape), x, norm);
}

function groupProblem(name: string, x: Tensor, groups: unknown, options: unknown): Norm {
  const base = common(x, checkOptions(name, options, normNames));
  const { n, c, cells } = base.channels;
  const g = groups === undefined ? c : integer('groups', groups, 1);
  const each = c / g;
  if (c > 0 && !Number.isInteger(each))
    throw new OptionError(`groups is ${show(g)}, expected a divisor of ${c} channels`);
  return {
    ...base,
    groups: n * g,
    groupOf: (image, channel) => image * g + Math.floor(channel / each),
    count: each * cells,
  };
}

/**
 * Normalises groups of channels of each image; `groups` of 1 takes a whole image. `out` may be `x`.
 * @throws OptionError unless `groups` divides the channels
 * @example
 * console.log(groupNorm(tensor([1, 5, 2, 4], [1, 2, 2]), 2, { eps: 0 }).data); // -1, 1, -1, 1
 */
export const groupNorm = (x: Tensor, groups: number, options?: NormOptions): Tensor =>
  forward(x, groupProblem('groupNorm', x, groups, options));

/**
 * Gradients of `groupNorm`.
 * @example
 * const { gradWeight } = groupNormBackward(tensor([3, 4], [1, 1, 2]), tensor([1, 5], [1, 1, 2]), 1);
 * console.log(gradWeight.data[0].toFixed(3)); // 1.000
 */
export const groupNormBackward = (gradY: Tensor, x: Tensor, groups: number, options?: NormOptions): NormGradients => {
  const norm = groupProblem('groupNormBackward', x, groups, options);
  return backward(checkShaped('gradY', gradY, x.shape), x, norm);
};

/**
 * Normalises each channel of each image. `out` may be `x`.
 * @example
 * console.log(instanceNorm(tensor([1, 5, 2, 4], [1, 2, 2]), { eps: 0 }).data); // -1, 1, -1, 1
 */
export const instanceNorm = (x: Tensor, options?: NormOptions): Tensor =>
  forward(x, groupProblem('instanceNorm', x, undefined, options));

/**
 * Gradients of `instanceNorm`.
 * @example
 * const { gradWeight } = instanceNormBackward(tensor([3, 4], [1, 1, 2]), tensor([1, 5], [1, 1, 2]));
 * console.log(gradWeight.data[0].toFixed(3)); // 1.000
 */
export const instanceNormBackward = (gradY: Tensor, x: Tensor, options?: NormOptions): NormGradients => {
  const norm = groupProblem('instanceNormBackward', x, undefined, options);
  return backward(checkShaped('gradY', gradY, x.shape), x, norm);
};
