import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';
import { fill } from '../../wasm/records.js';
import { type Extents, product } from './axes.js';

/** Maps of features in the caller's layout. */
export interface Layout {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
}

/**
 * Moves `cells` cells of `planes` planes, which are `size` cells apart, to an image of `pitch` floats a pixel, or back.
 */
export type Move = (
  host: Host,
  image: Address,
  operand: Address,
  planes: number,
  size: number,
  cells: number,
  pitch: number,
) => void;

/** The way in and out: how the caller's memory becomes images whose pixels are whole vectors, block by block. */
export interface Door {
  /** Planes, or whole images, in all, and how many of them pass at once, as one image. */
  readonly total: number;
  readonly block: number;
  /** Floats of a pixel. */
  readonly pitch: number;
  /** Floats from cell to cell in the caller's memory. */
  readonly step: number;
  /** Undefined: the caller's memory is what the kernels need. */
  readonly moves?: { readonly enter: Move; readonly leave: Move };
}

/** Channels first: a block of planes, of any images, side by side as the channels of one image. */
const transposed = {
  enter: (host: Host, image, planesAt, planes, size, cells, pitch) => {
    // lanes without a plane must not look like NaN
    if (planes % 4 !== 0) fill(host, image, cells * pitch, 0);
    host.exports.transpose(image, pitch * 4, planesAt, size * 4, planes, cells);
  },
  leave: ({ exports }: Host, image, planesAt, planes, size, cells, pitch) =>
    exports.transpose(planesAt, size * 4, image, pitch * 4, cells, planes),
} satisfies Door['moves'];

/** Channels last: one image with its pixels moved apart. */
const spaced = (c: number): Door['moves'] => ({
  enter: ({ exports }, image, at, _planes, _size, cells, pitch) =>
    exports.repitch(image, pitch * 4, at, c * 4, cells, c, 1),
  leave: ({ exports }, image, at, _planes, _size, cells, pitch) =>
    exports.repitch(at, c * 4, image, pitch * 4, cells, c, 0),
});

/**
 * Bytes of planes, in and out, that are transposed at once, to stay in the L2 cache. (1 MB is 5 to 20 % slower for
 * 56x56 planes, 4 MB up to twice.)
 */
const BLOCK_BYTES = 1 << 18;

/**
 * Planes at once, however large: fewer than 16 leave cache lines half used (4 cost 10 to 30 % at 56x56 and 112x112 and
 * only pay beyond 200x200), 32 cost 40 % at 112x112; more than 64 gain nothing.
 */
const PLANES = { least: 16, most: 64 } as const;

/** The door of a layout; `planeBytes`: bytes of a plane, in and out. */
export function doorOf({ channelsLast, n, c }: Layout, planeBytes: number): Door {
  if (channelsLast && c % 4 === 0) return { total: n, block: 1, pitch: c, step: c };
  if (channelsLast && c > 1) return { total: n, block: 1, pitch: Math.ceil(c / 4) * 4, step: c, moves: spaced(c) };
  const fitting = Math.floor(BLOCK_BYTES / planeBytes / PLANES.least) * PLANES.least;
  const block = Math.min(n * c, PLANES.most, Math.max(PLANES.least, fitting));
  return { total: n * c, block, pitch: Math.ceil(block / 4) * 4, step: 1, moves: transposed };
}

/** The number of a cell in planes of `whole` cells. */
export const cellOf = (at: Extents, whole: Extents): number => (at[0] * whole[1] + at[1]) * whole[2] + at[2];

/** Moves a box of planes of `whole` cells, run by run of neighbouring cells; `from`: its first cell. */
export function mover({ pitch, step }: Door, move: Move, box: Extents, whole: Extents) {
  const [d, h, w] = box;
  const size = product(whole);
  const joined = w === whole[2] ? (h === whole[1] ? d * h : h) : 1;
  const [runs, cells] = [(d * h) / joined, joined * w];
  /** Runs of a plane, and cells from its last one to the first one of the next. */
  const [lines, skipped] = [Math.ceil(h / joined), (whole[1] - h) * whole[2]];
  return (host: Host, image: Address, operand: Address, planes: number, from: Extents): void => {
    let cell = cellOf(from, whole);
    for (let i = 0; i < runs; i++) {
      if (i > 0) cell += joined * whole[2] + (i % lines === 0 ? skipped : 0);
      move(host, image + i * cells * pitch * 4, operand + cell * step * 4, planes, size, cells, pitch);
    }
  };
}
