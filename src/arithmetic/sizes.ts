import { OptionError, ShapeError } from '../errors.js';
import { outputExtent, reach } from '../shape/extent.js';
import { sameWord } from '../shape/padding.js';
import { flag } from '../shape/values.js';
import type { PerAxis } from '../types.js';
import {
  extents,
  type Like,
  like,
  type PaddedAxis,
  type PoolWindow,
  paddedWindowsOver,
  poolNames,
  readOptions,
  type SlidingWindow,
  slidingNames,
} from './axes.js';

/**
 * Output cells of a convolution: `o = floor((i + p0 + p1 - d·(k - 1) - 1) / s) + 1` per axis.
 *
 * The cases of the convolution arithmetic guide (Dumoulin and Visin, 2016, sections 2 and 5.1), with unit stride:
 *
 * | padding | output |
 * |---|---|
 * | none | `i - k + 1` |
 * | p | `i - k + 2p + 1` |
 * | half, `p = floor(k / 2)` of an odd kernel, and `same` of any | `i` |
 * | full, `p = k - 1` | `i + k - 1` |
 *
 * With dilation d a kernel spans `k + (k - 1)·(d - 1)` cells.
 *
 * @param input cells of the input: a number for one axis, or a list of one to three
 * @param options `kernelSize`, `stride` (1), `padding` (0), `dilation` (1), as the convolutions take them
 * @returns a number for a number, a list for a list
 * @throws {@link ShapeError} when the result is below 1, with the formula and its numbers
 * @throws {@link OptionError} when a number is not a positive integer, a list does not fit the axes, or an option is
 * unknown
 * @example
 * console.log(convOutputSize([224, 112], { kernelSize: 7, stride: 2, padding: 3 })); // [112, 56]
 */
export function convOutputSize<const A extends PerAxis>(input: A, options: SlidingWindow): Like<A, number> {
  const checked = readOptions('convOutputSize', options, slidingNames);
  const axes = paddedWindowsOver(extents('input', input), checked);
  const sizes = axes.map((axis) => outputExtent(axis, axis.pair));
  return like(input, sizes);
}

/**
 * Output cells of a pool: `o = floor((i + p0 + p1 - d·(k - 1) - 1) / s) + 1` per axis. With `ceilMode` the division
 * rounds up, and a last window that would start at or beyond input + begin padding is dropped (as in PyTorch).
 *
 * @param input cells of the input: a number for one axis, or a list of one to three
 * @param options `kernelSize`, `stride` (the kernel size), `padding` (0), `dilation` (1), `ceilMode` (false), as the
 * pools take them
 * @returns a number for a number, a list for a list
 * @throws {@link ShapeError} when the result is below 1, with the formula and its numbers
 * @throws {@link OptionError} when a number is not a positive integer, a list does not fit the axes, or an option is
 * unknown
 * @example
 * console.log(poolOutputSize(7, { kernelSize: 2 }), poolOutputSize(7, { kernelSize: 2, ceilMode: true })); // 3, 4
 */
export function poolOutputSize<const A extends PerAxis>(input: A, options: PoolWindow): Like<A, number> {
  const checked = readOptions('poolOutputSize', options, poolNames);
  const ceil = flag('ceilMode', checked.ceilMode, false);
  const axes = paddedWindowsOver(extents('input', input), checked, true);
  const sizes = axes.map((axis) => outputExtent(axis, axis.pair, ceil));
  return like(input, sizes);
}

/**
 * All input sizes from which a convolution or a pool makes this output size, ascending: the s sizes from
 * `(o - 1)·s + d·(k - 1) + 1 - p0 - p1` on, as far as they are positive; with `same` those from `(o - 1)·s + 1` to
 * `o·s`. A transposed convolution chooses between them by `outputPadding` (Dumoulin and Visin, 2016, section 4.5).
 *
 * @param output cells of the output: a number for one axis, or a list of one to three
 * @param options `kernelSize`, `stride` (1, for pools too), `padding` (0), `dilation` (1), `ceilMode` (false)
 * @returns a list of sizes for a number, a list of such lists for a list
 * @throws {@link ShapeError} when no input of at least one cell has that output
 * @throws {@link OptionError} when a number is not a positive integer, a list does not fit the axes, an option is
 * unknown, or more than 2^20 sizes share the output
 * @example
 * console.log(inputSizesFor(4, { kernelSize: 3, stride: 2 })); // [9, 10]
 */
export function inputSizesFor<const A extends PerAxis>(output: A, options: PoolWindow): Like<A, number[]> {
  const checked = readOptions('inputSizesFor', options, poolNames);
  const ceil = flag('ceilMode', checked.ceilMode, false);
  const same = sameWord(checked.padding);
  // Here `input` of an axis is its output; the padding that `same` derives from it is not used.
  const axes = paddedWindowsOver(extents('output', output), checked);
  const sizes = axes.map((axis) => inputSizes(axis, same, ceil));
  return like(output, sizes);
}

const mostSizes = 2 ** 20;

function inputSizes(
  { name, input: output, kernel, stride, dilation, pair: [begin, end] }: PaddedAxis,
  same: boolean,
  ceil: boolean,
): number[] {
  // The fewest cells that hold one window. What `same` lacks it pads, and its windows begin inside the input, so that
  // ceilMode changes nothing.
  const least = same ? 1 : reach({ kernel, dilation }) + 1 - begin - end;
  let first = least + (output - 1) * stride;
  let last = first + stride - 1;
  if (ceil && !same) {
    // Rounded up there are o windows in (first - s, first] and o + 1 in (first, first + s]; of either the last is
    // dropped up to the size where it starts at input + begin: (o - 1) s - begin and o s - begin.
    last = Math.max(first, Math.min(first + stride, output * stride - begin));
    first = Math.min(first, Math.max(first - stride, (output - 1) * stride - begin)) + 1;
  }
  first = Math.max(1, first);
  if (first > last) {
    const steps = `(input + ${begin} + ${end} - ${dilation} * (${kernel} - 1) - 1) / ${stride}`;
    throw new ShapeError(
      `no input ${name} of at least 1 has the output ${output} = ${ceil ? 'ceil' : 'floor'}(${steps}) + 1`,
    );
  }
  if (last - first >= mostSizes) {
    const sharing = `${last - first + 1} sizes share an output`;
    throw new OptionError(`stride of ${name} is ${stride}: ${sharing}, expected at most ${mostSizes}`);
  }
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}
