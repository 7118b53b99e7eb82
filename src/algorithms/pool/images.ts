import { recordBytes, writeRecord } from '../../wasm/records.js';
import { type PoolPlan, round64 } from './plan.js';
import { type Axes, runsOf, type Spans } from './spans.js';

/** What is made of a window; as in assembly/pool/geometry.ts. */
const kinds = { max: 0, argmax: 1, sum: 2 } as const;

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

/** Plans a pool over images whose pixels are whole vectors (c is a multiple of 4), in any windows. */
export function planImages({ kind, accumulate = false, images, c, axes }: ImagePool): PoolPlan {
  const [depth, height, width] = axes;
  const windowRows = most(depth.taps) * most(height.taps);
  const windowTaps = most(width.taps);
  const stretch = width.input / width.count;
  const direct = windowRows * windowTaps <= Math.min(DIRECT_TAPS, windowRows * stretch + windowTaps + 3);
  const strips = stripsOf(width, direct ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(STRIP_BYTES / (4 * c))));

  const words: number[] = [];
  for (const axis of [depth, height]) for (let o = 0; o < axis.count; o++) words.push(axis.first[o], axis.taps[o], axis.share[o]);
  const heights = depth.count * 3;
  let tableBytes = direct ? 0 : windowRows * 8;
  /** Words that hold an offset in the tables. */
  const tables: number[] = [];
  const runs = strips.map(({ column, output, outputs }) => {
    const begin = words.length;
    for (const run of runsOf(width, output, output + outputs)) {
      tables.push(words.length + 7);
      words.push(run.first - column, run.step, run.taps, run.to - output, run.toStep, run.count, run.share, tableBytes, -1, -1);
      tableBytes += run.taps * (direct ? windowRows : 1) * 8;
    }
    return { begin, end: words.length };
  });

  let scratchBytes = 0;
  const take = (bytes: number) => {
    const at = scratchBytes;
    scratchBytes += round64(bytes);
    return at;
  };
  const rowBytes = direct ? 0 : round64(Math.max(...strips.map(({ columns }) => columns)) * c * 4);
  const at = {
    record: take(recordBytes('pool')),
    taps: take(recordBytes('taps')),
    words: take(words.length * 4),
    strips: take(strips.length * recordBytes('poolStrip')),
    tables: take(tableBytes),
    rows: take(kind === 'argmax' ? 2 * rowBytes : rowBytes),
  };
  return {
    scratchBytes,
    open(host, scratch) {
      const word = (i: number) => scratch + at.words + i * 4;
      const to = host.arena.i32(word(0), words.length);
      to.set(words);
      for (const i of tables) to[i] += scratch + at.tables;
      const stripBytes = recordBytes('poolStrip');
      for (const [i, strip] of strips.entries()) {
        const { begin, end } = runs[i];
        writeRecord(host, 'poolStrip', scratch + at.strips + i * stripBytes, { ...strip, runs: word(begin), runsEnd: word(end) });
      }
      writeRecord(host, 'pool', scratch + at.record, {
        ...{ kind: kinds[kind], accumulate: accumulate ? 1 : 0, direct: direct ? 1 : 0, c },
        ...{ id: depth.input, ih: height.input, iw: width.input, od: depth.count, oh: height.count, ow: width.count },
        ...{ dd: depth.step, dh: height.step, dw: width.step },
        ...{ depths: word(0), heights: word(heights), strips: scratch + at.strips },
        ...{ stripsEnd: scratch + at.strips + strips.length * stripBytes },
        ...{ taps: scratch + at.taps, table: scratch + at.tables, rows: scratch + at.rows, indexBytes: rowBytes },
      });
      const rows = images * depth.count * height.count;
      return (x, y, indices) => host.exports.poolPixels(scratch + at.record, x, y, indices, 0, rows);
    },
  };
}
