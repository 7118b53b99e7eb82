/** A stack of planes of numbers, drawn as tables. */
export interface Planes {
  readonly label: string;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  /** The number that has the strongest colour; the largest of all by default. */
  readonly largest?: number;
  /** What stands under each plane, where there are several; `channel 0` and so on by default. */
  readonly names?: readonly string[];
  /** A class of a cell of a plane, such as `padding`. */
  readonly kind?: (cell: number) => string;
  /** Text of a cell where it is not its number. */
  readonly text?: (value: number, cell: number, channel: number) => string;
}

/** The largest finite number, up or down. */
export const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 0);

/** Colours what shows a number: by its sign, as strong as it is large. */
export function tint(element: HTMLElement, value: number, largest: number): void {
  const strength = Number.isFinite(value) && largest > 0 ? value / largest : 0;
  element.classList.toggle('plus', strength > 0);
  element.classList.toggle('minus', strength < 0);
  element.style.setProperty('--strength', `${Math.round(Math.abs(strength) * 100)}%`);
}

/** A result as planes to draw. */
export const planesOf = (planes: { shape: readonly number[]; data: ArrayLike<number> }, label: string): Planes => {
  const [, channels, rows, columns] = planes.shape;
  return { label, channels, rows, columns, values: planes.data };
};
