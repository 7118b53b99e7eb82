import { MemoryError, ShapeError } from '../errors.js';

/**
 * A matrix of which only some entries are stored, row by row (compressed sparse rows). A stored entry may be 0: what is
 * not stored is no product at all, so that in the matrix of a convolution an infinite cell times a zero weight is NaN,
 * and padding is not multiplied.
 */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 positions: the entries of row r are those from rowStarts[r] up to, not including, rowStarts[r + 1]. */
  readonly rowStarts: Uint32Array;
  /** The column of each entry, ascending within a row, none twice. */
  readonly columnIndices: Uint32Array;
  /** The value of each entry. */
  readonly values: Float32Array;
}

/** Matrices are for looking at: those with more rows, or of windows with more taps, take minutes and all memory. */
export const LARGEST = 2 ** 24;

/**
 * Builds a matrix row by row: `fill` adds values at columns of its row, in any order. Values at one column are summed
 * in double precision, and the sum is rounded to float32 once.
 * @throws ShapeError for more than 2^24 rows
 */
export function sparseMatrix(
  rows: number,
  columns: number,
  fill: (row: number, add: (column: number, value: number) => void) => void,
): SparseMatrix {
  if (rows > LARGEST)
    throw new ShapeError(`a sparse matrix of ${rows} x ${columns} has ${rows} rows, expected at most ${LARGEST}`);
  return withMemory(`a sparse matrix of ${rows} x ${columns}`, () => {
    const rowStarts = new Uint32Array(rows + 1);
    let columnIndices = new Uint32Array(rows);
    let values = new Float32Array(rows);
    const sums = new Map<number, number>();
    const add = (column: number, value: number) => sums.set(column, (sums.get(column) ?? 0) + value);
    for (let row = 0; row < rows; row++) {
      sums.clear();
      fill(row, add);
      const begin = rowStarts[row];
      const end = (rowStarts[row + 1] = begin + sums.size);
      if (end > values.length) {
        // Half as much again, so that an entry is moved a constant number of times on average.
        const capacity = Math.ceil(1.5 * end);
        columnIndices = grown(columnIndices, new Uint32Array(capacity));
        values = grown(values, new Float32Array(capacity));
      }
      columnIndices.set([...sums.keys()], begin);
      const ascending = columnIndices.subarray(begin, end).sort();
      for (let e = begin; e < end; e++) values[e] = sums.get(ascending[e - begin]) as number;
    }
    const count = rowStarts[rows];
    return { rows, columns, rowStarts, columnIndices: columnIndices.slice(0, count), values: values.slice(0, count) };
  });
}

function grown<T extends Uint32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Runs `work`, which allocates. @throws MemoryError when the host refuses */
export function withMemory<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new MemoryError(`no memory for ${what}: ${error.message}`);
    throw error;
  }
}
