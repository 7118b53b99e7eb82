import { sumPlan } from '../nn/sum.js';
import { sizeOf } from '../shape/tensor.js';
import { readable, type Serve, worthy } from './kernel.js';
import { type Planned, Plans, runPlan } from './plans.js';

/** Axes of a call, counted from the first; undefined where one is not there. */
export function axesOf(value: unknown, rank: number): number[] | undefined {
  const list = value === undefined || value === null ? [...Array(rank).keys()] : [value].flat();
  const axes = list.map((axis) => ((axis as number) < 0 ? (axis as number) + rank : (axis as number)));
  return axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank) ? axes : undefined;
}

const plans = new Plans<Planned>();

/** The sums over some axes, or their means. */
const summed =
  (isMean: 0 | 1): Serve =>
  (around, { inputs: { x }, attrs }) => {
    if (!worthy(around, x)) return undefined;
    const axes = axesOf(attrs.axis, x.shape.length);
    if (!axes || axes.length === 0) return undefined;
    const keepDims = attrs.keepDims === true;
    const plan = plans.recall([isMean, +keepDims, ...axes, -1, ...x.shape], () => {
      const over = x.shape.map((_, axis) => axes.includes(axis));
      const kept = x.shape.map((extent, axis) => (over[axis] ? 1 : extent));
      const shape = keepDims ? kept : kept.filter((_, axis) => !over[axis]);
      const count = sizeOf(x.shape) / sizeOf(kept);
      return { ...sumPlan(x.shape, over, sizeOf(kept), isMean ? 1 / count : 1), shape };
    });
    return plan && runPlan(around, plan, [x]);
  };

export const sum: Serve = summed(0);
export const mean: Serve = summed(1);

/** Along the last axis, as TensorFlow.js has it. */
export const softmax: Serve = (around, { inputs: { logits: x }, attrs: { dim } }) => {
  if (!worthy(around, x)) return undefined;
  const last = x.shape.length - 1;
  if (last < 0 || (dim !== -1 && dim !== last)) return undefined;
  const cols = x.shape[last];
  const rows = sizeOf(x.shape) / cols;
  const plan: Planned = {
    bytes: 0,
    run: ({ kernels, from, to }) => kernels.softmaxRows(to[0], from[0], rows, cols, 0),
    shape: x.shape,
  };
  return runPlan(around, plan, [x]);
};

/** (x - mean) scale / sqrt(variance + epsilon) + offset, with one number of each for every channel. */
export const batchNorm: Serve = (around, { inputs: { x, mean: m, variance: v, offset, scale }, attrs }) => {
  const vectors = [m, v, offset, scale];
  if (!worthy(around, x) || !vectors.every((given) => !given || readable(around, given))) return undefined;
  const c = x.shape[x.shape.length - 1];
  if (!m || !v || !vectors.every((given) => !given || (given.shape.length === 1 && given.shape[0] === c)))
    return undefined;
  const epsilon = (attrs.varianceEpsilon ?? 0.001) as number;
  const rows = sizeOf(x.shape) / c;
  const { values } = around.place;
  const plan: Planned = {
    shape: x.shape,
    // a line of vectors behind the last one may be read
    bytes: 12 * c + 16,
    run({ kernels, arena, from, to, scratch }) {
      const lines = arena.f32(scratch, 3 * c);
      const [variances, scales] = [values(v), scale && values(scale)];
      lines.set(values(m));
      for (let i = 0; i < c; i++) lines[c + i] = (scales ? scales[i] : 1) / Math.sqrt(variances[i] + epsilon);
      if (offset) lines.set(values(offset), 2 * c);
      else lines.fill(0, 2 * c);
      kernels.lineColumns(to[0], 0, from[0], scratch, rows, c);
    },
  };
  return runPlan(around, plan, [x]);
};
