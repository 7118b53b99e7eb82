import { checkOptions } from '../shape/options.js';
import { checkShaped, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { leastRows, named, type OutOption, outOf, type Plan, run, type Work } from './run.js';
import { axisOf } from './sum.js';

/** Options of `softmax` and `logSoftmax`. */
export interface SoftmaxOptions extends OutOption {
  /** The axis whose numbers are one distribution, counted from the end when negative; default -1. */
  readonly axis?: number | undefined;
}

/** Matrices whose rows or columns are normalised. */
export interface Matrices {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

/** A tensor seen along one of its axes. */
export function matricesOf(shape: readonly number[], axis: number): Matrices {
  const product = (extents: readonly number[]) => extents.reduce((all, extent) => all * extent, 1);
  return { outer: product(shape.slice(0, axis)), extent: shape[axis], inner: product(shape.slice(axis + 1)) };
}

/** A plan that takes some matrices at a time, from so many bytes on. */
const inMatrices = (
  { outer, extent, inner }: Matrices,
  some: (work: Work, at: number, count: number) => void,
): Plan => ({
  ...{ bytes: 0, units: outer, least: leastRows(extent * inner) },
  run: (work, begin, end) => some(work, begin * extent * inner * 4, end - begin),
});

export const softmaxPlan = ({ outer, extent, inner }: Matrices, isLog: 0 | 1): Plan =>
  inMatrices({ outer, extent, inner }, ({ kernels, from: [x], to: [y] }, at, count) => {
    if (inner === 1) kernels.softmaxRows(y + at, x + at, count, extent, isLog);
    else kernels.softmaxColumns(y + at, x + at, count, extent, inner, isLog);
  });

function read(name: string, shape: readonly number[], options: SoftmaxOptions | undefined) {
  const o = checkOptions(name, options, ['axis', 'out']);
  return { out: o.out, ...matricesOf(shape, axisOf('axis', o.axis ?? -1, shape.length)) };
}

const normalise =
  (name: string, isLog: 0 | 1) =>
  (x: Tensor, options?: SoftmaxOptions): Tensor => {
    const { shape } = checkTensor('x', x);
    const { outer, extent, inner, out: given } = read(name, shape, options);
    const out = outOf(given, shape, [named('x', x)], true);
    return run([x], [{ shape, out }], softmaxPlan({ outer, extent, inner }, isLog))[0];
  };

const inputGrad =
  (name: string, isLog: 0 | 1) =>
  (gradY: Tensor, y: Tensor, options?: SoftmaxOptions): Tensor => {
    const { shape } = checkTensor('y', y);
    checkShaped('gradY', gradY, shape);
    const { outer, extent, inner, out: given } = read(name, shape, options);
    const out = outOf(given, shape, [named('gradY', gradY), named('y', y)], true);
    const plan = inMatrices({ outer, extent, inner }, ({ kernels, from: [g, y], to: [x] }, at, count) => {
      if (inner === 1) kernels.softmaxRowsGrad(x + at, g + at, y + at, count, extent, isLog);
      else kernels.softmaxColumnsGrad(x + at, g + at, y + at, count, extent, inner, isLog);
    });
    return run([gradY, y], [{ shape, out }], plan)[0];
  };

/**
 * e^x, to 4 units in the last place, divided by its sum along an axis, the largest taken off first. A row of -Infinity
 * gives NaN. `out` may be `x`.
 * @throws ShapeError, OptionError for an axis that x does not have
 * @example
 * console.log(softmax(tensor([0, 0, 100, 0], [2, 2])).data); // 0.5, 0.5, 1, 0
 */
export const softmax: (x: Tensor, options?: SoftmaxOptions) => Tensor = normalise('softmax', 0);
/**
 * The logarithm of `softmax`, without its losses. `out` may be `x`.
 * @example
 * console.log(logSoftmax(tensor([0, 100], [2])).data); // -100, 0
 */
export const logSoftmax: (x: Tensor, options?: SoftmaxOptions) => Tensor = normalise('logSoftmax', 1);
/**
 * Gradient of `softmax` for x, from its result `y`. `out` may be either operand.
 * @example
 * console.log(softmaxInputGrad(tensor([4, 0], [2]), tensor([0.5, 0.5], [2])).data); // 1, -1
 */
export const softmaxInputGrad: (gradY: Tensor, y: Tensor, options?: SoftmaxOptions) => Tensor = inputGrad(
  'softmaxInputGrad',
  0,
);
/**
 * Gradient of `logSoftmax` for x, from its result `y`.
 * @example
 * const y = logSoftmax(tensor([0, 0, 0, 0], [4]));
 * console.log(logSoftmaxInputGrad(tensor([4, 0, 0, 0], [4]), y).data); // 3, -1, -1, -1
 */
export const logSoftmaxInputGrad: (gradY: Tensor, y: Tensor, options?: SoftmaxOptions) => Tensor = inputGrad(
  'logSoftmaxInputGrad',
  1,
);
