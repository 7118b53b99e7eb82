import { ShapeError } from '../errors.js';
import { checkOptions, finite } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShape, checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { round64 } from '../wasm/block.js';
import type { NormGradients } from './norm.js';
import { addTables, leastRows, named, type OutOption, outOf, partAt, partsOf, run } from './run.js';

/** Options of `layerNorm`. */
export interface LayerNormOptions extends OutOption {
  /** Factors, of the normalised shape; default 1. */
  readonly weight?: Tensor | undefined;
  /** Added, of the normalised shape; default 0. */
  readonly bias?: Tensor | undefined;
  /** Added to variances; default 1e-5. */
  readonly eps?: number | undefined;
}

function read(name: string, x: Tensor, normalized: unknown, options: unknown) {
  const o = checkOptions(name, options, ['weight', 'bias', 'eps', 'out']);
  const { shape } = checkTensor('x', x);
  const tail = checkShape('normalizedShape', normalized);
  const found = shape.slice(shape.length - tail.length);
  if (tail.length > shape.length || tail.some((extent, axis) => extent !== found[axis]))
    throw new ShapeError(`x has shape ${show(shape)}, expected it to end in ${show(tail)}`);
  const part = (operand: string, value: unknown) =>
    value === undefined ? undefined : checkShaped(operand, value, tail);
  const cols = sizeOf(tail);
  const rows = cols === 0 ? 0 : x.data.length / cols;
  const [weight, bias] = [part('weight', o.weight), part('bias', o.bias)];
  return { tail, rows, cols, weight, bias, eps: finite('eps', o.eps, 1e-5), out: o.out };
}

/**
 * Normalises over the last axes: `y = (x - mean) / sqrt(variance + eps) · weight + bias`. `out` may be
 * `x`.
 *
 * @param normalizedShape extents of the last axes, as many as are normalised together
 * @throws ShapeError where x does not end in them
 * @example
 * console.log(layerNorm(tensor([1, 5, 2, 4], [2, 2]), [2], { eps: 0 }).data); // -1, 1, -1, 1
 */
export function layerNorm(x: Tensor, normalizedShape: readonly number[], options?: LayerNormOptions): Tensor {
  const { rows, cols, weight, bias, eps, out: given } = read('layerNorm', x, normalizedShape, options);
  const vectors = [weight && named('weight', weight), bias && named('bias', bias)].flatMap((v) => (v ? [v] : []));
  const out = outOf(given, x.shape, [named('x', x)], true);
  outOf(given, x.shape, vectors);
  const part = round64(cols * 4);
  return run([x, weight, bias], [{ shape: x.shape, out }], {
    ...{ bytes: 2 * part, units: rows, least: leastRows(Math.max(1, cols)) },
    // what stands for a weight and a bias that are not given
    prepare({ arena, scratch }) {
      arena.f32(scratch, cols).fill(1);
      arena.f32(scratch + part, cols).fill(0);
    },
    run({ kernels, from: [x, w, b], to: [y], scratch }, begin, end) {
      const behind = begin * cols * 4;
      kernels.layerNormRows(y + behind, x + behind, w || scratch, b || scratch + part, end - begin, cols, eps);
    },
  })[0];
}

/**
 * Gradients of `layerNorm`: those of weight and bias have the normalised shape.
 * @example
 * const { gradWeight } = layerNormBackward(tensor([3, 4], [1, 2]), tensor([1, 5], [1, 2]), [2], { eps: 0 });
 * console.log(gradWeight.data); // -3, 4
 */
export function layerNormBackward(
  gradY: Tensor,
  x: Tensor,
  normalizedShape: readonly number[],
  options?: LayerNormOptions,
): NormGradients {
  const { tail, rows, cols, weight, eps, out: given } = read('layerNormBackward', x, normalizedShape, options);
  checkShaped('gradY', gradY, x.shape);
  const out = outOf(given, x.shape, [named('gradY', gradY), named('x', x)], true);
  const part = round64(cols * 4);
  const sums = round64(cols * 8 + 64);
  const outputs = [{ shape: x.shape, out }, { shape: tail }, { shape: tail }];
  const parts = partsOf(rows * cols, rows, 2 * cols);
  const words = sums / 4;
  const [gradX, gradWeight, gradBias] = run([x, weight, gradY], outputs, {
    ...{ bytes: part + parts * 2 * sums, units: parts },
    prepare({ arena, scratch }) {
      arena.f32(scratch, cols).fill(1);
      arena.f64(scratch + part, parts * words).fill(0);
    },
    run({ kernels, from: [x, w, g], to: [gradX], scratch }, begin, end) {
      for (let i = begin; i < end; i++) {
        const first = partAt(i, rows, parts);
        const [behind, count] = [first * cols * 4, partAt(i + 1, rows, parts) - first];
        const [own, operands] = [scratch + part + i * 2 * sums, [gradX + behind, g + behind, x + behind] as const];
        kernels.layerNormGrad(...operands, w || scratch, own, sums, count, cols, eps);
      }
    },
    after: {
      run({ kernels, arena, to, scratch }) {
        const at = scratch + part;
        addTables(arena.f64(at, parts * words), words);
        kernels.roundSums(to[1], at, cols, 1);
        kernels.roundSums(to[2], at + sums, cols, 1);
      },
    },
  });
  return { gradX, gradWeight, gradBias };
}
