import { gatherPlan, stepsOf } from '../nn/gather.js';
import { type Pads, padView } from '../nn/pad.js';
import { orderPlan } from '../nn/permute.js';
import type { Plan } from '../nn/run.js';
import { sizeOf } from '../shape/tensor.js';
import { readable, type Serve } from './kernel.js';
import { type Planned, Plans, runPlan } from './plans.js';
import { axesOf } from './reduce.js';
import type { TensorInfo } from './tf.js';

const plans = new Plans<Planned>();

/** What a plan is for. */
const TRANSPOSE = 0;
const SLICE = 1;
const PAD = 2;
const MIRROR = 3;
const DEPTH = 4;

/** Axes in another order; one that moves nothing is left to TensorFlow.js, whose result shares the numbers. */
export const transpose: Serve = (around, { inputs: { x }, attrs }) => {
  if (!readable(around, x)) return undefined;
  const order = attrs.perm as readonly number[];
  const plan = plans.recall([TRANSPOSE, ...order, -1, ...x.shape], () => {
    const moving = order.filter((axis) => x.shape[axis] !== 1);
    if (moving.every((axis, i) => i === 0 || axis > moving[i - 1])) return undefined;
    return { ...orderPlan(x.shape, order), shape: order.map((axis) => x.shape[axis]) };
  });
  return plan && runPlan(around, plan, [x]);
};

/** A block at an offset, in elements, of a tensor with so many elements from one index of each axis to the next. */
interface Block {
  readonly steps: readonly number[];
  readonly offset: number;
}

const blockOf = (shape: readonly number[], begin: readonly number[]): Block => {
  const steps = stepsOf(shape);
  return { steps, offset: begin.reduce((sum, at, axis) => sum + at * steps[axis], 0) };
};

/** Copies a block: runs of what follows each other in both, for all indices of the axes around. */
function copyPlan(size: readonly number[], to: Block, from: Block): Plan {
  const axes: number[][] = [];
  let run = 1;
  for (let axis = size.length - 1; axis >= 0; axis--) {
    const [extent, step, own] = [size[axis], to.steps[axis], from.steps[axis]];
    const outer = axes[0];
    if (!outer && step === run && own === run) run *= extent;
    else if (outer && step === outer[0] * outer[1] && own === outer[0] * outer[2]) outer[0] *= extent;
    else if (extent > 1) axes.unshift([extent, step, own]);
  }
  const words = axes.flatMap(([extent, step, own]) => [extent, step * 4, own * 4]);
  const bytes = words.length * 4;
  return {
    bytes,
    run({ kernels, arena, from: [x], to: [y], scratch }) {
      if (bytes > 0) arena.i32(scratch, words.length).set(words);
      kernels.permute(y + to.offset * 4, 0, x + from.offset * 4, 0, 0, run, scratch, scratch + bytes);
    },
  };
}

const origin = (shape: readonly number[]) => shape.map(() => 0);

/** The numbers of a list whose first ones are given, or the first alone. */
const completed = (given: unknown, rank: number, rest: number): number[] => {
  const list = given === undefined || given === null ? [] : ([given].flat() as number[]);
  return [...list, ...new Array<number>(Math.max(0, rank - list.length)).fill(rest)];
};

/** A block of a tensor: `size` -1 is all that follows. */
export const slice: Serve = (around, { inputs: { x }, attrs }) => {
  if (!readable(around, x)) return undefined;
  const rank = x.shape.length;
  // a single run is no copy there
  const shares = around.name === 'cpu';
  const begin = completed(attrs.begin, rank, 0);
  const size = completed(attrs.size, rank, -1);
  const plan = plans.recall([SLICE, +shares, ...begin, -2, ...size, -2, ...x.shape], () => {
    const shape = size.map((extent, axis) => (extent === -1 ? x.shape[axis] - begin[axis] : extent));
    const isIn = shape.every(
      (extent, axis) => begin[axis] >= 0 && extent >= 1 && begin[axis] + extent <= x.shape[axis],
    );
    const isRun = shape.every((extent, axis) => extent === x.shape[axis] || sizeOf(shape.slice(0, axis)) === 1);
    if (shares && isRun) return undefined;
    return isIn && shape.length === rank
      ? { ...copyPlan(shape, blockOf(shape, origin(shape)), blockOf(x.shape, begin)), shape }
      : undefined;
  });
  return plan && runPlan(around, plan, [x]);
};

