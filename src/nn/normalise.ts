import type { Tensor } from '../types.js';
import { round64 } from '../wasm/block.js';
import type { Channels } from './channels.js';
import { run, type Work } from './run.js';

/** Sums of g and of g x, in turn, for every channel of every image. */
export type Dots = Float64Array;

/** The line of a channel of an image: y = (x - mean) factor + shift + g share. */
export interface Line {
  readonly mean: number;
  readonly factor: number;
  readonly shift: number;
  readonly share?: number;
}

function dotsAt({ kernels, arena }: Work, at: number, g: number, x: number, { n, c, cells, last }: Channels): void {
  if (!last) {
    kernels.dotRows(at, g, x, n * c, cells);
    return;
  }
  arena.f64(at, n * c * 2).fill(0);
  const image = c * cells * 4;
  for (let i = 0; i < n; i++) kernels.dotColumns(at + i * c * 16, g + i * image, x + i * image, cells, c);
}

function linesAt(
  work: Work,
  at: number,
  g: number,
  x: number,
  channels: Channels,
  line: (image: number, channel: number) => Line,
) {
  const { kernels, arena, to } = work;
  const { n, c, cells, last } = channels;
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
  if (!last) {
    kernels.lineRows(to[0], g, x, at, n * c, cells);
    return;
  }
  const image = c * cells * 4;
  for (let i = 0; i < n; i++) {
    const behind = i * image;
    kernels.lineColumns(to[0] + behind, g && g + behind, x + behind, at + i * c * 16, cells, c);
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
  const { n, c } = channels;
  const count = 2 * n * c;
  const part = round64(count * 8 + 64);
  return run([x, gradY], [{ shape: x.shape, out }], {
    bytes: 3 * part,
    run(work) {
      const { arena, from, scratch } = work;
      if (sums) dotsAt(work, scratch, from[0], from[0], channels);
      if (gradY) dotsAt(work, scratch + part, from[1], from[0], channels);
      const read = (at: number) => arena.f64(at, count).slice();
      const line = lines(
        sums ? read(scratch) : new Float64Array(0),
        gradY ? read(scratch + part) : new Float64Array(0),
      );
      if (x.data.length > 0) linesAt(work, scratch + 2 * part, gradY ? from[1] : 0, from[0], channels, line);
    },
  })[0];
}
