// Convolution with few outputs: lanes are input channels, as outputs would leave lanes of the register tile empty.
//
//   y[p][o] = clamp(bias[o] + addend[p][o] + sum over k of image[window(p)][k] * weights[o][k])
//
// A window is a few runs of consecutive floats (see indirect.ts), read in place four at a time. Weights come as [pairs
// of outputs][k / 4][2][4], the last pair perhaps of one. Live vectors: 10 accumulators, 2 weights, 1 input for 5
// pixels by 2 outputs, 8, 1 and 1 for 8 by 1, and 16, 1 and 1 for 16 by 1, where there are 32 registers (aarch64);
// without fused multiply-add 1 product. Lanes are summed as (0 + 2) + (1 + 3): the order of the sums depends on k
// alone. Four accumulators are summed at once: one by one took 1.4 times as long for ic64ih112iw112_oc2, 1.05 times for
// ic64ih112iw112_oc3kh3kw3_ph1pw1.
import { PRODUCT_SCRATCH, Product, ProductRun, ROW_BYTES, startProduct } from "../gemm/product";
import { WIDE } from "../gemm/tile";
import { clamp, madd, sumLanes } from "../simd/vector";
import { Geometry } from "./geometry";
import { writeRows } from "./row-table";

/** Output pixels whose windows are listed at a time; a multiple of 5 and of 16. */
const PIXELS: i32 = 240;

/** Most rows of the table beyond the last pixel, so that a last tile is full. */
const SPARE: i32 = 15;

/** Bytes of scratch of convFewOutputs: the run of the product, then the row table. */
export const FEW_OUTPUTS_SCRATCH: i32 = PRODUCT_SCRATCH + (PIXELS + SPARE) * ROW_BYTES;

/** Two outputs of the two pixels, or one of the four, that stand in the row table from `row` on. */
@inline
function loadOutputs(outs: i32, at: usize, row: usize): v128 {
  const first = at + load<u32>(row, 4), second = at + load<u32>(row, 12);
  if (outs > 1) return v128.load64_lane(second, v128.load64_zero(first), 1);
  else {
    const two = v128.load32_lane(second, v128.load32_zero(first), 1);
    return v128.load32_lane(at + load<u32>(row, 28), v128.load32_lane(at + load<u32>(row, 20), two, 2), 3);
  }
}

@inline
function storeOutputs(outs: i32, at: usize, row: usize, y: v128): void {
  const first = at + load<u32>(row, 4), second = at + load<u32>(row, 12);
  if (outs > 1) {
    v128.store64_lane(first, y, 0); v128.store64_lane(second, y, 1);
  } else {
    v128.store32_lane(first, y, 0); v128.store32_lane(second, y, 1);
    v128.store32_lane(at + load<u32>(row, 20), y, 2); v128.store32_lane(at + load<u32>(row, 28), y, 3);
  }
}

/**
 * `n` windows of the row table, 8 or 16 by one output or 5 by two (`outs`), both literals; `o`: bytes to the first
 * output. All addends are read before any output is written: outputs may stand where addends stood, and a window may be
 * listed twice.
 */
@inline
function tile(n: i32, outs: i32, p: ProductRun, row: usize, weights: usize, o: usize): void {
  const segmentsEnd = p.segments + <usize>p.segmentCount * 4;
  let a0 = v128.load(p.zeros), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  let a8 = a0, a9 = a0, a10 = a0, a11 = a0, a12 = a0, a13 = a0, a14 = a0, a15 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, w = weights;
  let segment = p.segments;
  do {
    const from = p.a + load<u32>(segment), end = w + <usize>(p.k * outs) * 4;
    let p0 = from + load<u32>(row), p1 = from + load<u32>(row, 8), p2 = from + load<u32>(row, 16);
    let p3 = from + load<u32>(row, 24), p4 = from + load<u32>(row, 32), p5: usize = 0, p6: usize = 0, p7: usize = 0;
    if (n > 5) { p5 = from + load<u32>(row, 40); p6 = from + load<u32>(row, 48); p7 = from + load<u32>(row, 56); }
    let p8: usize = 0, p9 = p8, p10 = p8, p11 = p8, p12 = p8, p13 = p8, p14 = p8, p15 = p8;
    if (n > 8) {
      p8 = from + load<u32>(row, 64); p9 = from + load<u32>(row, 72); p10 = from + load<u32>(row, 80);
      p11 = from + load<u32>(row, 88); p12 = from + load<u32>(row, 96); p13 = from + load<u32>(row, 104);
      p14 = from + load<u32>(row, 112); p15 = from + load<u32>(row, 120);
    }
    do {
      const u = v128.load(w);
      let v = u;
      if (outs > 1) v = v128.load(w, 16);
      let x = v128.load(p0); a0 = madd(x, u, a0); if (outs > 1) b0 = madd(x, v, b0);
      x = v128.load(p1); a1 = madd(x, u, a1); if (outs > 1) b1 = madd(x, v, b1);
      x = v128.load(p2); a2 = madd(x, u, a2); if (outs > 1) b2 = madd(x, v, b2);
      x = v128.load(p3); a3 = madd(x, u, a3); if (outs > 1) b3 = madd(x, v, b3);
      x = v128.load(p4); a4 = madd(x, u, a4); if (outs > 1) b4 = madd(x, v, b4);
      p0 += 16; p1 += 16; p2 += 16; p3 += 16; p4 += 16;
      if (n > 5) {
        x = v128.load(p5); a5 = madd(x, u, a5);
        x = v128.load(p6); a6 = madd(x, u, a6);
        x = v128.load(p7); a7 = madd(x, u, a7);
        p5 += 16; p6 += 16; p7 += 16;
      }
      if (n > 8) {
        x = v128.load(p8); a8 = madd(x, u, a8);
        x = v128.load(p9); a9 = madd(x, u, a9);
        x = v128.load(p10); a10 = madd(x, u, a10);
        x = v128.load(p11); a11 = madd(x, u, a11);
        x = v128.load(p12); a12 = madd(x, u, a12);
        x = v128.load(p13); a13 = madd(x, u, a13);
        x = v128.load(p14); a14 = madd(x, u, a14);
        x = v128.load(p15); a15 = madd(x, u, a15);
        p8 += 16; p9 += 16; p10 += 16; p11 += 16; p12 += 16; p13 += 16; p14 += 16; p15 += 16;
      }
      w += outs * 16;
    } while (w < end);
    segment += 4;
  } while (segment < segmentsEnd);
  const bias = outs > 1 ? v128.load64_splat(p.bias + o) : v128.load32_splat(p.bias + o);
  let s = f32x4.add(outs > 1 ? sumLanes(a0, b0, a1, b1) : sumLanes(a0, a1, a2, a3), bias);
  let t = f32x4.add(outs > 1 ? sumLanes(a2, b2, a3, b3) : sumLanes(a4, a5, a6, a7), bias);
  let u = s, v = s;
  if (outs > 1) u = f32x4.add(sumLanes(a4, b4, a4, b4), bias);
  if (n > 8) {
    u = f32x4.add(sumLanes(a8, a9, a10, a11), bias);
    v = f32x4.add(sumLanes(a12, a13, a14, a15), bias);
  }
  const next = row + <usize>(32 / outs);
  if (p.addend) {
    const at = p.addend + o;
    s = f32x4.add(s, loadOutputs(outs, at, row));
    t = f32x4.add(t, loadOutputs(outs, at, next));
    if (outs > 1) u = f32x4.add(u, v128.load64_zero(at + load<u32>(row, 36)));
    if (n > 8) {
      u = f32x4.add(u, loadOutputs(outs, at, row + 64));
      v = f32x4.add(v, loadOutputs(outs, at, row + 96));
    }
  }
  const lo = f32x4.splat(p.lo), hi = f32x4.splat(p.hi), to = p.c + o;
  storeOutputs(outs, to, row, clamp(s, lo, hi));
  storeOutputs(outs, to, next, clamp(t, lo, hi));
  if (outs > 1) v128.store64_lane(to + load<u32>(row, 36), clamp(u, lo, hi), 0);
  if (n > 8) {
    storeOutputs(outs, to, row + 64, clamp(u, lo, hi));
    storeOutputs(outs, to, row + 96, clamp(v, lo, hi));
  }
}

