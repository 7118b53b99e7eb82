// Pools over images whose pixels are whole vectors: channels last.
import { argmaxColumns, argmaxColumnsSelected } from "./argmax";
import { ARGMAX, MAX, Pool, Run, Span, Strip, SUM } from "./geometry";
import { listTaps, poolTaps, reduceRows } from "./rows";
import { maxSlide2s2, maxSlide3s1, maxSlide3s2, sumSlide3s1 } from "./slide";
import { Taps } from "./taps";

/** -Infinity. */
const NONE: i32 = <i32>0xff800000;

/** Windows that hold no cell. */
function fill(kind: i32, f: Taps): void {
  for (let i = 0; i < f.count; i++, f.to += f.toStep) {
    for (let b: usize = 0; b < f.bytes; b += 4) {
      store<i32>(f.to + b, NONE);
      if (kind == ARGMAX) store<i32>(f.to + b + f.toIndexBytes, -1);
    }
  }
}

/** Whether a run of windows with `rows` rows has a loop of its own. */
function slides(p: Pool, run: Run, rows: i32): bool {
  if (p.dw != 1 || run.toStep != 1 || run.count == 1) return false;
  if (p.kind == MAX) return rows <= run.taps && (run.taps == 3 ? <u32>(run.step - 1) < 2 : run.taps == 2 && run.step == 2);
  return p.kind == SUM && rows == 3 && run.taps == 3 && run.step == 1 && !p.accumulate;
}

function slideRun(kind: i32, run: Run, f: Taps, rows: i32, kept: usize): bool {
  if (kind == SUM) return sumSlide3s1(f, rows, kept);
  if (run.taps == 2) return maxSlide2s2(f, rows);
  return run.step == 1 ? maxSlide3s1(f, rows, kept) : maxSlide3s2(f, rows, kept);
}

/** Outputs of a strip in output row `row`. */
function poolRow(p: Pool, strip: Strip, x: usize, y: usize, indices: usize, row: i32): void {
  const f = changetype<Taps>(p.taps), kind = p.kind, pixel = <usize>p.c * 4, direct = p.direct != 0;
  const depth = changetype<Span>(p.depths + <usize>(row / p.oh % p.od) * offsetof<Span>());
  const height = changetype<Span>(p.heights + <usize>(row % p.oh) * offsetof<Span>());
  const firstRow = depth.first * p.ih + height.first, count = depth.taps * height.taps;
  const from = x + (<usize>(row / (p.od * p.oh)) * <usize>(p.id * p.ih) + <usize>firstRow) * (<usize>p.iw * pixel) + <usize>strip.column * pixel;
  const to = y + (<usize>row * <usize>p.ow + <usize>strip.output) * pixel;
  for (let pass = 0; pass < 2; pass++) {
    const selects = pass == 1;
    let seen = false, source = from;
    if (!direct && count > 0) {
      f.from = from;
      f.to = p.rows;
      f.bytes = <usize>strip.columns * pixel;
      f.index = firstRow * p.iw;
      f.toIndexBytes = p.indexBytes;
      f.table = p.table;
      f.tableEnd = listTaps(p, depth.taps, height.taps, 1, pixel, p.table);
      seen = reduceRows(kind, selects, f);
      source = p.rows;
    }
    f.bytes = pixel;
    f.toIndexBytes = indices - y;
    f.indexBytes = p.indexBytes;
    f.accumulate = p.accumulate;
    for (let at = strip.runs; at < strip.runsEnd && !seen; at += offsetof<Run>()) {
      const run = changetype<Run>(at), planes = direct ? depth.taps : min(1, depth.taps), rows = direct ? height.taps : min(1, height.taps);
      const taps = planes * rows * run.taps;
      if (run.planes != planes || run.rows != rows) {
        listTaps(p, planes, rows, run.taps, pixel, run.table);
        run.planes = planes;
        run.rows = rows;
      }
      f.table = run.table;
      f.tableEnd = run.table + <usize>taps * 8;
      f.tested = direct ? run.table : f.tableEnd;
      f.from = source + <usize>run.first * pixel;
      f.step = <usize>run.step * pixel;
      f.to = to + <usize>run.to * pixel;
      f.toStep = <usize>run.toStep * pixel;
      f.count = run.count;
      f.index = strip.column + run.first + (direct ? firstRow * p.iw : 0);
      f.indexStep = run.step;
      f.divisor = taps == 0 ? 1 : <f32>(depth.share * height.share * run.share);
      if (taps == 0 && kind != SUM) fill(kind, f);
      else if (direct && !selects && slides(p, run, planes * rows)) seen = slideRun(kind, run, f, planes * rows, p.rows);
      else if (direct || kind != ARGMAX) seen = poolTaps(kind, selects, f);
      else if (selects) argmaxColumnsSelected(f);
      else argmaxColumns(f);
    }
    if (!seen) return;
  }
}

/** Output rows [begin, end), numbered image, z, y. `indices` (argmax) is laid out as y. */
export function poolPixels(p: Pool, x: usize, y: usize, indices: usize, begin: i32, end: i32): void {
  for (let at = p.strips; at < p.stripsEnd; at += offsetof<Strip>()) {
    for (let row = begin; row < end; row++) poolRow(p, changetype<Strip>(at), x, y, indices, row);
  }
}
