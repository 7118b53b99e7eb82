// Functions of four f32 lanes. The same operations in the same order everywhere, none of them fused, so that every
// engine gives the same bits. Polynomials: Cephes (S. Moshier); erfc: Numerical Recipes, erfcc.

@inline
function step(p: v128, x: v128, c: f32): v128 { return f32x4.add(f32x4.mul(p, x), f32x4.splat(c)); }

/** 2 to the power of four integers from -126 to 127. */
@inline
function power2(n: v128): v128 { return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23); }

/** e^x to 2 units in the last place; 0 below -103.98, Infinity above 88.73, exp(0) = 1. */
export function exp(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-105)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = step(p, r, 1.3981999507e-3);
  p = step(p, r, 8.3334519073e-3);
  p = step(p, r, 4.1665795894e-2);
  p = step(p, r, 1.6666665459e-1);
  p = step(p, r, 5.0000001201e-1);
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // in two steps, as 2^n alone may be beyond the range of normal numbers where the result is not
  const i = i32x4.trunc_sat_f32x4_s(n), half = i32x4.shr_s(i, 1);
  return f32x4.mul(f32x4.mul(p, power2(half)), power2(i32x4.sub(i, half)));
}

/** log(x) of positive normal numbers to 2e-7 of itself; NaN and Infinity stay. */
export function log(x: v128): v128 {
  const one = f32x4.splat(1);
  // mantissa in [sqrt(1/2), sqrt(2))
  const offset = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const m = i32x4.add(v128.and(offset, i32x4.splat(0x7fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(m, one), z = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = step(p, f, -1.1514610310e-1);
  p = step(p, f, 1.1676998740e-1);
  p = step(p, f, -1.2420140846e-1);
  p = step(p, f, 1.4249322787e-1);
  p = step(p, f, -1.6668057665e-1);
  p = step(p, f, 2.0000714765e-1);
  p = step(p, f, -2.4999993993e-1);
  p = step(p, f, 3.3333331174e-1);
  let y = f32x4.mul(f32x4.mul(p, f), z);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  y = f32x4.add(f32x4.add(f, y), f32x4.mul(e, f32x4.splat(0.693359375)));
  return v128.bitselect(y, x, f32x4.lt(x, f32x4.splat(Infinity)));
}

/** log(1 + x) for x from 0 to 1, exact to the last places near 0, too. */
@inline
export function log1p(x: v128): v128 {
  const one = f32x4.splat(1), w = f32x4.add(one, x);
  return f32x4.sub(log(w), f32x4.div(f32x4.sub(f32x4.sub(w, one), x), w));
}

/** 1 / (1 + e^-x), without overflow. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1), e = exp(f32x4.neg(f32x4.abs(x)));
  const low = f32x4.lt(x, f32x4.splat(0));
  return f32x4.div(v128.bitselect(e, one, low), f32x4.add(one, e));
}

/** log(1 + e^x), without overflow. */
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}

/** Odd; to 2e-7. */
export function tanh(x: v128): v128 {
  const a = f32x4.abs(x), z = f32x4.mul(x, x), one = f32x4.splat(1);
  const e = exp(f32x4.add(a, a));
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  let p = f32x4.splat(-5.70498872745e-3);
  p = step(p, z, 2.06390887954e-2);
  p = step(p, z, -5.37397155531e-2);
  p = step(p, z, 1.33314422036e-1);
  p = step(p, z, -3.33332819422e-1);
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), a), a);
  const y = v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(0.625)));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}

/** Odd; to 2e-7. */
export function erf(x: v128): v128 {
  const a = f32x4.abs(x), z = f32x4.mul(x, x), one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(a, f32x4.splat(0.5))));
  let q = f32x4.splat(0.17087277);
  q = step(q, t, -0.82215223);
  q = step(q, t, 1.48851587);
  q = step(q, t, -1.13520398);
  q = step(q, t, 0.27886807);
  q = step(q, t, -0.18628806);
  q = step(q, t, 0.09678418);
  q = step(q, t, 0.37409196);
  q = step(q, t, 1.00002368);
  q = step(q, t, -1.26551223);
  const far = f32x4.sub(one, f32x4.mul(t, exp(f32x4.sub(q, z))));
  let p = f32x4.splat(7.853861353153693e-5);
  p = step(p, z, -8.010193625184903e-4);
  p = step(p, z, 5.188327685732524e-3);
  p = step(p, z, -2.685381193529856e-2);
  p = step(p, z, 1.128358514861418e-1);
  p = step(p, z, -3.761262582423300e-1);
  p = step(p, z, 1.128379165726710);
  const y = v128.bitselect(f32x4.mul(p, a), far, f32x4.lt(a, one));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}
