// Windows of three rows by three columns, and of two by two, that slide along a row. Each column is reduced once: the
// last two are kept for the outputs to come.
//
// Live vectors: 4 inputs, 2 results, the 3 sums that tell of NaN (see max.ts).
import { madd } from "../simd/vector";
import { mayHoldNaN } from "./max";
import { TAP_BYTES, Taps } from "./taps";

@inline
export function reduce(sums: bool, a: v128, b: v128): v128 { return sums ? f32x4.add(a, b) : f32x4.pmax(a, b); }

/**
 * Where the rows of the window start; of the `rows` that are listed, `taps` to a row, the last one stands in for more.
 */
@inline
export function rowOf(f: Taps, row: i32, rows: i32, taps: i32): usize {
  return f.from + load<u32>(f.table + <usize>(min(row, rows - 1) * taps) * TAP_BYTES);
}

/** Stride 1; `kept` has room for two pixels. Returns whether the inputs may hold NaN. */
@inline
function slide(sums: bool, f: Taps, rows: i32, kept: usize): bool {
  let r = rowOf(f, 0, rows, 3), to = f.to, a = kept, b = kept + f.bytes, sum = f32x4.splat(0), other = sum;
  const pixel = f.bytes, q = rowOf(f, 1, rows, 3) - r, s = rowOf(f, 2, rows, 3) - r, divisor = f32x4.splat(f.divisor);
  // nothing is due at the first two columns
  for (let i = -2; i < f.count; i++) {
    const first = a - r, second = b - r, out = to - r;
    for (const end = r + pixel; r < end; r += 16) {
      const x = v128.load(r), y = v128.load(r + q), z = v128.load(r + s), column = reduce(sums, reduce(sums, x, y), z);
      if (!sums) { sum = madd(x, y, sum); other = f32x4.add(other, z); }
      if (i >= 0) {
        let result = reduce(sums, reduce(sums, v128.load(r + first), v128.load(r + second)), column);
        if (sums) result = f32x4.div(result, divisor);
        v128.store(r + out, result);
      }
      v128.store(r + first, column);
    }
    const next = b;
    b = a;
    a = next;
    if (i >= 0) to += pixel;
  }
  return sums ? false : mayHoldNaN(f32x4.add(sum, other));
}

@apart export function maxSlide3(f: Taps, rows: i32, kept: usize): bool { return slide(false, f, rows, kept); }
@apart export function sumSlide3(f: Taps, rows: i32, kept: usize): bool { return slide(true, f, rows, kept); }

/** Stride 2: the last column of an output is the first of the next. */
@apart export function maxSlide3by2(f: Taps, rows: i32, kept: usize): bool {
  let r = rowOf(f, 0, rows, 3), to = f.to, s0 = f32x4.splat(0), s1 = s0, s2 = s0;
  const pixel = f.bytes, q = rowOf(f, 1, rows, 3) - r, s = rowOf(f, 2, rows, 3) - r;
  for (let b: usize = 0; b < pixel; b += 16, r += 16) {
    const x = v128.load(r), y = v128.load(r + q), z = v128.load(r + s);
    s0 = madd(x, y, s0); s1 = madd(z, z, s1);
    v128.store(kept + b, f32x4.pmax(f32x4.pmax(x, y), z));
  }
  for (let count = f.count; count > 0; count--) {
    const column = kept - r, out = to - r, end = r + pixel;
    // two vectors to an address: 1.04 times as fast for maxpool_n1ic64ih112iw112_kh3kw3_sh2sw2_ph1pw1, 1.06 times
    // with ih56iw56
    for (; r + 16 < end; r += 32) {
      let t = r + q, x = v128.load(r), u = v128.load(r, 16), y = v128.load(t), v = v128.load(t, 16);
      s0 = madd(x, y, s0); s1 = madd(u, v, s1);
      x = f32x4.pmax(x, y); u = f32x4.pmax(u, v);
      t = r + s;
      const z = v128.load(t), z1 = v128.load(t, 16);
      t = r + column;
      const m = f32x4.pmax(v128.load(t), f32x4.pmax(x, z)), m1 = f32x4.pmax(v128.load(t, 16), f32x4.pmax(u, z1));
      const p = r + pixel;
      t = p + q; x = v128.load(p); u = v128.load(p, 16); y = v128.load(t); v = v128.load(t, 16);
      s0 = madd(x, y, s0); s1 = madd(u, v, s1);
      x = f32x4.pmax(x, y); u = f32x4.pmax(u, v);
      t = p + s; y = v128.load(t); v = v128.load(t, 16);
      s2 = madd(z, y, s2); s2 = madd(z1, v, s2);
      x = f32x4.pmax(x, y); u = f32x4.pmax(u, v);
      t = r + column; v128.store(t, x); v128.store(t, u, 16);
      t = r + out; v128.store(t, f32x4.pmax(m, x)); v128.store(t, f32x4.pmax(m1, u), 16);
    }
    if (r < end) {
      const p = r + pixel;
      let x = v128.load(r), y = v128.load(r + q);
      const z = v128.load(r + s), m = f32x4.pmax(v128.load(r + column), f32x4.pmax(f32x4.pmax(x, y), z));
      s0 = madd(x, y, s0);
      x = v128.load(p); y = v128.load(p + q);
      const w = v128.load(p + s), n = f32x4.pmax(f32x4.pmax(x, y), w);
      s1 = madd(x, y, s1); s2 = madd(z, w, s2);
      v128.store(r + column, n);
      v128.store(r + out, f32x4.pmax(m, n));
      r += 16;
    }
    r += pixel; to += pixel;
  }
  return mayHoldNaN(f32x4.add(f32x4.add(s0, s1), s2));
}

/** Two rows by two columns, two columns on. There is little to compute, and plain sums are 1.05 times as fast. */
@apart export function maxSlide2(f: Taps, rows: i32): bool {
  let r = rowOf(f, 0, rows, 2), to = f.to, sum = f32x4.splat(0);
  const pixel = f.bytes, q = rowOf(f, 1, rows, 2) - r;
  for (let count = f.count; count > 0; count--) {
    const out = to - r;
    for (const end = r + pixel; r < end; r += 16) {
      const p = r + pixel, x = v128.load(r), y = v128.load(r + q), z = v128.load(p), w = v128.load(p + q);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(x, y), f32x4.add(z, w)));
      v128.store(r + out, f32x4.pmax(f32x4.pmax(x, y), f32x4.pmax(z, w)));
    }
    r += pixel; to += pixel;
  }
  return mayHoldNaN(sum);
}
