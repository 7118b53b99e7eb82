// Powers of absolute values, for Lp pools. General exponents go through f64: |x|^e = 2^(e log2 |x|), with both functions as short series, so that the
// error is that of rounding to f32.
import { storeLanes } from "../simd/vector";

/** log2 of positive normal numbers: 2^k m with m in [sqrt 1/2, sqrt 2), log2 m = 2 / ln 2 * artanh((m - 1) / (m + 1)). */
@inline
function log2(x: v128): v128 {
  // k + 1023, one more where the mantissa passes sqrt 2
  const k = i64x2.shr_u(i64x2.add(x, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd)), 52);
  const m = i64x2.sub(i64x2.add(x, i64x2.splat(0x3ff0000000000000)), i64x2.shl(k, 52)), one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one)), z = f64x2.mul(s, s);
  // artanh s / s = 1 + z/3 + z²/5 + ..., |s| <= 0.172: the first term left out is below 2^-43
  let sum = f64x2.splat(1.0 / 13);
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 11));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 9));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 7));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 5));
  sum = f64x2.add(f64x2.mul(sum, z), f64x2.splat(1.0 / 3));
  sum = f64x2.add(f64x2.mul(sum, z), one);
  // a small integer in the low bits of 2^52 is a number without conversion
  const whole = f64x2.sub(v128.or(k, i64x2.splat(0x4330000000000000)), f64x2.splat(4503599627370496.0 + 1023));
  return f64x2.add(whole, f64x2.mul(f64x2.mul(s, f64x2.splat(2.8853900817779268)), sum));
}

/** 2^t; beyond ±200 (more than f32 holds) it stays there. */
@inline
function exp2(t: v128): v128 {
  t = f64x2.pmin(f64x2.pmax(t, f64x2.splat(-200)), f64x2.splat(200));
  // adding 1.5 * 2^52 leaves the nearest integer in the low bits
  const magic = f64x2.splat(6755399441055744.0), n = f64x2.add(t, magic), r = f64x2.mul(f64x2.sub(t, f64x2.sub(n, magic)), f64x2.splat(0.6931471805599453));
  // |r| <= 0.347: the first term left out is below 2^-38
  let sum = f64x2.splat(1.0 / 362880);
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 40320));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 5040));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 720));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 120));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 24));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 6));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(0.5));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  return i64x2.add(sum, i64x2.shl(n, 52));
}

/** x^e of two positive normal numbers. */
function general(x: v128, e: f64): v128 { return exp2(f64x2.mul(log2(x), f64x2.splat(e))); }

/** x^e for x >= 0. */
function power(x: v128, e: f64): v128 {
  const one = f32x4.splat(1);
  if (e == 1) return x;
  if (e == 2) return f32x4.mul(x, x);
  if (e == 3) return f32x4.mul(f32x4.mul(x, x), x);
  if (e == 0.5) return f32x4.sqrt(x);
  if (e == 0) return v128.bitselect(x, one, f32x4.ne(x, x));
  const low = f32x4.demote_f64x2_zero(general(f64x2.promote_low_f32x4(x), e));
  const high = f32x4.demote_f64x2_zero(general(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)), e));
  // 0, Infinity and NaN stand for themselves or, with a negative exponent, for their reciprocals
  const special = v128.or(f32x4.eq(x, f32x4.splat(0)), v128.not(f32x4.lt(x, f32x4.splat(Infinity))));
  return v128.bitselect(e > 0 ? x : f32x4.div(one, x), v128.shuffle<i64>(low, high, 0, 2), special);
}

/**
 * to[i] = |x[i]|^e, or with `factor` (not 0) factor[i] sign(x[i]) |x[i]|^e, which is 0 where x[i] is; with `accumulate` added to to[i].
 * `to` may be x or factor.
 */
export function powers(to: usize, x: usize, factor: usize, count: i32, e: f64, accumulate: i32): void {
  for (; count > 0; count -= 4, to += 16, x += 16) {
    const base = v128.load(x), zero = f32x4.splat(0);
    let y = power(f32x4.abs(base), e);
    if (factor) {
      y = f32x4.mul(v128.load(factor), v128.or(y, v128.and(base, f32x4.splat(-0.0))));
      y = v128.and(y, f32x4.ne(base, zero));
      factor += 16;
    }
    if (accumulate) y = f32x4.add(y, v128.load(to));
    storeLanes(to, y, y, min(count, 4));
  }
}
