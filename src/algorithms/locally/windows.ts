import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';
import { writeGeometry } from '../../wasm/records.js';

/**
 * Bytes of the windows of one block in all images: they stay in the L2 cache, and what packs them into whole vectors
 * has enough to do.
 */
const BLOCK_BYTES = 256 * 1024;

/**
 * Positions of a block at least: with fewer, many images are gathered crumb by crumb (3 took 1.3 to 2 times as long as
 * 16).
 */
const LEAST = 16;

/** Adjacent output positions: whole rows, or a part of one row. */
export interface Block {
  readonly y: number;
  readonly x: number;
  readonly rows: number;
  readonly columns: number;
  /** First position and their number. */
  readonly begin: number;
  readonly count: number;
}

/** Inputs of a position, taps times channels. */
export const depthOf = (p: ConvProblem): number => p.kh * p.kw * p.ic;

/** Positions of the largest block. The problem alone decides, as it does on the order of sums. */
export const blockSize = (p: ConvProblem): number => {
  const most = Math.max(LEAST, Math.floor(BLOCK_BYTES / (4 * Math.max(1, p.n) * depthOf(p))));
  return most < p.ow ? most : Math.min(p.oh, Math.floor(most / p.ow)) * p.ow;
};

/** All positions, block by block: how many blocks there are, and each by its number. */
export function blocksOf(p: ConvProblem): { readonly count: number; at(i: number): Block } {
  const size = blockSize(p);
  const [height, width] = size < p.ow ? [1, size] : [size / p.ow, p.ow];
  const across = Math.ceil(p.ow / width);
  return {
    count: Math.ceil(p.oh / height) * across,
    at(i) {
      const [y, x] = [Math.floor(i / across) * height, (i % across) * width];
      const [rows, columns] = [Math.min(height, p.oh - y), Math.min(width, p.ow - x)];
      return { y, x, rows, columns, begin: y * p.ow + x, count: rows * columns };
    },
  };
}

/**
 * Places that `gatherWindows` and `scatterWindows` work in: a geometry record, and the columns of a block of one image.
 */
export interface WindowScratch {
  readonly geometry: Address;
  readonly columns: Address;
}

/**
 * Where the unfold kernel puts the rows of a block: in the order of the weights, taps last with channels first and the
 * other way round.
 */
function order(p: ConvProblem, { count }: Block) {
  const taps = p.kh * p.kw;
  const [plane, tap] = p.channelsLast ? [count * 4, p.ic * count * 4] : [taps * count * 4, count * 4];
  return p.flipKernel ? { first: (taps - 1) * tap, plane, tap: -tap } : { first: 0, plane, tap };
}

/** The block as a window problem of its own: what lies before it counts as padding taken back. */
function enter(host: Host, p: ConvProblem, block: Block, { geometry }: WindowScratch): void {
  const { y, x, rows, columns } = block;
  writeGeometry(host, geometry, { ...p, oh: rows, ow: columns, ph: p.ph - y * p.sh, pw: p.pw - x * p.sw });
}

/** The windows of a block over channels-first `planes` into [position][image][inputs] at `to`. */
export function gatherWindows(
  host: Host,
  p: ConvProblem,
  block: Block,
  planes: Address,
  to: Address,
  at: WindowScratch,
): void {
  const { exports } = host;
  const depth = depthOf(p);
  const { first, plane, tap } = order(p, block);
  enter(host, p, block, at);
  for (let i = 0; i < p.n; i++) {
    exports.im2colNchw(at.geometry, planes + i * p.ic * p.ih * p.iw * 4, at.columns + first, plane, tap, 0, p.ic);
    exports.transpose(to + i * depth * 4, p.n * depth * 4, at.columns, block.count * 4, depth, block.count);
  }
}

/** The adjoint: adds [position][image][inputs] at `from` to channels-first `planes`. */
export function scatterWindows(
  host: Host,
  p: ConvProblem,
  block: Block,
  from: Address,
  planes: Address,
  at: WindowScratch,
): void {
  const { exports } = host;
  const depth = depthOf(p);
  const { first, plane, tap } = order(p, block);
  enter(host, p, block, at);
  for (let i = 0; i < p.n; i++) {
    exports.transpose(at.columns, block.count * 4, from + i * depth * 4, p.n * depth * 4, block.count, depth);
    exports.col2imNchw(at.geometry, at.columns + first, plane, tap, planes + i * p.ic * p.ih * p.iw * 4, 0, p.ic);
  }
}
