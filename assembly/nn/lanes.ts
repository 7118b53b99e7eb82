// The ends of runs: a vector of which only the first lanes count.
import { storeLanes } from "../simd/vector";

/** Ones in the first `count` lanes, of any count. */
@inline
export function firstLanes(count: i32): v128 { return i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3)); }

/** Stores as many of the four lanes as `count` says, at least one. */
@inline
export function put(to: usize, x: v128, count: i32): void {
  if (count >= 4) v128.store(to, x);
  else storeLanes(to, x, x, count);
}

/** The sum of two f64. */
@inline
export function sum2(x: v128): f64 { return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1); }

@inline
export function low(x: v128): v128 { return f64x2.promote_low_f32x4(x); }

@inline
export function high(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)); }

/** Copies `count` floats. */
export function copyRun(to: usize, from: usize, count: i32): void {
  // calls of memory.copy cost more than they spare below this
  if (count > 1024) { memory.copy(to, from, <usize>count * 4); return; }
  for (; count >= 8; count -= 8, to += 32, from += 32) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
  for (; count > 0; count--, to += 4, from += 4) store<f32>(to, load<f32>(from));
}

/** Writes `value` `count` times. */
export function fillRun(to: usize, count: i32, value: f32): void {
  const v = f32x4.splat(value);
  for (; count >= 4; count -= 4, to += 16) v128.store(to, v);
  for (; count > 0; count--, to += 4) store<f32>(to, value);
}
