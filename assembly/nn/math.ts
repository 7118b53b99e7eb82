// Functions of four f32 lanes. The same operations in the same order everywhere, none of them fused, so that every
// engine gives the same bits.
import { clamp } from "../simd/vector";
import { L1, L2, L3, L4 } from "./constants";

/** p x + c. */
@inline
function step(p: v128, x: v128, c: v128): v128 { return f32x4.add(f32x4.mul(p, x), c); }

/** 2^f - 1 for |f| <= 1/2. */
@inline
function rest(f: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128): v128 {
  return f32x4.mul(f, step(step(step(step(p5, f, p4), f, p3), f, p2), f, p1));
}

/** 2^t for t from -127, which gives 0, to 128, which gives Infinity; 2e-7 of itself; NaN stays. */
@inline
export function power(
  t: v128, one: v128, magic: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128,
): v128 {
  const n = f32x4.add(t, magic), p = rest(f32x4.sub(t, f32x4.sub(n, magic)), p1, p2, p3, p4, p5);
  return f32x4.mul(f32x4.add(p, one), i32x4.shl(n, 23));
}

/** 2^t - 1, which loses nothing near 0. */
@inline
export function powerLess1(
  t: v128, one: v128, magic: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128,
): v128 {
  const n = f32x4.add(t, magic), p = rest(f32x4.sub(t, f32x4.sub(n, magic)), p1, p2, p3, p4, p5);
  const s = i32x4.shl(n, 23);
  return f32x4.add(f32x4.mul(p, s), f32x4.sub(s, one));
}

/** 2 to the power of four integers from -126 to 127. */
@inline
function power2(n: v128): v128 { return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23); }

/** e^x to 4 units in the last place; 0 below -103.98, Infinity above 88.73, exp(0) = 1. */
@inline
export function exp(
  x: v128, log2e: v128, one: v128, magic: v128, p1: v128, p2: v128, p3: v128, p4: v128, p5: v128,
): v128 {
  x = clamp(x, f32x4.splat(-105), f32x4.splat(89));
  const t = f32x4.add(f32x4.mul(x, log2e), magic), n = f32x4.sub(t, magic);
  const r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  const f = f32x4.mul(f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4))), log2e);
  const p = f32x4.add(rest(f, p1, p2, p3, p4, p5), one);
  // in two steps, as 2^n alone may be beyond the range of normal numbers where the result is not
  const i = i32x4.sub(t, magic), half = i32x4.shr_s(i, 1);
  return f32x4.mul(f32x4.mul(p, power2(half)), power2(i32x4.sub(i, half)));
}

/** log((1 + s) / (1 - s)) for |s| <= 1/3. */
@inline
function twiceAtanh(s: v128, l1: v128, l2: v128, l3: v128, l4: v128): v128 {
  const z = f32x4.mul(s, s), p = step(step(step(l4, z, l3), z, l2), z, l1), twice = f32x4.add(s, s);
  return f32x4.add(twice, f32x4.mul(f32x4.mul(twice, z), p));
}

/** log(1 + x) for x from 0 to 1. */
@inline
export function log1p(x: v128, one: v128, l1: v128, l2: v128, l3: v128, l4: v128): v128 {
  return twiceAtanh(f32x4.div(x, f32x4.add(x, f32x4.add(one, one))), l1, l2, l3, l4);
}

/** log(x) of positive normal numbers to 2e-7 of itself; NaN and Infinity stay. */
export function log(x: v128): v128 {
  const one = f32x4.splat(1);
  // mantissa in [sqrt(1/2), sqrt(2))
  const offset = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const m = i32x4.add(v128.and(offset, i32x4.splat(0x7fffff)), i32x4.splat(0x3f3504f3));
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const y = twiceAtanh(s, L1(), L2(), L3(), L4());
  const low = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  const whole = f32x4.add(low, f32x4.mul(e, f32x4.splat(0.693359375)));
  return v128.bitselect(whole, x, f32x4.lt(x, f32x4.splat(Infinity)));
}
