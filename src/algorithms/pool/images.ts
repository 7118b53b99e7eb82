import { round64 } from '../../wasm/block.js';
import {
  ARGMAX,
  BEST,
  MAX,
  MAX2,
  MAX3,
  MAX3BY2,
  PLAIN_TAPS,
  POOL_BYTES,
  POOL_RUN_BYTES,
  POOL_SPAN_BYTES,
  POOL_STRIP_BYTES,
  SUM,
  SUM3,
  TAP_BYTES,
  TAPS_BYTES,
} from '../../wasm/boundary.js';
import type { Extents, Triple } from './axes.js';
import type { PoolPlan } from './plan.js';
import { type Run, runsOf, stripsOf } from './runs.js';
import { mostTaps, type Spans } from './spans.js';
import { Words } from './words.js';

/** What is made of a window. */
const kinds = { max: MAX, argmax: ARGMAX, sum: SUM, best: BEST } as const;

/** Floats from row to row, plane to plane and image to image. */
export interface Steps {
  readonly row: number;
  readonly plane: number;
  readonly image: number;
}

/** The steps of images of whole planes of whole rows. */
export const stepsOf = ([d, h, w]: Extents, c: number): Steps => ({
  row: w * c,
  plane: h * w * c,
  image: d * h * w * c,
});

/** Windows over images whose pixels are whole vectors (c is a multiple of 4). */
export interface ImagePool {
  readonly kind: keyof typeof kinds;
  /** Adds sums to what y holds. */
  readonly accumulate?: boolean;
  readonly images: number;
  /** Floats of a pixel. */
  readonly c: number;
  readonly axes: Triple<Spans>;
  readonly x: Steps;
  readonly y: Steps;
  /** Argmax: what positions count, by the same steps. Best: bytes from a value of x to its index. */
  readonly cells?: Steps;
  readonly indexBytes?: number;
}

/**
 * Bytes of one row of a strip: the reduced row stays in the cache while its pixels are reduced, and scratch stays
 * small. (16 to 128 KB are alike within 10 % for 5x5 to 15x15 windows; 4 KB costs up to 3 times as much, for the
 * columns that strips share.)
 */
const STRIP_BYTES = 32768;

/** Most taps of a window that is pooled in one pass: more rows than these are more streams than prefetchers follow. */
const DIRECT_TAPS = 64;

/**
 * In taps: what passing a row from the first pass to the second costs, and a tap of the second pass of argmax. (One
 * pass is 1.1 to 1.3 times as fast for 3x3/2, 2x2/1, 4x4/4 and argmax 3x3/1, two are for 4x4/2, 5x5/2, 5x5/3 and argmax
 * 5x5/1: 64 channels, 56x56.)
 */
const BETWEEN_COST = 3;
const COLUMN_COST = 3;

/** The loop of its own that a run of windows may have. */
function slideOf({ kind, accumulate, axes }: ImagePool, { taps, step, toStep, count }: Run): number {
  if (toStep !== 1 || count === 1 || axes[2].step !== 1) return 0;
  if (kind === 'sum') return taps === 3 && step === 1 && !accumulate ? SUM3 : 0;
  if (kind === 'argmax') return 0;
  if (taps === 2) return step === 2 ? MAX2 : 0;
  if (taps !== 3) return 0;
  // windows that all hold the whole row have no step
  return step === 1 ? MAX3 : step === 2 ? MAX3BY2 : 0;
}

