// softmax and log softmax, along rows or along columns: y = e^(x - max) / sum, or x - max - log(sum). Sums are f64.
import { firstLanes, high, low, put, sum2 } from "./lanes";
import { exp, log } from "./math";

@inline
function at(p: usize, count: i32, rest: v128): v128 { return v128.bitselect(v128.load(p), rest, firstLanes(count)); }

/** The largest of `count` floats in every lane; NaN where one is. */
@inline
function largest(p: usize, count: i32): v128 {
  let m = f32x4.splat(-Infinity);
  for (const none = m; count > 0; count -= 4, p += 16) m = f32x4.max(m, at(p, count, none));
  m = f32x4.max(m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
  return f32x4.max(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2));
}

/** `cols` floats a row; `to` may be `from`. */
export function softmaxRows(to: usize, from: usize, rows: i32, cols: i32, isLog: bool): void {
  for (const bytes = <usize>cols * 4; rows > 0; rows--, from += bytes, to += bytes) {
    const m = largest(from, cols);
    let s = f64x2.splat(0), t = s;
    for (let n = cols, p = from, q = to; n > 0; n -= 4, p += 16, q += 16) {
      const e = v128.and(exp(f32x4.sub(v128.load(p), m)), firstLanes(n));
      s = f64x2.add(s, low(e));
      t = f64x2.add(t, high(e));
      if (!isLog) put(q, e, n);
    }
    const sum = f32x4.splat(<f32>sum2(f64x2.add(s, t)));
    const shift = isLog ? log(sum) : f32x4.div(f32x4.splat(1), sum);
    for (let n = cols, p = isLog ? from : to, q = to; n > 0; n -= 4, p += 16, q += 16) {
      const v = v128.load(p);
      put(q, isLog ? f32x4.sub(f32x4.sub(v, m), shift) : f32x4.mul(v, shift), n);
    }
  }
}

/** Along `rows` rows of `cols` floats, in each of `images` matrices; `to` may be `from`. */
export function softmaxColumns(to: usize, from: usize, images: i32, rows: i32, cols: i32, isLog: bool): void {
  const step = <usize>cols * 4, bytes = <usize>rows * step;
  for (; images > 0; images--, from += bytes, to += bytes) {
    for (let j = 0; j < cols; j += 4) {
      const begin = from + <usize>j * 4, end = begin + bytes, width = cols - j;
      let m = f32x4.splat(-Infinity), s = f64x2.splat(0), t = s;
      for (let p = begin; p < end; p += step) m = f32x4.max(m, v128.load(p));
      for (let p = begin, q = to + <usize>j * 4; p < end; p += step, q += step) {
        const e = exp(f32x4.sub(v128.load(p), m));
        s = f64x2.add(s, low(e));
        t = f64x2.add(t, high(e));
        if (!isLog) put(q, e, width);
      }
      const sum = v128.shuffle<i64>(f32x4.demote_f64x2_zero(s), f32x4.demote_f64x2_zero(t), 0, 2);
      const shift = isLog ? log(sum) : f32x4.div(f32x4.splat(1), sum), moved = to - from;
      for (let p = begin; p < end; p += step) {
        const v = v128.load(isLog ? p : p + moved);
        put(p + moved, isLog ? f32x4.sub(f32x4.sub(v, m), shift) : f32x4.mul(v, shift), width);
      }
    }
  }
}

/** y (g - s), or g - e^y s. */
@inline
function slope(g: v128, y: v128, s: v128, isLog: bool): v128 {
  return isLog ? f32x4.sub(g, f32x4.mul(exp(y), s)) : f32x4.mul(y, f32x4.sub(g, s));
}

/** From the gradient g of y: s is the sum of g y, or of g. `to` may be g. */
export function softmaxRowsGrad(to: usize, g: usize, y: usize, rows: i32, cols: i32, isLog: bool): void {
  for (const bytes = <usize>cols * 4; rows > 0; rows--, g += bytes, y += bytes, to += bytes) {
    let s = f64x2.splat(0), t = s;
    for (let n = cols, p = g, q = y; n > 0; n -= 4, p += 16, q += 16) {
      const v = v128.load(p), d = v128.and(isLog ? v : f32x4.mul(v, v128.load(q)), firstLanes(n));
      s = f64x2.add(s, low(d));
      t = f64x2.add(t, high(d));
    }
    const sum = f32x4.splat(<f32>sum2(f64x2.add(s, t)));
    for (let n = cols, p = g, q = y, r = to; n > 0; n -= 4, p += 16, q += 16, r += 16) {
      put(r, slope(v128.load(p), v128.load(q), sum, isLog), n);
    }
  }
}

export function softmaxColumnsGrad(
  to: usize, g: usize, y: usize, images: i32, rows: i32, cols: i32, isLog: bool,
): void {
  const step = <usize>cols * 4, bytes = <usize>rows * step, behind = y - g, moved = to - g;
  for (const last = g + <usize>images * bytes; g < last; g += bytes) {
    for (let j = 0; j < cols; j += 4) {
      const begin = g + <usize>j * 4, end = begin + bytes;
      let s = f64x2.splat(0), t = s;
      for (let p = begin; p < end; p += step) {
        const v = v128.load(p), d = isLog ? v : f32x4.mul(v, v128.load(p + behind));
        s = f64x2.add(s, low(d));
        t = f64x2.add(t, high(d));
      }
      const sum = v128.shuffle<i64>(f32x4.demote_f64x2_zero(s), f32x4.demote_f64x2_zero(t), 0, 2);
      for (let p = begin; p < end; p += step) {
        put(p + moved, slope(v128.load(p), v128.load(p + behind), sum, isLog), cols - j);
      }
    }
  }
}
