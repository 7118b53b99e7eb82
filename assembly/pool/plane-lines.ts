// Lines of outputs of plane-windows.ts: columns are reduced first, and shuffles make neighbouring ones taps.
import { madd, putLanes, storeLanes } from "../simd/vector";
import { mayHoldNaN } from "./max";
import { reduce } from "./slide";

@unmanaged
export class PlanePool {
  kind: i32;
  /** Cells of the input, and windows, of which there are two along an axis or more. */
  ih: i32; iw: i32;
  oh: i32; ow: i32;
  /** Taps of a window and its stride along both axes, and padding in front. */
  k: i32;
  s: i32;
  ph: i32; pw: i32;
  /** Scratch: three lines, `pitch` bytes apart, of what bounds columns, of zeros, and of divisors. */
  lines: usize;
  pitch: usize;
  /** [oh] and [ow]: sums are divided by their products. */
  rowShares: usize;
  columnShares: usize;
}

/** Bytes of a line in front of its first column, and of all that is not one of its columns. */
export const FRONT: usize = 16;
export const PLANE_LINE_BYTES: i32 = 128;

/** The columns x in bounds. */
@inline
function bounded(sums: bool, x: v128, bound: v128): v128 { return sums ? v128.and(x, bound) : f32x4.pmin(x, bound); }

/** Windows of five of the columns a and x. */
@inline
function fives(a: v128, x: v128): v128 {
  const one = f32x4.pmax(a, v128.shuffle<f32>(a, x, 1, 2, 3, 4));
  const two = f32x4.pmax(v128.shuffle<f32>(a, x, 2, 3, 4, 5), v128.shuffle<f32>(a, x, 3, 4, 5, 6));
  return f32x4.pmax(f32x4.pmax(one, two), x);
}

/**
 * `count` lines of outputs, whose windows have k rows and columns (a literal: 2 or, sums, 3) and stride 2. They see the
 * rows p, p + q and p + r.
 */
@inline
function lines(sums: bool, k: i32, f: PlanePool, from: usize, q: usize, r: usize, to: usize, count: i32): bool {
  const first = <usize>-f.pw << 2, bounds = f.lines + FRONT, ow = f.ow, step = <usize>(2 * f.iw) << 2;
  let sum = f32x4.splat(0), other = sum;
  from += first;
  for (; count > 0; count--, from += step) {
    let left = ow, a = f32x4.splat(0), b = a, due = k == 2, near = true;
    let shares = bounds + 2 * f.pitch, bound = bounds + first;
    for (let p = from; ; p += 32, bound += 32) {
      let t = p + q, x = v128.load(p), y = v128.load(t), z = v128.load(p, 16), w = v128.load(t, 16);
      if (!sums) { sum = madd(x, y, sum); other = madd(z, w, other); }
      x = reduce(sums, x, y);
      z = reduce(sums, z, w);
      if (k == 3) {
        t = p + r;
        x = reduce(sums, x, v128.load(t));
        z = reduce(sums, z, v128.load(t, 16));
      }
      if (near) {
        x = bounded(sums, x, v128.load(bound));
        z = bounded(sums, z, v128.load(bound, 16));
      }
      const even = v128.shuffle<f32>(x, z, 0, 2, 4, 6);
      let result = reduce(sums, even, v128.shuffle<f32>(x, z, 1, 3, 5, 7));
      // the third column of the last output is there only now
      if (k == 3) {
        y = result;
        result = reduce(sums, b, v128.shuffle<f32>(a, even, 1, 2, 3, 4));
        a = even; b = y;
      }
      if (due) {
        if (sums) { result = f32x4.div(result, v128.load(shares)); shares += 16; }
        if (left <= 4) {
          // what is stored behind a line the next one overwrites
          if (count > 1) v128.store(to, result);
          else storeLanes(to, result, result, left);
          to += <usize>left << 2;
          break;
        }
        v128.store(to, result);
        to += 16; left -= 4;
      }
      due = true;
      near = left <= 8;
    }
  }
  return sums ? false : mayHoldNaN(f32x4.add(sum, other));
}

/**
 * `count` pairs of lines of maxima, which share rows: windows have five rows and columns and stride 1, or three and
 * stride 2 (s, a literal). They see the rows p, p + q, p + r and so on, as many as there are. (Of sums, and of windows
 * that share nothing, lines are faster one by one: 1.05 to 1.3 times.)
 */
