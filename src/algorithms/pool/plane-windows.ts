import { round64 } from '../../wasm/block.js';
import { MAX, PLANE_POOL_BYTES, SUM } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import { type Axis, along } from './axes.js';
import type { Pool } from './piece.js';
import type { PoolRow } from './rows.js';
import { Words } from './words.js';

/** Bytes of the rows that are copied at once, and of the lines made of them: they stay in the L1 cache. */
const BLOCK_BYTES = 24 * 1024;

/** Columns at least: two vectors. */
const LEAST = 8;

/** Most cells of the rows that a window sees, and output rows of sums: scratch and tables grow with them. */
const CELLS = 1 << 15;
const ROWS = 4096;

/** Most additions one after the other, as in assembly/pool/sum.ts. */
const CHAIN = 23;

/** Bytes that vectors may reach beyond a block. */
const BEYOND = 64;

const none = [0, 0, 0] as const;
const taps = ({ kernel: [k] = none }: Axis): number => k;
const stride = ({ kernel: [, s] = none }: Axis): number => s;
const padding = ({ kernel: [, , p] = none }: Axis): number => p;

/** Cells from the first to the last of so many windows. */
const seenBy = (axis: Axis, windows: number): number => (windows - 1) * stride(axis) + (taps(axis) - 1) * axis.step + 1;

/** Cells that the last window reaches beyond the input. */
const behind = (axis: Axis): number => seenBy(axis, axis.count) - padding(axis) - axis.input;

/** Whether no window reaches beyond the input. */
const isInside = (axis: Axis): boolean => padding(axis) === 0 && behind(axis) <= 0;

/** Whether every window is of a fixed kernel and holds a cell. */
const holdsCells = (axis: Axis): boolean => padding(axis) < seenBy(axis, 1) && behind(axis) < seenBy(axis, 1);

/** Maxima of 2 x 2 or 3 x 3 cells with stride 2, which have loops of their own: see assembly/pool/planes.ts. */
function isFused({ kind, axes: [depth, ...plane] }: Pool): boolean {
  const [k, other] = plane.map(taps);
  const slides = plane.every((axis) => stride(axis) === 2 && axis.step === 1);
  return slides && kind === 'max' && k === other && (k === 2 || k === 3) && depth.input * depth.count === 1;
}

/** Maxima and sums of fixed windows: rows are joined, then columns, and no plane is turned. */
export const planeWindows: PoolRow = {
  name: 'plane-windows',
  accuracy: 'high',
  refuses(pool) {
    const { channelsLast, c, kind, accumulate, quotients, axes } = pool;
    const [depth, height, width] = axes;
    const isPlain = kind !== 'argmax' && !accumulate && !quotients && axes.every(holdsCells) && stride(width) <= 2;
    if ((channelsLast && c > 1) || !isPlain) return 'neither such windows nor channels first';
    const fused = isFused(pool);
    if (width.count < (fused ? 4 : LEAST)) return 'short rows';
    if (fused) return null;
    const isLong = taps(depth) * taps(height) + taps(width) > CHAIN || depth.count * height.count > ROWS;
    return (kind === 'sum' && isLong) || width.input < LEAST || width.input * seenBy(height, 1) > CELLS
      ? 'short rows, large windows or long sums'
      : null;
  },
  declines: ({ kind, axes }) =>
    kind === 'sum' && stride(axes[2]) === 2 && !axes.every(isInside)
      ? 'turned planes are faster (averages of 3 x 3 cells with stride 2, 64@56: 1.15 times)'
      : null,
  prepare(host, pool) {
    const { n, c, kind, axes } = pool;
    const [depth, height, width] = axes;
    const fused = isFused(pool);
    const isSum = kind === 'sum';
    const copies = !isSum || taps(depth) > 1 || !axes.every(isInside);
    // the padding behind a row is that in front of the next
    const pitch = 4 * (width.input + (copies ? Math.max(padding(width), behind(width)) : 0));
    const room = Math.max(pitch, 4 * seenBy(width, width.count)) + BEYOND;
    // columns of more than three taps are not joined in place
    const twice = taps(width) > 3 ? 2 : 1;
    const bytes = (rows: number) => seenBy(height, rows) * pitch * (1 + twice);
    const rows = Math.ceil(height.count / Math.min(height.count, Math.ceil(bytes(height.count) / BLOCK_BYTES)));
    const size = round64(seenBy(height, rows) * pitch + room);

    const words = new Words();
    words.push(isSum ? SUM : MAX);
    const fields = [
      ({ input }: Axis) => input,
      ({ count }: Axis) => count,
      taps,
      stride,
      ({ step }: Axis) => step,
      padding,
    ];
    for (const field of fields) words.push(...along(axes, field));
    const columnShares = PLANE_POOL_BYTES + (isSum ? 4 * depth.count * height.count : 0);
    const copy = round64(columnShares + (isSum ? 4 * width.count : 0));
    const lines = copy + (fused ? 4 * width.input + 128 : copies ? size : 0);
    const results = lines + (twice - 1) * size;
    words.push(rows, pitch, copies ? 1 : 0);
    words.pushAddress(copy, lines, results, PLANE_POOL_BYTES, columnShares);
    if (isSum) {
      const [ds, hs, ws] = along(axes, ({ count, window }) => Array.from({ length: count }, (_, o) => window(o)[2]));
      words.push(...ds.flatMap((share) => hs.map((other) => share * other)), ...ws);
    }
    const place = words.placer();
    return oneStep({
      ownBytes: results + (fused ? 0 : size),
      units: n * c,
      run([x, y], begin, end, own) {
        place(host, own);
        host.exports[fused ? 'maxPlanes' : 'poolPlanes'](own, x, y, begin, end);
      },
    });
  },
};
