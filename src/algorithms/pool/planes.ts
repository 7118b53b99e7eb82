import { PLANE_CELLS } from '../../wasm/boundary.js';
import { oneStep } from '../../wasm/crew.js';
import { commonDivisor } from './axes.js';
import type { Pool } from './piece.js';
import type { PoolRow } from './rows.js';

const cellsOf = ({ axes }: Pool): number => axes.reduce((cells, { input }) => cells * input, 1);

/** Averages of whole, small planes: lanes are planes, and none is turned. */
export const planes: PoolRow = {
  name: 'planes',
  accuracy: 'high',
  refuses(pool) {
    const { channelsLast, c, kind, accumulate, quotients, axes } = pool;
    const isGlobal = axes.every(({ count, input, window }) => count === 1 && window(0)[1] === input);
    const isMean = kind === 'sum' && !accumulate && !quotients && commonDivisor(axes) !== undefined;
    return !(channelsLast && c > 1) && isMean && isGlobal && cellsOf(pool) <= PLANE_CELLS
      ? null
      : 'not averages of small planes';
  },
  prepare({ exports }, pool) {
    const [cells, divisor] = [cellsOf(pool), commonDivisor(pool.axes) as number];
    return oneStep({
      units: pool.n * pool.c,
      run: ([x, y], begin, end) => exports.planeSums(x, y, cells, divisor, begin, end),
    });
  },
};
