import { OptionError, ShapeError } from '../errors.js';
import type { Rank, WindowExtents } from '../types.js';
import { outputExtent } from './extent.js';
import { type Features, featureShape, rankOf, readFeatures } from './features.js';
import { checkOptions, layoutIsLast, optionNames, padding, perAxis } from './options.js';
import { show } from './show.js';
import { checkShape, checkSize, sizeOf } from './tensor.js';
import { checkPaddedSize, windowAxes, windowExtents } from './window.js';

/** A checked im2col or col2im: feature maps on one side, [n, c kernel, positions] on the other. */
export interface ColumnsProblem extends WindowExtents {
  /** Channels of the maps. */
  readonly c: number;
  /** Shape of the maps as the caller's layout has it. */
  readonly xShape: readonly number[];
  /** [n, c kd kh kw, od oh ow], without n where the maps are, in every layout; a column is channel by channel, the kernel row-major within. */
  readonly columnsShape: readonly number[];
}

/**
 * Checks im2col of x [n, c, i...] (channels last: [n, i..., c]) in the rank of x.
 * @throws ShapeError or OptionError
 */
export function im2colProblem(xShape: readonly number[], options?: unknown, calledAs = 'im2col'): ColumnsProblem {
  const o = checkOptions(calledAs, options, optionNames.im2col);
  const rank = rankOf('x', xShape, o.layout);
  const channelsLast = layoutIsLast(o.layout, rank);
  return columnsProblem(readFeatures('x', xShape, rank, channelsLast), channelsLast, o);
}

/**
 * Checks col2im of columns [n, c kernel, positions] to maps of the extents `outputSize`, a list whose length is the
 * rank.
 * @throws ShapeError or OptionError
 */
export function col2imProblem(columnsShape: readonly number[], options?: unknown, calledAs = 'col2im'): ColumnsProblem {
  const o = checkOptions(calledAs, options, optionNames.col2im);
  checkShape('columns.shape', columnsShape);
  const single = columnsShape.length === 2;
  if (!single && columnsShape.length !== 3) {
    const found = `columns has rank ${columnsShape.length} (shape ${show(columnsShape)})`;
    throw new ShapeError(`${found}, expected rank 3: [n, c * kernel, positions], or rank 2, without n`);
  }
  const { outputSize } = o;
  if (!Array.isArray(outputSize) || outputSize.length < 1 || outputSize.length > 3) {
    throw new OptionError(`outputSize is ${show(outputSize)}, expected a list of 1 to 3 extents, one per spatial axis`);
  }
  const rank = outputSize.length as Rank;
  const channelsLast = layoutIsLast(o.layout, rank);
  const spatial = perAxis('outputSize', outputSize, rank, undefined, 1);
  const kernel = perAxis('kernelSize', o.kernelSize, rank, undefined, 1);
  const taps = sizeOf(kernel);
  const [n, height, positions] = single ? [1, ...columnsShape] : columnsShape;
  if (height < 1 || height % taps !== 0) {
    throw new ShapeError(`columns has ${height} rows, expected a multiple of ${taps} (kernel ${kernel.join(' x ')})`);
  }
  const problem = columnsProblem({ n, c: height / taps, spatial, single }, channelsLast, o);
  const expected = problem.od * problem.oh * problem.ow;
  if (positions !== expected) {
    const grid = [problem.od, problem.oh, problem.ow].slice(3 - rank).join(' x ');
    throw new ShapeError(
      `columns has ${positions} positions, expected ${expected} (${grid}) for outputSize ${show(spatial)}`,
    );
  }
  return problem;
}

function columnsProblem(maps: Features, channelsLast: boolean, o: Readonly<Record<string, unknown>>): ColumnsProblem {
  const { n, c, spatial, single } = maps;
  const rank = spatial.length as Rank;
  const kernel = perAxis('kernelSize', o.kernelSize, rank, undefined, 1);
  const axes = windowAxes(
    spatial,
    kernel,
    perAxis('stride', o.stride, rank, 1, 1),
    perAxis('dilation', o.dilation, rank, 1, 1),
  );
  const pads = padding(o.padding, axes);
  const output = axes.map((axis, a) => outputExtent(axis, pads[a]));
  const xShape = featureShape(maps, channelsLast);
  const columnsShape = Object.freeze([...(single ? [] : [n]), c * sizeOf(kernel), sizeOf(output)]);
  checkSize('maps', xShape);
  checkSize('columns', columnsShape);
  checkPaddedSize('maps', n, c, axes, pads);
  return Object.freeze({ ...windowExtents(n, channelsLast, axes, pads, output), c, xShape, columnsShape });
}
