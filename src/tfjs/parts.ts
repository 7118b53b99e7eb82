import { catPlan } from '../nn/cat.js';
import { sizeOf } from '../shape/tensor.js';
import { blockOf, copyPlan, origin } from './blocks.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
import { type Planned, Plans, runPlan } from './plans.js';
import { axesOf } from './reduce.js';
import type { TensorInfo } from './tf.js';

const plans = new Plans<Planned>();

/** A block of a tensor; undefined for one that is not in it, is empty, or is shared where it stands. */
function sliced(around: Surroundings, x: TensorInfo, begin: readonly number[], size: readonly number[]) {
  // a single run is no copy there
  const shares = around.name === 'cpu';
  const plan = plans.recall([+shares, ...begin, -2, ...size, -2, ...x.shape], () => {
    const isIn = size.every((extent, axis) => begin[axis] >= 0 && extent >= 1 && begin[axis] + extent <= x.shape[axis]);
    const isRun = size.every((extent, axis) => extent === x.shape[axis] || sizeOf(size.slice(0, axis)) === 1);
    if (!isIn || size.length !== x.shape.length || (shares && isRun)) return undefined;
    return { ...copyPlan(size, blockOf(size, origin(size)), blockOf(x.shape, begin)), shape: [...size] };
  });
  return plan && runPlan(around, plan, [x]);
}

/** The numbers of a list whose first ones are given, or the first alone. */
const completed = (given: unknown, rank: number, rest: number): number[] => {
  const list = given === undefined || given === null ? [] : ([given].flat() as number[]);
  return [...list, ...new Array<number>(Math.max(0, rank - list.length)).fill(rest)];
};

/** A block of a tensor: `size` -1 is all that follows. */
export const slice: Serve = (around, { inputs: { x }, attrs }) => {
  if (!readable(around, x)) return undefined;
  const begin = completed(attrs.begin, x.shape.length, 0);
  const size = completed(attrs.size, x.shape.length, -1);
  const extents = size.map((extent, axis) => (extent === -1 ? x.shape[axis] - begin[axis] : extent));
  return sliced(around, x, begin, extents);
};

/** Parts of a tensor along an axis, one after another; undefined where one is left to TensorFlow.js. */
function parted(around: Surroundings, x: TensorInfo, axis: number, extents: readonly number[]) {
  const parts: TensorInfo[] = [];
  const begin = origin(x.shape);
  try {
    for (const extent of extents) {
      const part = sliced(
        around,
        x,
        begin,
        x.shape.map((own, i) => (i === axis ? extent : own)),
      );
      if (!part) break;
      parts.push(part);
      begin[axis] += extent;
    }
  } finally {
    if (parts.length < extents.length) for (const { dataId } of parts) around.backend.disposeData(dataId);
  }
  return parts.length === extents.length ? parts : undefined;
}

/** Parts of given extents, or so many equal ones. */
export const split: Serve = (around, { inputs: { x }, attrs }) => {
  if (!readable(around, x)) return undefined;
  const [axis] = axesOf(attrs.axis, x.shape.length) ?? [];
  if (axis === undefined) return undefined;
  const given = attrs.numOrSizeSplits as number | readonly number[];
  const extents = typeof given === 'number' ? new Array<number>(given).fill(x.shape[axis] / given) : given;
  return extents.every(Number.isInteger) ? parted(around, x, axis, extents) : undefined;
};

/** Every index of an axis by itself. */
export const unpack: Serve = (around, { inputs: { value: x }, attrs }) => {
  if (!readable(around, x)) return undefined;
  const [axis] = axesOf(attrs.axis, x.shape.length) ?? [];
  if (axis === undefined) return undefined;
  const shape = x.shape.filter((_, i) => i !== axis);
  const parts = parted(around, x, axis, new Array<number>(x.shape[axis]).fill(1));
  return parts?.map((part) => ({ ...part, shape: [...shape] }));
};

/** Rows of several tensors, each one after that of the tensor before it. */
function interleaved(around: Surroundings, list: readonly TensorInfo[], outer: number, shape: readonly number[]) {
  const floats = list.map((tensor) => sizeOf(tensor.shape) / outer);
  return runPlan(around, { ...catPlan(outer, floats), shape }, list);
}

/** The operands of a call that takes a list, where all are readable and of one shape but for an axis. */
export function listOf(around: Surroundings, inputs: object, axis = -1): TensorInfo[] | undefined {
  const list = Object.values(inputs) as TensorInfo[];
  const first = list[0].shape;
  const alike = (tensor: TensorInfo) =>
    readable(around, tensor) &&
    tensor.shape.length === first.length &&
    tensor.shape.every((extent, i) => i === axis || extent === first[i]);
  return list.length >= 2 && list.every(alike) ? list : undefined;
}

/** Tensors side by side along an axis. Those of the first axis are copied as fast where they come from. */
export const concat: Serve = (around, { inputs, attrs }) => {
  const first = (inputs[0] as TensorInfo).shape;
  const [axis] = axesOf(attrs.axis, first.length) ?? [];
  const outer = sizeOf(first.slice(0, axis));
  const list = axis === undefined || outer === 1 ? undefined : listOf(around, inputs, axis);
  const extent = list?.reduce((sum, { shape }) => sum + shape[axis], 0) as number;
  return (
    list &&
    interleaved(
      around,
      list,
      outer,
      first.map((own, i) => (i === axis ? extent : own)),
    )
  );
};

/** Tensors of one shape side by side along a new axis. */
export const pack: Serve = (around, { inputs, attrs }) => {
  const list = listOf(around, inputs);
  const shape = list?.[0].shape ?? [];
  const [axis] = axesOf(attrs.axis, shape.length + 1) ?? [];
  const outer = sizeOf(shape.slice(0, axis));
  if (!list || axis === undefined || outer === 1) return undefined;
  return interleaved(around, list, outer, [...shape.slice(0, axis), list.length, ...shape.slice(axis)]);
};
