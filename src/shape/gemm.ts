import { OptionError, ShapeError } from '../errors.js';
import { activationClamp, checkOptions, finite, flag, optionNames } from './options.js';
import { count, show } from './show.js';
import { checkShape, checkSize, checkTensor, sizeOf } from './tensor.js';

/** Extents of a product [m, k] by [k, n]; any of them may be 0. */
export interface ProductExtents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** A checked product y = alpha a b + beta c + bias, then the activation. */
export interface GemmProblem extends ProductExtents {
  /** Whether `a` is stored as [k, m]. */
  readonly transposeA: boolean;
  /** Whether `b` is stored as [n, k]. */
  readonly transposeB: boolean;
  readonly alpha: number;
  readonly beta: number;
  /** Bounds of the activation; [-Infinity, Infinity] when there is none. */
  readonly clamp: readonly [number, number];
  /** [m, n]; `c` broadcasts to it. */
  readonly yShape: readonly number[];
}

/**
 * Checks a product of the matrices a [m, k] (or [k, m] with `transposeA`) and b [k, n] (or [n, k] with `transposeB`).
 * The values of `c`, `bias` ([n]) and `out` are not looked at here. `alpha` and `beta` default to 1; another `beta`
 * than 0 and 1 without `c` is refused.
 * @throws ShapeError or OptionError
 */
export function gemmProblem(
  aShape: readonly number[],
  bShape: readonly number[],
  options?: unknown,
  calledAs = 'gemm',
): GemmProblem {
  const o = checkOptions(calledAs, options, optionNames.gemm);
  const transposeA = flag('transposeA', o.transposeA, false);
  const transposeB = flag('transposeB', o.transposeB, false);
  const [m, k] = readMatrix('a', aShape, transposeA, 'm', 'k');
  const [kOfB, n] = readMatrix('b', bShape, transposeB, 'k', 'n');
  matchInner(k, kOfB);
  if (o.c === undefined && o.beta !== undefined && o.beta !== 0 && o.beta !== 1) {
    throw new OptionError(
      `beta is ${show(o.beta)} without c, expected the c that it scales, which broadcasts to [${m}, ${n}]`,
    );
  }
  const alpha = finite('alpha', o.alpha, 1);
  const beta = finite('beta', o.beta, 1);
  const yShape = Object.freeze([m, n]);
  checkSize('y', yShape);
  return Object.freeze({ m, n, k, transposeA, transposeB, alpha, beta, clamp: clampOf(o), yShape });
}

/** The addend of a product as [rows, columns], each the product's or 1. */
export interface Addend {
  readonly data: Float32Array;
  /** As the caller has it; [] for a number. */
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
}

/**
 * Checks `c` as something that broadcasts to [m, n]: a number, [], [n], [1, n], [m, 1], [1, 1] or [m, n]. @throws
 * ShapeError
 */
export function addendOf(c: unknown, m: number, n: number): Addend {
  if (typeof c === 'number') return { data: Float32Array.of(c), shape: [], rows: 1, columns: 1 };
  const { data, shape } = checkTensor('c', c);
  const [rows, columns] = [...new Array<number>(Math.max(0, 2 - shape.length)).fill(1), ...shape];
  if (shape.length > 2 || (rows !== 1 && rows !== m) || (columns !== 1 && columns !== n)) {
    throw new ShapeError(
      `c has shape ${show(shape)}, expected what broadcasts to [${m}, ${n}]: [${n}], [${m}, 1] or a number, too`,
    );
  }
  return { data, shape, rows, columns };
}

/** A checked stack of products. */
export interface MatmulProblem extends ProductExtents {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Batch axes of the result. */
  readonly batchShape: readonly number[];
  /** Matrices to step over in `a` per step along each batch axis; 0 where `a` is broadcast. */
  readonly aBatchStrides: readonly number[];
  readonly bBatchStrides: readonly number[];
  readonly yShape: readonly number[];
}

/**
 * Checks a [..., m, k] (or [..., k, m] with `transposeA`) by b [..., k, n] (or [..., n, k] with `transposeB`). Batch
 * axes are aligned at the right; an axis that is 1 or missing is broadcast. A vector `a` is a row and a vector `b` a
 * column, and that axis is absent from the result, as in torch.matmul.
 * @throws ShapeError or OptionError
 */
