// The largest of a pixel's taps.
//
// pmax is one instruction, but keeps or drops a NaN by operand order. So all inputs are added up beside: the sum is NaN if one of them is (and for
// Infinity - Infinity, which costs time only), and then the caller starts over and has the loop `select`, which lets NaN win.
//
// Four vectors at a time: 4 maxima, 4 inputs, 2 sums. Vectors that are left over are selected.
import { Taps } from "./taps";

/** max(best, x), where NaN wins. */
@inline
export function larger(best: v128, x: v128): v128 {
  return v128.bitselect(x, best, v128.or(f32x4.gt(x, best), f32x4.ne(x, x)));
}

/** Returns whether there may be a NaN among the taps from f.tested on, unless it selects. There is at least one tap. */
export function maxTaps(f: Taps): bool {
  const table = f.table, end = f.tableEnd, tested = f.tested, bytes = f.bytes, offset = load<u32>(table);
  const whole: usize = f.selects ? 0 : bytes & ~63;
  let from = f.from, to = f.to, sum = f32x4.splat(0);
  for (let count = f.count; count > 0; count--) {
    let b: usize = 0;
    for (; b < whole; b += 64) {
      const base = from + b;
      let p = base + offset, t = table + 8, s = sum;
      let m0 = v128.load(p), m1 = v128.load(p, 16), m2 = v128.load(p, 32), m3 = v128.load(p, 48);
      if (tested < t) s = f32x4.add(s, f32x4.add(f32x4.add(m0, m1), f32x4.add(m2, m3)));
      for (; t < end; t += 8) {
        p = base + load<u32>(t);
        const x = v128.load(p), y = v128.load(p, 16), z = v128.load(p, 32), w = v128.load(p, 48);
        m0 = f32x4.pmax(m0, x); m1 = f32x4.pmax(m1, y); m2 = f32x4.pmax(m2, z); m3 = f32x4.pmax(m3, w);
        if (tested <= t) s = f32x4.add(s, f32x4.add(f32x4.add(x, y), f32x4.add(z, w)));
      }
      sum = s;
      p = to + b;
      v128.store(p, m0); v128.store(p, m1, 16); v128.store(p, m2, 32); v128.store(p, m3, 48);
    }
    for (; b < bytes; b += 16) {
      const base = from + b;
      let m = v128.load(base + offset);
      for (let t = table + 8; t < end; t += 8) m = larger(m, v128.load(base + load<u32>(t)));
      sum = f32x4.add(sum, m);
      v128.store(to + b, m);
    }
    from += f.step; to += f.toStep;
  }
  return !f.selects && v128.any_true(f32x4.ne(sum, sum));
}
