import { samePair, sameTotal } from '../shape/extent.js';
import { oneOf } from '../shape/values.js';
import type { PerAxis } from '../types.js';
import {
  extents,
  type LikeRecord,
  likeRecord,
  readOptions,
  type SlidingWindow,
  slidingNames,
  windowsOver,
} from './axes.js';

/** Padding of one axis, in cells. */
export interface SamePadding {
  readonly total: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * The padding that makes `ceil(i / s)` output cells: `total = max(0, (ceil(i / s) - 1)·s + d·(k - 1) + 1 - i)` per
 * axis.
 * Where the total is odd, `same` puts the odd cell at the end (ONNX SAME_UPPER, TensorFlow), `same-lower` at the begin
 * (ONNX SAME_LOWER).
 *
 * @param input cells of the input: a number for one axis, or a list of one to three
 * @param options `kernelSize`, `stride` (1), `dilation` (1), and `padding`: `'same'` (default) or `'same-lower'`
 * @returns numbers for a number, lists for a list
 * @throws {@link OptionError} when a number is not a positive integer, a list does not fit the axes, or an option is
 * unknown
 * @example
 * const { begin, end } = samePadding(8, { kernelSize: 3, stride: 2 });
 * console.log(begin, end); // 0, 1
 */
export function samePadding<const A extends PerAxis>(
  input: A,
  options: Omit<SlidingWindow, 'padding'> & { readonly padding?: 'same' | 'same-lower' },
): LikeRecord<A, SamePadding> {
  const checked = readOptions('samePadding', options, slidingNames);
  const lower = oneOf('padding', checked.padding, ['same', 'same-lower'], 'same') === 'same-lower';
  const records = windowsOver(extents('input', input), checked).map((axis): SamePadding => {
    const [begin, end] = samePair(axis, lower);
    return { total: sameTotal(axis), begin, end };
  });
  return likeRecord(input, records);
}
