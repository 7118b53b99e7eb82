import { ShapeError } from '../errors.js';
import { show } from '../shape/show.js';
import { checkVector, tensor } from '../shape/tensor.js';
import type { SparseMatrix } from './sparse.js';

/**
 * Checks `matrix` as a `SparseMatrix`, entry by entry, and returns it.
 * @throws ShapeError
 */
export function checkMatrix(operand: string, matrix: unknown): SparseMatrix {
  const fields: Partial<Record<keyof SparseMatrix, unknown>> =
    typeof matrix === 'object' && matrix !== null ? matrix : {};
  const { rows, columns, rowStarts, columnIndices, values } = fields;
  if (
    !isCount(rows) ||
    !isCount(columns) ||
    !isIndices(rowStarts) ||
    !isIndices(columnIndices) ||
    className(values) !== 'Float32Array'
  ) {
    const format = '{ rows, columns, rowStarts, columnIndices, values }';
    throw new ShapeError(`${operand} is ${show(matrix)}, expected a sparse matrix ${format}`);
  }
  const checked = matrix as SparseMatrix;
  if (rowStarts.length !== rows + 1) {
    throw new ShapeError(`${operand}.rowStarts has ${rowStarts.length} elements, ${rows} rows expect ${rows + 1}`);
  }
  const counts = [rowStarts[0], columnIndices.length, checked.values.length];
  if (counts.some((count, i) => count !== (i === 0 ? 0 : rowStarts[rows]))) {
    const found = `${operand}.rowStarts from ${rowStarts[0]} to ${rowStarts[rows]}`;
    throw new ShapeError(
      `${found}, expected from 0 to ${columnIndices.length} columnIndices and ${checked.values.length} values`,
    );
  }
  for (let row = 0; row < rows; row++) checkRow(operand, checked, row);
  return checked;
}

function checkRow(operand: string, { columns, rowStarts, columnIndices }: SparseMatrix, row: number): void {
  const [begin, end] = [rowStarts[row], rowStarts[row + 1]];
  if (end < begin || end > columnIndices.length) {
    throw new ShapeError(
      `${operand}.rowStarts[${row + 1}] is ${end}, expected from ${begin} to ${columnIndices.length}`,
    );
  }
  let least = 0;
  for (let entry = begin; entry < end; entry++) {
    const column = columnIndices[entry];
    if (column < least || column >= columns) {
      const range = `expected from ${least} to ${columns - 1}, ascending in row ${row}`;
      throw new ShapeError(`${operand}.columnIndices[${entry}] is ${column}, ${range}`);
    }
    least = column + 1;
  }
}

/** The numbers of a vector of that length: a `Float32Array` as it is, an array of numbers copied. */
export function checkNumbers(operand: string, numbers: unknown, length: number): Float32Array {
  return checkVector(operand, Array.isArray(numbers) ? tensor(numbers, [numbers.length]).data : numbers, length);
}

/** Whether `value` is a list of numbers by its type, and not a tensor. */
export function isList(value: unknown): value is Float32Array | readonly number[] {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** The numbers of a list of any length above 0. */
export function checkList(operand: string, list: unknown): Float32Array {
  if (!isList(list))
    throw new ShapeError(`${operand} is ${show(list)}, expected a Float32Array or an array of numbers`);
  if (list.length === 0) throw new ShapeError(`${operand} has 0 elements, expected at least 1`);
  return checkNumbers(operand, list, list.length);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Class name of any value, of any realm. */
function className(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function isIndices(value: unknown): value is Uint32Array {
  return className(value) === 'Uint32Array';
}
