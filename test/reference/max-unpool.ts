import { forEachIndexed } from './max-pool.js';
import type { PoolOptions } from './pool-windows.js';
import {
  checkShape,
  field,
  type Layout,
  makeField,
  type Operand,
  perAxis,
  type Result,
  spatialOf,
  volume,
} from './tensor.js';
import { transposedWindows } from './transposed-windows.js';

export interface MaxUnpoolOptions extends PoolOptions {
  /** Spatial extents, instead of those that the windows cover. */
  readonly outputSize?: readonly number[];
}

/** An exact copy of single values. */
const copied = (data: Float64Array, shape: readonly number[]): Result => ({
  data,
  shape: [...shape],
  magnitude: data.map(Math.abs),
  terms: 0,
});

/** y[cell the index names] = x, zero elsewhere. Where two windows name one cell, the later in row-major order stays. */
export function maxUnpool(x: Operand, indices: Operand, options: MaxUnpoolOptions): Result {
  checkShape('indices', indices, x.shape);
  const small = field(x.shape, options.layout);
  const counts = spatialOf(small.grid, small.rank);
  const kernel = perAxis(options.kernelSize, small.rank, 1);
  const extents = spatialOf(transposedWindows(counts, kernel, options, kernel).input, small.rank);
  const planes = makeField(small.batch, small.channels, extents, options.layout);
  const data = new Float64Array(volume(planes.shape));
  forEachIndexed(indices, small, planes, (to, from) => {
    data[to] = x.data[from];
  });
  return copied(data, planes.shape);
}

/** gradX = gradY at the cell the index names; zero for index -1. */
export function maxUnpoolInputGrad(
  gradY: Operand,
  indices: Operand,
  xShape: readonly number[],
  options: { readonly layout?: Layout } = {},
): Result {
  checkShape('indices', indices, xShape);
  const data = new Float64Array(volume(xShape));
  forEachIndexed(indices, field(xShape, options.layout), field(gradY.shape, options.layout), (from, to) => {
    data[to] = gradY.data[from];
  });
  return copied(data, xShape);
}
