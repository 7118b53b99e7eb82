import { OptionError } from '../errors.js';
import { checkOptions } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { stepsOf } from './gather.js';
import { leastRows, named, type OutOption, outOf, overAxes, type Plan, run } from './run.js';
import { axisOf } from './sum.js';

/** An axis of the result: its extent, and elements from one index to the next there and in the operand. */
interface Axis {
  readonly extent: number;
  readonly to: number;
  readonly from: number;
}

/** Axes in the order of the result, where those that stay together are one. */
function axesOf(shape: readonly number[], order: readonly number[]): Axis[] {
  const steps = stepsOf(shape);
  const axes: Axis[] = [];
  let to = 1;
  for (const axis of [...order].reverse()) {
    const inner = axes[0];
    const extent = shape[axis];
    if (extent === 1) continue;
    if (inner && steps[axis] === inner.from * inner.extent) axes[0] = { ...inner, extent: inner.extent * extent };
    else axes.unshift({ extent, to, from: steps[axis] });
    to *= extent;
  }
  return axes;
}

/** Rows of a matrix that are transposed together. */
const BAND = 64;

/** A tensor of this shape with its axes in another order. */
export function orderPlan(shape: readonly number[], order: readonly number[]): Plan {
  const axes = axesOf(shape, order);
  const last = axes.at(-1) ?? { extent: 1, to: 1, from: 1 };
  // what is innermost in the operand
  const first = axes.find(({ from }) => from === 1) ?? last;
  const rest = axes.filter((axis) => axis !== last && axis !== first);
  const rows = first !== last ? last.extent : 0;
  const [toStep, fromStep] = [first.to * 4, last.from * 4];
  if (rows === 0 || rest.length > 0) {
    const steps = rest.map((axis) => [axis.extent, axis.to * 4, axis.from * 4]);
    const [, toOuter, fromOuter] = steps[0] ?? [1, 0, 0];
    return overAxes(
      steps,
      sizeOf(shape) / (steps[0]?.[0] ?? 1),
      ({ kernels, from, to, scratch }, begin, count, end) => {
        const [y, x] = [to[0] + begin * toOuter, from[0] + begin * fromOuter];
        kernels.permute(y, toStep, x, fromStep, rows, first.extent, scratch, end, count);
      },
    );
  }
  return {
    ...{ bytes: 0, units: Math.ceil(rows / BAND), least: leastRows(BAND * first.extent) },
    run({ kernels, from, to }, begin, end) {
      const row = begin * BAND;
      const count = Math.min(rows, end * BAND) - row;
      kernels.permute(to[0] + row * 4, toStep, from[0] + row * fromStep, fromStep, count, first.extent, 0, 0, 0);
    },
  };
}

/** x with its axes in another order, seen as of `shape` before and `result` after. */
export function reordered(
  x: Tensor,
  shape: readonly number[],
  order: readonly number[],
  result: readonly number[],
  out: Tensor | undefined,
): Tensor {
  if (sizeOf(result) === 0) return out ?? { data: new Float32Array(0), shape: result };
  const plan = orderPlan(shape, order);
  return run([x], [{ shape: result, out }], plan)[0];
}

function checkOrder(value: unknown, rank: number): number[] {
  if (!Array.isArray(value) || value.length !== rank)
    throw new OptionError(`order is ${show(value)}, expected the ${rank} axes in their new order`);
  const order = value.map((axis: unknown, i) => axisOf(`order[${i}]`, axis, rank));
  if (new Set(order).size !== rank) throw new OptionError(`order is ${show(value)}, expected every axis once`);
  return order;
}

/**
 * The axes in another order: axis i of the result is axis order[i] of x.
 * @throws OptionError where `order` does not name every axis once
 * @example
 * console.log(permute(tensor([1, 2, 3, 4, 5, 6], [2, 3]), [1, 0]).data); // 1, 4, 2, 5, 3, 6
 */
export function permute(x: Tensor, order: readonly number[], options?: OutOption): Tensor {
  const o = checkOptions('permute', options, ['out']);
  const { shape } = checkTensor('x', x);
  const axes = checkOrder(order, shape.length);
  const result = axes.map((axis) => shape[axis]);
  return reordered(x, shape, axes, result, outOf(o.out, result, [named('x', x)]));
}

/**
 * Gradient of `permute` for x: the axes of gradY in the order of x.
 * @example
 * console.log(permuteInputGrad(tensor([1, 4, 2, 5, 3, 6], [3, 2]), [1, 0]).data); // 1, 2, 3, 4, 5, 6
 */
export function permuteInputGrad(gradY: Tensor, order: readonly number[], options?: OutOption): Tensor {
  const { shape } = checkTensor('gradY', gradY);
  const axes = checkOrder(order, shape.length);
  return permute(
    gradY,
    axes.map((_, axis) => axes.indexOf(axis)),
    options,
  );
}
