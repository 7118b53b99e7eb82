import {
  type AdaptiveOptions,
  adaptivePool,
  forEachCell,
  type Pool,
  type PoolOptions,
  slidingPool,
} from './pool-windows.js';
import { plainSum } from './sums.js';
import { checkShape, field, type Indices, type Layout, type Operand, type Result } from './tensor.js';

/** The largest cells, exact, and the flat position of each within its channel plane. */
export interface MaxPoolResult {
  readonly data: Float64Array;
  readonly shape: number[];
  readonly indices: Indices;
}

/**
 * The first cell in row-major order wins a tie; the first NaN wins over everything; a window without cells gives
 * -Infinity and index -1.
 */
function maxOver(pool: Pool, x: Operand): MaxPoolResult {
  checkShape('x', x, pool.x.shape);
  const { shape, batch, channels, cells } = pool.y;
  const data = new Float64Array(batch * channels * cells).fill(Number.NEGATIVE_INFINITY);
  const indices = new Int32Array(data.length).fill(-1);
  forEachCell(pool, (to, from, cell) => {
    const value = x.data[from];
    const first = indices[to] === -1;
    const firstNaN = Number.isNaN(value) && !Number.isNaN(data[to]);
    if (first || firstNaN || value > data[to]) {
      data[to] = value;
      indices[to] = cell;
    }
  });
  return { data, shape, indices: { data: indices, shape } };
}

export const maxPool = (x: Operand, options: PoolOptions): MaxPoolResult => maxOver(slidingPool(x.shape, options), x);

export const adaptiveMaxPool = (x: Operand, options: AdaptiveOptions): MaxPoolResult =>
  maxOver(adaptivePool(x.shape, options), x);

export const globalMaxPool = (x: Operand, options: { readonly layout?: Layout } = {}): MaxPoolResult =>
  adaptiveMaxPool(x, { outputSize: 1, ...options });

/** gradX[cell the index names] += gradY; index -1 names none. Sliding, adaptive and global max pools alike. */
export function maxPoolInputGrad(
  gradY: Operand,
  indices: Operand,
  xShape: readonly number[],
  options: { readonly layout?: Layout } = {},
): Result {
  const x = field(xShape, options.layout);
  const y = field(gradY.shape, options.layout);
  checkShape('indices', indices, gradY.shape);
  return plainSum((visit) => forEachIndexed(indices, y, x, visit), gradY, xShape);
}

type MapField = ReturnType<typeof field>;

/**
 * Visits (offset in the indexed planes, offset of the index) for every index other than -1, positions in row-major
 * order.
 */
export function forEachIndexed(
  indices: Operand,
  small: MapField,
  planes: MapField,
  visit: (inPlanes: number, at: number) => void,
): void {
  for (let b = 0; b < small.batch; b += 1) {
    for (let c = 0; c < small.channels; c += 1) {
      for (let position = 0; position < small.cells; position += 1) {
        const at = small.at(b, c, position);
        const cell = indices.data[at];
        if (cell === -1) continue;
        if (!(cell >= 0 && cell < planes.cells))
          throw new Error(`index ${cell} is outside a plane of ${planes.cells} cells`);
        visit(planes.at(b, c, cell), at);
      }
    }
  }
}
