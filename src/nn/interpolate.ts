import { OptionError } from '../errors.js';
import { checkOptions, flag, integer, layoutIsLast, oneOf } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShape, checkShaped, checkSize, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Layout, Rank, Tensor } from '../types.js';
import { round64 } from '../wasm/block.js';
import { BETWEEN_BYTES, INTERPOLATION, INTERPOLATION_BYTES } from './boundary.js';
import { along, gather, scatterAdd, stepsOf, type View } from './gather.js';
import { leastRows, named, type OutOption, outOf, type Plan, run, type Work, writeRecord } from './run.js';

/** Options of `interpolate`. */
export interface InterpolateOptions extends OutOption {
  /** Extents of the result: one number, or one per spatial axis. */
  readonly size?: number | readonly number[] | undefined;
  /** Instead of `size`: the result has floor(extent scale) cells along an axis. */
  readonly scale?: number | readonly number[] | undefined;
  /** Default `'nearest'`; `bilinear` is linear along every axis, for one to three of them. */
  readonly mode?: 'nearest' | 'bilinear' | undefined;
  /** Of `bilinear`: the cells at the corners stay where they are; default false. */
  readonly alignCorners?: boolean | undefined;
  /** Default channels first. */
  readonly layout?: Layout | undefined;
}

interface Problem {
  readonly xShape: readonly number[];
  readonly shape: readonly number[];
  /** Of the spatial axes. */
  readonly first: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Cells of the input for one of the result. */
  readonly ratios: readonly number[];
  readonly linear: boolean;
  readonly alignCorners: boolean;
  readonly last: boolean;
  readonly out: unknown;
}

function perAxis(name: string, value: unknown, rank: number): number[] {
  const list: unknown[] = Array.isArray(value) ? value : new Array(rank).fill(value);
  if (list.length !== rank || !list.every((v) => typeof v === 'number' && Number.isFinite(v) && v > 0))
    throw new OptionError(`${name} is ${show(value)}, expected one number above 0, or ${rank}`);
  return list as number[];
}

function read(name: string, operand: string, xShape: readonly number[], options: unknown): Problem {
  const o = checkOptions(name, options, ['size', 'scale', 'mode', 'alignCorners', 'layout', 'out']);
  const rank = xShape.length - 2;
  if (rank < 1 || rank > 3) throw new OptionError(`${operand} has rank ${xShape.length}, expected 3, 4 or 5`);
  const last = layoutIsLast(o.layout, rank as Rank);
  const first = last ? 1 : 2;
  const inputs = xShape.slice(first, first + rank);
  if ((o.size === undefined) === (o.scale === undefined))
    throw new OptionError('size or scale is required, and only one');
  const scales = o.scale === undefined ? undefined : perAxis('scale', o.scale, rank);
  const outputs = scales
    ? inputs.map((extent, axis) => Math.floor(extent * scales[axis]))
    : perAxis('size', o.size, rank).map((extent) => integer('size', extent, 1));
  if (inputs.includes(0) && !outputs.includes(0)) throw new OptionError(`${operand} has no cells to interpolate`);
  const shape = xShape.map((extent, axis) => outputs[axis - first] ?? extent);
  checkSize('the result', shape);
  return {
    ...{ xShape, shape, first, inputs, outputs, last, out: o.out },
    ratios: inputs.map((extent, axis) => (scales ? 1 / scales[axis] : extent / outputs[axis])),
    linear: oneOf('mode', o.mode, ['nearest', 'bilinear'], 'nearest') === 'bilinear',
    alignCorners: flag('alignCorners', o.alignCorners, false),
  };
}

/** The cell that is repeated. */
function nearest({ xShape, shape, first, inputs, ratios }: Problem): View {
  const steps = stepsOf(xShape);
  const places = shape.map((extent, axis) => {
    const ratio = ratios[axis - first];
    const index = (i: number) => (ratio === undefined ? i : Math.min(Math.floor(i * ratio), inputs[axis - first] - 1));
    return along(
      Array.from({ length: extent }, (_, i) => index(i)),
      steps[axis],
    );
  });
  return { shape, places, value: 0 };
}

/** Two cells, and the share of the second one. */
export type Between = readonly [first: number, second: number, share: number];

/** Both cells around each cell of the result, and the share of the second one. */
function around({ inputs, outputs, ratios, alignCorners }: Problem, axis: number): Between[] {
  const [input, output] = [inputs[axis], outputs[axis]];
  const ratio = alignCorners ? (output > 1 ? (input - 1) / (output - 1) : 0) : ratios[axis];
  return Array.from({ length: output }, (_, i) => {
    const at = alignCorners ? i * ratio : Math.max(0, (i + 0.5) * ratio - 0.5);
    const begin = Math.min(Math.floor(at), input - 1);
    const end = Math.min(begin + 1, input - 1);
    return [begin, end, end === begin ? 0 : at - begin];
  });
}

/** Images whose cells are blended along every axis, channels last. */
interface Blend {
  readonly images: number;
  readonly c: number;
  readonly inputs: readonly number[];
  readonly axes: readonly (readonly Between[])[];
}

