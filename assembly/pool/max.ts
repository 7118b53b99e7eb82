// The largest of a pixel's taps.
//
// pmax is one instruction, but keeps or drops a NaN by operand order. So products of all inputs are added up beside:
// the sum is NaN if one of them is (and for Infinity - Infinity and 0 * Infinity, which costs time only), and then the
// caller starts over and has the loop `select`, which lets NaN win. Products, because maxima and sums share a pipe that
// multiply-add leaves alone: 3x3/2 is 1.2 times as fast.
//
// Four vectors at a time: 4 maxima, 4 inputs, 2 sums. Vectors that are left over are selected.
import { madd } from "../simd/vector";
import { TAP_BYTES, Taps } from "./taps";

/** Whether one of the numbers that went into a sum may be NaN. */
@inline
export function mayHoldNaN(sum: v128): bool { return v128.any_true(f32x4.ne(sum, sum)); }

/** max(best, x), where NaN wins. */
@inline
export function larger(best: v128, x: v128): v128 {
  return v128.bitselect(x, best, v128.or(f32x4.gt(x, best), f32x4.ne(x, x)));
}

/** Returns whether there may be a NaN among the taps from f.tested on, unless it selects. There is at least one tap. */
@apart export function maxTaps(f: Taps): bool {
  const table = f.table, end = f.tableEnd, tested = f.tested, bytes = f.bytes, offset = load<u32>(table);
  const whole: usize = f.selects ? 0 : bytes & ~63;
  let from = f.from, to = f.to, sum = f32x4.splat(0), other = sum;
  for (let count = f.count; count > 0; count--) {
    let b: usize = 0;
    for (; b < whole; b += 64) {
      const base = from + b;
      let p = base + offset, t = table + TAP_BYTES;
      let m0 = v128.load(p), m1 = v128.load(p, 16), m2 = v128.load(p, 32), m3 = v128.load(p, 48);
      if (tested < t) { sum = madd(m0, m1, sum); other = madd(m2, m3, other); }
      for (; t < end; t += TAP_BYTES) {
        p = base + load<u32>(t);
        const x = v128.load(p), y = v128.load(p, 16), z = v128.load(p, 32), w = v128.load(p, 48);
        m0 = f32x4.pmax(m0, x); m1 = f32x4.pmax(m1, y); m2 = f32x4.pmax(m2, z); m3 = f32x4.pmax(m3, w);
        if (tested <= t) { sum = madd(x, y, sum); other = madd(z, w, other); }
      }
      p = to + b;
      v128.store(p, m0); v128.store(p, m1, 16); v128.store(p, m2, 32); v128.store(p, m3, 48);
    }
    for (; b < bytes; b += 16) {
      const base = from + b;
      let m = v128.load(base + offset);
      for (let t = table + TAP_BYTES; t < end; t += TAP_BYTES) m = larger(m, v128.load(base + load<u32>(t)));
      sum = f32x4.add(sum, m);
      v128.store(to + b, m);
    }
    from += f.step; to += f.toStep;
  }
  return !f.selects && mayHoldNaN(f32x4.add(sum, other));
}
