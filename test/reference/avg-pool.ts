import {
  type AdaptiveOptions,
  adaptivePool,
  forEachCell,
  type Pool,
  type PoolOptions,
  slidingPool,
} from './pool-windows.js';
import { plainSum } from './sums.js';
import { checkShape, type Layout, type Operand, type Result, volume } from './tensor.js';
import { forEachTap } from './windows.js';

export interface AvgPoolOptions extends PoolOptions {
  readonly countIncludePad?: boolean;
  readonly divisorOverride?: number;
}

/**
 * By what the forward divides at each output offset: the taps on the declared padding and the input, or the input
 * alone, or the override.
 */
function divisors(
  { windows, y }: Pool,
  { countIncludePad = true, divisorOverride }: Partial<AvgPoolOptions>,
): Float64Array {
  const perPosition = new Float64Array(y.cells);
  forEachTap(windows, (position, _tap, cell, declared) => {
    if (countIncludePad ? declared : cell !== null) perPosition[position] += 1;
  });
  const perOutput = new Float64Array(volume(y.shape));
  for (let b = 0; b < y.batch; b += 1) {
    for (let c = 0; c < y.channels; c += 1) {
      for (let position = 0; position < y.cells; position += 1) {
        perOutput[y.at(b, c, position)] = divisorOverride ?? perPosition[position];
      }
    }
  }
  return perOutput;
}

/** values / by, elementwise; a window without cells to count gives 0. */
const divided = (values: ArrayLike<number>, by: Float64Array): Float64Array =>
  by.map((divisor, at) => (divisor === 0 ? 0 : values[at] / divisor));

function avgOver(pool: Pool, x: Operand, options: Partial<AvgPoolOptions>): Result {
  checkShape('x', x, pool.x.shape);
  const sum = plainSum((visit) => forEachCell(pool, visit), x, pool.y.shape);
  const by = divisors(pool, options);
  return { ...sum, data: divided(sum.data, by), magnitude: divided(sum.magnitude, by), terms: sum.terms + 1 };
}

/** gradX[cell] += gradY / (the forward's own divisor) */
function avgGradOver(pool: Pool, gradY: Operand, options: Partial<AvgPoolOptions>): Result {
  checkShape('gradY', gradY, pool.y.shape);
  const share = { data: divided(gradY.data, divisors(pool, options)), shape: gradY.shape };
  const sum = plainSum((visit) => forEachCell(pool, (to, from) => visit(from, to)), share, pool.x.shape);
  return { ...sum, terms: sum.terms + 1 };
}

export const avgPool = (x: Operand, options: AvgPoolOptions): Result =>
  avgOver(slidingPool(x.shape, options), x, options);

export const adaptiveAvgPool = (x: Operand, options: AdaptiveOptions): Result =>
  avgOver(adaptivePool(x.shape, options), x, {});

export const globalAvgPool = (x: Operand, options: { readonly layout?: Layout } = {}): Result =>
  adaptiveAvgPool(x, { outputSize: 1, ...options });

export const avgPoolInputGrad = (gradY: Operand, xShape: readonly number[], options: AvgPoolOptions): Result =>
  avgGradOver(slidingPool(xShape, options), gradY, options);

export const adaptiveAvgPoolInputGrad = (gradY: Operand, xShape: readonly number[], options: AdaptiveOptions): Result =>
  avgGradOver(adaptivePool(xShape, options), gradY, {});

export const globalAvgPoolInputGrad = (
  gradY: Operand,
  xShape: readonly number[],
  options: { readonly layout?: Layout } = {},
): Result => adaptiveAvgPoolInputGrad(gradY, xShape, { outputSize: 1, ...options });
