// V = B^T d B of one patch, four channels in the lanes: row i of B^T holds the coefficients of the polynomial that
// vanishes at every point but the i-th. The points are 0, 1, -1, 2, -2, 1/2, -1/2, infinity, as many as there are;
// with eight, the rows of 2 and -2 are times 4, of 1/2 and -1/2 times 2. A. Lavin, S. Gray, Fast algorithms for
// convolutional neural networks, 2016.
//
// Multiples of powers of two are sums: exact, and V8 builds a constant vector anew at each use. Live vectors at most:
// 8 read, 5 sums, 1 constant.
import { fourfold, madd, twice } from "../../simd/vector";

/** Reads `points` (a literal) vectors `inner` bytes apart, writes as many `step` bytes apart. */
@inline
function line(points: usize, less4: v128, from: usize, inner: usize, to: usize, step: usize): void {
  const d0 = v128.load(from), d1 = v128.load(from + inner), d2 = v128.load(from + 2 * inner);
  const d3 = v128.load(from + 3 * inner);
  if (points == 4) {
    v128.store(to, f32x4.sub(d2, d0));
    v128.store(to + step, f32x4.add(d1, d2));
    v128.store(to + 2 * step, f32x4.sub(d2, d1));
    v128.store(to + 3 * step, f32x4.sub(d3, d1));
    return;
  }
  const d4 = v128.load(from + 4 * inner), d5 = v128.load(from + 5 * inner);
  if (points == 6) {
    const d42 = f32x4.sub(d4, d2), d31 = f32x4.sub(d3, d1), double = twice(d31);
    const even = madd(less4, d2, d4), odd = madd(less4, d1, d3);
    v128.store(to, madd(less4, f32x4.sub(d2, d0), d42));
    v128.store(to + step, f32x4.add(even, odd));
    v128.store(to + 2 * step, f32x4.sub(even, odd));
    v128.store(to + 3 * step, f32x4.add(d42, double));
    v128.store(to + 4 * step, f32x4.sub(d42, double));
    v128.store(to + 5 * step, madd(less4, d31, f32x4.sub(d5, d3)));
  } else {
    const d6 = v128.load(from + 6 * inner), d7 = v128.load(from + 7 * inner);
    const d24 = f32x4.sub(d2, d4), d64 = f32x4.sub(d6, d4), d13 = f32x4.sub(d1, d3), d53 = f32x4.sub(d5, d3);
    v128.store(to, madd(f32x4.splat(5.25), d24, f32x4.sub(d6, d0)));
    v128.store(to + 7 * step, madd(f32x4.splat(-5.25), d53, f32x4.sub(d7, d1)));
    let even = madd(f32x4.splat(-2.25), d4, f32x4.add(d24, d64));
    let odd = madd(f32x4.splat(-2.25), d3, f32x4.add(d13, d53));
    v128.store(to + step, f32x4.add(even, odd));
    v128.store(to + 2 * step, f32x4.sub(even, odd));
    even = f32x4.add(d24, fourfold(d64));
    odd = twice(f32x4.add(d13, fourfold(d53)));
    v128.store(to + 3 * step, f32x4.add(even, odd));
    v128.store(to + 4 * step, f32x4.sub(even, odd));
    even = twice(f32x4.add(fourfold(d24), d64));
    odd = f32x4.add(fourfold(d13), d53);
    v128.store(to + 5 * step, f32x4.add(even, odd));
    v128.store(to + 6 * step, f32x4.sub(even, odd));
  }
}

/**
 * A square patch of a channels-last image, `bytes` (a multiple of 16) of every pixel; pixels are `inner` bytes apart,
 * lines of them `outer`. `scratch`: points² vectors and a word.
 */
@inline
function square(
  points: usize, from: usize, inner: usize, outer: usize, to: usize, vPoint: usize, bytes: usize, scratch: usize,
): void {
  const rowBytes = points * 16, end = scratch + points * rowBytes;
  store<f32>(end, -4);
  const less4 = v128.load32_splat(end);
  for (const last = to + bytes; to < last; to += 16, from += 16) {
    let source = from, target = to;
    for (let row = scratch; row < end; row += rowBytes, source += outer) line(points, less4, source, inner, row, 16);
    for (let column = scratch; column < scratch + rowBytes; column += 16, target += vPoint) {
      line(points, less4, column, rowBytes, target, points * vPoint);
    }
  }
}

@apart export function winogradInput4(
  from: usize, inner: usize, outer: usize, to: usize, vPoint: usize, bytes: usize, scratch: usize,
): void { square(4, from, inner, outer, to, vPoint, bytes, scratch); }

@apart export function winogradInput6(
  from: usize, inner: usize, outer: usize, to: usize, vPoint: usize, bytes: usize, scratch: usize,
): void { square(6, from, inner, outer, to, vPoint, bytes, scratch); }

/** A line of eight pixels. */
@apart export function winogradInput8(from: usize, inner: usize, to: usize, vPoint: usize, bytes: usize): void {
  for (const end = to + bytes; to < end; to += 16, from += 16) line(8, f32x4.splat(-4), from, inner, to, vPoint);
}
