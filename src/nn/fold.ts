import { OptionError } from '../errors.js';
import { checkOptions, finite, flag } from '../shape/options.js';
import { checkTensor, checkVector } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { PerChannel } from './norm.js';
import { axisOf } from './sum.js';

/** The statistics and parameters of a batch norm, and where the weights have their outputs. */
export interface FoldOptions {
  readonly mean: PerChannel;
  readonly variance: PerChannel;
  /** Default 1. */
  readonly weight?: PerChannel | undefined;
  /** Default 0. */
  readonly bias?: PerChannel | undefined;
  /** Default 1e-5. */
  readonly eps?: number | undefined;
  /** Axis of the outputs in the weights; default 0, or 1 with `transposed`. Last, it is -1 (-2 with `transposed`). */
  readonly axis?: number | undefined;
  /** Weights of a transposed convolution; default false. */
  readonly transposed?: boolean | undefined;
}

/**
 * Makes a batch norm in evaluation part of the convolution before it, in float64.
 *
 * @param weight of the convolution: [oc, ...] (`OIHW`), or transposed [ic, oc, ...]; for `HWIO` say `axis: -1`
 * @param bias of the convolution, if it has one
 * @returns its new weight and bias
 * @throws ShapeError, OptionError
 * @example
 * const statistics = { mean: Float32Array.of(1), variance: Float32Array.of(4), eps: 0 };
 * const { weight, bias } = foldBatchNorm(tensor([2, 4], [1, 1, 2]), undefined, statistics);
 * console.log(weight.data, bias); // 1, 2; -0.5
 */
export function foldBatchNorm(
  weight: Tensor,
  bias: PerChannel | undefined,
  statistics: FoldOptions,
): { weight: Tensor; bias: Float32Array } {
  const known = ['mean', 'variance', 'weight', 'bias', 'eps', 'axis', 'transposed'];
  const o = checkOptions('foldBatchNorm', statistics, known);
  const { data, shape } = checkTensor('weight', weight);
  const axis = axisOf('axis', o.axis ?? (flag('transposed', o.transposed, false) ? 1 : 0), shape.length);
  const oc = shape[axis];
  const vector = (operand: string, value: unknown, fallback?: number) => {
    if (value === undefined && fallback === undefined) throw new OptionError(`${operand} is required`);
    return value === undefined ? new Float32Array(oc).fill(fallback as number) : checkVector(operand, value, oc);
  };
  const eps = finite('eps', o.eps, 1e-5);
  const [mean, variance] = [vector('mean', o.mean), vector('variance', o.variance)];
  const [gamma, beta, before] = [vector('weight', o.weight, 1), vector('bias', o.bias, 0), vector('bias', bias, 0)];
  const factors = Float64Array.from(variance, (v, i) => gamma[i] / Math.sqrt(v + eps));
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  return {
    weight: { data: data.map((v, i) => v * factors[Math.floor(i / inner) % oc]), shape: [...shape] },
    bias: Float32Array.from(factors, (factor, i) => (before[i] - mean[i]) * factor + beta[i]),
  };
}