@apart export function few8x1(p: ProductRun, row: usize, weights: usize, o: usize): void {
  tile(8, 1, p, row, weights, o);
}
@apart export function few16x1(p: ProductRun, row: usize, weights: usize, o: usize): void {
  tile(16, 1, p, row, weights, o);
}
@apart export function few5x2(p: ProductRun, row: usize, weights: usize, o: usize): void {
  tile(5, 2, p, row, weights, o);
}

/**
 * Output pixels [begin, end) of one pass over the segments of `run`. Weights of a pair of outputs stand `pairBytes`
 * apart; those of the first `done` floats were met before.
 */
function pass(g: Geometry, run: ProductRun, pairBytes: usize, done: i32, begin: i32, end: i32, table: usize): void {
  for (let from = begin; from < end; from += PIXELS) {
    const to = min(end, from + PIXELS), rowsEnd = table + <usize>(to - from) * ROW_BYTES;
    writeRows(g, from, to, table);
    // a last tile that is not full has the last window again
    for (let row = rowsEnd; row < rowsEnd + SPARE * ROW_BYTES; row += ROW_BYTES) {
      store<u64>(row, load<u64>(rowsEnd - ROW_BYTES));
    }
    let weights = run.panels;
    for (let o = 0; o < run.n; o += 2) {
      const two = o + 1 < run.n, at = <usize>o * 4, step = (two ? 5 : run.mr == WIDE ? 16 : 8) * ROW_BYTES;
      const w = weights + <usize>done * (two ? 8 : 4);
      for (let row = table; row < rowsEnd; row += step) {
        if (two) few5x2(run, row, w, at);
        else if (run.mr == WIDE) few16x1(run, row, w, at);
        else few8x1(run, row, w, at);
      }
      weights += pairBytes;
    }
  }
}

/** Floats of a window in one pass: chains of up to 2048 additions. */
const MOST: i32 = 8192;

/**
 * Output pixels [begin, end), as convIndirect. p: runs of p.k floats, a multiple of four; p.panels: the weights;
 * p.zeros: as many as the bias. Whole segments make a pass where several fit, else parts of one: the first pass starts
 * from bias and addend, the others from y, and the last one clamps.
 */
export function convFewOutputs(
  g: Geometry, p: Product, image: usize, y: usize, addend: usize, begin: i32, end: i32, scratch: usize,
): void {
  const run = startProduct(p, image, y, addend, scratch), table = scratch + PRODUCT_SCRATCH;
  const k = p.k, count = p.segmentCount, pairBytes = <usize>(count * k) * 8, group = max(1, MOST / k);
  for (let s = 0; s < count; s += group) {
    run.segments = p.segments + <usize>s * 4;
    run.segmentCount = min(group, count - s);
    for (let from = 0; from < k; from += MOST) {
      const last = s + group >= count && from + MOST >= k;
      run.k = min(MOST, k - from);
      run.a = image + <usize>from * 4;
      run.lo = last ? p.lo : -Infinity;
      run.hi = last ? p.hi : Infinity;
      pass(g, run, pairBytes, s * k + from, begin, end, table);
      run.bias = p.zeros;
      run.addend = y;
    }
  }
}
