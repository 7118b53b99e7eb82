import { MemoryError, OptionError, ShapeError } from '../errors.js';
import type { IndexTensor, Tensor } from '../types.js';
import { show, withArticle } from './show.js';
import { floats, refuseDetached, typeName } from './typed-array.js';

/** Elements of the largest tensor: 2^30 float32 fill the 4 GiB that wasm can address. */
export const maxElements = 2 ** 30;

/**
 * Makes a tensor of a shape and its row-major numbers.
 *
 * @param data a `Float32Array` (kept, not copied; views with an offset and shared memory are fine), or an array of
 * numbers, which is copied
 * @param shape extents, the slowest axis first, their product the length of `data`; `[]` is a single number
 * @throws {@link ShapeError} when `data` is anything else or detached, an extent is not a non-negative integer, or the
 * product differs; {@link MemoryError} for
 *   more than 2^30 elements
 * @example
 * const { shape, data } = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
 * console.log(shape, data); // [2, 3]; 1, 2, 3, 4, 5, 6
 */
export function tensor(data: Float32Array | readonly number[], shape: readonly number[]): Tensor {
  const extents = Object.freeze([...checkShape('shape', shape)]);
  const values = Array.isArray(data) ? floats(data, 'data') : data;
  const made = { data: values as Float32Array, shape: extents };
  checkData('data', made.data, extents, 'Float32Array');
  return made;
}

/** Number of elements of a shape; 1 for `[]`. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) {
    // a product of huge extents may be infinite, and Infinity * 0 is NaN
    if (shape[axis] === 0) return 0;
    size *= shape[axis];
  }
  return size;
}

/** Checks `t` as a float32 tensor, of that rank if one is given, and returns `t` itself. `data` is read once. */
export function checkTensor(operand: string, t: unknown, rank?: number): Tensor {
  checkTyped(operand, t, 'Float32Array', rank);
  return t as Tensor;
}

/**
 * Checks `t` as a tensor of int32 indices, of that shape if one is given, and returns `t` itself. `data` is read once.
 */
export function checkIndexTensor(operand: string, t: unknown, shape?: readonly number[]): IndexTensor {
  checkTyped(operand, t, 'Int32Array');
  const checked = t as IndexTensor;
  if (shape !== undefined) expectShape(operand, checked.shape, shape);
  return checked;
}

/** Checks `t` as a float32 tensor of exactly this shape, and returns `t` itself. */
export function checkShaped(operand: string, t: unknown, shape: readonly number[]): Tensor {
  const checked = checkTensor(operand, t);
  expectShape(operand, checked.shape, shape);
  return checked;
}

/**
 * Checks a vector of one number per channel: a `Float32Array`, an array of numbers, or a tensor of rank 1. Returns its
 * numbers.
 */
export function checkVector(operand: string, value: unknown, length: number): Float32Array {
  const list = Array.isArray(value);
  if (list || typeName(value) === 'Float32Array') {
    const data = list ? floats(value, operand) : (value as Float32Array);
    refuseDetached(operand, data);
    if (data.length !== length) throw new ShapeError(`${operand} has ${data.length} elements, expected ${length}`);
    return data;
  }
  if (typeof value !== 'object' || value === null || !('data' in value)) {
    throw new ShapeError(
      `${operand} is ${show(value)}, expected a Float32Array or an array of ${length} numbers, or a tensor of shape [${length}]`,
    );
  }
  const { data, shape } = value as { data: unknown; shape: unknown };
  const extents = checkShape(`${operand}.shape`, shape);
  if (extents.length !== 1)
    throw new ShapeError(`${operand} has rank ${extents.length} (shape ${show(extents)}), expected [${length}]`);
  if (extents[0] !== length) throw new ShapeError(`${operand} has ${extents[0]} elements, expected ${length}`);
  checkData(operand, data, extents, 'Float32Array');
  return data as Float32Array;
}

/** An operand already checked, with the memory it reads. */
export interface Input {
  readonly operand: string;
  readonly data: Float32Array | Int32Array;
}

/**
 * Checks a tensor given to be written: exactly `shape`, and no byte in common with any of `inputs`.
 * @throws ShapeError for the shape, OptionError for the overlap
 */
