import { MAXIMUM } from '../nn/boundary.js';
import { leastRows, type Plan } from '../nn/run.js';
import { softmaxOfRows } from '../nn/softmax.js';
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

const reducedShape = (shape: readonly number[], axes: readonly number[], keepDims: boolean) =>
  shape.flatMap((extent, axis) => (!axes.includes(axis) ? [extent] : keepDims ? [1] : []));

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
      const shape = reducedShape(x.shape, axes, keepDims);
      const size = sizeOf(shape);
      return { ...sumPlan(x.shape, over, size, isMean ? size / sizeOf(x.shape) : 1), shape };
    });
    return plan && runPlan(around, plan, [x]);
  };

export const sum: Serve = summed(0);
export const mean: Serve = summed(1);

/** The largest of rows of `cols` numbers, of `rows` rows in each of `images`: halves are compared until one is left. */
function largestPlan(images: number, rows: number, cols: number): Plan {
  return {
    bytes: Math.ceil(rows / 2) * cols * 4,
    run({ kernels, from, to, scratch }) {
      const larger = (y: number, a: number, b: number, count: number) =>
        kernels.elementwise(MAXIMUM, y, a, b, a, count, 1, 1, 0, 0, 0, 0);
      for (let image = 0; image < images; image++) {
        const y = to[0] + image * cols * 4;
        let x = from[0] + image * rows * cols * 4;
        let left = rows;
        while (left > 2) {
          // a middle row is compared with itself
          const half = Math.ceil(left / 2);
          larger(scratch, x, x + (left - half) * cols * 4, half * cols);
          x = scratch;
          left = half;
        }
        larger(y, x, x + (left - 1) * cols * 4, cols);
      }
    },
  };
}

/** The largest over axes that follow each other, unless the last one is among them. */
export const max: Serve = (around, { inputs: { x }, attrs }) => {
  if (!worthy(around, x)) return undefined;
  const axes = axesOf(attrs.reductionIndices, x.shape.length);
  if (!axes) return undefined;
  const keepDims = attrs.keepDims === true;
  const plan = plans.recall([2, +keepDims, ...axes, -1, ...x.shape], () => {
    const over = x.shape.map((extent, axis) => extent > 1 && axes.includes(axis));
    const [first, last] = [over.indexOf(true), over.lastIndexOf(true)];
    const rows = sizeOf(x.shape.slice(first, last + 1));
    const cols = sizeOf(x.shape.slice(last + 1));
    const isOne = x.shape.every((extent, axis) => axis < first || axis > last || extent === 1 || over[axis]);
    if (first < 0 || cols === 1 || !isOne) return undefined;
    return {
      ...largestPlan(sizeOf(x.shape.slice(0, first)), rows, cols),
      shape: reducedShape(x.shape, axes, keepDims),
    };
  });
  return plan && runPlan(around, plan, [x]);
};

/** Along the last axis, as TensorFlow.js has it. */
export const softmax: Serve = (around, { inputs: { logits: x }, attrs: { dim } }) => {
  if (!worthy(around, x)) return undefined;
  const last = x.shape.length - 1;
  if (last < 0 || (dim !== -1 && dim !== last)) return undefined;
  const cols = x.shape[last];
  const rows = sizeOf(x.shape) / cols;
  return runPlan(around, { ...softmaxOfRows(rows, cols), shape: x.shape }, [x]);
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
    ...{ bytes: 12 * c + 16, units: rows, least: leastRows(c) },
    prepare({ arena, scratch }) {
      const lines = arena.f32(scratch, 3 * c);
      const [variances, scales] = [values(v), scale && values(scale)];
      lines.set(values(m));
      for (let i = 0; i < c; i++) lines[c + i] = (scales ? scales[i] : 1) / Math.sqrt(variances[i] + epsilon);
      if (offset) lines.set(values(offset), 2 * c);
      else lines.fill(0, 2 * c);
    },
    run({ kernels, from, to, scratch }, begin, end) {
      const at = begin * c * 4;
      kernels.lineColumns(to[0] + at, 0, from[0] + at, scratch, end - begin, c);
    },
  };
  return runPlan(around, plan, [x]);
};
