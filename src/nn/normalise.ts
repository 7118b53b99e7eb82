import type { Tensor } from '../types.js';
import { round64 } from '../wasm/block.js';
import type { Channels } from './channels.js';
import { addTables, leastRows, partAt, partsOf, run, type Stage, type Work } from './run.js';

/** Sums of g and of g x, in turn, for every channel of every image. */
export type Dots = Float64Array;

/** The line of a channel of an image: y = (x - mean) factor + shift + g share. */
export interface Line {
  readonly mean: number;
  readonly factor: number;
  readonly shift: number;
  readonly share?: number;
}

/** Rows that are summed: channels of an image, or with channels last parts of its cells, each with sums of its own. */
function sumsOf({ n, c, cells, last }: Channels) {
  const parts = last ? partsOf(c * cells, cells, 2 * c) : c;
  const [units, bytes] = [n * parts, last ? c * 16 : 16];
  return {
    units,
    bytes: round64(units * bytes + 64),
    least: leastRows((c * cells) / parts),
    /** The sums of units [begin, end) at `at`, which holds zeros. */
    add({ kernels }: Work, at: number, g: number, x: number, begin: number, end: number) {
      if (!last) {
        const rows = begin * cells * 4;
        kernels.dotRows(at + begin * 16, g + rows, x + rows, end - begin, cells);
        return;
      }
      for (let unit = begin; unit < end; unit++) {
        const [image, part] = [Math.floor(unit / parts), unit % parts];
        const [first, next] = [partAt(part, cells, parts), partAt(part + 1, cells, parts)];
        const behind = (image * cells + first) * c * 4;
        kernels.dotColumns(at + unit * bytes, g + behind, x + behind, next - first, c);
      }
    },
    /** The sums of all, for every channel of every image. */
    read({ arena }: Work, at: number): Dots {
      const dots = new Float64Array(2 * n * c);
      const image = (units * bytes) / 8 / n;
      for (let i = 0; i < n; i++) {
        const own = arena.f64(at + i * image * 8, image);
        addTables(own, 2 * c);
        dots.set(own.subarray(0, 2 * c), i * 2 * c);
      }
      return dots;
    },
  };
}

/** Lines as the kernels read them. */
function writeLines(
  { arena }: Work,
  at: number,
  { n, c, last }: Channels,
  line: (image: number, channel: number) => Line,
): void {
  const table = arena.f32(at, n * c * 4);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < c; k++) {
      const { mean, factor, shift, share = 0 } = line(i, k);
      const [first, step] = last ? [i * c * 4 + k, c] : [(i * c + k) * 4, 1];
      table[first] = mean;
      table[first + step] = factor;
      table[first + 2 * step] = shift;
      table[first + 3 * step] = share;
    }
  }
}

/** The lines of rows [begin, end): channels of images, or with channels last cells. `g`: 0 for none. */
function drawLines(
  { kernels, to }: Work,
  at: number,
  g: number,
  x: number,
  { c, cells, last }: Channels,
  begin: number,
  end: number,
): void {
  const draw = (lines: number, row: number, count: number, floats: number) => {
    const behind = row * floats * 4;
    const operands = [to[0] + behind, g && g + behind, x + behind, at + lines * 16] as const;
    if (last) kernels.lineColumns(...operands, count, c);
    else kernels.lineRows(...operands, count, cells);
  };
  if (!last) {
    draw(begin, begin, end - begin, cells);
    return;
  }
  for (let row = begin; row < end; ) {
    const image = Math.floor(row / cells);
    const next = Math.min(end, (image + 1) * cells);
    draw(image * c, row, next - row, c);
    row = next;
  }
}

/**
 * Normalises in two passes over x (and g): its sums, then a line that `lines` makes of them for each channel. `sums`
 * says whether they are needed. With `gradY` those of gradY and gradY x are made as well.
 */
export function normalise(
  x: Tensor,
  gradY: Tensor | undefined,
  channels: Channels,
  sums: boolean,
  out: Tensor | undefined,
  lines: (own: Dots, grads: Dots) => (image: number, channel: number) => Line,
): Tensor {
  const { n, c, cells, last } = channels;
  const { units, bytes, least, add, read } = sumsOf(channels);
  const isEmpty = x.data.length === 0;
  const after: Stage = {
    units: isEmpty ? 0 : n * (last ? cells : c),
    least: leastRows(last ? c : cells),
    prepare(work) {
      const of = (isThere: boolean, at: number) => (isThere ? read(work, work.scratch + at) : new Float64Array(0));
      writeLines(work, work.scratch + 2 * bytes, channels, lines(of(sums, 0), of(gradY !== undefined, bytes)));
    },
    run(work, begin, end) {
      const { from, scratch } = work;
      if (!isEmpty) drawLines(work, scratch + 2 * bytes, gradY ? from[1] : 0, from[0], channels, begin, end);
    },
  };
  const plan: Stage = {
    units: isEmpty ? 0 : units,
    ...{ least, after },
    prepare: ({ arena, scratch }) => arena.f64(scratch, bytes / 4).fill(0),
    run(work, begin, end) {
      const [own, g] = work.from;
      if (isEmpty) return;
      if (sums) add(work, work.scratch, own, own, begin, end);
      if (gradY) add(work, work.scratch + bytes, g, own, begin, end);
    },
  };
  return run([x, gradY], [{ shape: x.shape, out }], {
    bytes: 2 * bytes + round64(n * c * 16 + 64),
    ...(sums || gradY ? plan : after),
  })[0];
}
