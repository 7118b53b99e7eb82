// y = clamp(A^T M A + addend) of one tile, four channels in the lanes: output i of a line is the sum over the points
// p of p^i M[p], and infinity counts for the last output alone. Points as in input.ts; the powers of 1/2 and -1/2 are
// times 64 here, and so are whole numbers. With six points, all of G is divided by -6 and nothing else, so powers of
// 0 are times -3/2, of 2 and -2 times -1/4, and infinity counts -6 times. The bias came in with M at the point 1,
// whose powers are all 1.
//
// Live vectors: 4 points read and 9 sums at most; with six points 6 read, 5 constants, 4 sums.
import { clamp, fourfold, madd, twice } from "../../simd/vector";
import { Geometry } from "../geometry";
import { Winograd } from "./record";

/** Behind the scratch of six points: what is loaded stays in a register, a literal is built at each use. */
const CONSTANTS: usize = 36 * 16;

@inline
function constant(points: usize, at: usize, i: usize, value: f32): v128 {
  if (points != 6) return f32x4.splat(value);
  store<f32>(at + CONSTANTS + i * 4, value);
  return v128.load32_splat(at + CONSTANTS + i * 4);
}

/**
 * Reads `points` vectors `step` bytes apart, writes as many as a tile may have outputs (one less than points), `toStep`
 * bytes apart; those up to `last` (in bytes from `to`) are valid. `points` is a literal: its ifs are static.
 */
@inline
function line(
  points: usize, zero: v128, quarter: v128, half: v128, two: v128, six: v128, from: usize, step: usize, to: usize,
  toStep: usize, last: usize,
): void {
  const t0 = v128.load(from), t1 = v128.load(from + step), t2 = v128.load(from + 2 * step);
  const infinity = v128.load(from + (points - 1) * step);
  let even = f32x4.add(t1, t2), odd = f32x4.sub(t1, t2);
  if (points == 4) {
    v128.store(to, f32x4.add(t0, even));
    v128.store(to + toStep, odd);
    v128.store(to + 2 * toStep, even);
  } else {
    const t3 = v128.load(from + 3 * step), t4 = v128.load(from + 4 * step);
    let even2 = f32x4.add(t3, t4), odd2 = f32x4.sub(t3, t4);
    if (points == 6) {
      v128.store(to, madd(quarter, even2, madd(zero, t0, even)));
      v128.store(to + toStep, madd(half, odd2, odd));
      v128.store(to + 2 * toStep, f32x4.sub(even, even2));
      v128.store(to + 3 * toStep, madd(two, odd2, odd));
      v128.store(to + 4 * toStep, f32x4.sub(even, fourfold(even2)));
    } else {
      odd2 = twice(odd2);
      const t5 = v128.load(from + 5 * step), t6 = v128.load(from + 6 * step);
      const halves = f32x4.add(t5, t6), oddHalf = twice(f32x4.sub(t5, t6));
      // 64 times the sum of the halves at output 0, once at output 6
      const four = fourfold(halves), sixteen = fourfold(four), eight = fourfold(oddHalf);
      v128.store(to, f32x4.add(f32x4.add(t0, even), f32x4.add(even2, fourfold(sixteen))));
      v128.store(to + toStep, f32x4.add(f32x4.add(odd, odd2), fourfold(eight)));
      v128.store(to + 2 * toStep, f32x4.add(f32x4.add(even, sixteen), even2 = fourfold(even2)));
      v128.store(to + 3 * toStep, f32x4.add(f32x4.add(odd, eight), odd2 = fourfold(odd2)));
      v128.store(to + 4 * toStep, f32x4.add(f32x4.add(even, four), even2 = fourfold(even2)));
      v128.store(to + 5 * toStep, f32x4.add(f32x4.add(odd, oddHalf), fourfold(odd2)));
      v128.store(to + 6 * toStep, f32x4.add(f32x4.add(even, halves), fourfold(even2)));
    }
  }
  const end = v128.load(to + last);
  v128.store(to + last, points == 6 ? madd(six, infinity, end) : f32x4.add(end, infinity));
}