/** Tensors side by side along an axis; a single one that is not empty is left to TensorFlow.js, which shares it. */
export const concat: Serve = (around, { inputs, attrs }) => {
  const list = Object.values(inputs) as TensorInfo[];
  if (!list.every((input) => readable(around, input)) || list.length < 2) return undefined;
  const first = list[0].shape;
  const [axis] = axesOf(attrs.axis, first.length) ?? [];
  if (axis === undefined) return undefined;
  const alike = ({ shape }: TensorInfo) =>
    shape.length === first.length && shape.every((extent, i) => i === axis || extent === first[i]);
  if (!list.every(alike)) return undefined;
  const outer = sizeOf(first.slice(0, axis));
  // one copy of each
  if (outer === 1) return undefined;
  const floats = list.map(({ shape }) => sizeOf(shape) / outer);
  const row = floats.reduce((sum, count) => sum + count, 0) * 4;
  const shape = first.map((own, i) => (i === axis ? list.reduce((sum, other) => sum + other.shape[axis], 0) : own));
  const plan: Planned = {
    shape,
    bytes: 12,
    run({ kernels, arena, from, to: [y], scratch }) {
      const table = arena.i32(scratch, 3);
      let begin = y;
      for (let i = 0; i < floats.length; i++) {
        table[0] = outer;
        table[1] = row;
        table[2] = floats[i] * 4;
        kernels.permute(begin, 0, from[i], 0, 0, floats[i], scratch, scratch + 12);
        begin += floats[i] * 4;
      }
    },
  };
  return runPlan(around, plan, list);
};

/** Many numbers of one value at the ends of rows are written faster when all of the result is. */
function filledPlan(xShape: readonly number[], pads: Pads, value: number): Planned {
  const shape = xShape.map((extent, axis) => pads[axis][0] + extent + pads[axis][1]);
  const begin = pads.map(([before]) => before);
  const { bytes, run } = copyPlan(xShape, blockOf(shape, begin), blockOf(xShape, origin(xShape)));
  const size = sizeOf(shape);
  return {
    ...{ bytes, shape },
    run(work) {
      work.arena.f32(work.to[0], size).fill(value);
      run(work);
    },
  };
}

/** Cells around a tensor: of one value, or its own mirrored without those at the edge. */
const padded =
  (what: number, mode: 'constant' | 'reflect'): Serve =>
  (around, { inputs: { x }, attrs }) => {
    if (!readable(around, x) || (mode === 'reflect' && attrs.mode !== mode)) return undefined;
    const pads = attrs.paddings as Pads;
    const value = mode === 'constant' ? (attrs.constantValue as number) : 0;
    const plan = plans.recall([what, value, ...pads.flat(), -1, ...x.shape], () => {
      if (pads.some(([begin, end]) => begin < 0 || end < 0)) return undefined;
      if (mode === 'constant' && (pads.at(-1) ?? []).some((cells) => cells >= 8))
        return filledPlan(x.shape, pads, value);
      const view = padView(x.shape, pads, mode, value);
      return { ...gatherPlan(view), shape: view.shape };
    });
    return plan && runPlan(around, plan, [x]);
  };

export const pad: Serve = padded(PAD, 'constant');
export const mirrorPad: Serve = padded(MIRROR, 'reflect');

/** Channels, in the order dy, dx, c, become pixels; channels last alone. */
export const depthToSpace: Serve = (around, { inputs: { x }, attrs: { blockSize, dataFormat } }) => {
  if (!readable(around, x) || dataFormat !== 'NHWC' || x.shape.length !== 4) return undefined;
  const r = blockSize as number;
  const plan = plans.recall([DEPTH, r, ...x.shape], () => {
    const [n, h, w, channels] = x.shape;
    const c = channels / (r * r);
    if (!Number.isInteger(c)) return undefined;
    return { ...orderPlan([n, h, w, r, r, c], [0, 1, 3, 2, 4, 5]), shape: [n, h * r, w * r, c] };
  });
  return plan && runPlan(around, plan, [x]);
};
