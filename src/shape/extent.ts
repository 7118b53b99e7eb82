import { ShapeError } from '../errors.js';

/** Cells at the begin and at the end of an axis. */
export type Pair = readonly [number, number];

/** What a window does along one axis. */
export interface WindowAxis {
  /** Word for error messages: `height`. */
  readonly name: string;
  /** Cells of the input. */
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  /** 1 = dense. */
  readonly dilation: number;
}

/** Words for the spatial axes of each rank, in the order of the shape. */
export const axisNames = {
  1: ['length'],
  2: ['height', 'width'],
  3: ['depth', 'height', 'width'],
} as const;

/** Cells between the first and the last tap of a window, d (k - 1). */
export function reach(axis: { readonly kernel: number; readonly dilation: number }): number {
  return axis.dilation * (axis.kernel - 1);
}

/**
 * Output cells of a convolution or a pool along one axis: floor((i + p0 + p1 - d (k - 1) - 1) / s) + 1. With `ceil` the
 * division rounds up, and a last window that would start at or beyond input + begin padding is dropped.
 * @throws ShapeError when the result is below 1; the message holds the formula with its numbers.
 */
export function outputExtent(axis: WindowAxis, [begin, end]: Pair, ceil = false): number {
  const { name, input, kernel, stride, dilation } = axis;
  const steps = (input + begin + end - reach(axis) - 1) / stride;
  const rounded = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  const output = ceil && (rounded - 1) * stride >= input + begin ? rounded - 1 : rounded;
  if (output < 1) {
    const formula = `${ceil ? 'ceil' : 'floor'}((${input} + ${begin} + ${end} - ${dilation} * (${kernel} - 1) - 1) / ${stride}) + 1`;
    throw new ShapeError(`output ${name} is ${output}, expected at least 1: ${formula} = ${output}`);
  }
  return output;
}

/**
 * Output cells of a transposed convolution along one axis: (i - 1) s - p0 - p1 + d (k - 1) + 1 + outputPadding.
 * @throws ShapeError when the result is below 1; the message holds the formula with its numbers.
 */
export function transposedExtent(axis: WindowAxis, pair: Pair, outputPadding: number): number {
  const { name, input, kernel, stride, dilation } = axis;
  const [begin, end] = pair;
  const output = naturalExtent(axis, pair) + outputPadding;
  if (output < 1) {
    const formula = `(${input} - 1) * ${stride} - ${begin} - ${end} + ${dilation} * (${kernel} - 1) + 1 + ${outputPadding}`;
    throw new ShapeError(`output ${name} is ${output}, expected at least 1: ${formula} = ${output}`);
  }
  return output;
}

/** The transposed extent without output padding; may be below 1. */
export function naturalExtent(axis: WindowAxis, [begin, end]: Pair): number {
  return (axis.input - 1) * axis.stride - begin - end + reach(axis) + 1;
}

/** Total padding for ceil(i / s) output cells: max(0, (ceil(i / s) - 1) s + d (k - 1) + 1 - i). */
export function sameTotal(axis: WindowAxis): number {
  return Math.max(0, (Math.ceil(axis.input / axis.stride) - 1) * axis.stride + reach(axis) + 1 - axis.input);
}

/** `sameTotal` in two halves; the odd cell goes to the end, or to the begin when `lower`. */
export function samePair(axis: WindowAxis, lower: boolean): Pair {
  const total = sameTotal(axis);
  const less = Math.floor(total / 2);
  return lower ? [total - less, less] : [less, total - less];
}
