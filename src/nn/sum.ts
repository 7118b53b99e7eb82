import { OptionError } from '../errors.js';
import { checkOptions, flag } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { addTables, leastRows, named, type OutOption, outOf, type Plan, partAt, partsOf, run } from './run.js';

/** Options of `sum` and `mean`. */
export interface SumOptions extends OutOption {
  /** Axes to sum over, negative ones from the end; default all. */
  readonly axes?: number | readonly number[] | undefined;
  /** Keep the axes that are summed over, with extent 1; default false. */
  readonly keepDims?: boolean | undefined;
}

/** One axis, counted from the end when negative. */
export function axisOf(name: string, value: unknown, rank: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < -rank || value >= rank)
    throw new OptionError(`${name} is ${show(value)}, expected an integer from ${-rank} to ${rank - 1}`);
  return value < 0 ? value + rank : value;
}

/** Which axes are summed over. */
function reducedAxes(value: unknown, rank: number): boolean[] {
  const list: unknown[] = value === undefined ? [...Array(rank).keys()] : Array.isArray(value) ? value : [value];
  const reduced = new Array<boolean>(rank).fill(false);
  for (const [i, entry] of list.entries()) {
    const axis = axisOf(`axes[${i}]`, entry, rank);
    if (reduced[axis]) throw new OptionError(`axes is ${show(value)}, which names axis ${axis} twice`);
    reduced[axis] = true;
  }
  return reduced;
}

/** `factor` times the sums over some axes of a tensor of this shape. `size`: of the result. */
export function sumPlan(shape: readonly number[], over: readonly boolean[], size: number, factor: number): Plan {
  // kept and summed axes in turn, the innermost first
  const groups: { extent: number; over: boolean }[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const last = groups.at(-1);
    if (shape[axis] === 1) continue;
    if (last && last.over === over[axis]) last.extent *= shape[axis];
    else groups.push({ extent: shape[axis], over: over[axis] });
  }
  while (groups.length < 2) groups.push({ extent: 1, over: !(groups.at(-1)?.over ?? false) });
  const [inner, outer, ...rest] = groups;
  let fromStep = inner.extent * outer.extent * 4;
  let toStep = (inner.over ? outer : inner).extent * 8;
  const axes = rest.map((group) => {
    const axis = [group.extent, group.over ? 0 : toStep, fromStep];
    fromStep *= group.extent;
    if (!group.over) toStep *= group.extent;
    return axis;
  });
  const words = axes.reverse().flat();
  const total = sizeOf(shape);
  const table = words.length * 4;
  const sumsAt = Math.ceil(table / 16) * 16;
  // threads share the outermost group: as it is where it is kept, else in parts whose sums are added in the end
  const isRow = inner.over && outer.extent === 1;
  const first = rest.at(-1) ?? (isRow ? inner : outer);
  const floats = total === 0 ? 1 : total / first.extent;
  const parts = first.over ? partsOf(total, first.extent, size) : first.extent;
  const tables = first.over ? parts : 1;
  const step = axes[0]?.[1] ?? 8;
  return {
    ...{ bytes: sumsAt + tables * size * 8, units: parts, least: leastRows(total && total / parts) },
    prepare({ arena, scratch }) {
      if (table > 0) arena.i32(scratch, words.length).set(words);
      arena.f64(scratch + sumsAt, tables * size).fill(0);
    },
    run({ kernels, from: [x], scratch }, begin, end) {
      if (total === 0) return;
      for (let part = begin; part < end; ) {
        const next = first.over ? part + 1 : end;
        const i = partAt(part, first.extent, parts);
        const count = partAt(next, first.extent, parts) - i;
        const [rows, cols] =
          rest.length > 0 ? [outer.extent, inner.extent] : isRow ? [1, count] : [count, inner.extent];
        const sums = scratch + sumsAt + part * (first.over ? size * 8 : step);
        kernels.reduce(sums, x + i * floats * 4, rows, cols, inner.over ? 1 : 0, scratch, scratch + table, count);
        part = next;
      }
    },
    after: {
      run({ kernels, arena, to, scratch }) {
        const sums = scratch + sumsAt;
        addTables(arena.f64(sums, tables * size), size);
        kernels.roundSums(to[0], sums, size, factor);
      },
    },
  };
}

/** `factor` times the sums of x over some axes. */
export function reduced(x: Tensor, over: readonly boolean[], shape: readonly number[], factor: number, out?: Tensor) {
  const plan = sumPlan(x.shape, over, sizeOf(shape), factor);
  return run([x], [{ shape, out }], plan)[0];
}

function overAxes(name: string, isMean: boolean, x: Tensor, options: SumOptions | undefined): Tensor {
  const o = checkOptions(name, options, ['axes', 'keepDims', 'out']);
  const { shape } = checkTensor('x', x);
  const over = reducedAxes(o.axes, shape.length);
  const keep = flag('keepDims', o.keepDims, false);
  const result = shape.flatMap((extent, axis) => (!over[axis] ? [extent] : keep ? [1] : []));
  const count = shape.reduce((product, extent, axis) => (over[axis] ? product * extent : product), 1);
  const out = outOf(o.out, result, [named('x', x)]);
  return reduced(x, over, result, isMean ? 1 / count : 1, out);
}

/**
 * Sums over some axes, or all. Sums are made in f64 of short chains in f32: the error does not grow with the count.
 *
 * @param x of any shape
 * @returns x without the axes that were summed over; with none left a tensor of shape []
 * @throws ShapeError, OptionError for an axis that x does not have
 * @example
 * console.log(sum(tensor([1, 2, 3, 4], [2, 2]), { axes: 1 }).data); // 3, 7
 */
export const sum = (x: Tensor, options?: SumOptions): Tensor => overAxes('sum', false, x, options);

/**
 * As `sum`, divided by how many numbers that were; NaN of none.
 * @example
 * console.log(mean(tensor([1, 2, 3, 4], [2, 2]), { axes: 0 }).data); // 2, 3
 */
export const mean = (x: Tensor, options?: SumOptions): Tensor => overAxes('mean', true, x, options);

/** The sum of all numbers of `t` that fall together when its shape is broadcast from `shape`. */
export function sumTo(t: Tensor, shape: readonly number[], out: Tensor | undefined): Tensor {
  const lead = t.shape.length - shape.length;
  const over = t.shape.map((extent, axis) => axis < lead || (shape[axis - lead] === 1 && extent !== 1));
  return reduced(t, over, shape, 1, out);
}
