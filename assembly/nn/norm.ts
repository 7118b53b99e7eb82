// What normalisation is made of: sums of a channel, and a line through its numbers. A channel is a row (channels
// first), or a column (channels last).
import { firstLanes, high, low, put, sum2 } from "./lanes";

/** Rows of columns that pass together, so that a cache holds them. */
const BLOCK: i32 = 32;
/** Floats of a row that are summed in f32. */
const STRETCH: i32 = 256;

/** The sum of g x that `dots` found. */
let products: f64 = 0;

@inline
export function productsFound(): f64 { return products; }

/** The sum of the lanes. */
@inline
function lanesSum(x: v128): f64 { return sum2(f64x2.add(low(x), high(x))); }

/**
 * The sum of g along `count` floats, and that of g x for `productsFound`; g may be x. Short stretches are summed in
 * f32, about their first x (g, too, if it is x), so that a large mean does not hide a small variance.
 */
export function dots(g: usize, x: usize, count: i32): f64 {
  const behind = g - x;
  let sum: f64 = 0, product: f64 = 0;
  for (; count > 0; count -= STRETCH) {
    const n = min(count, STRETCH), first = load<f32>(x), middle: f32 = behind ? 0 : first;
    const shift = f32x4.splat(first), own = f32x4.splat(middle);
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (const end = x + <usize>(n >> 3) * 32; x < end; x += 32) {
      const h = f32x4.sub(v128.load(x + behind), own), i = f32x4.sub(v128.load(x + behind, 16), own);
      a = f32x4.add(a, h);
      b = f32x4.add(b, i);
      c = f32x4.add(c, f32x4.mul(h, f32x4.sub(v128.load(x), shift)));
      d = f32x4.add(d, f32x4.mul(i, f32x4.sub(v128.load(x, 16), shift)));
    }
    for (let rest = n & 7; rest > 0; rest -= 4, x += 16) {
      const lanes = firstLanes(rest), h = v128.and(f32x4.sub(v128.load(x + behind), own), lanes);
      a = f32x4.add(a, h);
      c = f32x4.add(c, f32x4.mul(h, v128.and(f32x4.sub(v128.load(x), shift), lanes)));
    }
    const s = lanesSum(f32x4.add(a, b)), m = <f64>middle;
    sum += s + n * m;
    product += lanesSum(f32x4.add(c, d)) + (first + m) * s + n * m * first;
  }
  products = product;
  return sum;
}

/** to[i] = [sum of g, sum of g x] along row i, in f64; g may be x. */
export function dotRows(to: usize, g: usize, x: usize, rows: i32, cols: i32): void {
  for (const end = to + <usize>rows * 16, bytes = <usize>cols * 4; to < end; to += 16, g += bytes, x += bytes) {
    store<f64>(to, dots(g, x, cols));
    store<f64>(to, productsFound(), 8);
  }
}

/** Adds the sums of two columns; all operands f64: those about `first` and `middle` of n rows. */
@inline
function addSums(to: usize, s: v128, d: v128, first: v128, middle: v128, n: v128, isPair: bool): void {
  const far = f64x2.mul(n, middle), t = f64x2.add(s, far);
  const e = f64x2.add(f64x2.add(d, f64x2.mul(f64x2.add(first, middle), s)), f64x2.mul(far, first));
  v128.store(to, f64x2.add(v128.load(to), v128.shuffle<i64>(t, e, 0, 2)));
  if (isPair) v128.store(to, f64x2.add(v128.load(to, 16), v128.shuffle<i64>(t, e, 1, 3)), 16);
}

