import type { Address } from '../../wasm/arena.js';
import type { Host } from '../../wasm/host.js';
import { cellOf, type Door, eachRun, type Layout } from './doors.js';
import { type ImagePool, stepsOf } from './images.js';
import { round64 } from './plan.js';
import { type Axes, along, cut, type Extents, product, type Range, type Triple } from './spans.js';
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

/** Planes `first` to before `first + planes` of a call; y and the indices may be an image in scratch. */
export interface Operands {
  readonly x: Address;
  readonly y: Address;
  readonly indices: Address;
  readonly first: number;
  readonly planes: number;
}

export interface PiecePlan {
  readonly scratchBytes: number;
  /** First cell of the input that its windows hold, and how many along each axis. */
  readonly origin: Extents;
  readonly box: Extents;
  /** The tables serve pieces that are alike: `origin` is the first cell of the box, `output` the first output. */
  open(host: Host, scratch: Address): (operands: Operands, origin: Extents, output: Extents) => void;
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
  return {
    ...{ scratchBytes: restAt + plan.scratchBytes, origin, box },
    open(host, scratch) {
      const run = plan.open(host, scratch + restAt);
      return ({ x, y, indices, first, planes }, from, to) => {
        const [inSize, outSize] = [product(inputs), product(outputs)];
        const xAt = x + first * inSize * step * 4;
        const planesAt = toImage ? 0 : first * outSize * step * 4;
        const index = cellOf(from, inputs);
        const pass = (way: 'enter' | 'leave', at: Address, operand: Address, box: Extents, origin: Extents, whole: Extents) =>
          eachRun(box, origin, whole, (inBox, cell, cells) =>
            moves?.[way](host, at + inBox * pitch * 4, operand + cell * step * 4, planes, product(whole), cells, pitch),
          );
        if (moves) pass('enter', scratch, xAt, box, from, inputs);
        const source = moves ? scratch : xAt + index * pitch * 4;
        if (direct) {
          const offset = planesAt + cellOf(to, outputs) * pitch * 4;
          return run(source, y + offset, indices + offset, index);
        }
        if (accumulate) pass('enter', scratch + yAt, y + planesAt, counts, to, outputs);
        run(source, scratch + yAt, scratch + indicesAt, index);
        pass('leave', scratch + yAt, y + planesAt, counts, to, outputs);
        if (indexed) pass('leave', scratch + indicesAt, indices + planesAt, counts, to, outputs);
      };
    },
  };
}
