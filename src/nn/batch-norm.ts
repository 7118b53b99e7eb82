import { OptionError } from '../errors.js';
import { checkOptions, finite, flag } from '../shape/options.js';
import { checkShaped } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import {
  backward,
  common,
  forward,
  type Norm,
  type NormGradients,
  type NormOptions,
  normNames,
  type PerChannel,
  vectorOf,
} from './norm.js';

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
