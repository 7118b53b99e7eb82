// Rows normalised each by itself: y = (x - mean) / sqrt(variance + eps) weight + bias. Sums are f64.
import { firstLanes, high, low, put, sum2 } from "./lanes";
import { dots, productsFound } from "./norm";

/** 1 / sqrt(variance + eps), after `dots` of the row with itself. */
@inline
function inverse(mean: f64, cols: i32, eps: f64): f64 {
  const variance = productsFound() / cols - mean * mean;
  return 1 / sqrt((variance < 0 ? 0 : variance) + eps);
}

@inline
function lane(x: v128, mean: v128, factor: v128, weight: v128, bias: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(x, mean), factor), weight), bias);
}

/** weight, bias: [cols]. `to` may be x. */
export function layerNormRows(
  to: usize, x: usize, weight: usize, bias: usize, rows: i32, cols: i32, eps: f64,
): void {
  for (const bytes = <usize>cols * 4; rows > 0; rows--, x += bytes, to += bytes) {
    const mean = dots(x, x, cols) / cols, m = f32x4.splat(<f32>mean), r = f32x4.splat(<f32>inverse(mean, cols, eps));
    let n = cols, i: usize = 0;
    for (; n >= 8; n -= 8, i += 32) {
      const p = x + i, w = weight + i, b = bias + i, q = to + i;
      const y = lane(v128.load(p), m, r, v128.load(w), v128.load(b));
      const z = lane(v128.load(p, 16), m, r, v128.load(w, 16), v128.load(b, 16));
      v128.store(q, y);
      v128.store(q, z, 16);
    }
    for (; n > 0; n -= 4, i += 16) {
      put(to + i, lane(v128.load(x + i), m, r, v128.load(weight + i), v128.load(bias + i)), n);
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
    const mean = dots(x, x, cols) / cols, inv = inverse(mean, cols, eps);
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
