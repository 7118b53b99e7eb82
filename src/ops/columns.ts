import { col2im as col2imJob, im2col as im2colJob } from '../algorithms/columns.js';
import { col2imProblem, im2colProblem } from '../shape/columns.js';
import { checkTensor } from '../shape/tensor.js';
import type { Into, Layout, Padding, PerAxis, Result, Tensor } from '../types.js';
import { outOf, resultOf } from './result.js';

/** Options of `im2col`. */
export interface Im2colOptions {
  /** Extents of the window: one number for every axis, or one per axis. */
  readonly kernelSize: PerAxis;
  /** Step of the window; default 1. */
  readonly stride?: PerAxis | undefined;
  /**
   * Zeros around the maps: a number, one per axis, [begin, end] pairs, `'valid'`, `'same'`, `'same-lower'` or `'full'`;
   * default 0.
   */
  readonly padding?: Padding | undefined;
  /** Distance between taps, 1 = dense (default). */
  readonly dilation?: PerAxis | undefined;
  /** Order of the axes of the maps; default channels first. Columns are the same in either. */
  readonly layout?: Layout | undefined;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor | undefined;
}

/** Options of `col2im`. */
export interface Col2imOptions extends Im2colOptions {
  /** Spatial extents of the maps, one per axis: the length of the list is the rank. */
  readonly outputSize: readonly number[];
}

/**
 * Every window of the maps as a column, as `torch.nn.functional.unfold`, in one to three dimensions: convolution
 * becomes the matrix product of weights [oc, c · kernel] with each image's columns. Its gradient is `col2im` of the
 * columns' gradient, with the same options and the spatial extents of `x` as `outputSize`.
 *
 * ```text
 * columns[n][(c, a, b)][(i, j)] = x[n][c][i·sh + a·dh - ph][j·sw + b·dw - pw], and 0 outside the map
 * ```
 *
 * @param x [n, c, ...spatial]; with layout `'NLC'`, `'NHWC'` or `'NDHWC'` [n, ...spatial, c]
 * @returns [n, c · kernel, positions], its rows counted channel by channel, taps of the kernel and positions row-major
 * @throws ShapeError when the window does not fit, OptionError for an option out of range or unknown, MemoryError when
 * the host refuses memory
 * @see K. Chellapilla, S. Puri, P. Simard, High performance convolutional neural networks for document processing, 2006
 * @example
 * const columns = im2col(tensor([1, 2, 3], [1, 1, 3]), { kernelSize: 2 });
 * console.log(columns.shape, columns.data); // [1, 2, 2]; 1, 2, 2, 3
 */
export function im2col<Out extends Tensor | undefined = undefined>(
  x: Tensor,
  options: Im2colOptions & Into<Out>,
): Result<Out> {
  const problem = im2colProblem(checkTensor('x', x).shape, options);
  const shape = problem.columnsShape;
  const out = outOf(options.out, shape, { x });
  return resultOf([x], { shape, out }, (on) => im2colJob(on, problem));
}

/**
 * Adds columns back to where `im2col` took them from, as `torch.nn.functional.fold`: overlaps are summed, what lay in
 * the padding is dropped. Its gradient is `im2col` of the maps' gradient, with the same options but `outputSize`.
 *
 * ```text
 * x[n][c][i][j] = Σ(a, b, p, q) columns[n][(c, a, b)][(p, q)]
 *   over all taps and positions that im2col reads from this cell
 * ```
 *
 * @param columns [n, c · kernel, positions], as `im2col` returns them
 * @returns [n, c, ...outputSize]; with channels last [n, ...outputSize, c]
 * @throws ShapeError when `columns` has other rows or positions than kernel and `outputSize` tell; else as `im2col`
 * @example
 * console.log(col2im(tensor([1, 2, 2, 3], [1, 2, 2]), { kernelSize: 2, outputSize: [3] }).data); // 1, 4, 3
 */
export function col2im<Out extends Tensor | undefined = undefined>(
  columns: Tensor,
  options: Col2imOptions & Into<Out>,
): Result<Out> {
  const problem = col2imProblem(checkTensor('columns', columns).shape, options);
  const shape = problem.xShape;
  const out = outOf(options.out, shape, { columns });
  return resultOf([columns], { shape, out }, (on) => col2imJob(on, problem));
}
