import { ShapeError } from '../errors.js';
import { checkOptions } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShaped, checkSize, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { along, gather, stepsOf } from './gather.js';
import { leastRows, named, type OutOption, outOf, type Plan, run } from './run.js';
import { axisOf } from './sum.js';

const product = (extents: readonly number[]) => extents.reduce((all, extent) => all * extent, 1);

/** `outer` rows of several operands, of so many floats each, every one behind that of the operand before it. */
export function catPlan(outer: number, floats: readonly number[]): Plan {
  const row = floats.reduce((sum, count) => sum + count, 0) * 4;
  const words = floats.flatMap((count) => [outer, row, count * 4]);
  return {
    ...{ bytes: words.length * 4, units: outer, least: leastRows(row / 4) },
    prepare: ({ arena, scratch }) => arena.i32(scratch, words.length).set(words),
    run({ kernels, from, to: [y], scratch }, begin, end) {
      let at = y + begin * row;
      let table = scratch;
      for (const [i, count] of floats.entries()) {
        const x = from[i] + begin * count * 4;
        if (count > 0) kernels.permute(at, 0, x, 0, 0, count, table, table + 12, end - begin);
        at += count * 4;
        table += 12;
      }
    },
  };
}

/**
 * Joins tensors along an axis.
 *
 * @param tensors at least one, of one shape but for that axis
 * @param axis counted from the end when negative
 * @throws ShapeError, OptionError
 * @example
 * const [x, skip] = [tensor([1, 2], [1, 1, 2]), tensor([3, 4], [1, 1, 2])];
 * const y = cat([x, skip], 1); // channels of two maps, channels first
 * console.log(y.shape, y.data); // [1, 2, 2]; 1, 2, 3, 4
 */
export function cat(tensors: readonly Tensor[], axis: number, options?: OutOption): Tensor {
  const o = checkOptions('cat', options, ['out']);
  if (!Array.isArray(tensors) || tensors.length === 0)
    throw new ShapeError(`tensors is ${show(tensors)}, expected a list of at least one tensor`);
  const list = tensors.map((t: unknown, i) => checkTensor(`tensors[${i}]`, t));
  const first = list[0].shape;
  const at = axisOf('axis', axis, first.length);
  const extent = list.reduce((sum, { shape }) => sum + (shape[at] ?? 0), 0);
  for (const [i, t] of list.entries())
    checkShaped(
      `tensors[${i}]`,
      t,
      first.map((own, a) => (a === at ? (t.shape[a] ?? own) : own)),
    );
  const shape = first.map((own, a) => (a === at ? extent : own));
  checkSize('the result', shape);
  const out = outOf(
    o.out,
    shape,
    list.map((t, i) => named(`tensors[${i}]`, t)),
  );
  if (sizeOf(shape) === 0) return out ?? { data: new Float32Array(0), shape };
  const outer = product(shape.slice(0, at));
  const floats = list.map(({ data }) => data.length / outer);
  return run(list, [{ shape, out }], catPlan(outer, floats))[0];
}

/**
 * Gradients of `cat`: the parts of gradY, one for each shape.
 * @param shapes of the tensors that were joined
 * @example
 * const [gradX, gradSkip] = catBackward(tensor([1, 2, 3, 4], [1, 2, 2]), [[1, 1, 2], [1, 1, 2]], 1);
 * console.log(gradX.data, gradSkip.data); // 1, 2; 3, 4
 */
export function catBackward(gradY: Tensor, shapes: readonly (readonly number[])[], axis: number): Tensor[] {
  const { shape } = checkTensor('gradY', gradY);
  const at = axisOf('axis', axis, shape.length);
  if (!Array.isArray(shapes)) throw new ShapeError(`shapes is ${show(shapes)}, expected a list of shapes`);
  const extents = shapes.map((own: readonly number[]) => own?.[at]);
  const expected = shape.map((own, a) => (a === at ? extents.reduce((sum, extent) => sum + extent, 0) : own));
  checkShaped('gradY', gradY, expected);
  const steps = stepsOf(shape);
  let begin = 0;
  return extents.map((extent) => {
    const indices = (own: number, a: number) => Array.from({ length: own }, (_, i) => (a === at ? begin + i : i));
    const part = shape.map((own, a) => (a === at ? extent : own));
    const places = part.map((own, a) => along(indices(own, a), steps[a]));
    begin += extent;
    return gather(gradY, { shape: part, places, value: 0 }, undefined);
  });
}
