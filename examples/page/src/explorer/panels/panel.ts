import type { Evaluation } from '../evaluate.js';
import type { Planes } from '../grid.js';
import type { Place } from '../place.js';

/** A card beside the grids. */
export interface Panel {
  readonly element: HTMLElement;
  draw(evaluation: Evaluation): void;
  light(at: Place): void;
}

/** A result as planes to draw. */
export const planesOf = (planes: { shape: readonly number[]; data: ArrayLike<number> }, label: string): Planes => {
  const [, channels, rows, columns] = planes.shape;
  return { label, channels, rows, columns, values: planes.data };
};
