import { round64 } from '../../wasm/block.js';
import { MAX, PLANE_LINE_BYTES, PLANE_POOL_BYTES, SUM } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import type { Axis } from './axes.js';
import type { Pool } from './piece.js';
import type { PoolRow } from './rows.js';
import { Words } from './words.js';

/** Most cells of a row: scratch grows with them. */
const LONG = 1 << 15;

const none = [0, 0, 0] as const;

/** Taps, stride and padding in front. */
const kernelOf = ({ kernel = none }: Axis) => kernel;

/** Whether every window is of a fixed kernel without dilation and holds a cell. */
function holdsCells(axis: Axis): boolean {
  const [taps, stride, padding] = kernelOf(axis);
  return padding < taps && (axis.count - 1) * stride - padding < axis.input && (axis.step === 1 || taps === 1);
}

/** Whether there is one row, beyond which windows may see it again (maxima) or zeros (sums). */
const isOne = ({ input, count }: Axis): boolean => input * count === 1;

/** Windows along the height; of one row they are square. */
const rowsOf = (height: Axis, width: Axis) => kernelOf(isOne(height) ? width : height);

/** Taps and stride of square windows that have a loop, as one number. */
const LOOPS = { max: [22, 31, 32, 51], sum: [22, 31, 32], argmax: [] } as const;

/**
 * Whether windows have a loop. Runs (31) know one column beyond a row; other maxima of three and five columns are made
 * in pairs of lines.
 */
function isServed({ kind, axes: [depth, height, width] }: Pool): boolean {
  const [rows, columns] = [rowsOf(height, width), kernelOf(width)].map(([taps, stride]) => 10 * taps + stride);
  const [, , padding] = kernelOf(width);
  const loops: readonly number[] = LOOPS[kind];
  return (
    isOne(depth) &&
    holdsCells(height) &&
    holdsCells(width) &&
    rows === columns &&
    loops.includes(rows) &&
    (rows === 31
      ? padding < 2 && width.count - padding <= width.input
      : height.count > 1 || rows === 22 || kind === 'sum')
  );
}

/** Maxima and sums of fixed windows: lanes are neighbouring outputs, and no plane is turned. */
export const planeWindows: PoolRow = {
  name: 'plane-windows',
  accuracy: 'high',
  refuses(pool) {
    const { channelsLast, c, accumulate, quotients, axes } = pool;
    const [, , { input, count }] = axes;
    return (channelsLast && c > 1) || accumulate || quotients || count < 4 || input > LONG || !isServed(pool)
      ? 'no such windows'
      : null;
  },
  prepare(host, { n, c, kind, axes }) {
    const [depth, height, width] = axes;
    const [k, s, ph] = rowsOf(height, width);
    const [, , pw] = kernelOf(width);
    // ends of rows fall on the same lanes after up to four of them
    const pitch = 16 * Math.max(width.input, width.count) + PLANE_LINE_BYTES;
    const words = new Words();
    words.push(kind === 'sum' ? SUM : MAX, height.input, width.input, height.count, width.count, k, s, ph, pw);
    const columnShares = PLANE_POOL_BYTES + 4 * height.count;
    const lines = round64(columnShares + 4 * width.count);
    words.pushAddress(lines);
    words.push(pitch);
    words.pushAddress(PLANE_POOL_BYTES, columnShares);
    if (kind === 'sum') {
      const [, , deep] = depth.window(0);
      for (let o = 0; o < height.count; o++) words.push(deep * height.window(o)[2]);
      for (let o = 0; o < width.count; o++) words.push(width.window(o)[2]);
    }
    const place = words.placer();
    return oneStep({
      ownBytes: lines + 3 * pitch,
      units: n * c,
      run([x, y], begin, end, own) {
        place(host, own);
        host.exports.poolPlanes(own, x, y, begin, end);
      },
    });
  },
};
