import { round64 } from '../../wasm/block.js';
import { MAX, PLANE_POOL_BYTES, SUM } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import type { Pool } from './piece.js';
import type { PoolRow } from './rows.js';
import { type Axis, along } from './spans.js';
import { Words } from './words.js';

/** Bytes of the rows that are copied at once, and of the lines made of them: they stay in the L1 cache. */
const BLOCK_BYTES = 24 * 1024;

/** Outputs and input columns at least: two vectors. */
const LEAST = 8;

/** Input columns of a strip, about: the rows of a block of a long line are few otherwise. */
const STRIP = 2048;

/** Most additions one after the other, as in assembly/pool/sum.ts, and outputs that tables of divisors may name. */
const CHAIN = 23;
const SHARES = 4096;

/** Bytes that vectors may reach beyond a block. */
const BEYOND = 64;

const taps = (axis: Axis): number => axis.kernel?.[0] ?? 0;
const stride = (axis: Axis): number => axis.kernel?.[1] ?? 0;
const padding = (axis: Axis): number => axis.kernel?.[2] ?? 0;

/** Cells from the first to the last of so many windows. */
const seenBy = (axis: Axis, windows: number): number => (windows - 1) * stride(axis) + (taps(axis) - 1) * axis.step + 1;

/** Whether every window is of a fixed kernel and holds a cell. */
const holdsCells = (axis: Axis): boolean =>
  axis.kernel !== undefined &&
  padding(axis) < seenBy(axis, 1) &&
  (axis.count - 1) * stride(axis) - padding(axis) < axis.input;

/** Maxima of 2 x 2 or 3 x 3 cells with stride 2, which have loops of their own: see assembly/pool/planes.ts. */
function isFused({ kind, axes: [depth, ...plane] }: Pool): boolean {
  const [k, other] = plane.map(taps);
  const slides = plane.every((axis) => stride(axis) === 2 && axis.step === 1);
  return (
    slides &&
    kind === 'max' &&
    k === other &&
    (k === 2 || k === 3) &&
    depth.input * depth.count === 1 &&
    plane[1].count >= 4
  );
}

/** Outputs along a row that are made together. */
function widthOf(axis: Axis): number {
  const most = Math.max(64, Math.floor(STRIP / stride(axis)));
  return Math.ceil(axis.count / Math.ceil(axis.count / most));
}

/** Any maxima and sums of fixed windows: rows are joined, then columns, and no plane is turned. */
export const planeWindows: PoolRow = {
  name: 'plane-windows',
  accuracy: 'high',
  refuses(pool) {
    const { channelsLast, c, kind, accumulate, quotients, axes } = pool;
    const [depth, height, width] = axes;
    if (channelsLast && c > 1) return 'channels last';
    if (kind === 'argmax' || accumulate || quotients) return 'indices, or a gradient';
    if (!axes.every(holdsCells) || stride(width) > 2) return 'windows not of such a kernel';
    if (isFused(pool)) return null;
    const columns = Math.min(width.input, seenBy(width, widthOf(width)) - padding(width));
    if (width.count < LEAST || columns < LEAST) return `fewer than ${LEAST} columns`;
    const chain = taps(depth) * taps(height) + taps(width);
    if (kind === 'sum' && (chain > CHAIN || depth.count * height.count + width.count > SHARES)) return 'long sums';
    return null;
  },
  prepare(host, pool) {
    const { n, c, kind, axes } = pool;
    const fused = isFused(pool);
    const [depth, height, width] = axes;
    const strip = fused ? width.count : widthOf(width);
    const span = seenBy(width, strip);
    const isInside = (axis: Axis) => padding(axis) === 0 && seenBy(axis, axis.count) <= axis.input;
    const copies = !fused && (kind === 'max' || taps(depth) > 1 || !axes.every(isInside));
    // the padding behind a row is that in front of the next
    const beside = Math.max(padding(width), span - padding(width) - width.input);
    const pitch = 4 * (!copies ? width.input : strip < width.count ? span : width.input + beside);
    const room = Math.max(pitch, 4 * span) + BEYOND;
    const seen = (rows: number) => seenBy(height, rows);
    const lines = (rows: number) =>
      Math.max((taps(height) > 1 ? rows : seen(rows)) * pitch, taps(depth) > 1 ? 4 * seen(rows) * width.input : 0);
    const apart = taps(height) > 1 && taps(width) > 3;
    const bytes = (rows: number) => (copies ? seen(rows) * pitch : 0) + lines(rows) * (apart ? 2 : 1);
    const rows = Math.ceil(height.count / Math.min(height.count, Math.ceil(bytes(height.count) / BLOCK_BYTES)));

    const words = new Words();
    words.push(kind === 'sum' ? SUM : MAX);
    words.push(...along(axes, ({ input }) => input), ...along(axes, ({ count }) => count), ...along(axes, taps));
    words.push(...along(axes, stride), ...along(axes, ({ step }) => step), ...along(axes, padding));
    words.push(strip, rows, pitch, copies ? 1 : 0);
    const shares = PLANE_POOL_BYTES;
    const columnShares = shares + 4 * depth.count * height.count;
    const isSum = kind === 'sum';
    const copy = round64(columnShares + (isSum ? 4 * width.count : 0));
    const linesAt = copy + (fused ? 4 * width.input + 128 : copies ? round64(seen(rows) * pitch + room) : 0);
    const size = fused ? 0 : round64(lines(rows) + room);
    const resultsAt = linesAt + (apart ? size : 0);
    words.pushAddress(copy, linesAt, resultsAt, shares, columnShares);
    if (isSum) {
      const of = ({ count, window }: Axis) => Array.from({ length: count }, (_, o) => window(o)[2]);
      for (const share of of(depth)) words.push(...of(height).map((other) => share * other));
      words.push(...of(width));
    }
    const place = words.placer();
    return oneStep({
      ownBytes: resultsAt + size,
      units: n * c,
      run([x, y], begin, end, own) {
        place(host, own);
        host.exports[fused ? 'maxPlanes' : 'poolPlanes'](own, x, y, begin, end);
      },
    });
  },
};
