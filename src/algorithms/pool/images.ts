import { recordBytes, records, recordWords } from '../../wasm/records.js';
import { type PoolPlan, round64 } from './plan.js';
import { type Axes, type Run, runsOf, type Spans } from './spans.js';

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

/** Bytes of one row of a strip, so that the reduced rows stay in the cache while their pixels are reduced. */
const STRIP_BYTES = 16384;

/** Most taps of a window that is pooled in one pass. */
const DIRECT_TAPS = 64;

const most = (values: Int32Array) => values.reduce((a, b) => Math.max(a, b), 1);

/** The cells that windows [begin, end) hold. */
function columnsOf({ first, taps, step }: Spans, begin: number, end: number): { column: number; columns: number } {
  let column = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let o = begin; o < end; o++) {
    if (taps[o] === 0) continue;
    column = Math.min(column, first[o]);
    last = Math.max(last, first[o] + (taps[o] - 1) * step + 1);
  }
  return last > 0 ? { column, columns: last - column } : { column: 0, columns: 1 };
}

interface Strip {
  readonly column: number;
  readonly columns: number;
  readonly output: number;
  readonly outputs: number;
}

/** Cuts the width so that a strip's cells stay below `limit` columns, if its first window alone does. */
function stripsOf(width: Spans, limit: number): Strip[] {
  const strips: Strip[] = [];
  for (let output = 0; output < width.count; ) {
    let outputs = width.count - output;
    let cut = columnsOf(width, output, output + outputs);
    while (outputs > 1 && cut.columns > limit) {
      outputs = Math.max(1, Math.min(outputs - 1, Math.floor((outputs * limit) / cut.columns)));
      cut = columnsOf(width, output, output + outputs);
    }
    strips.push({ ...cut, output, outputs });
    output += outputs;
  }
  return strips;
}

/** The loop of its own that a run of windows may have. */
function slideOf({ kind, accumulate, axes }: ImagePool, { taps, step, toStep, count }: Run): number {
  if (toStep !== 1 || count === 1 || axes[2].step !== 1) return 0;
  if (kind === 'sum') return taps === 3 && step === 1 && !accumulate ? slides.sum3 : 0;
  if (kind === 'argmax') return 0;
  if (taps === 2) return step === 2 ? slides.max2 : 0;
  return taps !== 3 || step > 2 ? 0 : step === 1 ? slides.max3 : slides.max3by2;
}

/** Plans a pool over images whose pixels are whole vectors (c is a multiple of 4), in any windows. */
export function planImages(pool: ImagePool): PoolPlan {
  const { kind, accumulate = false, images, c, axes } = pool;
  const [depth, height, width] = axes;
  const windowRows = most(depth.taps) * most(height.taps);
  const windowTaps = most(width.taps);
  const stretch = width.input / width.count;
  const direct = windowRows * windowTaps <= Math.min(DIRECT_TAPS, windowRows * stretch + windowTaps + 3);
  const strips = stripsOf(width, direct ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(STRIP_BYTES / (4 * c))));
  // in one pass, two pixels that a sliding window keeps
  const rowBytes = direct ? 8 * c : round64(Math.max(...strips.map(({ columns }) => columns)) * c * 4);

  // the record, then what it points at
  const words: number[] = recordWords('pool', {});
  /** Words that hold offsets in scratch, and become addresses there. */
  const addresses: number[] = [];
  const address = (offset: number) => {
    addresses.push(words.length);
    words.push(offset);
  };
  const spansOf = ({ count, first, taps, share }: Spans) => {
    const at = words.length * 4;
    for (let o = 0; o < count; o++) words.push(first[o], taps[o], share[o]);
    return at;
  };
  const [depths, heights] = [spansOf(depth), spansOf(height)];
  const runs = strips.map(({ output, outputs }) => runsOf(width, output, output + outputs));
  const runBytes = recordBytes('poolRun');
  const runsAt = words.length * 4;
  const stripsAt = runsAt + runs.reduce((sum, { length }) => sum + length, 0) * runBytes;
  const stripsEnd = stripsAt + strips.length * recordBytes('poolStrip');
  const tablesAt = round64(stripsEnd);
  // the table of a window's rows, then one of each run
  let tableBytes = direct ? 0 : windowRows * 8;
  for (const [i, { column, output }] of strips.entries()) {
    for (const run of runs[i]) {
      const { first, step, taps, to, toStep, count, share } = run;
      words.push(first - column, step, taps, to - output, toStep, count, share, direct ? slideOf(pool, run) : 0);
      address(tablesAt + tableBytes);
      words.push(-1, -1);
      tableBytes += taps * (direct ? windowRows : 1) * 8;
    }
  }
  let run = runsAt;
  for (const [i, { column, columns, output, outputs }] of strips.entries()) {
    words.push(column, columns, output, outputs);
    address(run);
    address((run += runs[i].length * runBytes));
  }
  const taps = tablesAt + round64(tableBytes);
  const rows = taps + round64(recordBytes('taps'));
  const record = recordWords('pool', {
    ...{ kind: kinds[kind], accumulate: accumulate ? 1 : 0, direct: direct ? 1 : 0, c },
    ...{ id: depth.input, ih: height.input, iw: width.input, od: depth.count, oh: height.count, ow: width.count },
    ...{ dd: depth.step, dh: height.step, dw: width.step, indexBytes: rowBytes },
    ...{ depths, heights, strips: stripsAt, stripsEnd, taps, table: tablesAt, rows },
  });
  for (const [i, value] of record.entries()) words[i] = value;
  for (const field of ['depths', 'heights', 'strips', 'stripsEnd', 'taps', 'table', 'rows'] as const) {
    addresses.push(records.pool.indexOf(field));
  }
  const image = Int32Array.from(words);
  /** Where its addresses count from. */
  let base = 0;
  const outputRows = images * depth.count * height.count;
  return {
    scratchBytes: rows + (kind === 'argmax' ? 2 : 1) * rowBytes,
    open(host, scratch) {
      for (const i of addresses) image[i] += scratch - base;
      base = scratch;
      host.arena.i32(scratch, image.length).set(image);
      return (x, y, indices) => host.exports.poolPixels(scratch, x, y, indices, 0, outputRows);
    },
  };
}