@inline
function pairs(
  s: i32, f: PlanePool, from: usize, q: usize, r: usize, u: usize, v: usize, w: usize, to: usize, count: i32,
): bool {
  const first = <usize>-f.pw << 2, bounds = f.lines + FRONT, ow = f.ow;
  const line = <usize>ow << 2, step = <usize>(2 * s * f.iw) << 2;
  let sum = f32x4.splat(0), other = sum;
  from += first;
  for (; count > 0; count--, from += step, to += line) {
    let left = ow, due = false, near = true, bound = bounds + first, a = f32x4.splat(0), b = a, c = a, d = a;
    for (let p = from; ; p += 16 * s, bound += 16 * s) {
      let result: v128, second: v128;
      if (s == 1) {
        let x = v128.load(p), y = v128.load(p + q), z = v128.load(p + r), t = v128.load(p + u);
        sum = madd(x, y, sum); other = madd(z, t, other);
        let m = f32x4.pmax(y, z);
        y = v128.load(p + v); z = v128.load(p + w);
        sum = madd(y, z, sum);
        m = f32x4.pmax(m, f32x4.pmax(t, y));
        x = f32x4.pmax(m, x); t = f32x4.pmax(m, z);
        if (near) { y = v128.load(bound); x = f32x4.pmin(x, y); t = f32x4.pmin(t, y); }
        result = fives(a, x); second = fives(b, t);
        a = x; b = t;
      } else {
        let t = p + q, x = v128.load(p), X = v128.load(p, 16), y = v128.load(t), Y = v128.load(t, 16);
        sum = madd(x, y, sum); other = madd(X, Y, other);
        x = f32x4.pmax(x, y); X = f32x4.pmax(X, Y);
        t = p + r; y = v128.load(t); Y = v128.load(t, 16);
        x = f32x4.pmax(x, y); X = f32x4.pmax(X, Y);
        t = p + u;
        let z = v128.load(t), Z = v128.load(t, 16);
        sum = madd(y, z, sum); other = madd(Y, Z, other);
        y = f32x4.pmax(y, z); Y = f32x4.pmax(Y, Z);
        t = p + v; z = v128.load(t); Z = v128.load(t, 16);
        sum = madd(z, Z, sum);
        y = f32x4.pmax(y, z); Y = f32x4.pmax(Y, Z);
        if (near) {
          z = v128.load(bound); Z = v128.load(bound, 16);
          x = f32x4.pmin(x, z); X = f32x4.pmin(X, Z); y = f32x4.pmin(y, z); Y = f32x4.pmin(Y, Z);
        }
        const even = v128.shuffle<f32>(x, X, 0, 2, 4, 6), evens = v128.shuffle<f32>(y, Y, 0, 2, 4, 6);
        // the third column of the last output is there only now
        result = f32x4.pmax(c, v128.shuffle<f32>(a, even, 1, 2, 3, 4));
        second = f32x4.pmax(d, v128.shuffle<f32>(b, evens, 1, 2, 3, 4));
        a = even; b = evens;
        c = f32x4.pmax(even, v128.shuffle<f32>(x, X, 1, 3, 5, 7));
        d = f32x4.pmax(evens, v128.shuffle<f32>(y, Y, 1, 3, 5, 7));
      }
      if (due) {
        if (left <= 4) {
          // no call, for which V8 would keep addresses on the stack
          putLanes(to, result, result, left);
          putLanes(to + line, second, second, left);
          to += <usize>left << 2;
          break;
        }
        v128.store(to, result);
        v128.store(to + line, second);
        to += 16; left -= 4;
      }
      due = true;
      near = left <= 8;
    }
  }
  return mayHoldNaN(f32x4.add(sum, other));
}

@apart export function max2(f: PlanePool, p: usize, q: usize, to: usize, count: i32): bool {
  return lines(false, 2, f, p, q, 0, to, count);
}
@apart export function sum2(f: PlanePool, p: usize, q: usize, to: usize, count: i32): void {
  lines(true, 2, f, p, q, 0, to, count);
}
@apart export function sum3by2(f: PlanePool, p: usize, q: usize, r: usize, to: usize, count: i32): void {
  lines(true, 3, f, p, q, r, to, count);
}
@apart export function max3by2(
  f: PlanePool, p: usize, q: usize, r: usize, u: usize, v: usize, to: usize, count: i32,
): bool { return pairs(2, f, p, q, r, u, v, 0, to, count); }
@apart export function max5(
  f: PlanePool, p: usize, q: usize, r: usize, u: usize, v: usize, w: usize, to: usize, count: i32,
): bool { return pairs(1, f, p, q, r, u, v, w, to, count); }
