import { OptionError } from '../errors.js';
import { checkOptions, flag, oneOf } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { round64 } from '../wasm/block.js';
import { BCE, MSE } from './boundary.js';
import { run, type Work } from './run.js';

/** What becomes of the losses of all elements. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Options of every loss. */
export interface LossOptions {
  /** Default `'mean'`. With `'none'` the gradient is that of the sum. */
  readonly reduction?: Reduction | undefined;
  /** Which gradients to make in the same pass; default none. */
  readonly wanted?: { readonly x?: boolean | undefined } | undefined;
}

/** A loss: one number in a tensor of shape [], or with `reduction: 'none'` one of each element. */
export interface Loss {
  readonly loss: Tensor;
  /** Where it was asked for. */
  readonly gradX?: Tensor;
}

/** Reads the options of a loss. */
export function lossOptions(name: string, options: unknown, more: readonly string[] = []) {
  const o = checkOptions(name, options, ['reduction', 'wanted', ...more]);
  const reduction = oneOf<Reduction>('reduction', o.reduction, ['mean', 'sum', 'none'], 'mean');
  if (o.wanted !== undefined && (typeof o.wanted !== 'object' || o.wanted === null))
    throw new OptionError(`wanted is ${show(o.wanted)}, expected { x: true }`);
  const wanted = flag('wanted.x', checkOptions('wanted', o.wanted, ['x']).x, false);
  return { o, reduction, wanted };
}

/** The sum of `count` losses times `factor`, at `to`. */
export function total(
  { kernels, arena }: Work,
  to: number,
  losses: number,
  count: number,
  factor: number,
  sum: number,
) {
  arena.f64(sum, 1).fill(0);
  kernels.reduce(sum, losses, 1, count, 1, 0, 0);
  kernels.roundSums(to, sum, 1, factor);
}

const pairLoss =
  (name: string, kind: number) =>
  (x: Tensor, target: Tensor, options?: LossOptions): Loss => {
    const { reduction, wanted } = lossOptions(name, options);
    const { shape } = checkTensor('x', x);
    checkShaped('target', target, shape);
    const count = sizeOf(shape);
    const factor = reduction === 'mean' ? 1 / count : 1;
    const each = reduction === 'none';
    const outputs = [{ shape: each ? shape : [] }, wanted ? { shape } : undefined];
    const [loss, gradX] = run([x, target], outputs, 64 + (each ? 0 : round64(count * 4)), (work) => {
      const { kernels, from, to, scratch } = work;
      const losses = each ? to[0] : scratch + 64;
      kernels.pairLoss(kind, losses, to[1], from[0], from[1], count, factor);
      if (!each) total(work, to[0], losses, count, factor, scratch);
    });
    return wanted ? { loss, gradX } : { loss };
  };

/**
 * (x - target)², averaged.
 * @returns the loss, and with `wanted: { x: true }` the gradient of x
 * @example const { loss, gradX } = mse(x, target, { wanted: { x: true } });
 */
export const mse: (x: Tensor, target: Tensor, options?: LossOptions) => Loss = pairLoss('mse', MSE);

/** The binary cross entropy of sigmoid(x) and target, from 0 to 1: log(1 + e^x) - x target, averaged. As `mse`. */
export const bceWithLogits: (x: Tensor, target: Tensor, options?: LossOptions) => Loss = pairLoss('bceWithLogits', BCE);
