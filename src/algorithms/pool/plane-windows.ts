import { round64 } from '../../wasm/block.js';
import { MAX, PLANE_LINE_BYTES, PLANE_POOL_BYTES, SUM } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import type { Axis } from './axes.js';
import type { Pool } from './piece.js';
import type { PoolRow } from './rows.js';
import { Words } from './words.js';

/** Most cells of a row, and rows of outputs: scratch and tables grow with them. */
const LONG = 1 << 15;

const none = [0, 0, 0] as const;

/** Taps, stride and padding in front. */
const kernelOf = ({ kernel = none }: Axis) => kernel;

/** Whether every window is of a fixed kernel without dilation and holds a cell. */
function holdsCells({ kernel: [taps, stride, padding] = none, step, input, count }: Axis): boolean {
  return padding < taps && (count - 1) * stride - padding < input && (step === 1 || taps === 1);
}

/** Taps and strides of windows that have a loop. */
const LOOPS = { max: ['2,2', '3,1', '3,2', '5,1'], sum: ['2,2', '3,1', '3,2'], argmax: [] } as const;

/** Whether windows are square and of those that have a loop. */
function isServed({ kind, axes: [depth, ...plane] }: Pool): boolean {
  const [rows, columns] = plane.map((axis) => kernelOf(axis).slice(0, 2).join());
  const loops: readonly string[] = LOOPS[kind];
  return depth.input * depth.count === 1 && plane.every(holdsCells) && rows === columns && loops.includes(rows);
}

/** Maxima and sums of fixed windows: lanes are neighbouring outputs, and no plane is turned. */
export const planeWindows: PoolRow = {
  name: 'plane-windows',
  accuracy: 'high',
  refuses(pool) {
    const { channelsLast, c, kind, accumulate, quotients, axes } = pool;
    if ((channelsLast && c > 1) || kind === 'argmax' || accumulate || quotients || !isServed(pool))
      return 'neither such windows nor channels first';
    const [, { count }, width] = axes;
    return width.count < 4 || count < 2 || width.input > LONG || count > LONG ? 'short or long rows' : null;
  },
  prepare(host, { n, c, kind, axes }) {
    const [depth, height, width] = axes;
    const [k, s, ph] = kernelOf(height);
    const [, , pw] = kernelOf(width);
    const pitch = 4 * Math.max(width.input, width.count) + PLANE_LINE_BYTES;
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
