import { ShapeError } from '../errors.js';
import { checkOptions, finite } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShape, checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { round64 } from '../wasm/block.js';
import type { NormGradients } from './norm.js';
import { named, type OutOption, outOf, run, type Work } from './run.js';

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

/** Address of a vector, made of one number where none is given. */
function vector({ arena, scratch }: Work, at: number, own: number, cols: number, value: number): number {
  if (own) return own;
  arena.f32(scratch + at, cols).fill(value);
  return scratch + at;
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
    bytes: 2 * part,
    run(work) {
      const { kernels, from, to } = work;
      const [w, b] = [vector(work, 0, from[1], cols, 1), vector(work, part, from[2], cols, 0)];
      kernels.layerNormRows(to[0], from[0], w, b, rows, cols, eps);
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
  const [gradX, gradWeight, gradBias] = run([x, weight, gradY], outputs, {
    bytes: part + 2 * sums,
    run(work) {
      const { kernels, arena, from, to, scratch } = work;
      const w = vector(work, 0, from[1], cols, 1);
      const at = scratch + part;
      arena.f64(at, sums / 4).fill(0);
      kernels.layerNormGrad(to[0], from[2], from[0], w, at, sums, rows, cols, eps);
      kernels.roundSums(to[1], at, cols, 1);
      kernels.roundSums(to[2], at + sums, cols, 1);
    },
  });
  return { gradX, gradWeight, gradBias };
}
