// The sum of a pixel's taps: added to what the result holds, or divided once.
//
// No chain is long: a sweep sums its few taps by themselves, a block its few sweeps, and blocks are added with what
// their sum loses to rounding kept apart (Knuth's TwoSum). So a sum of any number of taps has the error of 7 + 16
// additions.
import { TAP_BYTES, Taps } from "./taps";

/**
 * Most taps of a pixel's only sweep, unless they are sevens, and taps of a sweep where there are more: 49 of 2048
 * channels are three times as fast so, of 128 and 512 1.1 to 1.5, two sweeps for 14 rows of 14 x 512 and 14 x 1024 1.5
 * times as one.
 */
const ALONE: usize = 16, SWEEP: usize = 7;

/** Most taps of a plain sum, and taps of a block where there are more. */
export const PLAIN_TAPS: usize = 112;
const BLOCK: usize = 112;

/** Stores four vectors of sums, after what `adds` and `divides` say. */
@inline
function endSweep(
  q: usize, s0: v128, s1: v128, s2: v128, s3: v128, adds: bool, divides: bool, divisor: v128,
): void {
  if (adds) {
    s0 = f32x4.add(s0, v128.load(q)); s1 = f32x4.add(s1, v128.load(q, 16));
    s2 = f32x4.add(s2, v128.load(q, 32)); s3 = f32x4.add(s3, v128.load(q, 48));
  }
  if (divides) {
    s0 = f32x4.div(s0, divisor); s1 = f32x4.div(s1, divisor);
    s2 = f32x4.div(s2, divisor); s3 = f32x4.div(s3, divisor);
  }
  v128.store(q, s0); v128.store(q, s1, 16); v128.store(q, s2, 32); v128.store(q, s3, 48);
}

/** A sweep over the whole blocks of four vectors of a pixel; returns where they end. */
@inline
function sweepAny(f: Taps, from: usize, to: usize, table: usize, next: usize, adds: bool, divides: bool): usize {
  const end = f.bytes & ~63, divisor = f32x4.splat(f.divisor);
  for (let b: usize = 0; b < end; b += 64) {
    const base = from + b, q = to + b;
    let p = base + load<u32>(table);
    let s0 = v128.load(p), s1 = v128.load(p, 16), s2 = v128.load(p, 32), s3 = v128.load(p, 48);
    for (let t = table + TAP_BYTES; t < next; t += TAP_BYTES) {
      p = base + load<u32>(t);
      s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
      s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
    }
    endSweep(q, s0, s1, s2, s3, adds, divides, divisor);
  }
  return end;
}

/**
 * The same of seven taps: every load walks along one of them, which the hardware foresees (49 taps of 2048 channels:
 * 1.1 times as fast as tap by tap). With one register more it would not be.
 */
@inline
function sweepSeven(f: Taps, from: usize, q: usize, table: usize, adds: bool, divides: bool): usize {
  const bytes = f.bytes & ~63, divisor = f32x4.splat(f.divisor);
  let p0 = from + load<u32>(table), p1 = from + load<u32>(table, 8), p2 = from + load<u32>(table, 16);
  let p3 = from + load<u32>(table, 24), p4 = from + load<u32>(table, 32), p5 = from + load<u32>(table, 40);
  let p6 = from + load<u32>(table, 48);
  for (const end = q + bytes; q < end; q += 64) {
    let s0 = v128.load(p0), s1 = v128.load(p0, 16), s2 = v128.load(p0, 32), s3 = v128.load(p0, 48); p0 += 64;
    s0 = f32x4.add(s0, v128.load(p1)); s1 = f32x4.add(s1, v128.load(p1, 16));
    s2 = f32x4.add(s2, v128.load(p1, 32)); s3 = f32x4.add(s3, v128.load(p1, 48)); p1 += 64;
    s0 = f32x4.add(s0, v128.load(p2)); s1 = f32x4.add(s1, v128.load(p2, 16));
    s2 = f32x4.add(s2, v128.load(p2, 32)); s3 = f32x4.add(s3, v128.load(p2, 48)); p2 += 64;
    s0 = f32x4.add(s0, v128.load(p3)); s1 = f32x4.add(s1, v128.load(p3, 16));
    s2 = f32x4.add(s2, v128.load(p3, 32)); s3 = f32x4.add(s3, v128.load(p3, 48)); p3 += 64;
    s0 = f32x4.add(s0, v128.load(p4)); s1 = f32x4.add(s1, v128.load(p4, 16));
    s2 = f32x4.add(s2, v128.load(p4, 32)); s3 = f32x4.add(s3, v128.load(p4, 48)); p4 += 64;
    s0 = f32x4.add(s0, v128.load(p5)); s1 = f32x4.add(s1, v128.load(p5, 16));
    s2 = f32x4.add(s2, v128.load(p5, 32)); s3 = f32x4.add(s3, v128.load(p5, 48)); p5 += 64;
    s0 = f32x4.add(s0, v128.load(p6)); s1 = f32x4.add(s1, v128.load(p6, 16));
    s2 = f32x4.add(s2, v128.load(p6, 32)); s3 = f32x4.add(s3, v128.load(p6, 48)); p6 += 64;
    endSweep(q, s0, s1, s2, s3, adds, divides, divisor);
  }
  return bytes;
}

