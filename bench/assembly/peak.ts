// The limits of a machine. Register-only multiply-adds: its peak for the build this is compiled in, without a load or a
// store. A triad over memory: its bandwidth. And a loop that only reads.
//
// 12 accumulators + multiplier + addend = 14 live vectors of the 15 that V8 has on x86-64. Two loops, because
// multiply-then-add has two limits: in `chained` every operation waits for its accumulator (best where they are fused),
// in `staggered` half of the multiplies do not (best where multiply and add have pipes of their own). The faster of the
// two is the peak.

/** Small enough for the optimizer to inline everywhere. */
function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}

/** Keeps a loop's results alive. */
function sum(a: v128, b: v128, c: v128, d: v128): f32 {
  const s = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
}

/** c = c * multiplier + addend for 12 vectors of 4, `count` times: 96 FLOP a turn. */
export function chained(count: i32, multiplier: f32, addend: f32): f32 {
  const m = f32x4.splat(multiplier);
  const a = f32x4.splat(addend);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(1);
  let c2 = f32x4.splat(2);
  let c3 = f32x4.splat(3);
  let c4 = f32x4.splat(4);
  let c5 = f32x4.splat(5);
  let c6 = f32x4.splat(6);
  let c7 = f32x4.splat(7);
  let c8 = f32x4.splat(8);
  let c9 = f32x4.splat(9);
  let c10 = f32x4.splat(10);
  let c11 = f32x4.splat(11);
  for (let i = 0; i < count; i++) {
    c0 = madd(c0, m, a);
    c1 = madd(c1, m, a);
    c2 = madd(c2, m, a);
    c3 = madd(c3, m, a);
    c4 = madd(c4, m, a);
    c5 = madd(c5, m, a);
    c6 = madd(c6, m, a);
    c7 = madd(c7, m, a);
    c8 = madd(c8, m, a);
    c9 = madd(c9, m, a);
    c10 = madd(c10, m, a);
    c11 = madd(c11, m, a);
  }
  return sum(c0, c1, c2, c3) + sum(c4, c5, c6, c7) + sum(c8, c9, c10, c11);
}

/**
 * For six of the 12 vectors c = c * multiplier + addend, for the other six c = c' * multiplier + c, `count` times: 96
 * FLOP a turn.
 */
export function staggered(count: i32, multiplier: f32, addend: f32): f32 {
  const m = f32x4.splat(multiplier);
  const a = f32x4.splat(addend);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(1);
  let c2 = f32x4.splat(2);
  let c3 = f32x4.splat(3);
  let c4 = f32x4.splat(4);
  let c5 = f32x4.splat(5);
  let c6 = f32x4.splat(6);
  let c7 = f32x4.splat(7);
  let c8 = f32x4.splat(8);
  let c9 = f32x4.splat(9);
  let c10 = f32x4.splat(10);
  let c11 = f32x4.splat(11);
  for (let i = 0; i < count; i++) {
    c0 = madd(c6, m, c0);
    c1 = madd(c7, m, c1);
    c2 = madd(c8, m, c2);
    c3 = madd(c9, m, c3);
    c4 = madd(c10, m, c4);
    c5 = madd(c11, m, c5);
    c6 = madd(c6, m, a);
    c7 = madd(c7, m, a);
    c8 = madd(c8, m, a);
    c9 = madd(c9, m, a);
    c10 = madd(c10, m, a);
    c11 = madd(c11, m, a);
  }
  return sum(c0, c1, c2, c3) + sum(c4, c5, c6, c7) + sum(c8, c9, c10, c11);
}

/**
 * a[i] = b[i] + c[i] * multiplier over three arrays of `bytes` bytes that follow each other (J. McCalpin's STREAM): a
 * multiple of 16.
 */
export function triad(a: usize, bytes: usize, multiplier: f32): void {
  const m = f32x4.splat(multiplier);
  const b = a + bytes;
  const c = b + bytes;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(a + i, madd(v128.load(c + i), m, v128.load(b + i)));
}

/** Sums `bytes` bytes, a multiple of 256, in four streams: the speed at which a matrix can be read. */
export function read(from: usize, bytes: usize): f32 {
  const quarter = bytes / 4,
    r1 = quarter,
    r2 = 2 * quarter,
    r3 = 3 * quarter;
  let c0 = f32x4.splat(0),
    c1 = c0,
    c2 = c0,
    c3 = c0,
    d0 = c0,
    d1 = c0,
    d2 = c0,
    d3 = c0;
  for (const end = from + quarter; from < end; from += 32) {
    c0 = f32x4.add(c0, v128.load(from));
    d0 = f32x4.add(d0, v128.load(from, 16));
    c1 = f32x4.add(c1, v128.load(from + r1));
    d1 = f32x4.add(d1, v128.load(from + r1, 16));
    c2 = f32x4.add(c2, v128.load(from + r2));
    d2 = f32x4.add(d2, v128.load(from + r2, 16));
    c3 = f32x4.add(c3, v128.load(from + r3));
    d3 = f32x4.add(d3, v128.load(from + r3, 16));
  }
  return sum(c0, c1, c2, c3) + sum(d0, d1, d2, d3);
}
