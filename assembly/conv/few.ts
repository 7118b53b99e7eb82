// Convolution with few outputs: lanes are input channels, as outputs would leave lanes of the register tile empty.
//
//   y[p][o] = clamp(bias[o] + addend[p][o] + sum over k of image[window(p)][k] * weights[o][k])
//
// A window is a few runs of consecutive floats (see indirect.ts), read in place four at a time. Weights come as [pairs of outputs][k / 4][2][4], the
// last pair perhaps of one. Live vectors: 10 accumulators, 2 weights, 1 input for 5 pixels by 2 outputs, 8, 1 and 1 for 8 by 1; without fused multiply-add
// 1 product. Lanes are summed as (0 + 2) + (1 + 3): the order depends on k alone.
import { Product } from "../gemm/product";
import { madd } from "../simd/vector";
import { Geometry } from "./geometry";
import { windowRows } from "./windows";

/** Output pixels whose windows are listed at a time; a multiple of 5 and of 8. */
const PIXELS: i32 = 200;

/** `n` windows of the row table, 8 by one output or 5 by two (`outs`), both literals. Leaves the lanes of the first output at `sums`, then the other's. */
@inline
function tile(n: i32, outs: i32, p: Product, row: usize, weights: usize, sums: usize): void {
  const runBytes = <usize>(p.k * outs) * 4, segmentsEnd = p.segments + <usize>p.segmentCount * 4;
  let a0 = v128.load(p.zeros), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0;
  let w = weights;
  for (let segment = p.segments; segment < segmentsEnd; segment += 4) {
    const from = p.a + load<u32>(segment), end = w + runBytes;
    let p0 = from + load<u32>(row), p1 = from + load<u32>(row, 8), p2 = from + load<u32>(row, 16), p3 = from + load<u32>(row, 24), p4 = from + load<u32>(row, 32);
    let p5: usize = 0, p6: usize = 0, p7: usize = 0;
    if (n > 5) { p5 = from + load<u32>(row, 40); p6 = from + load<u32>(row, 48); p7 = from + load<u32>(row, 56); }
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
      w += outs * 16;
    } while (w < end);
  }
  v128.store(sums, a0); v128.store(sums, a1, 16); v128.store(sums, a2, 32); v128.store(sums, a3, 48); v128.store(sums, a4, 64);
  if (n > 5) { v128.store(sums, a5, 80); v128.store(sums, a6, 96); v128.store(sums, a7, 112); }
  if (outs > 1) { v128.store(sums, b0, 80); v128.store(sums, b1, 96); v128.store(sums, b2, 112); v128.store(sums, b3, 128); v128.store(sums, b4, 144); }
}

export function few8x1(p: Product, row: usize, weights: usize, sums: usize): void { tile(8, 1, p, row, weights, sums); }
export function few5x2(p: Product, row: usize, weights: usize, sums: usize): void { tile(5, 2, p, row, weights, sums); }

/** Output `o` of the pixels in [row, rowEnd) of the table, from the lanes at `sums`. */
function finish(p: Product, row: usize, rowEnd: usize, sums: usize, o: usize): void {
  for (; row < rowEnd; row += 8, sums += 16) {
    const lanes = v128.load(sums), s = f32x4.add(lanes, v128.shuffle<i64>(lanes, lanes, 1, 1)), at = <usize>load<u32>(row, 4) + o;
    let y = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + load<f32>(p.bias + o);
    if (p.addend) y += load<f32>(p.addend + at);
    if (y < p.lo) y = p.lo;
    if (y > p.hi) y = p.hi;
    store<f32>(p.c + at, y);
  }
}

/** Output pixels [begin, end), as convIndirect. p: runs of p.k floats, a multiple of four; p.panels: the weights. `table`: 256 rows of scratch. */
export function convFew(g: Geometry, p: Product, image: usize, y: usize, addend: usize, begin: i32, end: i32, table: usize): void {
  const pairBytes = <usize>(p.segmentCount * p.k) * 8, sums = table + (PIXELS + 8) * 8;
  p.a = image;
  p.c = y;
  p.addend = addend;
  for (let from = begin; from < end; from += PIXELS) {
    const to = min(end, from + PIXELS), rowsEnd = table + <usize>(to - from) * 8;
    windowRows(g, from, to, <usize>g.ic * 4, <usize>g.oc * 4, table);
    // a last tile that is not full has the last window again
    for (let row = rowsEnd; row < rowsEnd + 56; row += 8) store<u32>(row, load<u32>(rowsEnd - 8));
    let weights = p.panels;
    for (let o = 0; o < p.n; o += 2) {
      const two = o + 1 < p.n, at = <usize>o * 4, step: usize = two ? 40 : 64;
      for (let row = table; row < rowsEnd; row += step) {
        if (two) few5x2(p, row, weights, sums);
        else few8x1(p, row, weights, sums);
        const rowEnd = min(row + step, rowsEnd);
        finish(p, row, rowEnd, sums, at);
        if (two) finish(p, row, rowEnd, sums + 80, at + 4);
      }
      weights += pairBytes;
    }
  }
}
