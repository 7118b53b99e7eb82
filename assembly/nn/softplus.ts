// max(x, 0) + log(1 + e^-|x|), in two loops over blocks, the first of which leaves the power in scratch: the constants
// of both are more than there are registers, and V8 takes 1.6 times as long for one loop.
import { storeLanes } from "../simd/vector";
import { C0, C1, C2, C3, C4, C5, C6, C7, C8 } from "./constants";
import { exponential } from "./exponential";
import { SOFTPLUS } from "./kinds";
import { log1p } from "./math";

/** Floats of a block, which the L1 cache holds. */
const BLOCK: i32 = 1024;
/** Bytes of scratch of an activation. */
export const ACTIVATE_SCRATCH: i32 = BLOCK * 4;

/** to = max(x, 0) + log(1 + e). */
function ofPower(to: usize, x: usize, e: usize, count: i32): void {
  const c0 = C0(), c1 = C1(), c2 = C2(), c3 = C3(), c4 = C4(), c5 = C5(), c6 = C6(), c7 = C7(), c8 = C8();
  let y: v128;
  for (; ; count -= 4, to += 16, x += 16, e += 16) {
    y = log1p(v128.load(e), c0, c1, c2, c3, c4, c5, c6, c7, c8);
    y = f32x4.add(f32x4.pmax(v128.load(x), f32x4.splat(0)), y);
    if (count <= 4) break;
    v128.store(to, y);
  }
  storeLanes(to, y, y, count);
}

/** Of `count` floats; `to` may be x. */
export function softplus(to: usize, x: usize, count: i32, scratch: usize): void {
  const none = f32x4.splat(0);
  for (; count > 0; count -= BLOCK, to += ACTIVATE_SCRATCH, x += ACTIVATE_SCRATCH) {
    const n = min(count, BLOCK);
    exponential(SOFTPLUS, false, scratch, 0, x, n, none, none);
    ofPower(to, x, scratch, n);
  }
}
