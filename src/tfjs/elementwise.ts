import { ADD, ELEMENTWISE_SCRATCH } from '../nn/boundary.js';
import { broadcastShape, elementwisePlan } from '../nn/elementwise.js';
import { inParts, type Plan } from '../nn/run.js';
import { sizeOf } from '../shape/tensor.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
import { listOf } from './parts.js';
import { type Planned, Plans, runPlan } from './plans.js';
import type { TensorInfo } from './tf.js';
import { sameShape } from './window.js';

const plans = new Plans<Planned>();
/** Of rows that one row repeats along, by numbers. */
const rowPlans = new Plans<Plan>();

function planFor(op: number, a: readonly number[], b: readonly number[]): Planned {
  const shape = broadcastShape([
    ['a', { shape: a }],
    ['b', { shape: b }],
  ]);
  return { ...elementwisePlan(op, shape, [a, b]), shape };
}

/** Functions of as many numbers as `shape` has, of two operands that have as many, or one. */
function whole(op: number, shape: readonly number[], aStep: 0 | 1, bStep: 0 | 1): Planned {
  const plan = inParts(sizeOf(shape), ({ kernels, from: [a, b], to: [y] }, at, floats, own) => {
    kernels.elementwise(op, y + at, a + at * aStep, b + at * bStep, a + at, floats, aStep, bStep, 0, 0, 0, own);
  });
  return { ...plan, ownBytes: ELEMENTWISE_SCRATCH, shape };
}

/** Whether a tensor of shape `row` repeats along the first axes of one of `shape`, and nowhere else. */
function repeats(row: readonly number[], shape: readonly number[]): boolean {
  if (row.length > shape.length) return false;
  let i = row.length - 1;
  for (let axis = shape.length - 1; i >= 0 && row[i] === shape[axis]; axis--) i--;
  while (i >= 0 && row[i] === 1) i--;
  return i < 0;
}

/** The same for a matrix and a row of it. */
function ofRows(op: number, shape: readonly number[], cols: number, isA: 0 | 1): Planned {
  const rows = sizeOf(shape) / cols;
  const plan = rowPlans.recall([op, rows, cols, isA], () =>
    elementwisePlan(op, [rows, cols], isA ? [[cols], [rows, cols]] : [[rows, cols], [cols]]),
  ) as Plan;
  return { ...plan, shape };
}

/** How f(a, b) is made. */
export function planned(op: number, a: readonly number[], b: readonly number[]): Planned {
  if (sameShape(a, b)) return whole(op, a, 1, 1);
  if (b.length === 0) return whole(op, a, 1, 0);
  if (a.length === 0) return whole(op, b, 0, 1);
  if (repeats(b, a)) return ofRows(op, a, sizeOf(b), 0);
  if (repeats(a, b)) return ofRows(op, b, sizeOf(a), 1);
  return plans.recall([op, ...a, -1, ...b], () => planFor(op, a, b)) as Planned;
}

/** f(a, b) with broadcasting. */
export function combine(around: Surroundings, op: number, a?: TensorInfo, b?: TensorInfo): TensorInfo | undefined {
  if (!readable(around, a) || !readable(around, b)) return undefined;
  const plan = planned(op, a.shape, b.shape);
  return runPlan(around, plan, [a, b]);
}

/** The sum of tensors of one shape. */
export const addAll: Serve = (around, { inputs }) => {
  const list = listOf(around, inputs);
  if (!list) return undefined;
  const { shape } = list[0];
  const plan = inParts(sizeOf(shape), ({ kernels, from, to: [y] }, at, floats) => {
    const add = (a: number, b: number) => {
      kernels.elementwise(ADD, y + at, a + at, b + at, a + at, floats, 1, 1, 0, 0, 0, 0);
    };
    add(from[0], from[1]);
    for (let i = 2; i < list.length; i++) add(y, from[i]);
  });
  return runPlan(around, { ...plan, shape }, list);
};

/** A function of two tensors whose shapes broadcast. */
export const binary =
  (op: number): Serve =>
  (around, { inputs: { a, b } }) =>
    combine(around, op, a, b);