export function checkOut(out: unknown, shape: readonly number[], inputs: readonly Input[], operand = 'out'): Tensor {
  const checked = checkShaped(operand, out, shape);
  refuseOverlap(operand, checked.data, inputs);
  return checked;
}

/** As `checkOut`, for a tensor of indices. */
export function checkIndexOut(
  out: unknown,
  shape: readonly number[],
  inputs: readonly Input[],
  operand: string,
): IndexTensor {
  const checked = checkIndexTensor(operand, out, shape);
  refuseOverlap(operand, checked.data, inputs);
  return checked;
}

function refuseOverlap(operand: string, data: Float32Array | Int32Array, inputs: readonly Input[]): void {
  for (const input of inputs) {
    const begin = Math.max(data.byteOffset, input.data.byteOffset);
    const end = Math.min(data.byteOffset + data.byteLength, input.data.byteOffset + input.data.byteLength);
    if (data.buffer === input.data.buffer && begin < end) {
      throw new OptionError(
        `${operand} shares bytes ${begin} to ${end - 1} of its buffer with ${input.operand}, expected memory of its own`,
      );
    }
  }
}

/** Checks a list of extents: safe non-negative integers. */
export function checkShape(operand: string, shape: unknown): readonly number[] {
  if (!Array.isArray(shape)) throw new ShapeError(`${operand} is ${show(shape)}, expected an array of extents`);
  for (let axis = 0; axis < shape.length; axis++) {
    const extent: unknown = shape[axis];
    if (typeof extent !== 'number' || !Number.isSafeInteger(extent) || extent < 0) {
      throw new ShapeError(`${operand}[${axis}] is ${show(extent)}, expected a non-negative integer`);
    }
  }
  return shape;
}

/**
 * Refuses more elements than can be addressed, with a MemoryError. An axis of 0 counts as 1, so that no single extent
 * gets out of hand either.
 */
export function checkSize(operand: string, shape: readonly number[]): void {
  const elements = shape.reduce((product, extent) => product * Math.max(1, extent), 1);
  if (elements > maxElements) {
    throw new MemoryError(
      `${operand} has ${elements} elements (${shape.join(' x ')}), expected at most ${maxElements}`,
    );
  }
}

function expectShape(operand: string, found: readonly number[], expected: readonly number[]): void {
  if (found.length !== expected.length) {
    throw new ShapeError(`${operand} has rank ${found.length} (shape ${show(found)}), expected ${show(expected)}`);
  }
  for (let axis = 0; axis < found.length; axis++) {
    if (found[axis] === expected[axis]) continue;
    const difference = `axis ${axis} is ${found[axis]} instead of ${expected[axis]}`;
    throw new ShapeError(`${operand} has shape ${show(found)}, expected ${show(expected)}: ${difference}`);
  }
}

function checkTyped(operand: string, t: unknown, type: 'Float32Array' | 'Int32Array', rank?: number): void {
  if (typeof t !== 'object' || t === null || !('data' in t) || !('shape' in t)) {
    throw new ShapeError(`${operand} is ${show(t)}, expected a tensor { data: ${type}, shape }`);
  }
  const { data, shape } = t;
  const extents = checkShape(`${operand}.shape`, shape);
  if (rank !== undefined && extents.length !== rank) {
    throw new ShapeError(`${operand} has rank ${extents.length} (shape ${show(extents)}), expected rank ${rank}`);
  }
  checkData(`${operand}.data`, data, extents, type);
}

function checkData(name: string, data: unknown, shape: readonly number[], type: 'Float32Array' | 'Int32Array'): void {
  if (typeName(data) !== type) throw new ShapeError(`${name} is ${show(data)}, expected ${withArticle(type)}`);
  const typed = data as Float32Array | Int32Array;
  refuseDetached(name, typed);
  const size = sizeOf(shape);
  if (size > maxElements)
    throw new MemoryError(`${name} of shape ${show(shape)} has ${size} elements, expected at most ${maxElements}`);
  if (typed.length !== size)
    throw new ShapeError(`${name} has ${typed.length} elements, shape ${show(shape)} expects ${size}`);
}
