// y = clamp(A^T M A + addend) of one tile, four channels in the lanes: output i of a line is the sum over the points p of p^i M[p], and infinity
// counts for the last output alone. Points as in input.ts. The bias came in with M at the point 1, whose powers are all 1.
//
// Live vectors: 8 points read, 3 sums and 1 constant at most.
import { clamp, madd, storeLanes } from "../../simd/vector";
import { Geometry } from "../geometry";
import { Winograd } from "./record";

@inline
function twice(x: v128): v128 { return f32x4.add(x, x); }

/**
 * Reads `points` vectors `step` bytes apart, writes as many as a tile may have outputs (one less than points), `toStep` bytes apart; those before
 * `last` and at `last` (in bytes from `to`) are valid. `points` is a literal: every `if` on it is static.
 */
@inline
function line(points: usize, from: usize, step: usize, to: usize, toStep: usize, last: usize): void {
  const t0 = v128.load(from), t1 = v128.load(from + step), t2 = v128.load(from + 2 * step);
  const sum1 = f32x4.add(t1, t2), difference1 = f32x4.sub(t1, t2);
  if (points == 4) {
    v128.store(to, f32x4.add(t0, sum1));
    v128.store(to + toStep, difference1);
    v128.store(to + 2 * toStep, sum1);
  } else {
    const t3 = v128.load(from + 3 * step), t4 = v128.load(from + 4 * step);
    const sum2 = f32x4.add(t3, t4), difference2 = twice(f32x4.sub(t3, t4)), fourSum2 = twice(twice(sum2)), fourDifference2 = twice(twice(difference2));
    if (points == 6) {
      v128.store(to, f32x4.add(f32x4.add(t0, sum1), sum2));
      v128.store(to + toStep, f32x4.add(difference1, difference2));
      v128.store(to + 2 * toStep, f32x4.add(sum1, fourSum2));
      v128.store(to + 3 * toStep, f32x4.add(difference1, fourDifference2));
      v128.store(to + 4 * toStep, f32x4.add(sum1, twice(twice(fourSum2))));
    } else {
      const t5 = v128.load(from + 5 * step), t6 = v128.load(from + 6 * step);
      const sum3 = f32x4.add(t5, t6), difference3 = f32x4.sub(t5, t6);
      v128.store(to, f32x4.add(f32x4.add(t0, sum1), f32x4.add(sum2, sum3)));
      v128.store(to + toStep, madd(f32x4.splat(0.5), difference3, f32x4.add(difference1, difference2)));
      v128.store(to + 2 * toStep, madd(f32x4.splat(0.25), sum3, f32x4.add(sum1, fourSum2)));
      v128.store(to + 3 * toStep, madd(f32x4.splat(0.125), difference3, f32x4.add(difference1, fourDifference2)));
      v128.store(to + 4 * toStep, madd(f32x4.splat(0.0625), sum3, madd(f32x4.splat(4), fourSum2, sum1)));
      v128.store(to + 5 * toStep, madd(f32x4.splat(0.03125), difference3, madd(f32x4.splat(4), fourDifference2, difference1)));
      v128.store(to + 6 * toStep, madd(f32x4.splat(0.015625), sum3, madd(f32x4.splat(16), fourSum2, sum1)));
    }
  }
  v128.store(to + last, f32x4.add(v128.load(to + last), v128.load(from + (points - 1) * step)));
}

/** Vectors [from, end) to pixels `inner` bytes apart. */
@inline
function finish(g: Geometry, from: usize, end: usize, to: usize, inner: usize, addend: usize, lanes: i32): void {
  const lo = f32x4.splat(g.lo), hi = f32x4.splat(g.hi);
  if (lanes == 4 && !addend) {
    for (; from < end; from += 16, to += inner) v128.store(to, clamp(v128.load(from), lo, hi));
    return;
  }
  for (; from < end; from += 16, to += inner) {
    let x = v128.load(from);
    if (addend) {
      x = f32x4.add(x, v128.load(addend));
      addend += inner;
    }
    x = clamp(x, lo, hi);
    storeLanes(to, x, x, lanes);
  }
}

/**
 * The tile of M at `from` into `rows` x `columns` pixels of y at `to` (channels last), which lie `outer` and `inner` bytes apart. `addend` is laid out
 * as y, or 0. `scratch`: points² vectors.
 */
@inline
function square(points: usize, w: Winograd, g: Geometry, from: usize, inner: usize, outer: usize, rows: i32, columns: i32, to: usize, addend: usize, scratch: usize): void {
  const step = w.mPoint, finished = scratch + (points - 1) * points * 16, finishedEnd = finished + <usize>columns * 16;
  const lastRow = <usize>(w.tileH - 1) * (points * 16), lastColumn = <usize>(w.tileW - 1) * 16;
  for (let c = g.oc; c > 0; c -= 4) {
    let source = from;
    for (let column = scratch; column < scratch + points * 16; column += 16, source += step) line(points, source, points * step, column, points * 16, lastRow);
    let y = to, added = addend;
    for (let row = scratch, end = scratch + <usize>rows * (points * 16); row < end; row += points * 16, y += outer) {
      line(points, row, 16, finished, 16, lastColumn);
      finish(g, finished, finishedEnd, y, inner, added, min(4, c));
      if (added) added += outer;
    }
    from += 16; to += 16;
    if (addend) addend += 16;
  }
}

export function winogradOutput4(w: Winograd, g: Geometry, from: usize, inner: usize, outer: usize, rows: i32, columns: i32, to: usize, addend: usize, scratch: usize): void {
  square(4, w, g, from, inner, outer, rows, columns, to, addend, scratch);
}

export function winogradOutput6(w: Winograd, g: Geometry, from: usize, inner: usize, outer: usize, rows: i32, columns: i32, to: usize, addend: usize, scratch: usize): void {
  square(6, w, g, from, inner, outer, rows, columns, to, addend, scratch);
}

/** A line of `count` pixels. */
export function winogradOutput8(w: Winograd, g: Geometry, from: usize, inner: usize, count: i32, to: usize, addend: usize, scratch: usize): void {
  const end = scratch + <usize>count * 16, last = <usize>(max(w.tileH, w.tileW) - 1) * 16;
  for (let c = g.oc; c > 0; c -= 4) {
    line(8, from, w.mPoint, scratch, 16, last);
    finish(g, scratch, end, to, inner, addend, min(4, c));
    from += 16; to += 16;
    if (addend) addend += 16;
  }
}
