// Four f32 lanes: what every kernel shares. The only file that names a CPU feature: the condition is a compile-time
// constant, so each build contains one branch.

/** a * b + c: one instruction with relaxed SIMD (fused where the engine fuses), two without. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}

/** All lanes as the lane `i`, a literal. */
@inline
export function lane(i: i32, x: v128): v128 {
  if (i == 0) return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
  if (i == 1) return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
  if (i == 2) return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}

/** 2 x and 4 x as sums: no constant to rebuild at each use. */
@inline
export function twice(x: v128): v128 { return f32x4.add(x, x); }

@inline
export function fourfold(x: v128): v128 { return twice(twice(x)); }

/**
 * max(lo, min(hi, x)) that keeps NaN: pmax and pmin return their first operand unless the second one wins the
 * comparison.
 */
@inline
export function clamp(x: v128, lo: v128, hi: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, lo), hi);
}

/**
 * Stores the first `count` (1 to 8) of the eight lanes x, y. Inlined: a call at every row of a tile makes layers whose
 * columns do not come in eights 1.1 to 1.2 times slower.
 */
@inline
export function putLanes(to: usize, x: v128, y: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, x);
    if (count == 4) return;
    if (count == 8) { v128.store(to, y, 16); return; }
    to += 16;
    count -= 4;
    x = y;
  }
  if (count & 2) {
    v128.store64_lane(to, x, 0);
    to += 8;
    x = v128.shuffle<i64>(x, x, 1, 1);
  }
  if (count & 1) v128.store32_lane(to, x, 0);
}

/** The same as a function, where it is called rarely. */
export function storeLanes(to: usize, x: v128, y: v128, count: i32): void { putLanes(to, x, y, count); }

/** The lanes of four vectors, each summed as (0 + 2) + (1 + 3). */
@inline
export function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** Adds `count` floats of `from` to those of `to`. */
export function addRun(to: usize, from: usize, count: i32): void {
  const end = to + <usize>count * 4;
  for (; to + 16 <= end; to += 16, from += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}