/** What the kernels for `bilinear` need: bytes of scratch, what writes it, and rows of an image of the result. */
function linearWork({ c, inputs, axes: given }: Blend) {
  const axes = [...new Array<readonly Between[]>(3 - given.length).fill([[0, 0, 0]]), ...given];
  const [, ih, iw] = [1, 1, 1, ...inputs].slice(-3);
  const steps = [ih * iw * c * 4, iw * c * 4, c * 4];
  const row = iw * c;
  const cells = inputs.reduce((product, extent) => product * extent, 1);
  const tables = axes.map((axis) => round64(axis.length * BETWEEN_BYTES));
  const begin = round64(INTERPOLATION_BYTES);
  const [d, h, w] = axes.map((axis) => axis.length);
  /** Returns where what is along a row stands. */
  const write = ({ arena, scratch }: Work) => {
    let at = scratch + begin;
    const places = axes.map((axis, i) => {
      const [words, floats] = [arena.i32(at, axis.length * 3), arena.f32(at, axis.length * 3)];
      axis.forEach(([first, second, share], k) => {
        words[3 * k] = first * steps[i];
        words[3 * k + 1] = second * steps[i];
        floats[3 * k + 2] = share;
      });
      at += tables[i];
      return at - tables[i];
    });
    const [depths, heights, widths] = places;
    const record = { d, h, w, depths, heights, widths, c, row, image: cells * c * 4 };
    writeRecord(arena, INTERPOLATION, scratch, record);
    return widths;
  };
  const bytes = tables.reduce((sum, bytes) => sum + bytes, begin);
  return { bytes, ownBytes: 2 * round64(row * 4 + 64), rows: d * h, w, write };
}

/** Channels first are images of one channel. */
const blendOf = (p: Problem): Blend => ({
  images: p.last ? p.xShape[0] : p.xShape[0] * p.xShape[1],
  c: p.last ? p.xShape[p.xShape.length - 1] : 1,
  inputs: p.inputs,
  axes: p.inputs.map((_, axis) => around(p, axis)),
});

/** Cells blended along every axis. */
export function blendPlan(blend: Blend): Plan {
  const { bytes, ownBytes, rows, w, write } = linearWork(blend);
  const { images, c } = blend;
  return {
    ...{ bytes, ownBytes, units: images * rows, least: leastRows(w * c) },
    prepare(work) {
      const widths = write(work);
      if (c === 1) work.kernels.sortFours(widths, w);
    },
    run: ({ kernels, from, to, scratch }, begin, end, own) =>
      kernels.interpolateLinear(to[0], from[0], scratch, begin, end, own),
  };
}

/**
 * Resizes maps of features, as PyTorch does: `nearest` takes cell `floor(i · in / out)`, `bilinear` blends the cells
 * around `(i + 0.5) · in / out - 0.5`, or around `i · (in - 1) / (out - 1)` with `alignCorners`.
 *
 * @param x [n, c, ...cells] with one to three axes of cells, or channels last
 * @throws OptionError unless one of `size` and `scale` is given
 * @example
 * console.log(interpolate(tensor([1, 2], [1, 1, 2]), { scale: 2 }).data); // 1, 1, 2, 2
 * console.log(interpolate(tensor([1, 3], [1, 1, 2]), { scale: 2, mode: 'bilinear' }).data); // 1, 1.5, 2.5, 3
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const p = read('interpolate', 'x', checkTensor('x', x).shape, options);
  const out = outOf(p.out, p.shape, [named('x', x)]);
  if (!p.linear) return gather(x, nearest(p), out);
  if (sizeOf(p.shape) === 0) return out ?? { data: new Float32Array(0), shape: p.shape };
  const plan = blendPlan(blendOf(p));
  return run([x], [{ shape: p.shape, out }], plan)[0];
}

/**
 * Gradient of `interpolate` for x.
 * @param xShape the shape of x
 * @example
 * console.log(interpolateInputGrad(tensor([1, 2, 3, 4], [1, 1, 4]), [1, 1, 2], { scale: 2 }).data); // 3, 7
 */
export function interpolateInputGrad(gradY: Tensor, xShape: readonly number[], options: InterpolateOptions): Tensor {
  const p = read('interpolateInputGrad', 'xShape', checkShape('xShape', xShape), options);
  checkShaped('gradY', gradY, p.shape);
  const out = outOf(p.out, xShape, [named('gradY', gradY)]);
  if (!p.linear) return scatterAdd(gradY, nearest(p), xShape, out);
  const blend = blendOf(p);
  const { images } = blend;
  const { bytes, ownBytes, write } = linearWork(blend);
  const [size, ySize] = [sizeOf(xShape), gradY.data.length];
  const plan: Plan = {
    ...{ bytes, ownBytes, units: ySize && images, least: leastRows(ySize / images) },
    prepare(work) {
      work.arena.f32(work.to[0], size).fill(0);
      if (ySize > 0) write(work);
    },
    run({ kernels, from, to, scratch }, begin, end, own) {
      const [x, g] = [to[0] + (begin * size * 4) / images, from[0] + (begin * ySize * 4) / images];
      if (end > begin) kernels.interpolateLinearGrad(x, g, scratch, end - begin, own);
    },
  };
  return run([gradY], [{ shape: xShape, out }], plan)[0];
}
