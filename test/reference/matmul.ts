import { forwardSum, leftGrad, rightGrad, type Terms } from './sums.js';
import { checkLength, checkShape, type Operand, type Result, volume } from './tensor.js';

/** Offsets of the two matrices of each product of a batch. */
export type Pairs = readonly (readonly [number, number])[];

export interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** y[batch, i, j] += a[batch, i, k] * b[batch, k, j], the offsets of each pair of batches given by `pairs`. */
export function productTerms(m: number, n: number, k: number, pairs: Pairs, options: Transposes = {}): Terms {
  return (visit) => {
    pairs.forEach(([aStart, bStart], batch) => {
      for (let i = 0; i < m; i += 1) {
        for (let j = 0; j < n; j += 1) {
          for (let l = 0; l < k; l += 1) {
            const a = options.transposeA ? l * m + i : i * k + l;
            const b = options.transposeB ? j * k + l : l * n + j;
            visit((batch * m + i) * n + j, aStart + a, bStart + b);
          }
        }
      }
    });
  };
}

/** Flat offset in `small` of each element of `large`, aligned at the last axis; extents of 1 repeat. */
export function broadcastOffsets(small: readonly number[], large: readonly number[]): number[] {
  const lead = large.length - small.length;
  if (lead < 0 || small.some((extent, a) => extent !== 1 && extent !== large[lead + a])) {
    throw new Error(`[${small}] does not broadcast to [${large}]`);
  }
  return Array.from({ length: volume(large) }, (_, at) => {
    let rest = at;
    let offset = 0;
    let stride = 1;
    for (let axis = large.length - 1; axis >= lead; axis -= 1) {
      if (small[axis - lead] !== 1) offset += (rest % large[axis]) * stride;
      rest = Math.floor(rest / large[axis]);
      stride *= small[axis - lead];
    }
    return offset;
  });
}

/**
 * Shapes as matrices: a vector on the left is a row, on the right a column, and its axis of 1 leaves the result again.
 */
function setUpMatmul(
  a: readonly number[],
  b: readonly number[],
  options: Transposes,
): { terms: Terms; yShape: number[] } {
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const turned = (shape: readonly number[], turn?: boolean) => (turn ? shape.slice(-2).reverse() : shape.slice(-2));
  const [m, k] = turned(left, options.transposeA);
  const [kb, n] = turned(right, options.transposeB);
  if (k !== kb) throw new Error(`a [${a}] and b [${b}] do not fit`);
  const [aBatch, bBatch] = [left.slice(0, -2), right.slice(0, -2)];
  const rank = Math.max(aBatch.length, bBatch.length);
  const batch = Array.from({ length: rank }, (_, axis) => {
    const [own, other] = [aBatch.at(axis - rank) ?? 1, bBatch.at(axis - rank) ?? 1];
    return own === 1 ? other : own;
  });
  const aOffsets = broadcastOffsets(aBatch, batch);
  const bOffsets = broadcastOffsets(bBatch, batch);
  const pairs = aOffsets.map((aMatrix, at): [number, number] => [aMatrix * m * k, bOffsets[at] * k * n]);
  const yShape = [...batch, ...(a.length === 1 ? [] : [m]), ...(b.length === 1 ? [] : [n])];
  return { terms: productTerms(m, n, k, pairs, options), yShape };
}

/** y[..., i, j] = sum over k of a[..., i, k] b[..., k, j], leading axes broadcast; vectors as in torch.matmul. */
export function matmul(a: Operand, b: Operand, options: Transposes = {}): Result {
  checkLength('a', a);
  checkLength('b', b);
  const { terms, yShape } = setUpMatmul(a.shape, b.shape, options);
  return forwardSum(terms, a, b, yShape);
}

export function matmulBackward(
  gradY: Operand,
  a: Operand,
  b: Operand,
  options: Transposes = {},
): { gradA: Result; gradB: Result } {
  const { terms, yShape } = setUpMatmul(a.shape, b.shape, options);
  checkShape('gradY', gradY, yShape);
  return { gradA: leftGrad(terms, gradY, b, a.shape), gradB: rightGrad(terms, gradY, a, b.shape) };
}