/** The same for a row of four outputs of six points: straight into pixels of y, `toStep` bytes apart. */
@inline
function row4(
  zero: v128, quarter: v128, half: v128, two: v128, six: v128, from: usize, to: usize, step: usize, lo: v128, hi: v128,
): void {
  const t1 = v128.load(from, 16), t2 = v128.load(from, 32), t3 = v128.load(from, 48), t4 = v128.load(from, 64);
  const even = f32x4.add(t1, t2), odd = f32x4.sub(t1, t2), even2 = f32x4.add(t3, t4), odd2 = f32x4.sub(t3, t4);
  v128.store(to, clamp(madd(quarter, even2, madd(zero, v128.load(from), even)), lo, hi));
  v128.store(to += step, clamp(madd(half, odd2, odd), lo, hi));
  v128.store(to += step, clamp(f32x4.sub(even, even2), lo, hi));
  v128.store(to + step, clamp(madd(six, v128.load(from, 80), madd(two, odd2, odd)), lo, hi));
}

@inline
function put(to: usize, addend: usize, x: v128, lo: v128, hi: v128): void {
  if (addend) x = f32x4.add(x, v128.load(addend));
  v128.store(to, clamp(x, lo, hi));
}

/** One line of `count` vectors, whose lanes are `lanes` channels or more, to pixels of y `inner` bytes apart. */
@inline
function finishLine(g: Geometry, from: usize, count: i32, to: usize, inner: usize, addend: usize, lanes: i32): void {
  const channel = <usize>g.yC * 4, end = from + <usize>count * 16;
  const lo = f32x4.splat(g.lo), hi = f32x4.splat(g.hi);
  if (lanes >= 4 && channel == 4) {
    for (; from < end; from += 16, to += inner) {
      put(to, addend, v128.load(from), lo, hi);
      if (addend) addend += inner;
    }
    return;
  }
  if (lanes >= 4 && inner == 4) {
    for (; from + 64 <= end; from += 64, to += 16) {
      const a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      put(to, addend, v128.shuffle<i64>(ab0, cd0, 0, 2), lo, hi);
      put(to + channel, addend ? addend + channel : 0, v128.shuffle<i64>(ab0, cd0, 1, 3), lo, hi);
      put(to + 2 * channel, addend ? addend + 2 * channel : 0, v128.shuffle<i64>(ab1, cd1, 0, 2), lo, hi);
      put(to + 3 * channel, addend ? addend + 3 * channel : 0, v128.shuffle<i64>(ab1, cd1, 1, 3), lo, hi);
      if (addend) addend += 16;
    }
  }
  for (; from < end; from += 16, to += inner) {
    for (let c: usize = 0; c < <usize>min(4, lanes); c++) {
      let x = load<f32>(from + c * 4);
      if (addend) x += load<f32>(addend + c * channel);
      if (x < g.lo) x = g.lo;
      if (x > g.hi) x = g.hi;
      store<f32>(to + c * channel, x);
    }
    if (addend) addend += inner;
  }
}

/** `rows` such lines, `step` bytes apart, to rows of y `outer` bytes apart. */
function finish(
  g: Geometry, from: usize, step: usize, rows: i32, columns: i32, to: usize, inner: usize, outer: usize, addend: usize,
  lanes: i32,
): void {
  for (; rows > 0; rows--, from += step, to += outer) {
    finishLine(g, from, columns, to, inner, addend, lanes);
    if (addend) addend += outer;
  }
}

/**
 * `channels` channels of the tile of M at `from` into `rows` x `columns` pixels of y at `to`. `addend` is laid out as
 * y, or 0. `scratch`: points² vectors and, with six points, five words.
 */
