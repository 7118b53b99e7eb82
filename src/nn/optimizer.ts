import { OptionError, ShapeError } from '../errors.js';
import { checkOptions, finite, flag, integer } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkOut, checkShaped, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { ADAM, SGD } from './boundary.js';
import { inParts, named, type Plan, run, writeRecord } from './run.js';

/** Options of `sgd`. */
export interface SgdOptions {
  readonly lr: number;
  /** Default 0. */
  readonly momentum?: number | undefined;
  /** Share of the gradient that momentum leaves out; default 0. */
  readonly dampening?: number | undefined;
  /** Default 0. */
  readonly weightDecay?: number | undefined;
  /** Default false. */
  readonly nesterov?: boolean | undefined;
}

/** Options of `adam`. */
export interface AdamOptions {
  /** Counts steps from 1. */
  readonly step: number;
  /** Default 0.001. */
  readonly lr?: number | undefined;
  /** Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number] | undefined;
  /** Default 1e-8. */
  readonly eps?: number | undefined;
  /** Default 0. */
  readonly weightDecay?: number | undefined;
}

/** What `adam` keeps of a parameter: running means of its gradient and of the square, zeros before the first step. */
export interface AdamState {
  readonly mean: Tensor;
  readonly square: Tensor;
}

function checked(parameter: Tensor, gradient: Tensor) {
  const { shape } = checkTensor('parameter', parameter);
  checkShaped('gradient', gradient, shape);
  checkOut(parameter, shape, [named('gradient', gradient)], 'parameter');
  return { shape, count: parameter.data.length };
}

/**
 * A step of gradient descent, in place, by PyTorch's formula.
 *
 * @param buffer of momentum, written; required with `momentum`. NaN in its first number says that nothing is there yet
 * @returns the parameter
 * @throws ShapeError, OptionError
 * @example
 * const weight = tensor([1, 2], [2]);
 * sgd(weight, tensor([2, 4], [2]), { lr: 0.25 });
 * console.log(weight.data); // 0.5, 1
 */
export function sgd(parameter: Tensor, gradient: Tensor, options: SgdOptions, buffer?: Tensor): Tensor {
  const o = checkOptions('sgd', options, ['lr', 'momentum', 'dampening', 'weightDecay', 'nesterov']);
  const { shape, count } = checked(parameter, gradient);
  const lr = finite('lr', o.lr, Number.NaN);
  if (Number.isNaN(lr)) throw new OptionError('lr is required');
  const momentum = finite('momentum', o.momentum, 0);
  if (momentum !== 0 && buffer === undefined)
    throw new ShapeError(`buffer is undefined, expected a tensor of shape ${show(shape)} for momentum`);
  const kept = momentum === 0 ? undefined : buffer;
  if (kept) checkOut(kept, shape, [named('parameter', parameter), named('gradient', gradient)], 'buffer');
  const values = {
    ...{ rate: lr, momentum, rest: 1 - finite('dampening', o.dampening, 0) },
    decay: finite('weightDecay', o.weightDecay, 0),
    fresh: kept && count > 0 && Number.isNaN(kept.data[0]) ? 1 : 0,
    nesterov: flag('nesterov', o.nesterov, false) ? 1 : 0,
  };
  const outputs = [{ shape, out: parameter, accumulate: true }, kept && { shape, out: kept, accumulate: true }];
  const plan: Plan = {
    ...inParts(count, ({ kernels, from: [g], to: [p, kept], scratch }, at, floats) =>
      kernels.sgdStep(p + at, g + at, kept && kept + at, floats, scratch),
    ),
    bytes: 64,
    prepare: ({ arena, scratch }) => writeRecord(arena, SGD, scratch, values),
  };
  return run([gradient], outputs, plan)[0];
}

/**
 * A step of Adam, in place, by PyTorch's formula.
 *
 * @param state written, too
 * @returns the parameter
 * @throws ShapeError, OptionError
 * @example
 * const weight = tensor([1, 2], [2]);
 * const state = { mean: tensor([0, 0], [2]), square: tensor([0, 0], [2]) };
 * adam(weight, tensor([8, -8], [2]), state, { step: 1, lr: 0.5 });
 * console.log(weight.data[0].toFixed(2), weight.data[1].toFixed(2)); // 0.50, 2.50
 */
export function adam(parameter: Tensor, gradient: Tensor, state: AdamState, options: AdamOptions): Tensor {
  const o = checkOptions('adam', options, ['step', 'lr', 'betas', 'eps', 'weightDecay']);
  const { shape, count } = checked(parameter, gradient);
  const inputs = [named('parameter', parameter), named('gradient', gradient)];
  const mean = checkOut(state?.mean, shape, inputs, 'state.mean');
  const square = checkOut(state?.square, shape, [...inputs, named('state.mean', mean)], 'state.square');
  const step = integer('step', o.step, 1);
  const betas = Array.isArray(o.betas) ? o.betas : [0.9, 0.999];
  const [beta1, beta2] = [finite('betas[0]', betas[0], 0.9), finite('betas[1]', betas[1], 0.999)];
  const values = {
    ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 },
    rate: finite('lr', o.lr, 1e-3) / (1 - beta1 ** step),
    root: 1 / Math.sqrt(1 - beta2 ** step),
    eps: finite('eps', o.eps, 1e-8),
    decay: finite('weightDecay', o.weightDecay, 0),
  };
  const outputs = [parameter, mean, square].map((out) => ({ shape, out, accumulate: true }));
  const plan: Plan = {
    ...inParts(count, ({ kernels, from: [g], to: [p, mean, square], scratch }, at, floats) =>
      kernels.adamStep(p + at, g + at, mean + at, square + at, floats, scratch),
    ),
    bytes: 64,
    prepare: ({ arena, scratch }) => writeRecord(arena, ADAM, scratch, values),
  };
  return run([gradient], outputs, plan)[0];
}
