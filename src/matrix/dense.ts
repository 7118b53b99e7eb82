import { checkSize, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { checkMatrix } from './check.js';
import { type SparseMatrix, sparseMatrix, withMemory } from './sparse.js';

/**
 * The matrix as a tensor of shape [rows, columns], 0 where nothing is stored; `gemm` takes it.
 *
 * @throws {@link ShapeError} when `matrix` is not a sparse matrix, or has more than 2^30 elements
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * console.log(toDense(shiftMatrix(2, 1)).data); // 0, 1, 1, 0
 */
export function toDense(matrix: SparseMatrix): Tensor {
  const { rows, columns, rowStarts, columnIndices, values } = checkMatrix('matrix', matrix);
  const shape = [rows, columns];
  checkSize('matrix', shape);
  const data = withMemory(`a matrix of ${rows} x ${columns}`, () => new Float32Array(rows * columns));
  for (let row = 0; row < rows; row++) {
    for (let e = rowStarts[row]; e < rowStarts[row + 1]; e++) data[row * columns + columnIndices[e]] = values[e];
  }
  return { data, shape };
}

/**
 * A tensor of shape [rows, columns] as a sparse matrix of its elements other than 0 (NaN among them).
 *
 * @throws {@link ShapeError} when `dense` is not a float32 tensor of rank 2
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * console.log(fromDense({ data: Float32Array.of(0, 5), shape: [1, 2] }).columnIndices); // 1
 */
export function fromDense(dense: Tensor): SparseMatrix {
  const { data, shape } = checkTensor('dense', dense, 2);
  const [rows, columns] = shape;
  return sparseMatrix(rows, columns, (row, add) => {
    for (let column = 0; column < columns; column++) {
      const value = data[row * columns + column];
      if (value !== 0) add(column, value);
    }
  });
}
