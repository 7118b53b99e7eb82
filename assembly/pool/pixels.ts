// Pools over images whose pixels are whole vectors: channels last.
import { argmaxColumns } from "./argmax";
import { ARGMAX, BEST, MAX2, MAX3, Pool, PoolRun, PoolSpan, PoolStrip, SUM, SUM3 } from "./geometry";
import { listTaps, poolTaps, reduceRows } from "./rows";
import { maxSlide2, maxSlide3, maxSlide3by2, sumSlide3 } from "./slide";
import { TAP_BYTES, Taps } from "./taps";
import { WALK, maxWalk2, maxWalk3, maxWalk3by2, sumWalk3 } from "./walk";

/** -Infinity. */
const NONE: i32 = <i32>0xff800000;

/** Windows that hold no cell. */
function fill(p: Pool, f: Taps): void {
  if (p.accumulate) return;
  for (let i = 0; i < f.count; i++, f.to += f.toStep) {
    for (let b: usize = 0; b < f.bytes; b += 4) {
      store<i32>(f.to + b, p.kind == SUM ? 0 : NONE);
      if (p.kind == ARGMAX) store<i32>(f.to + b + f.toIndexBytes, -1);
    }
  }
}

/** Runs the loop of a run's own; for maxima the last row stands in for rows that lie outside. */
function slideRun(slide: i32, f: Taps, rows: i32, kept: usize): bool {
  const walks = f.walks && f.bytes >= WALK;
  if (slide == MAX2) return walks ? maxWalk2(f, rows) : maxSlide2(f, rows);
  if (slide == MAX3) return walks ? maxWalk3(f, rows) : maxSlide3(f, rows, kept);
  if (slide == SUM3) return walks ? sumWalk3(f, rows) : sumSlide3(f, rows, kept);
  return walks ? maxWalk3by2(f, rows) : maxSlide3by2(f, rows, kept);
}

/** Makes the rows of a window one, at p.rows. */
function poolRows(p: Pool, f: Taps, planes: i32, rows: i32, from: usize, bytes: usize): bool {
  f.from = from;
  f.to = p.rows;
  f.bytes = bytes;
  f.count = 1;
  f.toIndexBytes = p.indexBytes;
  f.divisor = 1;
  f.accumulate = 0;
  f.table = p.table;
  f.tested = p.table;
  f.tableEnd = listTaps(p, planes, rows, 1, <usize>p.c * 4, p.table);
  return reduceRows(p.kind, f);
}

/** One run of windows of planes x rows x run.taps cells, from the strip at `from` to that at `to`. */
function poolRun(p: Pool, f: Taps, run: PoolRun, planes: i32, rows: i32, from: usize, to: usize): bool {
  const pixel = <usize>p.c * 4, windowRows = planes * rows, taps = windowRows * run.taps, direct = p.direct != 0;
  if (run.planes != planes || run.rows != rows) {
    listTaps(p, planes, rows, run.taps, pixel, run.table);
    run.planes = planes;
    run.rows = rows;
  }
  f.table = run.table;
  f.tableEnd = run.table + <usize>taps * TAP_BYTES;
  // what is reduced already holds no NaN
  f.tested = direct ? run.table : f.tableEnd;
  f.from = from + <usize>run.first * pixel;
  f.step = <usize>run.step * pixel;
  f.to = to + <usize>run.to * pixel;
  f.toStep = <usize>run.toStep * pixel;
  f.count = run.count;
  f.bytes = pixel;
  f.indexStep = run.step;
  if (taps == 0) fill(p, f);
  else if (p.kind == BEST) argmaxColumns(f);
  else if (run.slide && !f.selects && (run.slide == SUM3 ? windowRows == 3 : windowRows <= run.taps)) {
    return slideRun(run.slide, f, windowRows, p.rows);
  } else if (direct || p.kind != ARGMAX) return poolTaps(p.kind, f);
  else argmaxColumns(f);
  return false;
}

/** Outputs of a strip in output row `row`; `first`: index of the first cell of x. */
function poolRow(p: Pool, strip: PoolStrip, x: usize, y: usize, indices: usize, first: i32, row: i32): void {
  const f = changetype<Taps>(p.taps), pixel = <usize>p.c * 4, direct = p.direct != 0;
  const image = row / (p.od * p.oh), plane = row / p.oh % p.od, line = row % p.oh;
  const depth = changetype<PoolSpan>(p.depths + <usize>plane * offsetof<PoolSpan>());
  const height = changetype<PoolSpan>(p.heights + <usize>line * offsetof<PoolSpan>());
  const index = first + depth.first * p.indexPlane + height.first * p.indexRow, empty = depth.taps * height.taps == 0;
  const from = x + <usize>image * p.xImage + <usize>depth.first * p.xPlane + <usize>height.first * p.xRow
    + <usize>strip.column * pixel;
  const to = y + <usize>image * p.yImage + <usize>plane * p.yPlane + <usize>line * p.yRow + <usize>strip.output * pixel;
  let seen: bool;
  // of what has its index every NaN counts
  f.selects = i32(p.kind == BEST);
  f.indexBytes = p.indexBytes;
  f.partial = p.partial;
  do {
    f.index = index;
    seen = false;
    const reduced = !direct && !empty;
    if (reduced) seen = poolRows(p, f, depth.taps, height.taps, from, <usize>strip.columns * pixel);
    f.toIndexBytes = indices - y;
    f.accumulate = p.accumulate;
    for (let at = strip.runs; at < strip.runsEnd && !seen; at += offsetof<PoolRun>()) {
      const run = changetype<PoolRun>(at);
      f.index = strip.column + run.first + (direct ? index : 0);
      f.divisor = <f32>(depth.share * height.share * run.share);
      seen = reduced ? poolRun(p, f, run, 1, 1, p.rows, to) : poolRun(p, f, run, depth.taps, height.taps, from, to);
    }
    f.selects++;
  } while (seen && f.selects == 1);
}

/**
 * Output rows [begin, end), numbered image, z, y. `indices` (argmax) is laid out as y; `first`: index of the first cell
 * of x. `walks`: 1 for processors with 32 vector registers.
 */
export function poolPixels(
  p: Pool, x: usize, y: usize, indices: usize, first: i32, begin: i32, end: i32, walks: i32,
): void {
  changetype<Taps>(p.taps).walks = walks;
  for (let at = p.strips; at < p.stripsEnd; at += offsetof<PoolStrip>()) {
    for (let row = begin; row < end; row++) poolRow(p, changetype<PoolStrip>(at), x, y, indices, first, row);
  }
}
