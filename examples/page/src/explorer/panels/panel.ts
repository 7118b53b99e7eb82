import type { Evaluation } from '../evaluate.js';
import type { Place } from '../place.js';

/** A card beside the grids. */
export interface Panel {
  readonly element: HTMLElement;
  draw(evaluation: Evaluation): void;
  light(at: Place): void;
}