export function matmulProblem(
  aShape: readonly number[],
  bShape: readonly number[],
  options?: unknown,
  calledAs = 'matmul',
): MatmulProblem {
  const o = checkOptions(calledAs, options, optionNames.matmul);
  const transposeA = flag('transposeA', o.transposeA, false);
  const transposeB = flag('transposeB', o.transposeB, false);
  const a = readStack('a', aShape);
  const b = readStack('b', bShape);
  if (transposeA && aShape.length === 1) throw new OptionError('transposeA is true, expected false: a is a vector');
  if (transposeB && bShape.length === 1) throw new OptionError('transposeB is true, expected false: b is a vector');
  const turned = (matrix: readonly number[], turn: boolean) => (turn ? [matrix[1], matrix[0]] : matrix);
  const [m, k] = aShape.length === 1 ? [1, aShape[0]] : turned(aShape.slice(-2), transposeA);
  const [kOfB, n] = bShape.length === 1 ? [bShape[0], 1] : turned(bShape.slice(-2), transposeB);
  matchInner(k, kOfB);
  const batchShape = broadcast(a, b);
  const yShape = Object.freeze([
    ...batchShape,
    ...(aShape.length === 1 ? [] : [m]),
    ...(bShape.length === 1 ? [] : [n]),
  ]);
  checkSize('y', yShape);
  const rank = batchShape.length;
  return Object.freeze({
    m,
    n,
    k,
    transposeA,
    transposeB,
    batchShape,
    aBatchStrides: batchStrides(a, rank),
    bBatchStrides: batchStrides(b, rank),
    yShape,
  });
}

/** A checked linear layer: m rows of k features to n features. */
export interface LinearProblem extends ProductExtents {
  readonly clamp: readonly [number, number];
  readonly yShape: readonly number[];
}

/**
 * Checks x [..., in] with weight [out, in] to y [..., out]; the value of `bias` ([out]) is not looked at here.
 * @throws ShapeError or OptionError
 */
export function linearProblem(
  xShape: readonly number[],
  weightShape: readonly number[],
  options?: unknown,
  calledAs = 'linear',
): LinearProblem {
  const o = checkOptions(calledAs, options, optionNames.linear);
  checkShape('x.shape', xShape);
  if (xShape.length === 0) throw new ShapeError('x has rank 0 (shape []), expected rank 1 or more: [..., in]');
  checkSize('x', xShape);
  const [n, kOfWeight] = readMatrix('weight', weightShape, false, 'out', 'in');
  const k = xShape[xShape.length - 1];
  if (k !== kOfWeight)
    throw new ShapeError(`x has ${count(k, 'feature')} in its last axis, weight expects ${kOfWeight}`);
  const rows = xShape.slice(0, -1);
  const yShape = Object.freeze([...rows, n]);
  checkSize('y', yShape);
  return Object.freeze({ m: sizeOf(rows), n, k, clamp: clampOf(o), yShape });
}

/**
 * The shape [out, c, ...map] of linear weights [out, c map...] seen as those of a convolution over the whole map.
 * @param mapShape [c, ...spatial] of the map that was flattened, one to three spatial axes
 */
export function linearAsConvShape(weightShape: readonly number[], mapShape: readonly number[]): readonly number[] {
  const [out, features] = readMatrix('weight', weightShape, false, 'out', 'in');
  checkShape('map', mapShape);
  if (mapShape.length < 2 || mapShape.length > 4) {
    throw new ShapeError(
      `map has rank ${mapShape.length} (shape ${show(mapShape)}), expected rank 2 to 4: [c, ...spatial]`,
    );
  }
  const cells = sizeOf(mapShape);
  if (cells !== features) {
    throw new ShapeError(
      `weight has ${features} input features, map ${show(mapShape)} expects ${cells} (${mapShape.join(' x ')})`,
    );
  }
  return Object.freeze([out, ...mapShape]);
}

function clampOf(o: Readonly<Record<string, unknown>>): readonly [number, number] {
  return Object.freeze(activationClamp(o.activation));
}

/** Rows and columns of an operand as it enters the product. */
function readMatrix(
  operand: string,
  shape: readonly number[],
  transposed: boolean,
  rows: string,
  columns: string,
): readonly [number, number] {
  checkShape(`${operand}.shape`, shape);
  if (shape.length !== 2) {
    const expected = transposed ? `[${columns}, ${rows}]` : `[${rows}, ${columns}]`;
    throw new ShapeError(`${operand} has rank ${shape.length} (shape ${show(shape)}), expected rank 2: ${expected}`);
  }
  checkSize(operand, shape);
  return transposed ? [shape[1], shape[0]] : [shape[0], shape[1]];
}

function matchInner(found: number, expected: number): void {
  if (found !== expected) throw new ShapeError(`a has inner extent ${found}, b expects ${expected}`);
}

/** The batch axes of an operand of `matmul`. */
function readStack(operand: string, shape: readonly number[]): readonly number[] {
  checkShape(`${operand}.shape`, shape);
  if (shape.length === 0) throw new ShapeError(`${operand} has rank 0 (shape []), expected rank 1 or more`);
  checkSize(operand, shape);
  return shape.slice(0, -2);
}

function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(
        `batch axis ${axis} of a is ${left}, that of b is ${right}, expected equal extents or 1 (${show(a)}, ${show(b)})`,
      );
    }
    result[axis] = left === 1 ? right : left;
  }
  return Object.freeze(result);
}

/**
 * Row-major strides of a batch, aligned at the right with a batch of `rank` axes; 0 along axes that are 1 or missing.
 */
function batchStrides(batch: readonly number[], rank: number): readonly number[] {
  const strides = new Array<number>(rank).fill(0);
  let step = 1;
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    if (batch[axis] !== 1) strides[axis + rank - batch.length] = step;
    step *= batch[axis];
  }
  return Object.freeze(strides);
}
