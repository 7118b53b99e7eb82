// The sum of a pixel's taps: added to what the result holds, or divided once. Four vectors at a time.
import { Taps } from "./taps";

export function sumTaps(f: Taps): void {
  const table = f.table, end = f.tableEnd, bytes = f.bytes, whole = bytes & ~63, divisor = f.divisor, start = i32x4.splat(-f.accumulate);
  let from = f.from, to = f.to;
  for (let count = f.count; count > 0; count--) {
    let b: usize = 0;
    for (; b < whole; b += 64) {
      const base = from + b, q = to + b;
      let s0 = v128.and(v128.load(q), start), s1 = v128.and(v128.load(q, 16), start);
      let s2 = v128.and(v128.load(q, 32), start), s3 = v128.and(v128.load(q, 48), start);
      for (let t = table; t < end; t += 8) {
        const p = base + load<u32>(t);
        s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
      }
      v128.store(q, s0); v128.store(q, s1, 16); v128.store(q, s2, 32); v128.store(q, s3, 48);
    }
    for (; b < bytes; b += 16) {
      let s = v128.and(v128.load(to + b), start);
      for (let t = table; t < end; t += 8) s = f32x4.add(s, v128.load(from + b + load<u32>(t)));
      v128.store(to + b, s);
    }
    if (divisor != 1) for (b = 0; b < bytes; b += 16) v128.store(to + b, f32x4.div(v128.load(to + b), f32x4.splat(divisor)));
    from += f.step; to += f.toStep;
  }
}

/** The sum of `cells` cells that follow each other, seven at a time, divided: more are more streams than prefetchers follow. */
export function sumCells(f: Taps, cells: i32): void {
  const pixel = f.bytes, y = f.to, divisor = f32x4.splat(f.divisor);
  let from = f.from;
  for (let rest = cells; rest > 0; rest -= 7, from += 7 * pixel) {
    const last = rest <= 7;
    for (let b: usize = 0; b < pixel; b += 16) {
      let p = from + b, s = v128.load(p);
      if (rest != cells) s = f32x4.add(s, v128.load(y + b));
      if (rest >= 7) {
        const u = f32x4.add(v128.load(p += pixel), v128.load(p += pixel)), v = f32x4.add(v128.load(p += pixel), v128.load(p += pixel));
        s = f32x4.add(f32x4.add(s, f32x4.add(v128.load(p += pixel), v128.load(p + pixel))), f32x4.add(u, v));
      } else for (let i = 1; i < rest; i++) s = f32x4.add(s, v128.load(p += pixel));
      if (last) s = f32x4.div(s, divisor);
      v128.store(y + b, s);
    }
  }
}
