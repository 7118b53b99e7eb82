import { ShapeError } from '../errors.js';
import { layoutIsLast } from '../shape/options.js';
import { show } from '../shape/show.js';
import type { Rank } from '../types.js';

/** A map of features seen as images, channels and cells. */
export interface Channels {
  readonly n: number;
  readonly c: number;
  readonly cells: number;
  readonly last: boolean;
}

/** Reads [n, c], or [n, c, ...cells] in a layout of one to three axes. */
export function channelsOf(operand: string, shape: readonly number[], layout: unknown): Channels {
  const rank = shape.length - 2;
  if (rank < 0 || rank > 3)
    throw new ShapeError(
      `${operand} has rank ${shape.length} (shape ${show(shape)}), expected [n, c] or 1 to 3 axes more`,
    );
  const last = rank > 0 && layoutIsLast(layout, rank as Rank);
  const c = shape[last ? shape.length - 1 : 1];
  const cells = shape.reduce((product, extent) => product * extent, 1) / (shape[0] * c);
  return { n: shape[0], c, cells: Number.isNaN(cells) ? 0 : cells, last };
}
