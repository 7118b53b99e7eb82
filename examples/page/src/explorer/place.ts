/** The cell that somebody looks at. */
export interface Place {
  readonly side: 'input' | 'output';
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

export const firstPlace: Place = { side: 'output', channel: 0, row: 0, column: 0 };

export interface Extents {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

const clamp = (value: number, extent: number) => Math.max(0, Math.min(extent - 1, value));

/** The same place, moved inside the grid. */
export function inside(place: Place, { channels, rows, columns }: Extents): Place {
  return {
    side: place.side,
    channel: clamp(place.channel, channels),
    row: clamp(place.row, rows),
    column: clamp(place.column, columns),
  };
}

/** Number of a cell in row-major order, channel by channel. */
export const flat = ({ channel, row, column }: Place, { rows, columns }: Extents): number =>
  (channel * rows + row) * columns + column;

/** The place `by` cells on in row-major order, round the end. */
export function step(place: Place, extents: Extents, by: number): Place {
  const { channels, rows, columns } = extents;
  const cells = channels * rows * columns;
  const at = (((flat(place, extents) + by) % cells) + cells) % cells;
  return {
    side: place.side,
    channel: Math.floor(at / (rows * columns)),
    row: Math.floor(at / columns) % rows,
    column: at % columns,
  };
}
