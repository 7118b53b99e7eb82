import { naturalExtent, reach } from '../shape/extent.js';
import { transposedWindow } from '../shape/transposed.js';
import type { PerAxis } from '../types.js';
import {
  extents,
  type Like,
  type LikeRecord,
  like,
  likeRecord,
  readOptions,
  type TransposedWindow,
  transposedNames,
  windowsOver,
} from './axes.js';

/**
 * Output cells of a transposed convolution: `o = (i - 1)·s - p0 - p1 + d·(k - 1) + 1 + outputPadding` per axis. With
 * padding `same` it is `i·s`.
 *
 * @param input cells of the transposed convolution's own input: a number for one axis, or a list of one to three
 * @param options `kernelSize`, `stride` (1), `padding` (0), `dilation` (1), and `outputPadding` (0) or `outputSize`,
 * which is checked and returned
 * @returns a number for a number, a list for a list
 * @throws {@link ShapeError} when the result is below 1, with the formula and its numbers
 * @throws {@link OptionError} when a number is not a positive integer, a list does not fit the axes, `outputPadding` is
 * not below max(stride, dilation), `outputSize` is out of its range, or an option is unknown
 * @example
 * console.log(convTransposeOutputSize(4, { kernelSize: 3, stride: 2, padding: 1, outputPadding: 1 })); // 8
 */
export function convTransposeOutputSize<const A extends PerAxis>(input: A, options: TransposedWindow): Like<A, number> {
  const checked = readOptions('convTransposeOutputSize', options, transposedNames);
  return like(input, transposedWindow(windowsOver(extents('input', input), checked), checked, none).output);
}

/** One axis of the direct convolution that a transposed one equals. */
export interface TransposedAsConv {
  /** Zeros between two neighbouring cells of the input, s - 1. */
  readonly insertedZeros: number;
  /** Cells of the input with those zeros, (i - 1) s + 1. */
  readonly stretchedSize: number;
  /** Zero cells appended to the end of the stretched input, a. */
  readonly extra: number;
  /** Zero cells before and after all that, [d (k - 1) - p0, d (k - 1) - p1]; a negative number crops. */
  readonly padding: readonly [number, number];
  /** k, as given. */
  readonly kernelSize: number;
  /** Always 1. */
  readonly stride: number;
  /** d, as given. */
  readonly dilation: number;
  /** Cells of the result. */
  readonly outputSize: number;
}

/**
 * The direct convolution equal to a transposed one (Dumoulin and Visin, 2016, section 4): insert `s - 1` zeros between
 * the cells of the input, append a zeros at the end, pad by `d·(k - 1) - p`, and convolve with stride 1 and the kernel
 * flipped, its two channel axes exchanged.
 *
 * Per axis, with `k' = k` and `s' = 1`:
 *
 * | transposed | its padding | output |
 * |---|---|---|
 * | no padding, unit stride | `p' = k - 1` (full) | `i + k - 1` |
 * | padding p | `p' = k - 1 - p` | `i + k - 1 - 2p` |
 * | half padding of an odd kernel | `p' = p` | `i` |
 * | full padding, `p = k - 1` | `p' = 0` | `i - k + 1` |
 * | stride s | `p' = k - 1 - p` | `s·(i - 1) + a + k - 2p` |
 *
 * To transpose the convolution of an input of m cells, pass its output as `input` and m as `outputSize`; then
 * `a = (m + 2p - k) mod s`.
 *
 * @param input cells of the transposed convolution's own input: a number for one axis, or a list of one to three
 * @param options `kernelSize`, `stride` (1), `padding` (0), `dilation` (1), and `outputPadding` (0) or `outputSize`
 * @returns numbers (and a pair) for a number, lists (`padding`: a list of pairs, as the convolutions take it) for a
 * list
 * @throws {@link ShapeError} when the result is below 1, with the formula and its numbers
 * @throws {@link OptionError} when a number is not a positive integer, a list does not fit the axes, `outputPadding` is
 * not below max(stride, dilation), `outputSize` is out of its range, or an option is unknown
 * @example
 * const { insertedZeros, padding, outputSize } = transposedAsConv(3, { kernelSize: 3, stride: 2 });
 * console.log(insertedZeros, padding, outputSize); // 1; [2, 2]; 7
 */
export function transposedAsConv<const A extends PerAxis>(
  input: A,
  options: TransposedWindow,
): LikeRecord<A, TransposedAsConv> {
  const checked = readOptions('transposedAsConv', options, transposedNames);
  const axes = windowsOver(extents('input', input), checked);
  const { output, pads } = transposedWindow(axes, checked, none);
  const records = axes.map(
    (axis, a): TransposedAsConv => ({
      insertedZeros: axis.stride - 1,
      stretchedSize: (axis.input - 1) * axis.stride + 1,
      extra: output[a] - naturalExtent(axis, pads[a]),
      padding: [reach(axis) - pads[a][0], reach(axis) - pads[a][1]],
      kernelSize: axis.kernel,
      stride: 1,
      dilation: axis.dilation,
      outputSize: output[a],
    }),
  );
  return likeRecord(input, records);
}

/** A transposed convolution's `outputSize` starts at the natural size. */
const none = () => 0;
