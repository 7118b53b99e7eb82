// Powers of absolute values, for Lp pools. General exponents go through f64: |x|^e = 2^(e log2 |x|), with both
// functions as short series, so that the error is that of rounding to f32.
//
// The caller brings the numbers of the series, because a vector constant takes several instructions where a splat from
// memory takes one.
import { storeLanes } from "../simd/vector";

/** What the series are made of: 64 bits each. */
@unmanaged
export class Series {
  /** 1 - sqrt 1/2, and 1, as the integers of their bits. */
  pastRoot: f64;
  one: f64;
  /** 2^52, and 2^52 + 1023. */
  integer: f64;
  bias: f64;
  /** 2 / ln 2, and coefficients of artanh s / s in s²: 1/3, 1/5, ... */
  twoByLn2: f64;
  a1: f64; a2: f64; a3: f64; a4: f64; a5: f64;
  /** -200, 200, 1.5 * 2^52, ln 2, and coefficients of 2^t in t ln 2: 1/2, 1/6, ... */
  least: f64;
  most: f64;
  nearest: f64;
  ln2: f64;
  b2: f64; b3: f64; b4: f64; b5: f64; b6: f64; b7: f64; b8: f64;
}

@inline
function term(s: Series, offset: usize): v128 { return v128.load64_splat(changetype<usize>(s) + offset); }

/**
 * log2 of positive normal numbers: 2^k m with m in [sqrt 1/2, sqrt 2), log2 m = 2 / ln 2 * artanh((m - 1) / (m + 1)).
 */
@inline
function log2(s: Series, x: v128): v128 {
  const one = term(s, offsetof<Series>("one"));
  // k + 1023, one more where the mantissa passes sqrt 2
  const k = i64x2.shr_u(i64x2.add(x, term(s, offsetof<Series>("pastRoot"))), 52);
  const m = i64x2.sub(i64x2.add(x, one), i64x2.shl(k, 52));
  const t = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one)), z = f64x2.mul(t, t), w = f64x2.mul(z, z);
  // |t| <= 0.172: the first term left out is below 2^-34; summed in pairs, for short chains
  const third = f64x2.add(f64x2.mul(z, term(s, offsetof<Series>("a5"))), term(s, offsetof<Series>("a4")));
  const second = f64x2.add(f64x2.mul(z, term(s, offsetof<Series>("a3"))), term(s, offsetof<Series>("a2")));
  const first = f64x2.add(f64x2.mul(z, term(s, offsetof<Series>("a1"))), one);
  const sum = f64x2.add(first, f64x2.mul(w, f64x2.add(second, f64x2.mul(w, third))));
  // a small integer in the low bits of 2^52 is a number without conversion
  const whole = f64x2.sub(v128.or(k, term(s, offsetof<Series>("integer"))), term(s, offsetof<Series>("bias")));
  return f64x2.add(whole, f64x2.mul(f64x2.mul(t, term(s, offsetof<Series>("twoByLn2"))), sum));
}

/** 2^t; beyond ±200 (more than f32 holds) it stays there. */
@inline
function exp2(s: Series, t: v128): v128 {
  t = f64x2.pmin(f64x2.pmax(t, term(s, offsetof<Series>("least"))), term(s, offsetof<Series>("most")));
  // adding 1.5 * 2^52 leaves the nearest integer in the low bits
  const nearest = term(s, offsetof<Series>("nearest")), one = term(s, offsetof<Series>("one"));
  const n = f64x2.add(t, nearest);
  const r = f64x2.mul(f64x2.sub(t, f64x2.sub(n, nearest)), term(s, offsetof<Series>("ln2"))), q = f64x2.mul(r, r);
  // |r| <= 0.347: the first term left out is below 2^-32; summed in pairs
  const fourth = f64x2.add(f64x2.mul(r, term(s, offsetof<Series>("b7"))), term(s, offsetof<Series>("b6")));
  const third = f64x2.add(f64x2.mul(r, term(s, offsetof<Series>("b5"))), term(s, offsetof<Series>("b4")));
  const second = f64x2.add(f64x2.mul(r, term(s, offsetof<Series>("b3"))), term(s, offsetof<Series>("b2")));
  const high = f64x2.add(third, f64x2.mul(q, f64x2.add(fourth, f64x2.mul(q, term(s, offsetof<Series>("b8"))))));
  const sum = f64x2.add(f64x2.add(r, one), f64x2.mul(q, f64x2.add(second, f64x2.mul(q, high))));
  return i64x2.add(sum, i64x2.shl(n, 52));
}

/** x^e of two positive normal numbers. */
function general(s: Series, x: v128, e: f64): v128 { return exp2(s, f64x2.mul(log2(s, x), f64x2.splat(e))); }

/** x^e for x >= 0. */
function power(s: Series, x: v128, e: f64): v128 {
  const one = f32x4.splat(1);
  if (e == 1) return x;
  if (e == 2) return f32x4.mul(x, x);
  if (e == 3) return f32x4.mul(f32x4.mul(x, x), x);
  if (e == 0.5) return f32x4.sqrt(x);
  if (e == -1) return f32x4.div(one, x);
  if (e == 0) return v128.bitselect(x, one, f32x4.ne(x, x));
  const low = f32x4.demote_f64x2_zero(general(s, f64x2.promote_low_f32x4(x), e));
  const high = f32x4.demote_f64x2_zero(general(s, f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)), e));
  // 0, Infinity and NaN stand for themselves or, with a negative exponent, for their reciprocals
  const special = v128.or(f32x4.eq(x, f32x4.splat(0)), v128.not(f32x4.lt(x, f32x4.splat(Infinity))));
  return v128.bitselect(e > 0 ? x : f32x4.div(one, x), v128.shuffle<i64>(low, high, 0, 2), special);
}

/**
 * to[i] = |x[i]|^e, or with `factor` (not 0) factor[i] sign(x[i]) |x[i]|^e, which is 0 where x[i] is; with `accumulate`
 * added to to[i]. `to` may be x or factor.
 */
export function powers(s: Series, to: usize, x: usize, factor: usize, count: i32, e: f64, accumulate: i32): void {
  for (; count > 0; count -= 4, to += 16, x += 16) {
    const base = v128.load(x);
    let y = power(s, f32x4.abs(base), e);
    if (factor) {
      y = f32x4.mul(v128.load(factor), v128.or(y, v128.and(base, f32x4.splat(-0.0))));
      y = v128.and(y, f32x4.ne(base, f32x4.splat(0)));
      factor += 16;
    }
    if (accumulate) y = f32x4.add(y, v128.load(to));
    storeLanes(to, y, y, min(count, 4));
  }
}
