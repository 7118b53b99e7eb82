// What normalisation is made of: sums of a channel, and a line through its numbers. A channel is a row (channels
// first), or a column (channels last).
import { firstLanes, high, low, put, sum2 } from "./lanes";

/** Rows of columns that pass together, so that a cache holds them. */
const BLOCK: i32 = 32;

/** to[i] = [sum of g, sum of g x] along row i, in f64; g may be x. */
export function dotRows(to: usize, g: usize, x: usize, rows: i32, cols: i32): void {
  for (const end = to + <usize>rows * 16, bytes = <usize>cols * 4; to < end; to += 16, g += bytes, x += bytes) {
    let s = f64x2.splat(0), t = s, d = s, e = s;
    for (let n = cols, p = g, q = x; n > 0; n -= 4, p += 16, q += 16) {
      const first = firstLanes(n), a = v128.and(v128.load(p), first), b = v128.and(v128.load(q), first);
      const a0 = low(a), a1 = high(a);
      s = f64x2.add(s, a0);
      t = f64x2.add(t, a1);
      d = f64x2.add(d, f64x2.mul(a0, low(b)));
      e = f64x2.add(e, f64x2.mul(a1, high(b)));
    }
    store<f64>(to, sum2(f64x2.add(s, t)));
    store<f64>(to, sum2(f64x2.add(d, e)), 8);
  }
}

/** to[j] += [sum of g, sum of g x] down column j. */
export function dotColumns(to: usize, g: usize, x: usize, rows: i32, cols: i32): void {
  const step = <usize>cols * 4, behind = x - g;
  for (; rows > 0; rows -= BLOCK, g += <usize>BLOCK * step) {
    const bytes = <usize>min(rows, BLOCK) * step;
    for (let j = 0; j < cols; j += 4) {
      let s = f64x2.splat(0), t = s, d = s, e = s;
      const begin = g + <usize>j * 4;
      for (let p = begin, end = begin + bytes; p < end; p += step) {
        const a = v128.load(p), b = v128.load(p + behind), a0 = low(a), a1 = high(a);
        s = f64x2.add(s, a0);
        t = f64x2.add(t, a1);
        d = f64x2.add(d, f64x2.mul(a0, low(b)));
        e = f64x2.add(e, f64x2.mul(a1, high(b)));
      }
      const q = to + <usize>j * 16, width = cols - j;
      v128.store(q, f64x2.add(v128.load(q), v128.shuffle<i64>(s, d, 0, 2)));
      if (width > 1) v128.store(q, f64x2.add(v128.load(q, 16), v128.shuffle<i64>(s, d, 1, 3)), 16);
      if (width > 2) v128.store(q, f64x2.add(v128.load(q, 32), v128.shuffle<i64>(t, e, 0, 2)), 32);
      if (width > 3) v128.store(q, f64x2.add(v128.load(q, 48), v128.shuffle<i64>(t, e, 1, 3)), 48);
    }
  }
}

/** y = (x - mean) factor + shift, and with a gradient + g share. */
@inline
function line(x: v128, mean: v128, factor: v128, shift: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.sub(x, mean), factor), shift);
}

/** Lines of rows: `lines` are [mean, factor, shift, share] of each. g: 0 for none. `to` may be x or g. */
export function lineRows(to: usize, g: usize, x: usize, lines: usize, rows: i32, cols: i32): void {
  for (const end = lines + <usize>rows * 16; lines < end; lines += 16) {
    const mean = v128.load32_splat(lines), factor = v128.load32_splat(lines, 4);
    const shift = v128.load32_splat(lines, 8), share = v128.load32_splat(lines, 12);
    const bytes = <usize>cols * 4;
    if (g) {
      for (let n = cols, p = x, q = to, r = g; n > 0; n -= 4, p += 16, q += 16, r += 16) {
        put(q, f32x4.add(line(v128.load(p), mean, factor, shift), f32x4.mul(share, v128.load(r))), n);
      }
      g += bytes;
    } else {
      for (let n = cols, p = x, q = to; n > 0; n -= 4, p += 16, q += 16) {
        put(q, line(v128.load(p), mean, factor, shift), n);
      }
    }
    to += bytes;
    x += bytes;
  }
}

/** Lines of columns: `lines` are means [cols], factors, shifts and shares. */
export function lineColumns(to: usize, g: usize, x: usize, lines: usize, rows: i32, cols: i32): void {
  const step = <usize>cols * 4;
  for (; rows > 0; rows--, to += step, x += step) {
    for (let n = cols, i: usize = 0; n > 0; n -= 4, i += 16) {
      const f = lines + i;
      let y = line(v128.load(x + i), v128.load(f), v128.load(f + step), v128.load(f + 2 * step));
      if (g) y = f32x4.add(y, f32x4.mul(v128.load(f + 3 * step), v128.load(g + i)));
      put(to + i, y, n);
    }
    if (g) g += step;
  }
}