/** to[j] += [sum of g, sum of g x] down column j. */
export function dotColumns(to: usize, g: usize, x: usize, rows: i32, cols: i32): void {
  const step = <usize>cols * 4, behind = g - x;
  for (; rows > 0; rows -= BLOCK, x += <usize>BLOCK * step) {
    const n = min(rows, BLOCK), bytes = <usize>n * step, count = f64x2.splat(n);
    for (let j = 0; j < cols; j += 4) {
      let p = x + <usize>j * 4, a = f32x4.splat(0), b = a, c = a, d = a;
      const first = v128.load(p), middle = behind ? a : first, end = p + bytes;
      for (; p + step < end; p += 2 * step) {
        const h = f32x4.sub(v128.load(p + behind), middle), i = f32x4.sub(v128.load(p + step + behind), middle);
        a = f32x4.add(a, h);
        b = f32x4.add(b, i);
        c = f32x4.add(c, f32x4.mul(h, f32x4.sub(v128.load(p), first)));
        d = f32x4.add(d, f32x4.mul(i, f32x4.sub(v128.load(p + step), first)));
      }
      if (p < end) {
        const h = f32x4.sub(v128.load(p + behind), middle);
        a = f32x4.add(a, h);
        c = f32x4.add(c, f32x4.mul(h, f32x4.sub(v128.load(p), first)));
      }
      a = f32x4.add(a, b);
      c = f32x4.add(c, d);
      const q = to + <usize>j * 16, width = cols - j;
      addSums(q, low(a), low(c), low(first), low(middle), count, width > 1);
      if (width > 2) addSums(q + 32, high(a), high(c), high(first), high(middle), count, width > 3);
    }
  }
}

/** y = (x - mean) factor + shift, and with a gradient + g share. */
@inline
function line(x: v128, mean: v128, factor: v128, shift: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.sub(x, mean), factor), shift);
}

/** The line of a run of `count` floats; `to` may be x. */
export function lineRun(to: usize, x: usize, count: i32, mean: v128, factor: v128, shift: v128): void {
  for (; count >= 8; count -= 8, x += 32, to += 32) {
    const y = line(v128.load(x), mean, factor, shift), z = line(v128.load(x, 16), mean, factor, shift);
    v128.store(to, y);
    v128.store(to, z, 16);
  }
  for (; count > 0; count -= 4, x += 16, to += 16) put(to, line(v128.load(x), mean, factor, shift), count);
}

/** Lines of rows: `lines` are [mean, factor, shift, share] of each. g: 0 for none. `to` may be x or g. */
export function lineRows(to: usize, g: usize, x: usize, lines: usize, rows: i32, cols: i32): void {
  const moved = to - x, behind = g - x, bytes = <usize>cols * 4;
  for (const last = lines + <usize>rows * 16; lines < last; lines += 16, x += bytes) {
    const mean = v128.load32_splat(lines), factor = v128.load32_splat(lines, 4);
    const shift = v128.load32_splat(lines, 8), share = v128.load32_splat(lines, 12);
    if (g) {
      for (let p = x, n = cols; n > 0; n -= 4, p += 16) {
        const y = line(v128.load(p), mean, factor, shift);
        put(p + moved, f32x4.add(y, f32x4.mul(share, v128.load(p + behind))), n);
      }
    } else lineRun(x + moved, x, cols, mean, factor, shift);
  }
}

/** Lines of columns: `lines` are means [cols], factors, shifts and shares. */
export function lineColumns(to: usize, g: usize, x: usize, lines: usize, rows: i32, cols: i32): void {
  const step = <usize>cols * 4, moved = to - x, behind = g - x;
  for (; rows > 0; rows -= BLOCK, x += <usize>BLOCK * step) {
    const bytes = <usize>min(rows, BLOCK) * step;
    let j = 0;
    if (!g) {
      for (; j + 8 <= cols; j += 8) {
        const f = lines + <usize>j * 4, mean = v128.load(f), factor = v128.load(f + step);
        const mean1 = v128.load(f, 16), factor1 = v128.load(f + step, 16);
        const shift = v128.load(f + 2 * step), shift1 = v128.load(f + 2 * step, 16);
        for (let p = x + <usize>j * 4, end = p + bytes; p < end; p += step) {
          const y = line(v128.load(p), mean, factor, shift), z = line(v128.load(p, 16), mean1, factor1, shift1);
          v128.store(p + moved, y);
          v128.store(p + moved, z, 16);
        }
      }
    }
    for (; j < cols; j += 4) {
      const f = lines + <usize>j * 4, mean = v128.load(f), factor = v128.load(f + step);
      const shift = v128.load(f + 2 * step), share = v128.load(f + 3 * step), width = cols - j;
      for (let p = x + <usize>j * 4, end = p + bytes; p < end; p += step) {
        let y = line(v128.load(p), mean, factor, shift);
        if (g) y = f32x4.add(y, f32x4.mul(share, v128.load(p + behind)));
        put(p + moved, y, width);
      }
    }
  }
}
