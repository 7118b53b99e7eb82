import { ShapeError } from '../errors.js';
import { show } from '../shape/show.js';
import { checkSize, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { BROADCAST_BYTES } from './boundary.js';
import { named, outOf, run } from './run.js';

/** The shape that several broadcast to, as in NumPy: aligned at the last axis, where 1 goes with any extent. */
export function broadcastShape(operands: readonly (readonly [string, Tensor])[]): readonly number[] {
  const rank = Math.max(...operands.map(([, { shape }]) => shape.length));
  const shape = Array.from({ length: rank }, (_, axis) => {
    let extent = 1;
    for (const [operand, t] of operands) {
      const found = t.shape[axis - rank + t.shape.length] ?? 1;
      if (found === 1 || found === extent) continue;
      if (extent !== 1) {
        const others = operands.map(([name, other]) => `${name} ${show(other.shape)}`).join(', ');
        throw new ShapeError(
          `${operand} has ${found} at axis ${axis} of the result, expected 1 or ${extent}: ${others}`,
        );
      }
      extent = found;
    }
    return extent;
  });
  checkSize('the result', shape);
  return shape;
}

/** Elements from one index to the next along every axis of `shape`; 0 where the operand repeats. */
function stepsOf(t: Tensor, shape: readonly number[]): number[] {
  const steps: number[] = [];
  let step = 1;
  for (let axis = shape.length - 1, own = t.shape.length - 1; axis >= 0; axis--, own--) {
    const extent = t.shape[own] ?? 1;
    steps.unshift(extent === 1 ? 0 : step);
    step *= extent;
  }
  return steps;
}

/** Axes that all operands run through as through one, merged: [extent, ...steps] each, the innermost last. */
function merged(shape: readonly number[], steps: readonly (readonly number[])[]): number[][] {
  const axes: number[][] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    const inner = axes[0];
    if (inner && steps.every((list, i) => list[axis] === inner[0] * inner[i + 1])) inner[0] *= shape[axis];
    else axes.unshift([shape[axis], ...steps.map((list) => list[axis])]);
  }
  return axes;
}

/** y = f(a, b, c) with broadcasting. `out` may be an operand of its shape. c: of the shape of the result. */
export function elementwise(
  op: number,
  operands: readonly [a: readonly [string, Tensor], b: readonly [string, Tensor], c?: readonly [string, Tensor]],
  out: unknown,
): Tensor {
  const list = operands as readonly (readonly [string, Tensor])[];
  const shape = broadcastShape(list);
  const inputs = list.map(([name, t]) => named(name, t));
  const checked = outOf(out, shape, inputs, true);
  if (sizeOf(shape) === 0) return checked ?? { data: new Float32Array(0), shape };
  const tensors = list.map(([, t]) => t);
  const axes = merged(
    shape,
    [tensors[0], tensors[1], tensors[2] ?? tensors[0]].map((t) => stepsOf(t, shape)),
  );
  const [count, aStep, bStep] = axes.pop() ?? [1, 0, 0];
  const bytes = axes.length * BROADCAST_BYTES;
  return run(tensors, [{ shape, out: checked }], bytes, ({ kernels, arena, from, to, scratch }) => {
    const words = axes.flatMap(([extent, ...steps]) => [extent, ...steps.map((step) => step * 4)]);
    arena.i32(scratch, words.length).set(words);
    const end = scratch + words.length * 4;
    kernels.elementwise(op, to[0], from[0], from[1], from[2] ?? from[0], count, aStep, bStep, scratch, end);
  })[0];
}
