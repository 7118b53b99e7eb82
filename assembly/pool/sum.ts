// The sum of a pixel's taps: added to what the result holds, or divided once. Four vectors at a time.
import { Taps } from "./taps";

/** Most taps of a pixel's only sweep, and taps of a sweep where there are more: 49 of 2048 channels are three times as fast so, of 128 and 512 1.1 to 1.5. */
const ALONE: usize = 16, SWEEP: usize = 7;

export function sumTaps(f: Taps): void {
  const first = f.table, end = f.tableEnd, bytes = f.bytes, whole = bytes & ~63, divisor = f32x4.splat(f.divisor);
  const sweep = (end - first > ALONE * 8 ? SWEEP : ALONE) * 8;
  let from = f.from, to = f.to;
  for (let count = f.count; count > 0; count--) {
    for (let table = first, next: usize = 0; table < end; table = next) {
      next = min(table + sweep, end);
      const start = i32x4.splat(table == first ? -f.accumulate : -1), divides = next == end && f.divisor != 1;
      let b: usize = 0;
      for (; b < whole; b += 64) {
        const base = from + b, q = to + b;
        let s0 = v128.and(v128.load(q), start), s1 = v128.and(v128.load(q, 16), start);
        let s2 = v128.and(v128.load(q, 32), start), s3 = v128.and(v128.load(q, 48), start);
        for (let t = table; t < next; t += 8) {
          const p = base + load<u32>(t);
          s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
          s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
        }
        if (divides) { s0 = f32x4.div(s0, divisor); s1 = f32x4.div(s1, divisor); s2 = f32x4.div(s2, divisor); s3 = f32x4.div(s3, divisor); }
        v128.store(q, s0); v128.store(q, s1, 16); v128.store(q, s2, 32); v128.store(q, s3, 48);
      }
      for (; b < bytes; b += 16) {
        let s = v128.and(v128.load(to + b), start);
        for (let t = table; t < next; t += 8) s = f32x4.add(s, v128.load(from + b + load<u32>(t)));
        if (divides) s = f32x4.div(s, divisor);
        v128.store(to + b, s);
      }
    }
    from += f.step; to += f.toStep;
  }
}