@inline
function square(
  points: usize, w: Winograd, g: Geometry, channels: i32, from: usize, rows: i32, columns: i32, to: usize,
  addend: usize, scratch: usize,
): void {
  const inner = <usize>(g.dw * g.yW) * 4, outer = <usize>(g.dh * g.yH) * 4;
  const step = w.mPoint, rowBytes = points * 16, scratchEnd = scratch + <usize>rows * rowBytes;
  const lastRow = <usize>(w.y.outputs - 1) * rowBytes, lastColumn = <usize>(w.x.outputs - 1) * 16;
  const lo = f32x4.splat(g.lo), hi = f32x4.splat(g.hi), next = <usize>g.yC * 16, width = <usize>columns * 16;
  const plain = g.yC == 1 && !addend, direct = points == 6 && plain && w.x.outputs == 4 && columns == 4;
  const zero = constant(points, scratch, 0, -3 / 2), quarter = constant(points, scratch, 1, -1 / 4);
  const half = constant(points, scratch, 2, -1 / 2), two = constant(points, scratch, 3, -2);
  const six = constant(points, scratch, 4, -6);
  for (let c = channels; c > 0; c -= 4) {
    let source = from;
    for (let column = scratch; column < scratch + rowBytes; column += 16, source += step) {
      line(points, zero, quarter, half, two, six, source, points * step, column, rowBytes, lastRow);
    }
    // the most frequent tiles: 0.75 of the time
    if (direct && c >= 4) {
      for (let row = scratch, y = to; row < scratchEnd; row += rowBytes, y += outer) {
        row4(zero, quarter, half, two, six, row, y, inner, lo, hi);
      }
      from += 16; to += next;
      continue;
    }
    // a row is read before it is overwritten
    for (let row = scratch; row < scratchEnd; row += rowBytes) {
      line(points, zero, quarter, half, two, six, row, 16, row, 16, lastColumn);
    }
    if (plain && c >= 4) {
      for (let row = scratch, y = to; row < scratchEnd; row += rowBytes, y += outer) {
        for (let at = row, pixel = y; at < row + width; at += 16, pixel += inner) put(pixel, 0, v128.load(at), lo, hi);
      }
    } else finish(g, scratch, rowBytes, rows, columns, to, inner, outer, addend, c);
    from += 16; to += next;
    if (addend) addend += next;
  }
}

@apart export function winogradOutput4(
  w: Winograd, g: Geometry, channels: i32, from: usize, rows: i32, columns: i32, to: usize, add: usize, scratch: usize,
): void { square(4, w, g, channels, from, rows, columns, to, add, scratch); }

@apart export function winogradOutput6(
  w: Winograd, g: Geometry, channels: i32, from: usize, rows: i32, columns: i32, to: usize, add: usize, scratch: usize,
): void { square(6, w, g, channels, from, rows, columns, to, add, scratch); }

/** The same of a line of `count` pixels. */
@apart export function winogradOutput8(
  w: Winograd, g: Geometry, channels: i32, from: usize, count: i32, to: usize, addend: usize, scratch: usize,
): void {
  const inner = <usize>(w.x.points == 1 ? g.dh * g.yH : g.dw * g.yW) * 4;
  const last = <usize>(max(w.y.outputs, w.x.outputs) - 1) * 16, next = <usize>g.yC * 16;
  const lo = f32x4.splat(g.lo), hi = f32x4.splat(g.hi), plain = g.yC == 1 && !addend, end = scratch + <usize>count * 16;
  for (let c = channels; c > 0; c -= 4) {
    line(8, lo, lo, lo, lo, lo, from, w.mPoint, scratch, 16, last);
    if (plain && c >= 4) {
      for (let at = scratch, pixel = to; at < end; at += 16, pixel += inner) put(pixel, 0, v128.load(at), lo, hi);
    } else finish(g, scratch, 0, 1, count, to, inner, 0, addend, c);
    from += 16; to += next;
    if (addend) addend += next;
  }
}
