import type { Evaluation } from './evaluate.js';
import { drawnAt, feeds, reads } from './links.js';
import { flat, type Place } from './place.js';
import { groupOf } from './terms.js';

/** What is lit for a chosen cell: classes of cells by their number over all planes, and taps of the kernel. */
export interface Marks {
  readonly input: ReadonlyMap<number, string>;
  readonly output: ReadonlyMap<number, string>;
  readonly taps: ReadonlySet<number>;
  /** The tap that a max pool takes. */
  readonly winner: number | undefined;
}

export function marksOf(e: Evaluation, at: Place): Marks {
  return at.side === 'output' ? ofOutput(e, at) : ofInput(e, at);
}

function ofOutput(e: Evaluation, at: Place): Marks {
  const [, , drawnRows, drawnColumns] = e.drawn.shape;
  const [, channels, rows, columns] = e.y.shape;
  const links = reads(e.axes, at.row, at.column, e.config.kernel[1]);
  const input = new Map<number, string>(
    groupOf(e, at).inputs.flatMap((channel) =>
      links.map(({ cell }) => [channel * drawnRows * drawnColumns + cell, 'window'] as const),
    ),
  );
  const chosen = flat(at, { channels, rows, columns });
  const index = e.indices?.[chosen] ?? -1;
  let winner: number | undefined;
  if (index >= 0) {
    const row = Math.floor(index / e.config.input[1]) + e.pads[0][0];
    const cell = row * drawnColumns + (index % e.config.input[1]) + e.pads[1][0];
    input.set(at.channel * drawnRows * drawnColumns + cell, 'window winner');
    winner = links.find((link) => link.cell === cell)?.tap;
  }
  return { input, output: new Map([[chosen, 'chosen']]), taps: new Set(links.map(({ tap }) => tap)), winner };
}

function ofInput(e: Evaluation, at: Place): Marks {
  const [, , drawnRows, drawnColumns] = e.drawn.shape;
  const [, , rows, columns] = e.y.shape;
  const places = drawnAt(e.axes, at.row, at.column);
  const links = places.flatMap((place) => feeds(e.axes, place, e.config.kernel[1]));
  const { outputs } = groupOf(e, at);
  return {
    input: new Map(places.map((place) => [at.channel * drawnRows * drawnColumns + place, 'chosen'])),
    output: new Map(
      links.flatMap(({ cell }) => outputs.map((channel) => [channel * rows * columns + cell, 'window'] as const)),
    ),
    taps: new Set(links.map(({ tap }) => tap)),
    winner: undefined,
  };
}
