// The share of the normal distribution below u, from -END to END: 1/2 + u P(u^2) / Q(u^2), within 2e-7, and exactly 0
// and 1 at the ends. P and Q are fitted to 2e-8; loops hand them in (see math.ts).

@inline
export function END(unit: f32): v128 { return f32x4.splat(5.5 * unit); }
@inline
export function HALF(unit: f32): v128 { return f32x4.splat(0.5 * unit); }
@inline
export function A0(unit: f32): v128 { return f32x4.splat(0.39894214272499084 * unit); }
@inline
export function A1(unit: f32): v128 { return f32x4.splat(3.5920415073633194e-2 * unit); }
@inline
export function A2(unit: f32): v128 { return f32x4.splat(4.509045276790857e-3 * unit); }
@inline
export function A3(unit: f32): v128 { return f32x4.splat(1.7035201017279178e-4 * unit); }
@inline
export function A4(unit: f32): v128 { return f32x4.splat(3.2406876471213764e-6 * unit); }
@inline
export function A5(unit: f32): v128 { return f32x4.splat(-2.208056493202548e-8 * unit); }
@inline
export function A6(unit: f32): v128 { return f32x4.splat(1.1175005365515744e-10 * unit); }
@inline
export function B1(unit: f32): v128 { return f32x4.splat(0.2567037045955658 * unit); }
@inline
export function B2(unit: f32): v128 { return f32x4.splat(2.9090438038110733e-2 * unit); }
@inline
export function B3(unit: f32): v128 { return f32x4.splat(1.8305296543985605e-3 * unit); }
@inline
export function B4(unit: f32): v128 { return f32x4.splat(6.231787119759247e-5 * unit); }

/** p x + c. */
@inline
function step(p: v128, x: v128, c: v128): v128 { return f32x4.add(f32x4.mul(p, x), c); }

@inline
export function normal(
  u: v128, one: v128, half: v128, a0: v128, a1: v128, a2: v128, a3: v128, a4: v128, a5: v128, a6: v128,
  b1: v128, b2: v128, b3: v128, b4: v128,
): v128 {
  const z = f32x4.mul(u, u);
  const p = step(step(step(step(step(step(a6, z, a5), z, a4), z, a3), z, a2), z, a1), z, a0);
  const q = step(step(step(step(b4, z, b3), z, b2), z, b1), z, one);
  return f32x4.add(f32x4.div(f32x4.mul(u, p), q), half);
}
