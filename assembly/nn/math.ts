// Functions of four f32 lanes. The same operations in the same order everywhere, none of them fused, so that every
// engine gives the same bits.
import { H0, H1, H2, H3, H4, LN2_HIGH, LN2_LOW } from "./constants";

/** p x + c. */
@inline
export function step(p: v128, x: v128, c: v128): v128 { return f32x4.add(f32x4.mul(p, x), c); }

/** 2^t for t from -127, which gives 0, to 128, which gives Infinity; 2e-7 of itself; NaN stays. */
@inline
export function power(t: v128, magic: v128, e0: v128, o0: v128, o1: v128): v128 {
  const n = f32x4.add(t, magic), f = f32x4.sub(t, f32x4.sub(n, magic)), z = f32x4.mul(f, f);
  const even = f32x4.add(z, e0), odd = f32x4.mul(f, step(o1, z, o0));
  return f32x4.div(f32x4.mul(f32x4.add(even, odd), i32x4.shl(n, 23)), f32x4.sub(even, odd));
}

/**
 * e^x for x <= 0: at most 4 units in the last place, 1 for 0, and 0 below -87.7; NaN stays. What is taken from x are
 * multiples of ln(2), to more digits than x has, and the rest is a quotient as in `power`.
 */
@inline
export function exp(
  x: v128, least: v128, log2e: v128, magic: v128, high: v128, low: v128, f0: v128, g0: v128, g1: v128,
): v128 {
  const t = f32x4.pmax(x, least), n = f32x4.add(f32x4.mul(t, log2e), magic), m = f32x4.sub(n, magic);
  const r = f32x4.sub(f32x4.sub(t, f32x4.mul(m, high)), f32x4.mul(m, low)), z = f32x4.mul(r, r);
  const even = f32x4.add(z, f0), odd = f32x4.mul(r, step(g1, z, g0));
  return f32x4.div(f32x4.mul(f32x4.add(even, odd), i32x4.shl(n, 23)), f32x4.sub(even, odd));
}

/** 2^t - 1, which loses nothing near 0. */
@inline
export function powerLess1(t: v128, one: v128, magic: v128, e0: v128, o0: v128, o1: v128): v128 {
  const n = f32x4.add(t, magic), f = f32x4.sub(t, f32x4.sub(n, magic)), z = f32x4.mul(f, f), s = i32x4.shl(n, 23);
  const odd = f32x4.mul(f, step(o1, z, o0)), d = f32x4.sub(f32x4.add(z, e0), odd);
  return f32x4.add(f32x4.div(f32x4.mul(f32x4.add(odd, odd), s), d), f32x4.sub(s, one));
}

/** 2 atanh(w) for w from 0 to 1 / 3: 2e-7 of itself. h0 is 2. */
@inline
export function twiceAtanh(w: v128, h0: v128, h1: v128, h2: v128, h3: v128, h4: v128): v128 {
  const z = f32x4.mul(w, w), y = f32x4.mul(z, z);
  return f32x4.mul(w, step(step(h4, y, step(h3, z, h2)), y, step(h1, z, h0)));
}

/** log(x) of numbers from 1 on, to 2e-7 of itself; NaN and Infinity stay. */
export function log(x: v128): v128 {
  const one = f32x4.splat(1), e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(127)));
  const m = v128.or(v128.and(x, i32x4.splat(0x7fffff)), one);
  const y = twiceAtanh(f32x4.div(f32x4.sub(m, one), f32x4.add(m, one)), H0(), H1(), H2(), H3(), H4());
  const whole = f32x4.add(f32x4.add(y, f32x4.mul(e, LN2_LOW())), f32x4.mul(e, LN2_HIGH()));
  return v128.bitselect(whole, x, f32x4.lt(x, f32x4.splat(Infinity)));
}
