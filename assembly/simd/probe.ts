// What engine and processor do.
import { madd } from "./vector";

/** a * b + c of three floats, by the instruction the kernels use. */
export function multiplyAdd(a: usize, b: usize, c: usize): f32 {
  return f32x4.extract_lane(madd(v128.load32_splat(a), v128.load32_splat(b), v128.load32_splat(c)), 0);
}

/** Whether 0 / 0 has its sign bit set, as on x86; on aarch64 it has not. */
export function negativeNaN(zero: f32): bool { return reinterpret<i32>(zero / zero) < 0; }
