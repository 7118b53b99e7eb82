import type { Address } from '../../wasm/arena.js';
import { round64 } from '../../wasm/block.js';
import type { Host } from '../../wasm/host.js';
import { type Axes, along, type Extents, product, type Range, type Triple } from './axes.js';
import { cellOf, type Door, type Layout, mover } from './doors.js';
import { type ImagePool, stepsOf } from './images.js';
import { cut } from './spans.js';
import { planStages } from './stages.js';

/** A pool of feature maps in the caller's layout. */
export interface Pool extends Layout {
  readonly kind: 'max' | 'argmax' | 'sum';
  /** Adds sums to what y holds. */
  readonly accumulate?: boolean;
  readonly axes: Axes;
  /** Divides the input first: windows of one cell each, with their share. */
  readonly quotients?: Axes;
}

/** Most windows, and cells that are divided, of a piece along an axis: its tables are made on the JavaScript heap. */
export const WINDOWS = 1 << 16;

/** Which windows of a pool are made together. */
export interface Piece {
  readonly ranges: Triple<Range>;
  /** It is the whole pool, of so many images where there is no door. */
  readonly images?: number;
  /** Results go to an image in scratch. */
  readonly toImage?: boolean;
}

/**
 * Pools planes `first` to before `first + planes` of a call; y and the indices may be an image in scratch. `from` is
 * the first cell of the piece's box, `to` its first output: one plan serves pieces that are alike. `begin`, `end`: as
 * in `PoolRun`.
 */
export type PieceRun = (
  ...operands: [
    ...[x: Address, y: Address, indices: Address, first: number, planes: number, from: Extents, to: Extents],
    ...[begin?: number, end?: number],
  ]
) => void;

export interface PiecePlan {
  readonly scratchBytes: number;
  /** Parts that do not depend on each other; with a door one. */
  readonly units: number;
  /** First cell of the input that its windows hold, and how many along each axis. */
  readonly origin: Extents;
  readonly box: Extents;
  open(host: Host, scratch: Address): PieceRun;
}

/** Plans a piece of a pool. Undefined: it has more cells to divide than tables may name. */
export function planPiece(pool: Pool, door: Door, { ranges, images, toImage }: Piece): PiecePlan | undefined {
  const { kind, accumulate } = pool;
  const { pitch, step, moves } = door;
  const axes = along(pool.axes, (axis, a) => cut(axis, ranges[a], images !== undefined));
  const origin = along(axes, (axis) => axis.origin);
  const box = along(axes, ({ input }) => input);
  const counts = along(axes, ({ count }) => count);
  if (pool.quotients && box.some((cells) => cells > WINDOWS)) return undefined;
  const quotients = pool.quotients && along(pool.quotients, (axis, a) => cut(axis, [origin[a], origin[a] + box[a]]));

  const inputs = along(pool.axes, ({ input }) => input);
  const outputs = along(pool.axes, ({ count }) => count);
  const direct = !moves || toImage;
  const indexed = kind === 'argmax';
  const inBytes = moves ? round64(product(box) * pitch * 4) : 0;
  const outBytes = direct ? 0 : round64(product(counts) * pitch * 4);
  const image: ImagePool = {
    ...{ kind, accumulate, axes, c: pitch, images: moves ? 1 : (images ?? 1), cells: stepsOf(inputs, 1) },
    ...{ x: stepsOf(moves ? box : inputs, pitch), y: stepsOf(direct ? outputs : counts, pitch) },
  };
  const plan = planStages(image, quotients);
  const yAt = inBytes;
  const indicesAt = yAt + outBytes;
  const restAt = indicesAt + (indexed ? outBytes : 0);
  const [xBytes, yBytes] = [product(inputs) * step * 4, product(outputs) * step * 4];
  const leaves = toImage ? undefined : moves;
  const enter = moves && mover(door, moves.enter, box, inputs);
  const enterY = accumulate && leaves && mover(door, leaves.enter, counts, outputs);
  const leave = leaves && mover(door, leaves.leave, counts, outputs);
  return {
    ...{ scratchBytes: restAt + plan.scratchBytes, units: moves ? 1 : plan.units, origin, box },
    open(host, scratch) {
      const run = plan.open(host, scratch + restAt);
      return (x, y, indices, first, planes, from, to, begin, end) => {
        const index = cellOf(from, inputs);
        let source = x + first * xBytes;
        if (enter) {
          enter(host, scratch, source, planes, from);
          source = scratch;
        } else source += index * pitch * 4;
        const at = toImage ? 0 : first * yBytes;
        if (!leave) {
          const offset = at + cellOf(to, outputs) * pitch * 4;
          return run(source, y + offset, indices + offset, index, begin, end);
        }
        if (enterY) enterY(host, scratch + yAt, y + at, planes, to);
        run(source, scratch + yAt, scratch + indicesAt, index);
        leave(host, scratch + yAt, y + at, planes, to);
        if (indexed) leave(host, scratch + indicesAt, indices + at, planes, to);
      };
    },
  };
}
