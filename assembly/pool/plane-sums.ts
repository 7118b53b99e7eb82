// Averages of whole, small planes: four planes at a time, whose sums become the lanes of a vector.
import { storeLanes, sumLanes } from "../simd/vector";

/** Most numbers of a plane: a sum has the error of 27 additions then. */
export const PLANE_CELLS: i32 = 400;

/** Bytes of a plane that are summed by themselves: 80 numbers. */
const BLOCK: usize = 320;

/** `blocks`: planes are longer than a block. (A loop over blocks costs 7x7 planes a tenth.) */
@inline
function sums(blocks: bool, x: usize, y: usize, count: i32, divisor: f32, begin: i32, end: i32): void {
  const plane = <usize>count * 4, whole = plane & ~15;
  // lanes of a last vector that belong to the plane
  const mask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count & 3));
  x += <usize>begin * plane;
  for (let i = begin; i < end; i += 4, x += 4 * plane) {
    // planes that are not there are the last one once more
    const left = end - i, last = x + whole;
    let a = x, b = a + (left > 1 ? plane : 0), c = b + (left > 2 ? plane : 0), d = c + (left > 3 ? plane : 0);
    let s0 = v128.and(mask, v128.load(a + whole)), s1 = v128.and(mask, v128.load(b + whole));
    let s2 = v128.and(mask, v128.load(c + whole)), s3 = v128.and(mask, v128.load(d + whole)), sum = f32x4.splat(0);
    for (;;) {
      for (const stop = blocks ? min(a + BLOCK, last) : last; a < stop; a += 16, b += 16, c += 16, d += 16) {
        s0 = f32x4.add(s0, v128.load(a)); s1 = f32x4.add(s1, v128.load(b));
        s2 = f32x4.add(s2, v128.load(c)); s3 = f32x4.add(s3, v128.load(d));
      }
      if (!blocks) { sum = sumLanes(s0, s1, s2, s3); break; }
      sum = f32x4.add(sum, sumLanes(s0, s1, s2, s3));
      if (a == last) break;
      s0 = s1 = s2 = s3 = f32x4.splat(0);
    }
    sum = f32x4.div(sum, f32x4.splat(divisor));
    storeLanes(y + (<usize>i << 2), sum, sum, min(left, 4));
  }
}
@apart export function shortSums(x: usize, y: usize, count: i32, divisor: f32, begin: i32, end: i32): void {
  sums(false, x, y, count, divisor, begin, end);
}
@apart export function longSums(x: usize, y: usize, count: i32, divisor: f32, begin: i32, end: i32): void {
  sums(true, x, y, count, divisor, begin, end);
}

/** y[i] = the sum of plane i's `count` numbers / divisor, for planes [begin, end). */
export function planeSums(x: usize, y: usize, count: i32, divisor: f32, begin: i32, end: i32): void {
  if (<usize>count * 4 <= BLOCK) shortSums(x, y, count, divisor, begin, end);
  else longSums(x, y, count, divisor, begin, end);
}
