// ELU and GELU with its derivative: made of 2^t, where t is x or x^2 times a scale, within bounds.
import { clamp, storeLanes } from "../simd/vector";
import { A0, A1, A2, A3, A4, A5, A6, B1, B2, B3, B4, E0, END, fixed, LEAST } from "./constants";
import { MAGIC, O0, O1, unit } from "./constants";
import { normal } from "./gelu";
import { power, powerLess1 } from "./math";

/** log2(e). */
const LOG2: f32 = 1.4426950408889634;

/** q (max(x, 0) + p (e^min(x, 0) - 1)). */
export function elu(to: usize, x: usize, count: i32, p: v128, q: v128): void {
  const one = f32x4.splat(unit()), magic = MAGIC(), least = LEAST(), scale = fixed(LOG2, unit());
  const e0 = E0(), o0 = O0(), o1 = O1(), pq = f32x4.mul(p, q), zero = f32x4.splat(0);
  if (count <= 0) return;
  let y: v128;
  for (; ; count -= 4, x += 16, to += 16) {
    const v = v128.load(x), t = f32x4.pmin(f32x4.pmax(f32x4.mul(v, scale), least), zero);
    const e = powerLess1(t, one, magic, e0, o0, o1);
    y = f32x4.add(f32x4.mul(q, f32x4.pmax(v, zero)), f32x4.mul(pq, e));
    if (count <= 4) break;
    v128.store(to, y);
  }
  storeLanes(to, y, y, count);
}

/** x times the share of the normal distribution below it, and with `isGrad` the derivative of that by x, times g. */
@inline
export function gelu(isGrad: bool, to: usize, gradient: usize, x: usize, count: i32): void {
  const u = unit(), one = f32x4.splat(u), half = fixed(0.5, u), end = END(), minusEnd = f32x4.neg(end);
  const a0 = A0(), a1 = A1(), a2 = A2(), a3 = A3(), a4 = A4(), a5 = A5(), a6 = A6();
  const b1 = B1(), b2 = B2(), b3 = B3(), b4 = B4();
  const magic = isGrad ? MAGIC() : one, least = isGrad ? LEAST() : one, scale = fixed(-0.5 * LOG2, u);
  const e0 = isGrad ? E0() : one, o0 = isGrad ? O0() : one, o1 = isGrad ? O1() : one;
  const peak = fixed(0.3989422804014327, u);
  if (count <= 0) return;
  let y: v128;
  for (; ; count -= 4, x += 16, to += 16) {
    const v = v128.load(x);
    y = normal(clamp(v, minusEnd, end), one, half, a0, a1, a2, a3, a4, a5, a6, b1, b2, b3, b4);
    if (isGrad) {
      const t = f32x4.pmax(f32x4.mul(f32x4.mul(v, v), scale), least);
      const density = f32x4.mul(power(t, magic, e0, o0, o1), peak);
      y = f32x4.mul(f32x4.add(y, f32x4.mul(v, density)), v128.load(gradient));
      gradient += 16;
    } else y = f32x4.mul(v, y);
    if (count <= 4) break;
    v128.store(to, y);
  }
  storeLanes(to, y, y, count);
}
