// What the engine does with the build's multiply-add.
import { madd } from "./vector";

/** a * b + c of three floats, by the instruction the kernels use. */
export function multiplyAdd(a: usize, b: usize, c: usize): f32 {
  return f32x4.extract_lane(madd(v128.load32_splat(a), v128.load32_splat(b), v128.load32_splat(c)), 0);
}
