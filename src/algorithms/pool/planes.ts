import { PLANE_CELLS } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import type { Pool } from './piece.js';
import type { PoolRow } from './rows.js';
import { commonDivisor, product, type Triple } from './spans.js';

/** Small averages of whole planes. */
const isGlobal = ({ axes, accumulate, quotients }: Pool): boolean =>
  !accumulate &&
  !quotients &&
  commonDivisor(axes) !== undefined &&
  axes.every(({ count, input, window }) => count === 1 && window(0)[1] === input) &&
  axes.reduce((cells, { input }) => cells * input, 1) <= PLANE_CELLS;

/** Maxima of 2 x 2 or 3 x 3 cells with stride 2. */
function isSliding({ axes: [depth, ...plane] }: Pool): boolean {
  const [k] = plane[1].kernel ?? [];
  const slides = plane.every(({ count, input, kernel: [taps, stride, begin] = [0, 0, 0] }) => {
    return taps === k && stride === 2 && begin < k && (count - 1) * 2 - begin < input;
  });
  return slides && (k === 2 || k === 3) && depth.input * depth.count === 1 && plane[1].count >= 4;
}

/** Lanes are neighbouring outputs, or planes of one output each, and no plane is turned. */
export const planes: PoolRow = {
  name: 'planes',
  accuracy: 'high',
  refuses(pool) {
    const serves = pool.kind === 'sum' ? isGlobal(pool) : pool.kind === 'max' && isSliding(pool);
    return serves && (!pool.channelsLast || pool.c === 1) ? null : 'neither such windows nor channels first';
  },
  prepare({ exports }, { n, c, kind, axes }) {
    const inputs = axes.map(({ input }) => input) as unknown as Triple<number>;
    const [, { count: oh, kernel: high }, { count: ow, kernel: wide }] = axes;
    const [, ih, iw] = inputs;
    const units = n * c;
    if (kind === 'sum') {
      const [cells, divisor] = [product(inputs), commonDivisor(axes) as number];
      return oneStep({ units, run: ([x, y], begin, end) => exports.planeSums(x, y, cells, divisor, begin, end) });
    }
    const [[k, , ph], [, , pw]] = [high, wide] as Triple<number>[];
    return oneStep({
      ownBytes: 4 * iw + 128,
      units,
      run: ([x, y], begin, end, own) => exports.maxPlanes(x, y, k, ih, iw, oh, ow, ph, pw, begin, end, own),
    });
  },
};
