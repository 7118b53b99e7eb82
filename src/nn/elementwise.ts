import { ShapeError } from '../errors.js';
import { show } from '../shape/show.js';
import { checkSize, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { ELEMENTWISE_SCRATCH } from './boundary.js';
import { inParts, leastRows, named, outOf, overAxes, type Plan, run } from './run.js';

/** The shape that several broadcast to, as in NumPy: aligned at the last axis, where 1 goes with any extent. */
export function broadcastShape(operands: readonly (readonly [string, Pick<Tensor, 'shape'>])[]): readonly number[] {
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
function stepsOf(ownShape: readonly number[], shape: readonly number[]): number[] {
  const steps: number[] = [];
  let step = 1;
  for (let axis = shape.length - 1, own = ownShape.length - 1; axis >= 0; axis--, own--) {
    const extent = ownShape[own] ?? 1;
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

/** A row of fewer floats is repeated before it meets many rows, into at least so many floats. */
const SHORT = 128;
const LONG = 512;

/**
 * y = f(a, b, c) of this shape, from operands that broadcast to it. c: of the shape of the result.
 * @param shapes those of a, b and, if there is one, c
 */
export function elementwisePlan(op: number, shape: readonly number[], shapes: readonly (readonly number[])[]): Plan {
  const [a, b, c = a] = shapes.map((own) => stepsOf(own, shape));
  const axes = merged(shape, [a, b, c]);
  const [count, aStep, bStep] = axes.pop() ?? [1, 0, 0];
  const rows = axes.length === 1 && count < SHORT && aStep + bStep === 2 ? axes[0][0] : 0;
  // whole blocks of the kernel
  const times = 16 * Math.ceil(LONG / 16 / count);
  if (rows >= 2 * times && axes[0][1] + axes[0][2] === count)
    return repeatedRow(op, rows, count, times, axes[0][1] === 0);
  if (axes.length === 0)
    return {
      ...inParts(count, ({ kernels, from: [a, b, c = a], to: [y] }, at, floats, own) => {
        kernels.elementwise(op, y + at, a + at * aStep, b + at * bStep, c + at, floats, aStep, bStep, 0, 0, 0, own);
      }),
      ownBytes: ELEMENTWISE_SCRATCH,
    };
  const tables = axes.map(([extent, ...steps]) => [extent, ...steps.map((step) => step * 4)]);
  const [[extent, ...outer]] = tables;
  const floats = sizeOf(shape) / extent;
  const plan = overAxes(tables, floats, ({ kernels, from: [a, b, c = a], to: [y], scratch }, begin, some, end, own) => {
    const [p, q, r] = [a, b, c].map((operand, i) => operand + begin * outer[i]);
    kernels.elementwise(op, y + begin * floats * 4, p, q, r, count, aStep, bStep, scratch, end, some, own);
  });
  return { ...plan, ownBytes: ELEMENTWISE_SCRATCH };
}

/** y = f(a, b, c) of `rows` rows, where one of a and b is one row, which is written down several `times`. */
function repeatedRow(op: number, rows: number, count: number, times: number, isA: boolean): Plan {
  const floats = times * count;
  const bytes = floats * 4;
  const blocks = Math.floor(rows / times);
  const rest = (rows - blocks * times) * count;
  const [aBytes, bBytes] = isA ? [0, bytes] : [bytes, 0];
  return {
    ...{ bytes: bytes + 16, units: Math.ceil(rows / times), least: leastRows(floats) },
    prepare({ kernels, arena, from: [a, b], scratch }) {
      const table = scratch + bytes;
      const axis = arena.i32(table, 4);
      axis.set([times, count * 4, 0]);
      kernels.permute(scratch, 0, isA ? a : b, 0, 0, count, table, table + 12, times);
      axis.set([blocks, aBytes, bBytes, bytes]);
    },
    run({ kernels, from: [a, b, c = a], to: [y], scratch }, begin, end) {
      const table = scratch + bytes;
      const operands = (at: number) =>
        [y + at * bytes, (isA ? scratch : a) + at * aBytes, (isA ? b : scratch) + at * bBytes, c + at * bytes] as const;
      const whole = Math.min(blocks, end) - begin;
      if (whole > 0) kernels.elementwise(op, ...operands(begin), floats, 1, 1, table, table + 16, whole, 0);
      if (end > blocks) kernels.elementwise(op, ...operands(blocks), rest, 1, 1, 0, 0, 0, 0);
    },
  };
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
  const plan = elementwisePlan(
    op,
    shape,
    tensors.map((t) => t.shape),
  );
  return run(tensors, [{ shape, out: checked }], plan)[0];
}
