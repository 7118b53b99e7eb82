// The end of a tile of seven or four vectors: the addend, the activation, and where they go.
import { clamp } from "../simd/vector";

/** How tiles end, in scratch. Steps are in bytes. */
@unmanaged
export class TileEnd {
  /** From vector to vector of y. */
  yStep: usize;
  /** From y to the addend; `adds`: 0 for none. */
  addend: usize;
  adds: i32;
  lo: f32;
  hi: f32;
}

/** Whether there is an activation. */
@inline
export function clamps(t: TileEnd): bool {
  return t.lo > -Infinity || t.hi < Infinity;
}

/**
 * Stores `n` vectors, 7 or 4, a literal: of four a0 and a4 to a6. `bounded`: as `clamps` says, and `yStep` as in `t`.
 */
@inline
export function storeTile(
  n: i32, bounded: bool, t: TileEnd, y: usize, yStep: usize,
  a0: v128, a1: v128, a2: v128, a3: v128, a4: v128, a5: v128, a6: v128,
): void {
  if (t.adds) {
    let q = y + t.addend;
    a0 = f32x4.add(a0, v128.load(q));
    if (n > 4) {
      a1 = f32x4.add(a1, v128.load(q += yStep));
      a2 = f32x4.add(a2, v128.load(q += yStep));
      a3 = f32x4.add(a3, v128.load(q += yStep));
    }
    a4 = f32x4.add(a4, v128.load(q += yStep));
    a5 = f32x4.add(a5, v128.load(q += yStep));
    a6 = f32x4.add(a6, v128.load(q + yStep));
  }
  if (bounded) {
    const lo = v128.load32_splat(changetype<usize>(t), offsetof<TileEnd>("lo"));
    const hi = v128.load32_splat(changetype<usize>(t), offsetof<TileEnd>("hi"));
    a0 = clamp(a0, lo, hi); a4 = clamp(a4, lo, hi); a5 = clamp(a5, lo, hi); a6 = clamp(a6, lo, hi);
    if (n > 4) { a1 = clamp(a1, lo, hi); a2 = clamp(a2, lo, hi); a3 = clamp(a3, lo, hi); }
  }
  v128.store(y, a0);
  if (n > 4) { v128.store(y += yStep, a1); v128.store(y += yStep, a2); v128.store(y += yStep, a3); }
  v128.store(y += yStep, a4); v128.store(y += yStep, a5); v128.store(y + yStep, a6);
}
