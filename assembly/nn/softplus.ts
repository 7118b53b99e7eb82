// max(x, 0) + log(1 + e^-|x|), where log(1 + p) = 2 atanh(w) with w = p / (p + 2), in two loops over blocks, the first
// of which leaves w in scratch: a processor has so many numbers on their way at a time, and a chain of half the length
// holds half of them for half as long.
import { storeLanes } from "../simd/vector";
import { H0, H1, H2, H3, H4 } from "./constants";
import { SOFTPLUS } from "./kinds";
import { twiceAtanh } from "./math";
import { quotient } from "./quotient";

/** Floats of a block, which the L1 cache holds. */
const BLOCK: i32 = 1024;
/** Bytes of scratch of an activation. */
export const ACTIVATE_SCRATCH: i32 = BLOCK * 4;

/** to = max(x, 0) + 2 atanh(w). */
function ofShare(to: usize, x: usize, w: usize, count: i32): void {
  const h0 = H0(), h1 = H1(), h2 = H2(), h3 = H3(), h4 = H4();
  let y: v128;
  for (; ; count -= 4, to += 16, x += 16, w += 16) {
    y = f32x4.add(f32x4.pmax(v128.load(x), f32x4.splat(0)), twiceAtanh(v128.load(w), h0, h1, h2, h3, h4));
    if (count <= 4) break;
    v128.store(to, y);
  }
  storeLanes(to, y, y, count);
}

/** Of `count` floats; `to` may be x. */
export function softplus(to: usize, x: usize, count: i32, scratch: usize): void {
  for (; count > 0; count -= BLOCK, to += ACTIVATE_SCRATCH, x += ACTIVATE_SCRATCH) {
    const n = min(count, BLOCK);
    quotient(SOFTPLUS, false, scratch, 0, x, n);
    ofShare(to, x, scratch, n);
  }
}
