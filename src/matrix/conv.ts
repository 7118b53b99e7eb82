import { ShapeError } from '../errors.js';
import { convProblem } from '../shape/conv.js';
import { checkOptions } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShape, checkTensor } from '../shape/tensor.js';
import type { Padding, PaddingMode, PerAxis, Rank, Tensor } from '../types.js';
import { type SparseMatrix, sparseMatrix } from './sparse.js';
import { countsOf, windowsOf } from './window.js';

/** The options of a convolution that its matrix depends on, with the operators' meaning and defaults. */
export interface ConvMatrixOptions {
  /** 1 by default. */
  readonly stride?: PerAxis | undefined;
  /** 0 by default. */
  readonly padding?: Padding | undefined;
  /** `'zeros'` by default. */
  readonly paddingMode?: PaddingMode | undefined;
  /** 1 (dense) by default. */
  readonly dilation?: PerAxis | undefined;
  /** Divides both channel counts; 1 by default. */
  readonly groups?: number | undefined;
  /** True convolution instead of correlation; false by default. */
  readonly flipKernel?: boolean | undefined;
}

/**
 * The matrix C of a convolution: `C x = conv(x)` and `Cᵀ y = convTranspose(y)`, the gradient of the input, where x and
 * y are flattened. With one channel, one axis and stride 1 it is a Toeplitz matrix; with two axes doubly blocked
 * Toeplitz; with circular padding circulant in the same way; with channels, one such block for each output and input
 * channel. CᵀC is not the identity: a transposed convolution has the shape of the inverse, not its values (Dumoulin and
 * Visin, 2016, section 4.1).
 *
 * @param weight [oc, ic / groups, …kernel], one to three spatial axes
 * @param inputShape [ic, …input]
 * @param options `stride` (1), `padding` (0), `paddingMode` (`'zeros'`), `dilation` (1), `groups` (1), `flipKernel`
 * (false)
 * @returns rows are the output [oc, …output] flattened, columns the input [ic, …input] flattened, output sizes as
 * `floor((i + p0 + p1 - d·(k - 1) - 1) / s) + 1`. An entry is stored wherever a tap reads a cell; where padding makes
 * several taps read one cell, their weights are summed
 * @throws {@link ShapeError} when shapes do not fit each other or an output size is below 1, or there are more than
 * 2^24 rows
 * @throws {@link OptionError} when an option is unknown or out of range
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * const matrix = convMatrix({ data: Float32Array.of(1, 10), shape: [1, 1, 2] }, [1, 3]);
 * console.log(toDense(matrix).data); // 1, 10, 0, 0, 1, 10
 * console.log(multiply(matrix, [1, 2, 3])); // 21, 32
 */
export function convMatrix(
  weight: Tensor,
  inputShape: readonly number[],
  options: ConvMatrixOptions = {},
): SparseMatrix {
  const known = ['stride', 'padding', 'paddingMode', 'dilation', 'groups', 'flipKernel'];
  const checked = checkOptions('convMatrix', options, known);
  const { data, shape } = checkTensor('weight', weight);
  const rank = spatialRank('weight', shape, 2, '[oc, ic / groups, …kernel]');
  checkShape('inputShape', inputShape);
  if (inputShape.length !== rank + 1) {
    throw new ShapeError(
      `inputShape is ${show(inputShape)}, expected [ic, …input] with ${rank} spatial axes as weight has`,
    );
  }
  const problem = convProblem(rank, [1, ...inputShape], shape, checked, 'convMatrix', { x: 'input', weight: 'weight' });
  const { ic, oc, groups, flipKernel } = problem;
  const { cells, taps, positions } = countsOf(problem);
  const windows = windowsOf(problem);
  const icOfGroup = ic / groups;
  const ocOfGroup = oc / groups;
  return sparseMatrix(oc * positions, ic * cells, (row, add) => {
    const o = Math.floor(row / positions);
    const firstInput = Math.floor(o / ocOfGroup) * icOfGroup;
    windows(row % positions, (tap, cell) => {
      const read = flipKernel ? taps - 1 - tap : tap;
      for (let i = 0; i < icOfGroup; i++) add((firstInput + i) * cells + cell, data[(o * icOfGroup + i) * taps + read]);
    });
  });
}

/** How many axes of `shape` follow the first `leading`: 1, 2 or 3. */
export function spatialRank(operand: string, shape: readonly number[], leading: number, form: string): Rank {
  const rank = shape.length - leading;
  if (rank < 1 || rank > 3)
    throw new ShapeError(`${operand} has shape ${show(shape)}, expected ${form} with 1 to 3 spatial axes`);
  return rank as Rank;
}
