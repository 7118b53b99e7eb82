// Pixels of any number of floats from one distance to another: how channels that are no whole vectors become such, and
// back.
import { storeLanes } from "../simd/vector";

/**
 * Copies `count` pixels of `floats` floats, `fromStep` and `toStep` bytes apart. `whole`: a last vector is copied in
 * full, so that no lane of a wider pixel keeps what was there before.
 */
export function repitch(
  to: usize, toStep: usize, from: usize, fromStep: usize, count: i32, floats: i32, whole: i32,
): void {
  const bytes = <usize>floats * 4 & ~15, rest = floats & 3;
  for (; count > 0; count--) {
    for (let b: usize = 0; b < bytes; b += 16) v128.store(to + b, v128.load(from + b));
    if (rest) {
      const last = v128.load(from + bytes);
      if (whole) v128.store(to + bytes, last);
      else storeLanes(to + bytes, last, last, rest);
    }
    to += toStep; from += fromStep;
  }
}
