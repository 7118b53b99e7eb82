import { sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { MAPPED_BYTES, MAPPED_RUN_BYTES, NOWHERE } from './boundary.js';
import { leastRows, type Plan, run, type Work } from './run.js';

/** Where the indices of an axis of the result are in the operand, in elements of the whole; -1 where nothing is. */
export type Places = readonly number[];

/** A view of a tensor of another shape: places along each axis add up. */
export interface View {
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

/** Tables of the kernels: their bytes, and what writes them and returns their addresses. */
function tables({ places, value }: View) {
  const axes = joined(places.length === 0 ? [[0]] : places);
  const inner = axes[axes.length - 1];
  const [lead, run] = longestRun(inner);
  const records = axes.length - 1;
  const begin = MAPPED_RUN_BYTES + records * MAPPED_BYTES;
  const words = new Int32Array(begin / 4 + axes.reduce((sum, axis) => sum + axis.length, 0));
  /** Words that hold an address of a map, from where the tables begin. */
  const addresses = axes.map((_, i) => (i < records ? (MAPPED_RUN_BYTES + i * MAPPED_BYTES) / 4 + 1 : 0));
  let map = begin;
  let floats = axes.reduce((product, axis) => product * axis.length, 1);
  for (const [i, axis] of axes.entries()) {
    floats /= axis.length;
    const at = addresses[i];
    if (i < records) words.set([axis.length, map, floats], at - 1);
    else words.set([map, lead, run, axis.length - lead - run], 0);
    words.set(
      axis.map((place) => (place < 0 ? NOWHERE : place * 4)),
      map / 4,
    );
    map += axis.length * 4;
  }
  new Float32Array(words.buffer)[4] = value;
  const write = ({ arena, scratch }: Pick<Work, 'arena' | 'scratch'>) => {
    const written = arena.i32(scratch, words.length);
    written.set(words);
    for (const at of addresses) written[at] += scratch;
  };
  /** Operands of the kernels. */
  const at = (scratch: number) => [scratch, scratch + MAPPED_RUN_BYTES, scratch + begin] as const;
  const units = records > 0 ? axes[0].length : 1;
  return {
    bytes: words.byteLength,
    units,
    floats: axes.reduce((all, { length }) => all * length, 1) / units,
    write,
    at,
  };
}

/** y[i, j, ...] = x[I(i) + J(j) + ...]. */
export function gatherPlan(view: View): Plan {
  const { bytes, units, floats, write, at } = tables(view);
  return {
    ...{ bytes, units, least: leastRows(floats), prepare: write },
    run({ kernels, from: [x], to: [y], scratch }, begin, end) {
      kernels.gather(y + begin * floats * 4, x, ...at(scratch), begin, end);
    },
  };
}

/** A view of a tensor. */
export function gather(x: Tensor, view: View, out: Tensor | undefined): Tensor {
  const { shape } = view;
  if (sizeOf(shape) === 0) return out ?? { data: new Float32Array(0), shape };
  return run([x], [{ shape, out }], gatherPlan(view))[0];
}

/** Its adjoint: adds what stands in gradY to where it was gathered from, in zeros of `shape`. */
export function scatterAdd(gradY: Tensor, view: View, shape: readonly number[], out: Tensor | undefined): Tensor {
  const { bytes, write, at } = tables(view);
  const plan: Plan = {
    ...{ bytes, prepare: write },
    run({ kernels, arena, from, to, scratch }) {
      arena.f32(to[0], sizeOf(shape)).fill(0);
      if (gradY.data.length > 0) kernels.scatterAdd(to[0], from[0], ...at(scratch));
    },
  };
  return run([gradY], [{ shape, out }], plan)[0];
}
