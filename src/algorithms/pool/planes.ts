import { doorOf } from './doors.js';
import { type Pool, planPiece, WINDOWS } from './piece.js';
import { planPieces } from './pieces.js';
import type { PoolPlan } from './plan.js';
import { along, type Extents, product, type Range } from './spans.js';

const NOWHERE: Extents = [0, 0, 0];

/**
 * Most scratch: as much as the operands, which is what turning all of them takes, but neither so little that small maps go in pieces nor more than
 * pays. (Beside them, tables.)
 */
const ROOM = { least: 1 << 22, most: 1 << 24, tables: 1 << 16 } as const;

/** Plans a pool in any layout with any number of channels: at once where that takes little scratch, else piece by piece. */
export function planPool(pool: Pool): PoolPlan {
  const { n, c, kind, axes } = pool;
  const inputs = product(along(axes, ({ input }) => input));
  const outputs = product(along(axes, ({ count }) => count)) * (kind === 'argmax' ? 2 : 1);
  const door = doorOf(pool, 4 * (inputs + outputs));
  const room = Math.min(ROOM.most, Math.max(ROOM.least, 4 * n * c * (inputs + outputs) + ROOM.tables));
  if (axes.some(({ count }) => count > WINDOWS)) return planPieces(pool, door, room);
  const { total, block } = door.moves ? door : { total: 1, block: 1 };
  const whole = planPiece(pool, door, { ranges: along(axes, ({ count }): Range => [0, count]), images: n });
  if (!whole || whole.scratchBytes > room) return planPieces(pool, door, room);
  const { scratchBytes, open } = whole;
  return {
    scratchBytes,
    open(host, scratch) {
      const run = open(host, scratch);
      return (x, y, indices) => {
        for (let first = 0; first < total; first += block) {
          run(x, y, indices, first, Math.min(block, total - first), NOWHERE, NOWHERE);
        }
      };
    },
  };
}
