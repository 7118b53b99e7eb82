import { sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { round64 } from '../wasm/block.js';
import { MAPPED_BYTES, MAPPED_RUN, MAPPED_RUN_BYTES, NOWHERE } from './boundary.js';
import { run, type Work, writeRecord } from './run.js';

/** Where the indices of an axis of the result are in the operand, in elements of the whole; -1 where nothing is. */
export type Places = readonly number[];

/** A view of a tensor of another shape: places along each axis add up. */
export interface Plan {
  readonly shape: readonly number[];
  readonly places: readonly Places[];
  /** What stands where nothing is. */
  readonly value: number;
}

/** Elements from one index to the next along each axis. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) steps[axis] = steps[axis + 1] * shape[axis + 1];
  return steps;
}

/** Indices of one axis as places. */
export const along = (indices: Places, step: number): Places => indices.map((i) => (i < 0 ? i : i * step));

const isWhole = (places: Places) => places.every((place, i) => place === i);

/** Most places of an axis that was made of two. */
const MOST = 4096;
/** A run of fewer floats is worth less than a place for each. */
const SHORT = 8;

/** Inner axes that are taken as they are, made one with the axis around them, where that makes longer runs. */
function joined(places: readonly Places[]): Places[] {
  const axes = [...places];
  for (;;) {
    const inner = axes.at(-1);
    const outer = axes.at(-2);
    if (!inner || !outer || !isWhole(inner) || inner.length * outer.length > MOST) return axes;
    const breaks = outer.filter((at, i) => i > 0 && at !== outer[i - 1] + inner.length).length;
    if (inner.length >= SHORT && 2 * breaks > outer.length) return axes;
    const both = outer.flatMap((at) => inner.map((i) => (at < 0 ? at : at + i)));
    axes.splice(-2, 2, both);
  }
}

/** The longest stretch of places that follow each other: where it begins, and how long it is. */
function longestRun(places: Places): readonly [begin: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  for (let begin = 0; begin < places.length; ) {
    let end = begin + 1;
    while (end < places.length && places[begin] >= 0 && places[end] === places[end - 1] + 1) end++;
    if (places[begin] >= 0 && end - begin > best[1]) best = [begin, end - begin];
    begin = end;
  }
  return best;
}

function planned({ places, value }: Plan) {
  const axes = joined(places.length === 0 ? [[0]] : places);
  const inner = axes.pop() as Places;
  const [lead, length] = longestRun(inner);
  const counts = [...axes.map((axis) => axis.length), inner.length];
  const words = axes.reduce((sum, axis) => sum + axis.length, inner.length);
  const maps = round64(MAPPED_RUN_BYTES + axes.length * MAPPED_BYTES);
  const write = ({ arena, scratch }: Pick<Work, 'arena' | 'scratch'>) => {
    let map = scratch + maps;
    const put = (list: Places) => {
      const at = map;
      arena.i32(at, list.length).set(list.map((place) => (place < 0 ? NOWHERE : place * 4)));
      map += list.length * 4;
      return at;
    };
    const table = scratch + MAPPED_RUN_BYTES;
    const records = axes.flatMap((axis, i) => [
      axis.length,
      put(axis),
      counts.slice(i + 1).reduce((product, count) => product * count, 1),
    ]);
    arena.i32(table, records.length).set(records);
    const tail = inner.length - lead - length;
    writeRecord(arena, MAPPED_RUN, scratch, { map: put(inner), lead, run: length, tail, value });
    return [scratch, table, table + axes.length * MAPPED_BYTES] as const;
  };
  return { bytes: maps + words * 4, write };
}

/** y[i, j, ...] = x[I(i) + J(j) + ...]. */
export function gather(x: Tensor, plan: Plan, out: Tensor | undefined): Tensor {
  const { shape } = plan;
  if (sizeOf(shape) === 0) return out ?? { data: new Float32Array(0), shape };
  const { bytes, write } = planned(plan);
  return run([x], [{ shape, out }], bytes, (work) => {
    work.kernels.gather(work.to[0], work.from[0], ...write(work));
  })[0];
}

/** Its adjoint: adds what stands in gradY to where it was gathered from, in zeros of `shape`. */
export function scatterAdd(gradY: Tensor, plan: Plan, shape: readonly number[], out: Tensor | undefined): Tensor {
  const { bytes, write } = planned(plan);
  return run([gradY], [{ shape, out }], bytes, (work) => {
    work.arena.f32(work.to[0], sizeOf(shape)).fill(0);
    if (gradY.data.length > 0) work.kernels.scatterAdd(work.to[0], work.from[0], ...write(work));
  })[0];
}
