// The largest of a pixel's taps and its flat position: of equal cells the first in row-major order, of NaN the first.
// NaN is seen as in max.ts.
import { madd } from "../simd/vector";
import { larger, mayHoldNaN } from "./max";
import { TAP_BYTES, Taps } from "./taps";

/**
 * Taps in row-major order: a later one wins only if it is greater, and adds more to the index, so index = max(index,
 * wins & its own). Returns whether there may be a NaN, unless it selects. Four vectors at a time: 4 maxima, 4 indices,
 * 2 inputs, the tap's index, 2 sums.
 */
@apart export function argmaxTaps(f: Taps): bool {
  const table = f.table, end = f.tableEnd, bytes = f.bytes, offset = load<u32>(table), toIndexBytes = f.toIndexBytes;
  const whole: usize = f.selects ? 0 : bytes & ~63;
  let from = f.from, to = f.to, sum = f32x4.splat(0), other = sum, index = i32x4.splat(f.index);
  const indexStep = i32x4.splat(f.indexStep), zero = i32x4.splat(0);
  for (let count = f.count; count > 0; count--) {
    let b: usize = 0;
    for (; b < whole; b += 64) {
      const base = from + b;
      let p = base + offset;
      let m0 = v128.load(p), m1 = v128.load(p, 16), m2 = v128.load(p, 32), m3 = v128.load(p, 48);
      let i0 = zero, i1 = zero, i2 = zero, i3 = zero;
      sum = madd(m0, m1, sum); other = madd(m2, m3, other);
      for (let t = table + TAP_BYTES; t < end; t += TAP_BYTES) {
        p = base + load<u32>(t);
        const at = v128.load32_splat(t, 4);
        let x = v128.load(p), y = v128.load(p, 16);
        i0 = i32x4.max_s(i0, v128.and(at, f32x4.gt(x, m0))); m0 = f32x4.pmax(m0, x);
        i1 = i32x4.max_s(i1, v128.and(at, f32x4.gt(y, m1))); m1 = f32x4.pmax(m1, y);
        sum = madd(x, y, sum);
        x = v128.load(p, 32); y = v128.load(p, 48);
        i2 = i32x4.max_s(i2, v128.and(at, f32x4.gt(x, m2))); m2 = f32x4.pmax(m2, x);
        i3 = i32x4.max_s(i3, v128.and(at, f32x4.gt(y, m3))); m3 = f32x4.pmax(m3, y);
        other = madd(x, y, other);
      }
      p = to + b;
      v128.store(p, m0); v128.store(p, m1, 16); v128.store(p, m2, 32); v128.store(p, m3, 48);
      p += toIndexBytes;
      v128.store(p, i32x4.add(i0, index)); v128.store(p, i32x4.add(i1, index), 16);
      v128.store(p, i32x4.add(i2, index), 32); v128.store(p, i32x4.add(i3, index), 48);
    }
    for (; b < bytes; b += 16) {
      let m = v128.load(from + b + offset), i = zero;
      for (let t = table + TAP_BYTES; t < end; t += TAP_BYTES) {
        const x = v128.load(from + b + load<u32>(t));
        // a NaN wins, once
        const wins = v128.and(v128.or(f32x4.gt(x, m), f32x4.ne(x, x)), f32x4.eq(m, m));
        i = i32x4.max_s(i, v128.and(v128.load32_splat(t, 4), wins));
        m = v128.bitselect(x, m, wins);
      }
      sum = f32x4.add(sum, m);
      v128.store(to + b, m);
      v128.store(to + b + toIndexBytes, i32x4.add(i, index));
    }
    from += f.step; to += f.toStep; index = i32x4.add(index, indexStep);
  }
  return !f.selects && mayHoldNaN(f32x4.add(sum, other));
}

/**
 * Taps with an index each (of the row that won in their column): of several columns with the largest value the smallest
 * index is the first. So index = min over columns of (its own | value != best), unsigned, where -1 stands for "not the
 * best". NaN is the best there is.
 */
@apart export function argmaxColumns(f: Taps): void {
  const table = f.table, end = f.tableEnd, bytes = f.bytes, indexBytes = f.indexBytes, toIndexBytes = f.toIndexBytes;
  const indexStep = i32x4.splat(f.indexStep);
  let from = f.from, to = f.to, index = i32x4.splat(f.index);
  for (let count = f.count; count > 0; count--) {
    for (let b: usize = 0; b < bytes; b += 16) {
      const base = from + b;
      let m = v128.load(base + load<u32>(table)), i = i32x4.splat(-1);
      for (let t = table + TAP_BYTES; t < end; t += TAP_BYTES) {
        const x = v128.load(base + load<u32>(t));
        if (f.selects) m = larger(m, x);
        else m = f32x4.pmax(m, x);
      }
      for (let t = table; t < end; t += TAP_BYTES) {
        const p = base + load<u32>(t), x = v128.load(p);
        // where there is NaN, every NaN is one of the best
        const other = v128.and(f32x4.ne(x, m), f32x4.eq(x, x));
        i = i32x4.min_u(i, v128.or(other, i32x4.add(v128.load(p + indexBytes), v128.load32_splat(t, 4))));
      }
      v128.store(to + b, m);
      v128.store(to + b + toIndexBytes, i32x4.add(i, index));
    }
    from += f.step; to += f.toStep; index = i32x4.add(index, indexStep);
  }
}
