import { type Axis, along, product, type Range } from './axes.js';
import type { Door } from './doors.js';
import { type Pool, planPiece, WINDOWS } from './piece.js';
import { axisToCut, PARTS, Pieces, partBytesOf, planResults } from './pieces.js';
import type { BlockPlan } from './plan.js';

/** The smallest piece there is. */
const oneCell = (axis: Axis): Axis => ({ ...axis, count: 1, input: 1, window: () => [0, 1, 1] });

/**
 * Where pieces hold more cells in all than so many times the input, their windows overlap, and a piece has room for so
 * many windows.
 */
const OVERLAP = 2;
const WIDE = 3;

/** The windows of an axis in the middle of it. */
function middle({ count }: Axis, size: number): Range {
  const begin = Math.floor((count - size) / 2);
  return [begin, begin + size];
}

/** Scratch for any piece. */
function roomFor(pool: Pool, door: Door, atMost: number): number {
  const { axes, quotients } = pool;
  const cell = { ...pool, axes: along(axes, oneCell), quotients: quotients && along(quotients, oneCell) };
  const least =
    planPiece(cell, door, {
      ranges: [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    })?.scratchBytes ?? 0;
  const results = 2 * partBytesOf(door.pitch) + planResults(pool, door.pitch, PARTS, 1).scratchBytes;
  const one = planPiece(pool, door, { ranges: along(axes, (axis) => middle(axis, 1)) });
  const held = along(axes, ({ count, input }, a) => (count * (one?.box[a] ?? 0)) / input);
  return Math.max(atMost, least, results, one && product(held) > OVERLAP ? WIDE * one.scratchBytes : 0);
}

/**
 * Plans a pool piece by piece, each in `atMost` bytes of scratch, or more where windows overlap that are larger. Their
 * tables are made just before they run, once for pieces that are alike.
 */
export function planPieces(pool: Pool, door: Door, atMost: number): BlockPlan {
  const { axes } = pool;
  const { total, block, pitch } = door;
  const room = roomFor(pool, door, atMost);
  // each time a window is cut its longest axis has a sixteenth of the cells
  const levels = axes.reduce((sum, { input }) => sum + Math.ceil(Math.log(input) / Math.log(PARTS) - 1e-9), 0);

  /** As large as pieces in the middle may be. */
  const sizes = [...along(axes, ({ count }) => Math.min(count, WINDOWS))] as [number, number, number];
  const fits = () => {
    const plan = planPiece(pool, door, { ranges: along(axes, (axis, a) => middle(axis, sizes[a])) });
    return plan !== undefined && plan.scratchBytes <= room;
  };
  for (let at = axisToCut(sizes); at >= 0 && !fits(); at = axisToCut(sizes)) sizes[at] = Math.ceil(sizes[at] / 2);

  return {
    scratchBytes: room + levels * 2 * partBytesOf(pitch),
    units: Math.ceil(total / block),
    open(host, scratch) {
      const pieces = new Pieces(host, door, room, scratch);
      return (x, y, indices, begin, end) => {
        for (let first = begin * block; first < Math.min(total, end * block); first += block) {
          const operands = { x, y, indices, first, planes: Math.min(block, total - first) };
          pieces.pool(pool, sizes, operands, scratch + room, false);
        }
      };
    },
  };
}
