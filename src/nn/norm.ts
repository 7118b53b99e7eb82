import { finite } from '../shape/options.js';
import { checkTensor, checkVector } from '../shape/tensor.js';
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

/** Gradients of a norm: those of weight and bias of every channel, whether they were given or not. */
export interface NormGradients {
  readonly gradX: Tensor;
  readonly gradWeight: Tensor;
  readonly gradBias: Tensor;
}

/** A channel that belongs to a group of numbers which are normalised together. */
type GroupOf = (image: number, channel: number) => number;

/** What is normalised, and how: groups of numbers, each by its mean and variance. */
export interface Norm {
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

/** `seen` is told the statistics. */
export function forward(x: Tensor, norm: Norm, seen?: (found: Statistics) => void): Tensor {
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

export function backward(gradY: Tensor, x: Tensor, norm: Norm): NormGradients {
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

/** As many numbers as there are channels, if given. */
export const vectorOf = (operand: string, value: unknown, c: number) =>
  value === undefined ? undefined : checkVector(operand, value, c);

export const normNames = ['weight', 'bias', 'eps', 'layout', 'out'] as const;

/** Of x and options what the norms have in common. */
export function common(x: Tensor, o: Record<string, unknown>) {
  const channels = channelsOf('x', checkTensor('x', x).shape, o.layout);
  const [weight, bias] = [vectorOf('weight', o.weight, channels.c), vectorOf('bias', o.bias, channels.c)];
  return { channels, weight, bias, eps: finite('eps', o.eps, 1e-5), out: o.out };
}
