// The sum of a pixel's taps, divided once; where asked, added to what the result holds. Four vectors at a time.
import { Taps } from "./taps";

@inline
function store4(to: usize, sum: v128, divisor: f32, accumulate: i32): void {
  let x = sum;
  if (divisor != 1) x = f32x4.div(x, f32x4.splat(divisor));
  if (accumulate) x = f32x4.add(x, v128.load(to));
  v128.store(to, x);
}

export function sumTaps(f: Taps): void {
  const table = f.table, end = f.tableEnd, bytes = f.bytes, whole = bytes & ~63, divisor = f.divisor, accumulate = f.accumulate;
  let from = f.from, to = f.to;
  for (let count = f.count; count > 0; count--) {
    let b: usize = 0;
    for (; b < whole; b += 64) {
      const base = from + b, q = to + b;
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let t = table; t < end; t += 8) {
        const p = base + load<u32>(t);
        s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
      }
      store4(q, s0, divisor, accumulate); store4(q + 16, s1, divisor, accumulate);
      store4(q + 32, s2, divisor, accumulate); store4(q + 48, s3, divisor, accumulate);
    }
    for (; b < bytes; b += 16) {
      let s = f32x4.splat(0);
      for (let t = table; t < end; t += 8) s = f32x4.add(s, v128.load(from + b + load<u32>(t)));
      store4(to + b, s, divisor, accumulate);
    }
    from += f.step; to += f.toStep;
  }
}