/** How a pool runs: in one pass or two, and in which pieces. */
function choose({ kind, c, axes: [depth, height, width] }: ImagePool) {
  const windowRows = mostTaps(depth) * mostTaps(height);
  const windowTaps = mostTaps(width);
  const stretch = width.input / width.count;
  const twoPasses = windowRows * stretch + windowTaps * (kind === 'argmax' ? COLUMN_COST : 1) + BETWEEN_COST;
  const direct = kind === 'best' || windowRows * windowTaps <= Math.min(DIRECT_TAPS, twoPasses);
  // of windows that are larger at least as many cells are new as are shared
  const wide = 2 * ((windowTaps - 1) * width.step + 1);
  const limit = direct ? Number.POSITIVE_INFINITY : Math.max(wide, Math.floor(STRIP_BYTES / (4 * c)));
  const strips = stripsOf(width, limit).map((strip) => {
    return { ...strip, runs: runsOf(width, strip.output, strip.output + strip.outputs) };
  });
  return { direct, windowRows, windowTaps, strips };
}

/** Plans a pool over images, in any windows. */
export function planImages(pool: ImagePool): PoolPlan {
  const { kind, accumulate = false, images, c, axes, x, y, cells = x, indexBytes } = pool;
  const [depth, height, width] = axes;
  const { direct, windowRows, windowTaps, strips } = choose(pool);

  // the record, which points at what follows: spans, runs, strips, and then, not written here, lists of taps, a record,
  // and reduced rows
  const runsAt = POOL_BYTES + (depth.count + height.count) * POOL_SPAN_BYTES;
  const stripsAt = runsAt + strips.reduce((sum, { runs }) => sum + runs.length, 0) * POOL_RUN_BYTES;
  const table = stripsAt + strips.length * POOL_STRIP_BYTES;
  // in one pass every run has a list of its own; the second of two passes takes as much as it needs of one
  const lists = direct
    ? strips.reduce((sum, { runs }) => runs.reduce((all, { taps }) => all + taps * windowRows, sum), 0)
    : windowRows + windowTaps;
  const taps = round64(table + lists * TAP_BYTES);
  const rows = taps + round64(TAPS_BYTES);
  const slideOfRun = (run: Run) => (direct ? slideOf(pool, run) : 0);
  const slid = strips.some(({ runs }) => runs.some(slideOfRun));
  const longest = strips.reduce((most, { columns }) => Math.max(most, columns), 1) * c * 4;
  // in one pass, two pixels that a sliding window keeps
  const rowBytes = direct ? (slid ? 8 * c : 0) : round64(longest);
  const partial = rows + (kind === 'argmax' ? 2 : 1) * rowBytes;
  const most = windowRows > PLAIN_TAPS ? longest : windowTaps > PLAIN_TAPS ? c * 4 : 0;
  const partialBytes = kind !== 'sum' || direct ? 0 : most;

  const words = new Words();
  words.push(kinds[kind], accumulate ? 1 : 0, direct ? 1 : 0, c);
  words.push(depth.count, height.count, depth.step, height.step, width.step);
  for (const { row, plane, image } of [x, y]) words.push(row * 4, plane * 4, image * 4);
  words.push(cells.row, cells.plane);
  const spans = POOL_BYTES;
  words.pushAddress(spans, spans + depth.count * POOL_SPAN_BYTES, stripsAt, table, taps, table, rows);
  words.push(indexBytes ?? rowBytes);
  words.pushAddress(partial);
  for (const { count, first, taps, share } of [depth, height]) {
    for (let o = 0; o < count; o++) words.push(first[o], taps[o], share[o]);
  }
  let list = table + (direct ? 0 : windowRows * TAP_BYTES);
  for (const { column, output, runs } of strips) {
    for (const run of runs) {
      const { first, step, taps, to, toStep, count, share } = run;
      words.push(first - column, step, taps, to - output, toStep, count, share, slideOfRun(run));
      words.pushAddress(list);
      words.push(-1, -1);
      if (direct) list += taps * windowRows * TAP_BYTES;
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
    scratchBytes: round64(partial + 2 * partialBytes),
    units: outputRows,
    open(host, scratch) {
      place(host, scratch);
      return (x, y, indices, first = 0, begin = 0, end = outputRows) =>
        host.exports.poolPixels(scratch, x, y, indices, first, begin, end, Number(host.tune === 'arm'));
    },
  };
}
