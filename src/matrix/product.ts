import { ShapeError } from '../errors.js';
import { checkMatrix, checkNumbers, isList } from './check.js';
import { LARGEST, type SparseMatrix, sparseMatrix, withMemory } from './sparse.js';

/**
 * The product of a matrix and a vector, or of two matrices. Sums are formed in double precision and rounded to float32
 * once.
 *
 * @param a [rows, columns]
 * @param b a list of `columns` numbers, or a matrix of `columns` rows
 * @returns a `Float32Array` of `rows` numbers, or the matrix product; this stores an entry wherever stored entries
 * meet, also if their sum is 0
 * @throws {@link ShapeError} when an operand is neither, or the columns of `a` are not the rows (the length) of `b`
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * console.log(multiply(toeplitzFromFilter([1, 10], 3), [1, 2, 3])); // 21, 32
 */
export function multiply(a: SparseMatrix, b: Float32Array | readonly number[]): Float32Array;
export function multiply(a: SparseMatrix, b: SparseMatrix): SparseMatrix;
export function multiply(
  a: SparseMatrix,
  b: SparseMatrix | Float32Array | readonly number[],
): SparseMatrix | Float32Array {
  const left = checkMatrix('a', a);
  if (isList(b)) return timesVector(left, checkNumbers('b', b, left.columns));
  const right = checkMatrix('b', b);
  if (left.columns !== right.rows) {
    throw new ShapeError(`b has ${right.rows} rows, a of ${left.rows} x ${left.columns} expects ${left.columns}`);
  }
  return timesMatrix(left, right);
}

function timesVector({ rows, rowStarts, columnIndices, values }: SparseMatrix, x: Float32Array): Float32Array {
  const y = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let e = rowStarts[row]; e < rowStarts[row + 1]; e++) sum += values[e] * x[columnIndices[e]];
    y[row] = sum;
  }
  return y;
}

/** Row r of the product is the sum of the rows of b that row r of a names, each times its entry (Gustavson, 1978). */
function timesMatrix(a: SparseMatrix, b: SparseMatrix): SparseMatrix {
  return sparseMatrix(a.rows, b.columns, (row, add) => {
    for (let e = a.rowStarts[row]; e < a.rowStarts[row + 1]; e++) {
      const inner = a.columnIndices[e];
      for (let f = b.rowStarts[inner]; f < b.rowStarts[inner + 1]; f++)
        add(b.columnIndices[f], a.values[e] * b.values[f]);
    }
  });
}

/**
 * The matrix with rows and columns exchanged. That of `convMatrix` is the matrix of the transposed convolution, and of
 * the gradient of the input.
 *
 * @throws {@link ShapeError} when `matrix` is not a sparse matrix, or has more than 2^24 columns
 * @throws {@link MemoryError} when the host refuses the memory
 * @example
 * console.log(multiply(transpose(toeplitzFromFilter([1, 10], 3)), [1, 2])); // 1, 12, 20
 */
export function transpose(matrix: SparseMatrix): SparseMatrix {
  const { rows, columns, rowStarts, columnIndices, values } = checkMatrix('matrix', matrix);
  if (columns > LARGEST) throw new ShapeError(`matrix has ${columns} columns, expected at most ${LARGEST}`);
  return withMemory(`a sparse matrix of ${columns} x ${rows}`, () => {
    // A counting sort by column; it keeps the order of the rows.
    const starts = new Uint32Array(columns + 1);
    for (const column of columnIndices) starts[column + 1]++;
    for (let column = 0; column < columns; column++) starts[column + 1] += starts[column];
    const next = starts.slice();
    const rowIndices = new Uint32Array(values.length);
    const moved = new Float32Array(values.length);
    for (let row = 0; row < rows; row++) {
      for (let e = rowStarts[row]; e < rowStarts[row + 1]; e++) {
        const to = next[columnIndices[e]]++;
        rowIndices[to] = row;
        moved[to] = values[e];
      }
    }
    return { rows: columns, columns: rows, rowStarts: starts, columnIndices: rowIndices, values: moved };
  });
}
