// The share of the normal distribution below u, from -END to END: 1/2 + u P(u^2) / Q(u^2), within 2e-7, and exactly 0
// and 1 at the ends. P and Q are fitted to 2e-8; loops hand them in (see math.ts).
import { step } from "./math";

@inline
export function normal(
  u: v128, one: v128, half: v128, a0: v128, a1: v128, a2: v128, a3: v128, a4: v128, a5: v128, a6: v128,
  b1: v128, b2: v128, b3: v128, b4: v128,
): v128 {
  // in short chains
  const z = f32x4.mul(u, u), y = f32x4.mul(z, z);
  const p = step(step(step(a6, z, a5), y, step(a4, z, a3)), f32x4.mul(y, z), step(step(a2, z, a1), z, a0));
  const q = step(step(b4, z, b3), f32x4.mul(y, z), step(step(b2, z, b1), z, one));
  return f32x4.add(f32x4.div(f32x4.mul(u, p), q), half);
}