/** Sums of up to `PLAIN_TAPS` taps. */
@apart export function sumTaps(f: Taps): void {
  const first = f.table, end = f.tableEnd, bytes = f.bytes, divisor = f32x4.splat(f.divisor);
  const taps = (end - first) / TAP_BYTES, sweep = (taps > ALONE || taps % SWEEP == 0 ? SWEEP : ALONE) * TAP_BYTES;
  let from = f.from, to = f.to;
  for (let count = f.count; count > 0; count--) {
    for (let table = first, next: usize = 0; table < end; table = next) {
      next = min(table + sweep, end);
      const adds = table != first || f.accumulate != 0, divides = next == end && f.divisor != 1;
      let b = next - table == SWEEP * TAP_BYTES
        ? sweepSeven(f, from, to, table, adds, divides)
        : sweepAny(f, from, to, table, next, adds, divides);
      for (; b < bytes; b += 16) {
        let s = v128.load(from + b + load<u32>(table));
        for (let t = table + TAP_BYTES; t < next; t += TAP_BYTES) s = f32x4.add(s, v128.load(from + b + load<u32>(t)));
        if (adds) s = f32x4.add(s, v128.load(to + b));
        if (divides) s = f32x4.div(s, divisor);
        v128.store(to + b, s);
      }
    }
    from += f.step; to += f.toStep;
  }
}

/**
 * Adds `add` to a running sum of two parts, `high` (first: nothing, or what it holds and `keeps`) and `low`; last:
 * makes them one and divides.
 */
function fold(
  high: usize, low: usize, add: usize, bytes: usize, first: bool, keeps: i32, last: bool, divisor: f32,
): void {
  const start = i32x4.splat(first ? -keeps : -1), lowStart = i32x4.splat(first ? 0 : -1), by = f32x4.splat(divisor);
  for (const end = high + bytes; high < end; high += 16, low += 16, add += 16) {
    const h = v128.and(v128.load(high), start), s = v128.load(add), sum = f32x4.add(h, s), part = f32x4.sub(sum, h);
    const lost = f32x4.add(f32x4.sub(h, f32x4.sub(sum, part)), f32x4.sub(s, part));
    const l = f32x4.add(v128.and(v128.load(low), lowStart), lost);
    if (last) {
      // what an infinite sum lost is NaN
      const both = v128.bitselect(f32x4.add(sum, l), sum, f32x4.eq(l, l));
      v128.store(high, divisor != 1 ? f32x4.div(both, by) : both);
    } else {
      v128.store(high, sum);
      v128.store(low, l);
    }
  }
}

/** Sums of any number of taps. */
export function sumAll(f: Taps): void {
  const first = f.table, end = f.tableEnd;
  if (end - first <= PLAIN_TAPS * TAP_BYTES) { sumTaps(f); return; }
  const to = f.to, divisor = f.divisor, accumulate = f.accumulate, count = f.count, partial = f.partial, from = f.from;
  f.to = partial; f.divisor = 1; f.accumulate = 0; f.count = 1;
  for (let i = 0; i < count; i++) {
    for (let table = first, next: usize = 0; table < end; table = next) {
      next = min(table + BLOCK * TAP_BYTES, end);
      f.table = table; f.tableEnd = next;
      sumTaps(f);
      const sum = to + <usize>i * f.toStep;
      fold(sum, partial + f.bytes, partial, f.bytes, table == first, accumulate, next == end, divisor);
    }
    f.from += f.step;
  }
  f.table = first; f.to = to; f.divisor = divisor; f.accumulate = accumulate; f.count = count; f.from = from;
}
