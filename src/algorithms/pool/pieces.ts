import type { Address } from '../../wasm/arena.js';
import { round64 } from '../../wasm/block.js';
import type { Host } from '../../wasm/host.js';
import { along, type Extents, partsOf, patternOf, product, type Range, type Triple } from './axes.js';
import { cellOf, type Door } from './doors.js';
import { planImages } from './images.js';
import { type PieceRun, type Pool, planPiece } from './piece.js';
import type { PoolPlan } from './plan.js';
import { oneWindow } from './stages.js';

/** Parts of a window that no piece can hold: they are pooled in their turn, and then their results. */
export const PARTS = 16;

/**
 * An axis with more windows than this is cut before those inside of it: pieces are whole rows or planes, and still
 * share few cells.
 */
const NARROW = 16;

type Ranges = Triple<Range>;

const sizeOf = ([begin, end]: Range) => end - begin;

/** The axis to cut so that pieces become smaller; -1 where each is one window. */
export function axisToCut(sizes: Extents): number {
  const wide = sizes.findIndex((size) => size > NARROW);
  return wide >= 0 ? wide : sizes.findIndex((size) => size > 1);
}

function halves(ranges: Ranges): readonly [Ranges, Ranges] {
  const at = axisToCut(along(ranges, sizeOf));
  const [begin, end] = ranges[at];
  const middle = Math.ceil((begin + end) / 2);
  const part = (range: Range) => along(ranges, (whole, a): Range => (a === at ? range : whole));
  return [part([begin, middle]), part([middle, end])];
}

/** What pieces are alike by, if they are. */
function patternOfPiece({ axes, quotients }: Pool, ranges: Ranges): string | undefined {
  const patterns = [...along(axes, (axis, a) => patternOf(axis, ranges[a]))];
  if (quotients) {
    for (const [a, quotient] of quotients.entries()) {
      const [first] = axes[a].window(ranges[a][0]);
      const [last, taps] = axes[a].window(ranges[a][1] - 1);
      patterns.push(patternOf(quotient, [first, last + taps]));
    }
  }
  return patterns.includes(undefined) ? undefined : patterns.join();
}

/** A plan in place: pieces that are alike differ by how far the box is from the first cell of the first window. */
interface Held {
  readonly pattern: string;
  readonly ahead: Extents;
  readonly run: PieceRun;
}

/** Operands of `PieceRun`. */
interface Operands {
  readonly x: Address;
  readonly y: Address;
  readonly indices: Address;
  readonly first: number;
  readonly planes: number;
}

/** Runs pieces in scratch. */
export class Pieces {
  readonly #host: Host;
  readonly #door: Door;
  readonly #room: number;
  readonly #scratch: Address;
  #held: Held | undefined;

  /** `room`: bytes at `scratch` */
  constructor(host: Host, door: Door, room: number, scratch: Address) {
    this.#host = host;
    this.#door = door;
    this.#room = room;
    this.#scratch = scratch;
  }

  /**
   * Pools in pieces of `sizes` outputs, into an image where parts are to be pooled. `parts`: scratch for the results of
   * parts.
   */
  pool(pool: Pool, sizes: Extents, operands: Operands, parts: Address, toImage: boolean): void {
    const [ds, hs, ws] = along(pool.axes, ({ count }, a) => {
      const starts = Math.ceil(count / sizes[a]);
      return { starts, range: (i: number): Range => [i * sizes[a], Math.min(count, (i + 1) * sizes[a])] };
    });
    for (let z = 0; z < ds.starts; z++) {
      for (let y = 0; y < hs.starts; y++) {
        for (let x = 0; x < ws.starts; x++) {
          this.#piece(pool, [ds.range(z), hs.range(y), ws.range(x)], operands, parts, toImage);
        }
      }
    }
  }

  #piece(pool: Pool, ranges: Ranges, operands: Operands, parts: Address, toImage: boolean): void {
    const { x, y, indices, first, planes } = operands;
    const output = along(ranges, ([begin]) => begin);
    const pattern = toImage ? undefined : patternOfPiece(pool, ranges);
    const start = along(pool.axes, (axis, a) => axis.window(output[a])[0]);
    if (pattern === undefined || pattern !== this.#held?.pattern) {
      this.#held = undefined;
      const plan = planPiece(pool, this.#door, { ranges, toImage });
      if (!plan || plan.scratchBytes > this.#room) {
        if (axisToCut(along(ranges, sizeOf)) < 0) this.#parts(pool, output, operands, parts, toImage);
        else for (const half of halves(ranges)) this.#piece(pool, half, operands, parts, toImage);
        return;
      }
      const run = plan.open(this.#host, this.#scratch);
      if (pattern === undefined) {
        run(x, y, indices, first, planes, plan.origin, output);
        return;
      }
      this.#held = { pattern, ahead: along(plan.origin, (origin, a) => origin - start[a]), run };
    }
    const { ahead, run } = this.#held;
    const from = along(start, (cell, a) => cell + ahead[a]);
    run(x, y, indices, first, planes, from, output);
  }

  /** Pools a window in parts along its outermost axis, and what they give. */
  #parts(pool: Pool, output: Extents, operands: Operands, parts: Address, toImage: boolean): void {
    const { axes, kind } = pool;
    const { pitch, step, moves } = this.#door;
    const partBytes = partBytesOf(pitch);
    const outermost = axes.findIndex((axis, a) => axis.window(output[a])[1] > 1);
    const cut = along(axes, (axis, a) => partsOf(axis, output[a], a === outermost ? PARTS : 1));
    const into = { ...operands, y: parts, indices: parts + partBytes };
    const counts = along(cut, ({ count }) => count);
    this.pool({ ...pool, axes: cut, accumulate: false }, counts, into, parts + 2 * partBytes, true);

    const share = product(along(axes, (axis, a) => axis.window(output[a])[2]));
    const plan = planResults(pool, pitch, product(counts), share);
    const y = this.#scratch;
    const run = plan.open(this.#host, y + 2 * partBytes);
    const outputs = along(axes, ({ count }) => count);
    const [size, cell] = [product(outputs), cellOf(output, outputs)];
    const { first, planes } = operands;
    const offset = ((toImage ? 0 : first * size) + cell) * (toImage ? pitch : step) * 4;
    if (toImage || !moves) {
      run(parts, operands.y + offset, operands.indices + offset);
      return;
    }
    const pass = (way: 'enter' | 'leave', image: Address, operand: Address) =>
      moves[way](this.#host, image, operand + offset, planes, size, 1, pitch);
    if (pool.accumulate) pass('enter', y, operands.y);
    run(parts, y, y + partBytes);
    pass('leave', y, operands.y);
    if (kind === 'argmax') pass('leave', y + partBytes, operands.indices);
  }
}

export const partBytesOf = (pitch: number) => round64(PARTS * pitch * 4);

/** Pools the results of `count` parts of a window, and where they have indices those. */
export function planResults({ kind, accumulate }: Pool, c: number, count: number, share: number): PoolPlan {
  const none = { row: 0, plane: 0, image: 0 };
  return planImages({
    ...{ kind: kind === 'argmax' ? 'best' : kind, accumulate, images: 1, c, indexBytes: partBytesOf(c) },
    ...{ axes: [oneWindow(1), oneWindow(count, share), oneWindow(1)], x: { ...none, row: c }, y: none, cells: none },
  });
}
