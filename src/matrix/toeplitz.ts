import { convProblem } from '../shape/conv.js';
import { checkOptions, integer, perAxis } from '../shape/options.js';
import { checkTensor } from '../shape/tensor.js';
import type { PerAxis, Tensor } from '../types.js';
import { checkList, isList } from './check.js';
import { type ConvMatrixOptions, convMatrix, spatialRank } from './conv.js';
import { type SparseMatrix, sparseMatrix } from './sparse.js';
import { countsOf, windowsOf } from './window.js';

/** The options of a convolution in one dimension and one channel. */
export type FilterOptions = Omit<ConvMatrixOptions, 'groups'>;

const filterNames = ['stride', 'padding', 'paddingMode', 'dilation', 'flipKernel'];

/**
 * A filter as a Toeplitz matrix T(w), the derivative dO/dI of a convolution in one dimension: `T(w) x = conv1d(x, w)`.
 * It is the `convMatrix` of one channel. With stride 1 each diagonal holds one weight.
 *
 * @param filter the taps, at least one
 * @param length cells of the input
 * @param options `stride` (1), `padding` (0), `paddingMode` (`'zeros'`), `dilation` (1), `flipKernel` (false)
 * @returns output positions by input cells; `floor((length + p0 + p1 - d·(k - 1) - 1) / s) + 1` rows
 * @throws {@link ShapeError} when `filter` is empty or not numbers, or the output size is below 1 or above 2^24
 * @throws {@link OptionError} when `length` is not a positive integer, or an option is unknown or out of range
 * @example
 * console.log(toDense(toeplitzFromFilter([1, 10], 3)).data); // 1, 10, 0, 0, 1, 10
 */
export function toeplitzFromFilter(
  filter: Float32Array | readonly number[],
  length: number,
  options: FilterOptions = {},
): SparseMatrix {
  const checked = checkOptions('toeplitzFromFilter', options, filterNames);
  const data = checkList('filter', filter);
  return convMatrix({ data, shape: [1, 1, data.length] }, [1, integer('length', length, 1)], checked);
}

/** The windows to lay over data. */
export interface DataOptions extends FilterOptions {
  /** Taps. */
  readonly kernelSize: PerAxis;
}

/**
 * Data as a matrix T(x), the derivative dO/dW of a convolution: `T(x) w = conv(x, w) = T(w) x`, where w is one filter
 * [ic, …kernel] flattened. Row by row it holds what a window reads, which is `im2col` transposed. In one dimension and
 * with `flipKernel` it is a Toeplitz matrix; without, its anti-diagonals are constant (a Hankel matrix). T(x)ᵀ dL/dO is
 * the gradient of the filter.
 *
 * @param x [ic, …input], one to three spatial axes; or a list of numbers: one channel, one axis
 * @param options `kernelSize` (required), `stride` (1), `padding` (0), `paddingMode` (`'zeros'`), `dilation` (1),
 * `flipKernel` (false)
 * @returns output positions by taps [ic, …kernel]; zero padding is not stored
 * @throws {@link ShapeError} when `x` is not such a tensor, an output size is below 1, or there are more than 2^24 rows
 * or taps of windows
 * @throws {@link OptionError} when an option is missing, unknown or out of range
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * console.log(multiply(toeplitzFromData([1, 2, 3], { kernelSize: 2 }), [1, 10])); // 21, 32
 */
export function toeplitzFromData(x: Tensor | Float32Array | readonly number[], options: DataOptions): SparseMatrix {
  const checked = checkOptions('toeplitzFromData', options, ['kernelSize', ...filterNames]);
  const { data, shape } = isList(x) ? { data: checkList('x', x), shape: [1, x.length] } : checkTensor('x', x);
  const rank = spatialRank('x', shape, 1, '[ic, …input]');
  const { kernelSize, ...window } = checked;
  const kernel = perAxis('kernelSize', kernelSize, rank, undefined, 1);
  const problem = convProblem(rank, [1, ...shape], [1, shape[0], ...kernel], window, 'toeplitzFromData');
  const { cells, taps, positions } = countsOf(problem);
  const windows = windowsOf(problem);
  return sparseMatrix(positions, problem.ic * taps, (position, add) => {
    windows(position, (tap, cell) => {
      const column = problem.flipKernel ? taps - 1 - tap : tap;
      for (let c = 0; c < problem.ic; c++) add(c * taps + column, data[c * cells + cell]);
    });
  });
}
