import { POOL_BYTES, POOL_RUN_BYTES, POOL_SPAN_BYTES, POOL_STRIP_BYTES, TAPS_BYTES } from '../../wasm/boundary.js';
import { type PoolPlan, round64 } from './plan.js';
import { type Run, runsOf, stripsOf } from './runs.js';
import type { Axes } from './spans.js';
import { Words } from './words.js';

/** What is made of a window; as in assembly/pool/geometry.ts. */
const kinds = { max: 0, argmax: 1, sum: 2 } as const;

/** Loops for windows that slide; as there. */
const slides = { max2: 1, max3: 2, max3by2: 3, sum3: 4 } as const;

/** Windows over images. */
export interface ImagePool {
  readonly kind: keyof typeof kinds;
  /** Adds sums to what y holds. */
  readonly accumulate?: boolean;
  readonly images: number;
  /** Floats of a pixel. */
  readonly c: number;
  readonly axes: Axes;
}

/**
 * Bytes of one row of a strip: the reduced row stays in the cache while its pixels are reduced, and scratch stays small. (16 to 128 KB are alike within
 * 10 % for 5x5 to 15x15 windows; 4 KB costs up to 3 times as much, for the columns that strips share.)
 */
const STRIP_BYTES = 32768;

/** Most taps of a window that is pooled in one pass: more rows than these are more streams than prefetchers follow. */
const DIRECT_TAPS = 64;

/**
 * In taps: what passing a row from the first pass to the second costs, and a tap of the second pass of argmax. (One pass is 1.1 to 1.3 times as fast for
 * 3x3/2, 2x2/1, 4x4/4 and argmax 3x3/1, two are for 4x4/2, 5x5/2, 5x5/3 and argmax 5x5/1: 64 channels, 56x56.)
 */
const BETWEEN_COST = 3;
const COLUMN_COST = 3;

const most = (values: Int32Array) => values.reduce((a, b) => Math.max(a, b), 1);

/** The loop of its own that a run of windows may have. */
function slideOf({ kind, accumulate, axes }: ImagePool, { taps, step, toStep, count }: Run): number {
  if (toStep !== 1 || count === 1 || axes[2].step !== 1) return 0;
  if (kind === 'sum') return taps === 3 && step === 1 && !accumulate ? slides.sum3 : 0;
  if (kind === 'argmax') return 0;
  if (taps === 2) return step === 2 ? slides.max2 : 0;
  if (taps !== 3) return 0;
  // windows that all hold the whole row have no step
  return step === 1 ? slides.max3 : step === 2 ? slides.max3by2 : 0;
}

/** How a pool runs: in one pass or two, and in which pieces. */
function choose({ kind, c, axes: [depth, height, width] }: ImagePool) {
  const windowRows = most(depth.taps) * most(height.taps);
  const windowTaps = most(width.taps);
  const stretch = width.input / width.count;
  const twoPasses = windowRows * stretch + windowTaps * (kind === 'argmax' ? COLUMN_COST : 1) + BETWEEN_COST;
  const direct = windowRows * windowTaps <= Math.min(DIRECT_TAPS, twoPasses);
  const limit = direct ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(STRIP_BYTES / (4 * c)));
  const strips = stripsOf(width, limit).map((strip) => {
    return { ...strip, runs: runsOf(width, strip.output, strip.output + strip.outputs) };
  });
  return { direct, windowRows, strips };
}

/** Plans a pool over images whose pixels are whole vectors (c is a multiple of 4), in any windows. */
export function planImages(pool: ImagePool): PoolPlan {
  const { kind, accumulate = false, images, c, axes } = pool;
  const [depth, height, width] = axes;
  const { direct, windowRows, strips } = choose(pool);

  // the record, which points at what follows: spans, runs, strips, and then, not written here, lists of taps, a record, and reduced rows
  const runsAt = POOL_BYTES + (depth.count + height.count) * POOL_SPAN_BYTES;
  const stripsAt = runsAt + strips.reduce((sum, { runs }) => sum + runs.length, 0) * POOL_RUN_BYTES;
  const table = stripsAt + strips.length * POOL_STRIP_BYTES;
  const rowTaps = direct ? 0 : windowRows;
  const runTaps = strips.map(({ runs }) => runs.map(({ taps }) => taps * (direct ? windowRows : 1)));
  const taps = round64(table + (rowTaps + runTaps.flat().reduce((sum, count) => sum + count, 0)) * 8);
  const rows = taps + round64(TAPS_BYTES);
  // in one pass, two pixels that a sliding window keeps
  const rowBytes = direct ? 8 * c : round64(Math.max(...strips.map(({ columns }) => columns)) * c * 4);

  const words = new Words();
  words.push(kinds[kind], accumulate ? 1 : 0, direct ? 1 : 0, c);
  words.push(depth.input, height.input, width.input, depth.count, height.count, width.count, depth.step, height.step, width.step);
  const spans = POOL_BYTES;
  words.pushAddress(spans, spans + depth.count * POOL_SPAN_BYTES, stripsAt, table, taps, table, rows);
  words.push(rowBytes);
  for (const { count, first, taps, share } of [depth, height]) {
    for (let o = 0; o < count; o++) words.push(first[o], taps[o], share[o]);
  }
  let tapsAt = table + rowTaps * 8;
  for (const [i, { column, output, runs }] of strips.entries()) {
    for (const [j, run] of runs.entries()) {
      const { first, step, taps, to, toStep, count, share } = run;
      words.push(first - column, step, taps, to - output, toStep, count, share, direct ? slideOf(pool, run) : 0);
      words.pushAddress(tapsAt);
      words.push(-1, -1);
      tapsAt += runTaps[i][j] * 8;
    }
  }
  let run = runsAt;
  for (const { column, columns, output, outputs, runs } of strips) {
    words.push(column, columns, output, outputs);
    words.pushAddress(run, (run += runs.length * POOL_RUN_BYTES));
  }

  const place = words.placer();
  const outputRows = images * depth.count * height.count;
  return {
    scratchBytes: rows + (kind === 'argmax' ? 2 : 1) * rowBytes,
    units: outputRows,
    open(host, scratch) {
      place(host, scratch);
      return (x, y, indices, begin, end) => host.exports.poolPixels(scratch, x, y, indices, begin, end);
    },
  };
}
