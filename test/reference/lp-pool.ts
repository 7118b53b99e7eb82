import { forEachCell, type PoolOptions, slidingPool } from './pool-windows.js';
import { checkShape, type Operand, type Result, volume } from './tensor.js';

export interface LpPoolOptions extends PoolOptions {
  /** Exponent, above 0. */
  readonly p: number;
}

/**
 * Roundings a power or a root adds: a power of exponent p by products or by exp and log, in units in the last place.
 */
const powerRoundings = (p: number): number => 4 + 2 * Math.ceil(p);

/**
 * y = (sum |x|^p)^(1/p); 0 for a window without cells. All terms have one sign, so the error is relative to y; the root
 * divides it by p.
 */
export function lpPool(x: Operand, options: LpPoolOptions): Result {
  const pool = slidingPool(x.shape, options);
  checkShape('x', x, pool.x.shape);
  const sums = new Float64Array(volume(pool.y.shape));
  const counts = new Int32Array(sums.length);
  forEachCell(pool, (to, from) => {
    sums[to] += Math.abs(x.data[from]) ** options.p;
    counts[to] += 1;
  });
  const data = sums.map((sum) => sum ** (1 / options.p));
  const most = counts.reduce((found, count) => Math.max(found, count), 0);
  return { data, shape: pool.y.shape, magnitude: data, terms: Math.ceil(most / options.p) + powerRoundings(options.p) };
}

/** gradX += gradY sign(x) |x|^(p - 1) y^(1 - p), and nothing where x = 0 or y = 0. */
export function lpPoolInputGrad(gradY: Operand, x: Operand, y: Operand, options: LpPoolOptions): Result {
  const pool = slidingPool(x.shape, options);
  checkShape('gradY', gradY, pool.y.shape);
  checkShape('y', y, pool.y.shape);
  const { p } = options;
  const data = new Float64Array(volume(x.shape));
  const magnitude = new Float64Array(data.length);
  const counts = new Int32Array(data.length);
  forEachCell(pool, (to, from) => {
    const value = x.data[from];
    if (value === 0 || y.data[to] === 0) return;
    const term = gradY.data[to] * Math.sign(value) * Math.abs(value) ** (p - 1) * y.data[to] ** (1 - p);
    data[from] += term;
    magnitude[from] += Math.abs(term);
    counts[from] += 1;
  });
  const most = counts.reduce((found, count) => Math.max(found, count), 0);
  return { data, shape: [...x.shape], magnitude, terms: most + 2 * powerRoundings(p) };
}
