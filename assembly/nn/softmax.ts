// softmax and log softmax along rows: y = e^(x - max) / sum, or x - max - log(sum). Sums are f64, of
// short chains in f32.
import { storeLanes } from "../simd/vector";
import { firstLanes, high, low, put, sum2 } from "./lanes";
import { dots, lineRun, productsFound } from "./norm";
import { F0, G0, G1, LEAST_X, LN2_HIGH, LN2_LOW, LOG2E, MAGIC, ONE } from "./constants";
import { exp, log } from "./math";

/** Additions of a chain in f32. */
const CHAIN: i32 = 16;

/** The largest of `count` floats in every lane. What is NaN is passed over: it makes the sum NaN. */
@inline
function largest(p: usize, count: i32): v128 {
  const none = f32x4.splat(-Infinity);
  let m = none, n = none;
  for (; count >= 8; count -= 8, p += 32) {
    m = f32x4.pmax(m, v128.load(p));
    n = f32x4.pmax(n, v128.load(p, 16));
  }
  for (; count > 0; count -= 4, p += 16) m = f32x4.pmax(m, v128.bitselect(v128.load(p), none, firstLanes(count)));
  m = f32x4.pmax(m, n);
  m = f32x4.pmax(m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
  return f32x4.pmax(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2));
}

/** `cols` floats a row; `to` may be `from`. */
export function softmaxRows(to: usize, from: usize, rows: i32, cols: i32, isLog: bool): void {
  const least = LEAST_X(), log2e = LOG2E(), ones = ONE(), magic = MAGIC(), high2 = LN2_HIGH(), low2 = LN2_LOW();
  const f0 = F0(), g0 = G0(), g1 = G1();
  const moved = to - from;
  for (const bytes = <usize>cols * 4; rows > 0; rows--, from += bytes, to += bytes) {
    const m = largest(from, cols);
    let s = f64x2.splat(0), t = s;
    for (let p = from, end = from + bytes; p < end; ) {
      let sum = f32x4.splat(0);
      for (const stop = min(p + 16 * CHAIN, end); p < stop; p += 16) {
        let e = exp(f32x4.sub(v128.load(p), m), least, log2e, magic, high2, low2, f0, g0, g1);
        if (p + 16 > end) {
          const n = <i32>(end - p) >> 2;
          e = v128.and(e, firstLanes(n));
          if (!isLog) storeLanes(p + moved, e, e, n);
        } else if (!isLog) v128.store(p + moved, e);
        sum = f32x4.add(sum, e);
      }
      s = f64x2.add(s, low(sum));
      t = f64x2.add(t, high(sum));
    }
    const sum = f32x4.splat(<f32>sum2(f64x2.add(s, t)));
    if (isLog) lineRun(to, from, cols, m, ones, f32x4.neg(log(sum)));
    else lineRun(to, to, cols, f32x4.splat(0), f32x4.div(ones, sum), f32x4.splat(0));
  }
}

/** From the gradient g of y: y (g - s), or g - e^y s, where s is the sum of g y, or of g. `to` may be g. */
export function softmaxRowsGrad(to: usize, g: usize, y: usize, rows: i32, cols: i32, isLog: bool): void {
  const least = LEAST_X(), log2e = LOG2E(), magic = MAGIC(), high2 = LN2_HIGH(), low2 = LN2_LOW();
  const f0 = F0(), g0 = G0(), g1 = G1();
  for (const bytes = <usize>cols * 4; rows > 0; rows--, g += bytes, y += bytes, to += bytes) {
    const whole = dots(g, y, cols), sum = f32x4.splat(<f32>(isLog ? whole : productsFound()));
    for (let n = cols, p = g, q = y, r = to; n > 0; n -= 4, p += 16, q += 16, r += 16) {
      const a = v128.load(p), b = v128.load(q);
      if (isLog) {
        put(r, f32x4.sub(a, f32x4.mul(exp(b, least, log2e, magic, high2, low2, f0, g0, g1), sum)), n);
      } else put(r, f32x4.mul(b, f32x4.sub(a, sum)), n);
    }
  }
}
