import { OptionError } from '../errors.js';
import { checkOptions, flag, integer } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkList } from './check.js';
import { type SparseMatrix, sparseMatrix } from './sparse.js';

/**
 * The circulant matrix of a filter: entry `(r, (r + t - padding) mod n)` holds `filter[t]`, so that C x is the
 * convolution of x in one dimension with `paddingMode: 'circular'` and n outputs. Each row is the one above, moved one
 * column to the right, round the end. With `flipKernel` entry `(r, (r - t + padding) mod n)` holds `filter[t]`: the
 * first column is the filter, C x the circular convolution of signal processing.
 *
 * Circulant matrices of one size commute with each other, and so with `shiftMatrix`: convolution commutes with shifts.
 *
 * @param filter the taps, at least one; a filter longer than n goes round, and what falls on one column is summed
 * @param n rows and columns
 * @param options `padding` (0): cells the filter starts before the output's own cell; `flipKernel` (false)
 * @returns n x n
 * @throws {@link ShapeError} when `filter` is empty or not numbers, or `n` is above 2^24
 * @throws {@link OptionError} when `n` is not a positive integer, or an option is unknown or out of range
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * console.log(toDense(circulant([1, 2], 3)).data); // 1, 2, 0, 0, 1, 2, 2, 0, 1
 */
export function circulant(
  filter: Float32Array | readonly number[],
  n: number,
  options: { readonly padding?: number | undefined; readonly flipKernel?: boolean | undefined } = {},
): SparseMatrix {
  const checked = checkOptions('circulant', options, ['padding', 'flipKernel']);
  const taps = checkList('filter', filter);
  const size = integer('n', n, 1);
  const before = integer('padding', checked.padding ?? 0, 0);
  const direction = flag('flipKernel', checked.flipKernel, false) ? -1 : 1;
  return sparseMatrix(size, size, (row, add) => {
    taps.forEach((value, t) => {
      add(wrap(row + direction * (t - before), size), value);
    });
  });
}

/**
 * The matrix that moves a signal of n cells on by `by`, round the end: `(S x)[i] = x[(i - by) mod n]`. A negative `by`
 * moves it back; `shiftMatrix(n, a) · shiftMatrix(n, b) = shiftMatrix(n, a + b)`, and the transpose is the inverse,
 * `shiftMatrix(n, -by)`.
 *
 * @param n rows and columns
 * @param by cells, any integer
 * @returns n x n
 * @throws {@link OptionError} when `n` is not a positive integer or `by` not an integer
 * @throws {@link ShapeError} when `n` is above 2^24
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * console.log(multiply(shiftMatrix(3, 1), [1, 2, 3])); // 3, 1, 2
 */
export function shiftMatrix(n: number, by: number): SparseMatrix {
  const size = integer('n', n, 1);
  if (!Number.isSafeInteger(by)) throw new OptionError(`by is ${show(by)}, expected an integer`);
  const back = wrap(-by, size);
  return sparseMatrix(size, size, (row, add) => add((row + back) % size, 1));
}

/** The residue of `at` from 0 to n - 1. */
function wrap(at: number, n: number): number {
  return ((at % n) + n) % n;
}
