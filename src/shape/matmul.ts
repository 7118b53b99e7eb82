import { OptionError, ShapeError } from '../errors.js';
import { checkOptions, flag, optionNames } from './options.js';
import { matchInner, type ProductExtents } from './products.js';
import { show } from './show.js';
import { checkShape, checkSize } from './tensor.js';

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
