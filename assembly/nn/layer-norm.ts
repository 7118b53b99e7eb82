// Rows normalised each by itself: y = (x - mean) / sqrt(variance + eps) weight + bias. Sums are f64.
import { firstLanes, high, low, put, sum2 } from "./lanes";

/** Sums of x and of its square along a row, after `moments`. */
let sum: f64 = 0, square: f64 = 0;

@inline
function moments(x: usize, cols: i32): void {
  let s = f64x2.splat(0), t = s, d = s, e = s;
  for (let n = cols; n > 0; n -= 4, x += 16) {
    const v = v128.and(v128.load(x), firstLanes(n)), a = low(v), b = high(v);
    s = f64x2.add(s, a);
    t = f64x2.add(t, b);
    d = f64x2.add(d, f64x2.mul(a, a));
    e = f64x2.add(e, f64x2.mul(b, b));
  }
  sum = sum2(f64x2.add(s, t));
  square = sum2(f64x2.add(d, e));
}

/** Of a row after `moments`: 1 / sqrt(variance + eps). */
@inline
function inverse(mean: f64, cols: i32, eps: f64): f64 {
  const variance = square / cols - mean * mean;
  return 1 / sqrt((variance < 0 ? 0 : variance) + eps);
}

/** weight, bias: [cols]. `to` may be x. */
export function layerNormRows(
  to: usize, x: usize, weight: usize, bias: usize, rows: i32, cols: i32, eps: f64,
): void {
  for (const bytes = <usize>cols * 4; rows > 0; rows--, x += bytes, to += bytes) {
    moments(x, cols);
    const mean = sum / cols, m = f32x4.splat(<f32>mean), r = f32x4.splat(<f32>inverse(mean, cols, eps));
    for (let n = cols, i: usize = 0; n > 0; n -= 4, i += 16) {
      const y = f32x4.mul(f32x4.mul(f32x4.sub(v128.load(x + i), m), r), v128.load(weight + i));
      put(to + i, f32x4.add(y, v128.load(bias + i)), n);
    }
  }
}

/**
 * From the gradient g of y: that of x, and added to `sums` those of weight and bias, f64 [cols] each, which have room
 * for whole vectors.
 */
export function layerNormGrad(
  to: usize, g: usize, x: usize, weight: usize, sums: usize, sumsBytes: usize, rows: i32, cols: i32, eps: f64,
): void {
  for (const bytes = <usize>cols * 4; rows > 0; rows--, x += bytes, g += bytes, to += bytes) {
    moments(x, cols);
    const mean = sum / cols, inv = inverse(mean, cols, eps);
    const m = f32x4.splat(<f32>mean), r = f32x4.splat(<f32>inv);
    let s = f64x2.splat(0), t = s;
    for (let n = cols, i: usize = 0, q = sums; n > 0; n -= 4, i += 16, q += 32) {
      const first = firstLanes(n), d = v128.and(v128.load(g + i), first);
      const h = v128.and(f32x4.mul(f32x4.sub(v128.load(x + i), m), r), first);
      const weighted = v128.and(f32x4.mul(d, v128.load(weight + i)), first), product = f32x4.mul(weighted, h);
      s = f64x2.add(s, f64x2.add(low(weighted), high(weighted)));
      t = f64x2.add(t, f64x2.add(low(product), high(product)));
      const dh = f32x4.mul(d, h), b = q + sumsBytes;
      v128.store(q, f64x2.add(v128.load(q), low(dh)));
      v128.store(q, f64x2.add(v128.load(q, 16), high(dh)), 16);
      v128.store(b, f64x2.add(v128.load(b), low(d)));
      v128.store(b, f64x2.add(v128.load(b, 16), high(d)), 16);
    }
    const a = f32x4.splat(<f32>(sum2(s) / cols)), c = f32x4.splat(<f32>(sum2(t) / cols));
    for (let n = cols, i: usize = 0; n > 0; n -= 4, i += 16) {
      const h = f32x4.mul(f32x4.sub(v128.load(x + i), m), r);
      const d = f32x4.sub(f32x4.mul(v128.load(g + i), v128.load(weight + i)), a);
      put(to + i, f32x4.mul(r, f32x4.sub(d, f32x4.mul(h, c))), n);
    }
  }
}
