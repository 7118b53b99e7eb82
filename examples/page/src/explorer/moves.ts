import type { Planes } from './planes.js';

/** The cell that a key leads to, over all planes; undefined for a key that leads nowhere. */
export function cellAfter(
  key: string,
  at: number,
  { rows, columns, channels }: Pick<Planes, 'rows' | 'columns' | 'channels'>,
): number | undefined {
  const [line, column] = [Math.floor(at / columns), at % columns];
  const last = channels * rows - 1;
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [line, Math.max(0, column - 1)],
    ArrowRight: [line, Math.min(columns - 1, column + 1)],
    ArrowUp: [Math.max(0, line - 1), column],
    ArrowDown: [Math.min(last, line + 1), column],
    Home: [line, 0],
    End: [line, columns - 1],
    PageUp: [0, column],
    PageDown: [last, column],
  };
  const to = Object.hasOwn(moves, key) ? moves[key] : undefined;
  return to && to[0] * columns + to[1];
}
