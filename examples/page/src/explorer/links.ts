import type { Config, PaddingMode, Pair } from './config.js';
import { padOf } from './pads.js';

/**
 * Which cells of the input an output cell reads, and the way back, on one axis. Cells are counted in the drawn input:
 * with its padding, which for a transposed convolution is none.
 */
export interface Axis {
  /** Cells of the drawn input. */
  readonly drawn: number;
  /** Cells of the output. */
  readonly output: number;
  /** The input cell that each drawn cell shows, −1 where it shows none. */
  readonly sources: readonly number[];
  /** [tap, drawn cell] of every tap that reads a cell. */
  reads(output: number): readonly Pair[];
  /** [tap, output cell] of every tap that brings a drawn cell into the output. */
  feeds(drawn: number): readonly Pair[];
}

const taps = (kernel: number) => Array.from({ length: kernel }, (_, tap) => tap);

/** The input cell that stands at a place outside the input. */
function sourceOf(at: number, input: number, mode: PaddingMode): number {
  if (at >= 0 && at < input) return at;
  if (mode === 'zeros') return -1;
  if (mode === 'replicate') return at < 0 ? 0 : input - 1;
  if (mode === 'circular') return ((at % input) + input) % input;
  const last = input - 1;
  return last - Math.abs(last - Math.abs(at));
}

/** @param output cells of the output on this axis */
export function axisOf(config: Config, axis: 0 | 1, output: number): Axis {
  const [input, k, s] = [config.input[axis], config.kernel[axis], config.stride[axis]];
  const d = config.operator === 'avg' ? 1 : config.dilation[axis];
  const [begin, end] = padOf(config, axis);
  // a step from the side that has the stride to the side that is counted one by one, and back
  const down = (at: number, extent: number): number | undefined =>
    at % s === 0 && at >= 0 && at / s < extent ? at / s : undefined;
  if (config.operator === 'transposed') {
    return {
      drawn: input,
      output,
      sources: taps(input),
      reads: (o) =>
        taps(k).flatMap((tap): Pair[] => {
          const cell = down(o + begin - tap * d, input);
          return cell === undefined ? [] : [[tap, cell]];
        }),
      feeds: (i) =>
        taps(k)
          .map((tap): Pair => [tap, i * s - begin + tap * d])
          .filter(([, o]) => o >= 0 && o < output),
    };
  }
  const drawn = input + begin + end;
  const mode = config.operator === 'conv' ? config.mode : 'zeros';
  return {
    drawn,
    output,
    sources: Array.from({ length: drawn }, (_, at) => sourceOf(at - begin, input, mode)),
    reads: (o) => taps(k).map((tap): Pair => [tap, o * s + tap * d]),
    feeds: (cell) =>
      taps(k).flatMap((tap): Pair[] => {
        const o = down(cell - tap * d, output);
        return o === undefined ? [] : [[tap, o]];
      }),
  };
}

/** A tap, and the cell at its other end; all counted in row-major order. */
export interface Link {
  readonly tap: number;
  readonly cell: number;
}

/** Rows times columns. */
function cross(rows: readonly Pair[], columns: readonly Pair[], kernelWidth: number, width: number): Link[] {
  return rows.flatMap(([tapRow, row]) =>
    columns.map(([tapColumn, column]) => ({ tap: tapRow * kernelWidth + tapColumn, cell: row * width + column })),
  );
}

/** The drawn input cells that an output cell reads. */
export const reads = (
  [rows, columns]: readonly [Axis, Axis],
  row: number,
  column: number,
  kernelWidth: number,
): Link[] => cross(rows.reads(row), columns.reads(column), kernelWidth, columns.drawn);

/** Where an input cell is drawn: at its own place, and wherever the padding repeats it. */
export function drawnAt([rows, columns]: readonly [Axis, Axis], row: number, column: number): number[] {
  const at = (axis: Axis, source: number) => axis.sources.flatMap((s, drawn) => (s === source ? [drawn] : []));
  return at(rows, row).flatMap((r) => at(columns, column).map((c) => r * columns.drawn + c));
}

/** The output cells that a drawn cell feeds. */
export const feeds = ([rows, columns]: readonly [Axis, Axis], drawn: number, kernelWidth: number): Link[] =>
  cross(
    rows.feeds(Math.floor(drawn / columns.drawn)),
    columns.feeds(drawn % columns.drawn),
    kernelWidth,
    columns.output,
  );
