import { OptionError } from '../errors.js';
import type { Pair, WindowAxis } from '../shape/extent.js';
import { padding } from '../shape/padding.js';
import { show } from '../shape/show.js';
import { integer, perAxis } from '../shape/values.js';
import { windowAxes } from '../shape/window.js';
import type { Padding, PerAxis, Rank } from '../types.js';

/** A number where `A` is a number; a list as long as `A` where `A` is a list. */
export type Like<A extends PerAxis, R> = A extends number ? R : { -readonly [I in keyof A]: R };

/** A record whose every field is `Like` that of `R`. */
export type LikeRecord<A extends PerAxis, R> = { readonly [K in keyof R]: Like<A, R[K]> };

/** The geometry of a convolution, in the operators' own options: one number for every axis, or one per axis. */
export interface SlidingWindow {
  /** Taps. */
  readonly kernelSize: PerAxis;
  /** Input cells from one window to the next; 1 by default. */
  readonly stride?: PerAxis | undefined;
  /** Cells around the input, or a rule by name; 0 by default. */
  readonly padding?: Padding | undefined;
  /** Input cells from one tap to the next; 1 (dense) by default. */
  readonly dilation?: PerAxis | undefined;
}

/** The geometry of a pool. */
export interface PoolWindow extends SlidingWindow {
  /** Input cells from one window to the next; the kernel size by default. */
  readonly stride?: PerAxis | undefined;
  /** Rounds the number of windows up instead of down; false by default. */
  readonly ceilMode?: boolean | undefined;
}

/**
 * The geometry of a transposed convolution: that of the convolution it transposes, and which of its input sizes is
 * meant.
 */
export interface TransposedWindow extends SlidingWindow {
  /** Cells that the end of the output has more than the natural size; below max(stride, dilation), 0 by default. */
  readonly outputPadding?: PerAxis | undefined;
  /** The output size, instead of `outputPadding`: from the natural size to stride - 1 above it. */
  readonly outputSize?: PerAxis | undefined;
}

export const slidingNames = ['kernelSize', 'stride', 'padding', 'dilation'] as const;
export const poolNames = [...slidingNames, 'ceilMode'] as const;
export const transposedNames = [...slidingNames, 'outputPadding', 'outputSize'] as const;

type Options = Readonly<Record<string, unknown>>;

/** A window along one axis of an input, with its padding. */
export interface PaddedAxis extends WindowAxis {
  readonly pair: Pair;
}

/**
 * Reads an options argument. Words of other libraries differ from ours in their ends (`strides`, `pads`,
 * `kernel_shape`), so the first letters find the likely name; the operators' table of spellings alone would be a
 * quarter of this entry.
 * @throws OptionError when `options` is not an object or has a key not in `known`
 */
export function readOptions(caller: string, options: unknown, known: readonly string[]): Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionError(`${caller}: options is ${show(options)}, expected an object`);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const likely = known.find((name) => name.startsWith(key.slice(0, 3).toLowerCase()));
    const advice = likely === undefined ? `known are ${known.join(', ')}` : `did you mean "${likely}"?`;
    throw new OptionError(`${caller}: unknown option ${show(key)}, ${advice}`);
  }
  return options as Options;
}

/** One positive integer per axis: a number is one axis, a list has one entry per axis. */
export function extents(name: string, value: unknown): number[] {
  if (!Array.isArray(value)) return [integer(name, value, 1)];
  if (value.length < 1 || value.length > 3) {
    throw new OptionError(`${name} is ${show(value)}, expected a number or a list of 1 to 3`);
  }
  return perAxis(name, value, value.length as Rank, undefined, 1);
}

/** The windows over inputs of these sizes. `poolStride`: without `stride` they step by the kernel size, else by 1. */
export function windowsOver(sizes: readonly number[], options: Options, poolStride = false): WindowAxis[] {
  const rank = sizes.length as Rank;
  const kernel = perAxis('kernelSize', options.kernelSize, rank, undefined, 1);
  const stride = perAxis('stride', options.stride, rank, poolStride ? kernel : 1, 1);
  return windowAxes(sizes, kernel, stride, perAxis('dilation', options.dilation, rank, 1, 1));
}

/** `windowsOver` with the padding of each axis. */
export function paddedWindowsOver(sizes: readonly number[], options: Options, poolStride = false): PaddedAxis[] {
  const axes = windowsOver(sizes, options, poolStride);
  const pairs = padding(options.padding, axes);
  return axes.map((axis, a) => ({ ...axis, pair: pairs[a] }));
}

/** One result per axis as the caller gave the axes: a number's own, or the list. */
export function like<A extends PerAxis, R>(given: A, results: readonly R[]): Like<A, R> {
  return (typeof given === 'number' ? results[0] : results) as Like<A, R>;
}

/** One record per axis as one record of numbers or of lists. */
export function likeRecord<A extends PerAxis, R extends object>(given: A, records: readonly R[]): LikeRecord<A, R> {
  const keys = Object.keys(records[0]) as (keyof R)[];
  const each = (key: keyof R) => records.map((record) => record[key]);
  return Object.fromEntries(keys.map((key) => [key, like(given, each(key))])) as LikeRecord<A, R>;
}
