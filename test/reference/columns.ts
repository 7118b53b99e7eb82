import type { PoolOptions } from './pool-windows.js';
import { plainSum } from './sums.js';
import {
  checkShape,
  type Field,
  field,
  makeField,
  type Operand,
  perAxis,
  type Result,
  spatialOf,
  volume,
} from './tensor.js';
import { forEachTap, type Windows, windowsOver } from './windows.js';

export interface Col2imOptions extends PoolOptions {
  /** Spatial extents of the image. */
  readonly outputSize: readonly number[];
}

interface Columns {
  readonly shape: number[];
  forEachPair(visit: (column: number, x: number) => void): void;
}

/** columns[b, c * taps + tap, position] holds x[b, c, cell]; [n, c * taps, positions] in either layout of x. */
function columnsOf(x: Field, options: PoolOptions): Columns {
  const kernel = perAxis(options.kernelSize, x.rank, 1);
  const taps = volume(kernel);
  const windows: Windows = windowsOver(spatialOf(x.grid, x.rank), kernel, options);
  const positions = volume(windows.output);
  return {
    shape: [x.batch, x.channels * taps, positions],
    forEachPair: (visit) =>
      forEachTap(windows, (position, tap, cell) => {
        if (cell === null) return;
        for (let b = 0; b < x.batch; b += 1) {
          for (let c = 0; c < x.channels; c += 1) {
            visit(((b * x.channels + c) * taps + tap) * positions + position, x.at(b, c, cell));
          }
        }
      }),
  };
}

/** Every window as a column; padding as zeros. The stride defaults to 1. */
export function im2col(x: Operand, options: PoolOptions): Result {
  const from = field(x.shape, options.layout);
  checkShape('x', x, from.shape);
  const columns = columnsOf(from, options);
  return plainSum((visit) => columns.forEachPair(visit), x, columns.shape);
}

/** x[cell] += columns: overlaps are summed. */
export function col2im(columns: Operand, options: Col2imOptions): Result {
  const taps = volume(perAxis(options.kernelSize, options.outputSize.length, 1));
  const image = makeField(columns.shape[0], columns.shape[1] / taps, options.outputSize, options.layout);
  const layout = columnsOf(image, options);
  checkShape('columns', columns, layout.shape);
  return plainSum((visit) => layout.forEachPair((column, x) => visit(x, column)), columns, image.shape);
}

/** im2col and col2im are each other's gradient. */
export function im2colInputGrad(gradColumns: Operand, xShape: readonly number[], options: PoolOptions): Result {
  const x = field(xShape, options.layout);
  return col2im(gradColumns, { ...options, outputSize: spatialOf(x.grid, x.rank) });
}

export function col2imInputGrad(gradImage: Operand, options: PoolOptions): Result {
  return im2col(gradImage, options);
}
