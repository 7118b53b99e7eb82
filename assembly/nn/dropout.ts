// Zeros some of the numbers, chosen by a hash of the seed and their place (the finalizer of MurmurHash3).
import { put } from "./lanes";

@inline
function mixed(h: v128): v128 {
  h = v128.xor(h, i32x4.shr_u(h, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** to = x * factor where the hash is at least `least`, else 0; `to` may be x. */
export function dropout(to: usize, x: usize, count: i32, seed: i32, least: i32, factor: f32): void {
  const s = mixed(i32x4.splat(seed)), l = i32x4.splat(least), f = f32x4.splat(factor), four = i32x4.splat(4);
  for (let i = i32x4(0, 1, 2, 3); count > 0; count -= 4, x += 16, to += 16, i = i32x4.add(i, four)) {
    const h = mixed(v128.xor(i32x4.mul(i, i32x4.splat(0x9e3779b9)), s));
    put(to, v128.and(f32x4.mul(v128.load(x), f), i32x4.ge_u(h, l)), count);
  }
}
