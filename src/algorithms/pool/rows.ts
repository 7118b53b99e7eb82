import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import { type Job, oneStep } from '../../wasm/crew.js';
import type { Host } from '../../wasm/host.js';
import { partSize } from '../../wasm/sharing.js';
import type { Row } from '../row.js';
import { along, type Extents, product, type Range } from './axes.js';
import { type Door, doorOf } from './doors.js';
import { type PiecePlan, type Pool, planPiece, WINDOWS } from './piece.js';
import type { BlockPlan } from './plan.js';
import { planPieces } from './plan-pieces.js';

/** Operands of a pool; positions go into `indices` where its kind is `argmax`, else that is 0. */
export type PoolOperands = readonly [x: Address, y: Address, indices: Address];

/** A pool, and what its caller asks of the choice. */
export type PoolProblem = Pool & Pick<ConvProblem, 'accuracy' | 'algorithm'>;

/** A row for pools: maxima, positions of maxima, and sums, in any windows. */
export type PoolRow = Row<PoolProblem, [], PoolOperands>;

/**
 * Most scratch: as much as the operands, which is what turning all of them takes, but neither so little that small maps
 * go in pieces nor more than pays. (Beside them, tables.)
 */
const ROOM = { least: 1 << 22, most: 1 << 24, tables: 1 << 16 } as const;

/** Whether every window is the cell where it stands, so that layouts are one. */
const isPointwise = ({ kind, axes }: Pool) =>
  kind !== 'argmax' && axes.every(({ kernel, input, count }) => `${kernel}` === '1,1,0' && input === count);

/** The door of a pool, and the scratch that it may take. */
function placeOf(pool: Pool): { readonly door: Door; readonly room: number } {
  const { n, c, kind, axes } = pool;
  const inputs = product(along(axes, ({ input }) => input));
  const outputs = product(along(axes, ({ count }) => count)) * (kind === 'argmax' ? 2 : 1);
  const room = Math.min(ROOM.most, Math.max(ROOM.least, 4 * n * c * (inputs + outputs) + ROOM.tables));
  const channelsLast = pool.channelsLast || isPointwise(pool);
  return { door: doorOf({ ...pool, channelsLast }, 4 * (inputs + outputs)), room };
}

/** A plan of all windows in one piece; undefined where its tables would be too long. */
function planWhole(pool: Pool, door: Door): PiecePlan | undefined {
  const { n, axes } = pool;
  if (axes.some(({ count }) => count > WINDOWS)) return undefined;
  return planPiece(pool, door, { ranges: along(axes, ({ count }): Range => [0, count]), images: n });
}

const NOWHERE: Extents = [0, 0, 0];

/** The plan of `whole`, or why there is none. */
function planOfWhole(pool: Pool): BlockPlan | string {
  const { door, room } = placeOf(pool);
  const piece = planWhole(pool, door);
  if (!piece) return 'many windows';
  if (piece.scratchBytes > room) return 'too many bytes';
  const { total, block, moves } = door;
  return {
    scratchBytes: piece.scratchBytes,
    units: moves ? Math.ceil(total / block) : piece.units,
    open(host, scratch) {
      const run = piece.open(host, scratch);
      if (!moves) return (x, y, indices, begin, end) => run(x, y, indices, 0, 1, NOWHERE, NOWHERE, begin, end);
      return (x, y, indices, begin, end) => {
        for (let first = begin * block; first < Math.min(total, end * block); first += block) {
          run(x, y, indices, first, Math.min(block, total - first), NOWHERE, NOWHERE);
        }
      };
    },
  };
}

function planOfPieces(pool: Pool): BlockPlan {
  const { door, room } = placeOf(pool);
  return planPieces(pool, door, room);
}

/** Plans are made once for a pool: they do not depend on the instance that runs them. */
const plans = new WeakMap<Pool, { whole?: BlockPlan | string; pieces?: BlockPlan }>();

function plansOf(pool: Pool): { whole?: BlockPlan | string; pieces?: BlockPlan } {
  let known = plans.get(pool);
  if (!known) {
    known = {};
    plans.set(pool, known);
  }
  return known;
}

function wholePlan(pool: Pool): BlockPlan | string {
  const known = plansOf(pool);
  known.whole ??= planOfWhole(pool);
  return known.whole;
}

function piecesPlan(pool: Pool): BlockPlan {
  const known = plansOf(pool);
  known.pieces ??= planOfPieces(pool);
  return known.pieces;
}

const jobOf = (host: Host, { scratchBytes, units, open }: BlockPlan): Job<PoolOperands> =>
  oneStep({
    ownBytes: scratchBytes,
    units,
    // every task writes the tables anew
    least: partSize(host, units, units, 1),
    run: ([x, y, indices], begin, end, own) => open(host, own)(x, y, indices, begin, end),
  });

/** All windows of a block of planes, or of an image, at once. */
export const whole: PoolRow = {
  name: 'whole',
  accuracy: 'high',
  refuses(pool) {
    const plan = wholePlan(pool);
    return typeof plan === 'string' ? plan : null;
  },
  prepare: (host, pool) => jobOf(host, wholePlan(pool) as BlockPlan),
};

/** Piece by piece: some windows of a block, so that neither tables nor turned copies grow with the maps. */
export const inPieces: PoolRow = {
  name: 'in-pieces',
  accuracy: 'high',
  refuses: () => null,
  prepare: (host, pool) => jobOf(host, piecesPlan(pool)),
};
