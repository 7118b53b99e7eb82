// The windows of slide.ts for processors with 32 vector registers (aarch64), and to the bit what they are there: four
// vectors of a pixel at a time walk along the row, so that the last columns stay in registers.
//
// Live vectors: 8 columns, 8 inputs, and of maxima the 2 sums that tell of NaN (see max.ts).
import { madd } from "../simd/vector";
import { mayHoldNaN } from "./max";
import { reduce, rowOf } from "./slide";
import { Taps } from "./taps";

/** Bytes of a pixel that walk together; a pixel has at least as many. */
export const WALK: usize = 64;

/**
 * Windows of k rows and columns with stride s, all literals: 3 with 1 or 2, or 2 with 2. Returns whether the inputs may
 * hold NaN.
 */
@inline
function walk(sums: bool, k: i32, s: i32, f: Taps, rows: i32): bool {
  const pixel = f.bytes, last = pixel - WALK, divisor = f32x4.splat(f.divisor), count = f.count;
  const first = rowOf(f, 0, rows, k), second = rowOf(f, 1, rows, k), third = k == 3 ? rowOf(f, 2, rows, k) : 0;
  // a: the last two columns made one; b: the last one
  let sum = f32x4.splat(0), other = sum, a0 = sum, a1 = sum, a2 = sum, a3 = sum, b0 = sum, b1 = sum, b2 = sum, b3 = sum;
  for (let c: usize = 0; ; c += WALK) {
    // the last vectors of a pixel, some of them once more
    if (c > last) c = last;
    let p = first + c, q = second + c, r = third + c, to = f.to + c;
    // what the first k - s columns give is overwritten
    for (let left = count + k - s; ; left--) {
      let x0 = v128.load(p), x1 = v128.load(p, 16), x2 = v128.load(p, 32), x3 = v128.load(p, 48);
      let y0 = v128.load(q), y1 = v128.load(q, 16), y2 = v128.load(q, 32), y3 = v128.load(q, 48);
      p += pixel; q += pixel;
      if (!sums) { sum = madd(x2, y2, madd(x0, y0, sum)); other = madd(x3, y3, madd(x1, y1, other)); }
      x0 = reduce(sums, x0, y0); x1 = reduce(sums, x1, y1); x2 = reduce(sums, x2, y2); x3 = reduce(sums, x3, y3);
      if (k == 3) {
        y0 = v128.load(r); y1 = v128.load(r, 16); y2 = v128.load(r, 32); y3 = v128.load(r, 48);
        r += pixel;
        if (!sums) { sum = madd(y0, y1, sum); other = madd(y2, y3, other); }
        x0 = reduce(sums, x0, y0); x1 = reduce(sums, x1, y1); x2 = reduce(sums, x2, y2); x3 = reduce(sums, x3, y3);
        y0 = reduce(sums, a0, x0); y1 = reduce(sums, a1, x1); y2 = reduce(sums, a2, x2); y3 = reduce(sums, a3, x3);
        if (sums) {
          y0 = f32x4.div(y0, divisor); y1 = f32x4.div(y1, divisor);
          y2 = f32x4.div(y2, divisor); y3 = f32x4.div(y3, divisor);
        }
        v128.store(to, y0); v128.store(to, y1, 16); v128.store(to, y2, 32); v128.store(to, y3, 48);
        if (left <= count) to += pixel;
        if (left == 1) break;
      }
      b0 = s == 1 ? b0 : x0; b1 = s == 1 ? b1 : x1; b2 = s == 1 ? b2 : x2; b3 = s == 1 ? b3 : x3;
      if (s == 2) {
        x0 = v128.load(p); x1 = v128.load(p, 16); x2 = v128.load(p, 32); x3 = v128.load(p, 48);
        y0 = v128.load(q); y1 = v128.load(q, 16); y2 = v128.load(q, 32); y3 = v128.load(q, 48);
        p += pixel; q += pixel;
        if (!sums) { sum = madd(x2, y2, madd(x0, y0, sum)); other = madd(x3, y3, madd(x1, y1, other)); }
        x0 = reduce(sums, x0, y0); x1 = reduce(sums, x1, y1); x2 = reduce(sums, x2, y2); x3 = reduce(sums, x3, y3);
        if (k == 3) {
          y0 = v128.load(r); y1 = v128.load(r, 16); y2 = v128.load(r, 32); y3 = v128.load(r, 48);
          r += pixel;
          if (!sums) { sum = madd(y0, y1, sum); other = madd(y2, y3, other); }
          x0 = reduce(sums, x0, y0); x1 = reduce(sums, x1, y1); x2 = reduce(sums, x2, y2); x3 = reduce(sums, x3, y3);
        }
      }
      a0 = reduce(sums, b0, x0); a1 = reduce(sums, b1, x1); a2 = reduce(sums, b2, x2); a3 = reduce(sums, b3, x3);
      b0 = x0; b1 = x1; b2 = x2; b3 = x3;
      if (k == 2) {
        v128.store(to, a0); v128.store(to, a1, 16); v128.store(to, a2, 32); v128.store(to, a3, 48);
        to += pixel;
        if (left == 1) break;
      }
    }
    if (c == last) break;
  }
  return sums ? false : mayHoldNaN(f32x4.add(sum, other));
}

@apart export function maxWalk2(f: Taps, rows: i32): bool { return walk(false, 2, 2, f, rows); }
@apart export function maxWalk3(f: Taps, rows: i32): bool { return walk(false, 3, 1, f, rows); }
@apart export function maxWalk3by2(f: Taps, rows: i32): bool { return walk(false, 3, 2, f, rows); }
@apart export function sumWalk3(f: Taps, rows: i32): bool { return walk(true, 3, 1, f, rows); }
