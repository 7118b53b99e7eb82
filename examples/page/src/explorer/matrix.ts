import { type Tensor, tensor } from 'stridewise';
import { convMatrix, fromDense, type SparseMatrix } from 'stridewise/matrix';
import type { Evaluation } from './evaluate.js';
import { windowOptions } from './options.js';

/** C takes the larger side of a convolution to its smaller one: rows are cells of a result. */
export interface OperatorMatrix {
  readonly matrix: SparseMatrix;
  /** The operator is C itself, or its transpose. */
  readonly isTransposed: boolean;
}

/** Rows of a matrix by their numbers. */
function select(matrix: SparseMatrix, rows: readonly number[]): SparseMatrix {
  if (rows.length === matrix.rows) return matrix;
  const { rowStarts, columnIndices, values, columns } = matrix;
  const entries = rows.flatMap((row) =>
    Array.from({ length: rowStarts[row + 1] - rowStarts[row] }, (_, i) => rowStarts[row] + i),
  );
  let end = 0;
  return {
    rows: rows.length,
    columns,
    rowStarts: Uint32Array.from([0, ...rows.map((row) => (end += rowStarts[row + 1] - rowStarts[row]))]),
    columnIndices: Uint32Array.from(entries, (i) => columnIndices[i]),
    values: Float32Array.from(entries, (i) => values[i]),
  };
}

/** The matrix of a max pool holds for the numbers at hand alone: each row has a 1 at the cell that is the largest. */
function ofLargest(indices: Int32Array, x: Tensor, y: Tensor): SparseMatrix {
  const columns = x.data.length;
  const [planeX, planeY] = [x.shape[2] * x.shape[3], y.shape[2] * y.shape[3]];
  const data = new Float32Array(indices.length * columns);
  indices.forEach((index, row) => {
    if (index >= 0) data[row * columns + Math.floor(row / planeY) * planeX + index] = 1;
  });
  return fromDense(tensor(data, [indices.length, columns]));
}

export function matrixOf({ config, x, y, weight, pads, indices }: Evaluation): OperatorMatrix {
  const { operator, stride, dilation, groups, kernel, mode } = config;
  if (indices) return { matrix: ofLargest(indices, x, y), isTransposed: false };
  if (operator === 'avg') {
    const [, channels, rows, columns] = x.shape;
    const taps = kernel[0] * kernel[1];
    const mean = tensor(new Float32Array(channels * taps).fill(1 / taps), [channels, 1, ...kernel]);
    return {
      matrix: convMatrix(mean, [channels, rows, columns], windowOptions(config, pads, channels)),
      isTransposed: false,
    };
  }
  if (operator === 'conv')
    return {
      matrix: convMatrix(weight!, x.shape.slice(1), { stride, dilation, groups, padding: pads, paddingMode: mode }),
      isTransposed: false,
    };
  // The convolution that goes back from y to x; where output padding exceeds the stride it has rows beyond the cells of
  // x.
  const matrix = convMatrix(weight!, y.shape.slice(1), { stride, dilation, groups, padding: pads });
  const extents = [0, 1].map((axis) => {
    const [begin, end] = pads[axis];
    return Math.floor((y.shape[2 + axis] + begin + end - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
  });
  const [, channels, rows, columns] = x.shape;
  const kept = Array.from({ length: channels * rows * columns }, (_, i) => {
    const [channel, row, column] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
    return (channel * extents[0] + row) * extents[1] + column;
  });
  return { matrix: select(matrix, kept), isTransposed: true };
}
