import type { WindowOptions } from './axes.js';
import { type Field, field, type Layout, makeField, perAxis, spatialOf, spread } from './tensor.js';
import { adaptiveWindows, forEachTap, joinAxes, type Windows, windowsOver } from './windows.js';

export interface PoolOptions extends WindowOptions {
  readonly kernelSize: number | readonly number[];
  readonly layout?: Layout;
}

export interface AdaptiveOptions {
  /** Null keeps the extent of an axis. */
  readonly outputSize: number | readonly (number | null)[];
  readonly layout?: Layout;
}

/** The windows of a pool, and where its input and output lie. */
export interface Pool {
  readonly windows: Windows;
  readonly x: Field;
  readonly y: Field;
}

function poolOver(x: Field, windows: Windows, layout: Layout | undefined): Pool {
  return { windows, x, y: makeField(x.batch, x.channels, spatialOf(windows.output, x.rank), layout) };
}

/** The stride defaults to the kernel size. */
export function slidingPool(xShape: readonly number[], options: PoolOptions): Pool {
  const x = field(xShape, options.layout);
  const kernel = perAxis(options.kernelSize, x.rank, 1);
  return poolOver(x, windowsOver(spatialOf(x.grid, x.rank), kernel, options, kernel), options.layout);
}

/** The extents asked for, with those of the input in the place of null. */
const keptOr = (asked: AdaptiveOptions['outputSize'], extents: readonly number[], rank: number): number[] =>
  perAxis(Array.isArray(asked) ? asked.map((size, a) => size ?? extents[a]) : (asked as number), rank, 1);

export function adaptivePool(xShape: readonly number[], options: AdaptiveOptions): Pool {
  const x = field(xShape, options.layout);
  const counts = keptOr(options.outputSize, spatialOf(x.grid, x.rank), x.rank);
  const extents = spatialOf(x.grid, x.rank);
  const axes = extents.map((extent, a) => adaptiveWindows(extent, counts[a]));
  return poolOver(x, joinAxes(axes, spread(extents, 1)), options.layout);
}

/**
 * Visits (y offset, x offset, flat cell within the plane) for every cell of the input that every window holds, in
 * row-major order of the window.
 */
export function forEachCell({ windows, x, y }: Pool, visit: (y: number, x: number, cell: number) => void): void {
  forEachTap(windows, (position, _tap, cell) => {
    if (cell === null) return;
    for (let b = 0; b < x.batch; b += 1) {
      for (let c = 0; c < x.channels; c += 1) visit(y.at(b, c, position), x.at(b, c, cell), cell);
    }
  });
}
