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

function put(p: Product, sum: v128, pixel: usize, o: usize): void {
  const s = f32x4.add(sum, v128.shuffle<i64>(sum, sum, 1, 1)), at = pixel + o;
  let y = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + load<f32>(p.bias + o);
  if (p.addend) y += load<f32>(p.addend + at);
  if (y < p.lo) y = p.lo;
  if (y > p.hi) y = p.hi;
  store<f32>(p.c + at, y);
}

/** `n` (8, 5 or 1) rows of the row table by `outs` (1 or 2) outputs from byte `o` on, all but `row` and `o` literals. */
@inline
function tile(n: i32, outs: i32, p: Product, row: usize, weights: usize, o: usize): void {
  const runBytes = <usize>(p.k * outs) * 4, segmentsEnd = p.segments + <usize>p.segmentCount * 4;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0;
  let w = weights;
  for (let segment = p.segments; segment < segmentsEnd; segment += 4) {
    const from = p.a + load<u32>(segment), end = w + runBytes;
    let p0 = from + load<u32>(row), p1: usize = 0, p2: usize = 0, p3: usize = 0, p4: usize = 0, p5: usize = 0, p6: usize = 0, p7: usize = 0;
    if (n > 1) { p1 = from + load<u32>(row, 8); p2 = from + load<u32>(row, 16); p3 = from + load<u32>(row, 24); p4 = from + load<u32>(row, 32); }
    if (n > 5) { p5 = from + load<u32>(row, 40); p6 = from + load<u32>(row, 48); p7 = from + load<u32>(row, 56); }
    do {
      const u = v128.load(w);
      let v = u;
      if (outs > 1) v = v128.load(w, 16);
      let x = v128.load(p0); a0 = madd(x, u, a0); if (outs > 1) b0 = madd(x, v, b0);
      p0 += 16;
      if (n > 1) {
        x = v128.load(p1); a1 = madd(x, u, a1); if (outs > 1) b1 = madd(x, v, b1);
        x = v128.load(p2); a2 = madd(x, u, a2); if (outs > 1) b2 = madd(x, v, b2);
        x = v128.load(p3); a3 = madd(x, u, a3); if (outs > 1) b3 = madd(x, v, b3);
        x = v128.load(p4); a4 = madd(x, u, a4); if (outs > 1) b4 = madd(x, v, b4);
        p1 += 16; p2 += 16; p3 += 16; p4 += 16;
      }
      if (n > 5) {
        x = v128.load(p5); a5 = madd(x, u, a5);
        x = v128.load(p6); a6 = madd(x, u, a6);
        x = v128.load(p7); a7 = madd(x, u, a7);
        p5 += 16; p6 += 16; p7 += 16;
      }
      w += outs * 16;
    } while (w < end);
  }
  put(p, a0, load<u32>(row, 4), o);
  if (n > 1) { put(p, a1, load<u32>(row, 12), o); put(p, a2, load<u32>(row, 20), o); put(p, a3, load<u32>(row, 28), o); put(p, a4, load<u32>(row, 36), o); }
  if (n > 5) { put(p, a5, load<u32>(row, 44), o); put(p, a6, load<u32>(row, 52), o); put(p, a7, load<u32>(row, 60), o); }
  if (outs > 1) {
    o += 4;
    put(p, b0, load<u32>(row, 4), o);
    if (n > 1) { put(p, b1, load<u32>(row, 12), o); put(p, b2, load<u32>(row, 20), o); put(p, b3, load<u32>(row, 28), o); put(p, b4, load<u32>(row, 36), o); }
  }
}

export function few1x1(p: Product, row: usize, weights: usize, o: usize): void { tile(1, 1, p, row, weights, o); }
export function few1x2(p: Product, row: usize, weights: usize, o: usize): void { tile(1, 2, p, row, weights, o); }
export function few8x1(p: Product, row: usize, weights: usize, o: usize): void { tile(8, 1, p, row, weights, o); }
export function few5x2(p: Product, row: usize, weights: usize, o: usize): void { tile(5, 2, p, row, weights, o); }

/** Output pixels [begin, end), as convIndirect. p: runs of p.k floats, a multiple of four; p.panels: the weights. `table`: 200 rows of scratch. */
export function convFew(g: Geometry, p: Product, image: usize, y: usize, addend: usize, begin: i32, end: i32, table: usize): void {
  const outBytes = <usize>(p.segmentCount * p.k) * 4;
  p.a = image;
  p.c = y;
  p.addend = addend;
  for (let from = begin; from < end; from += PIXELS) {
    const to = min(end, from + PIXELS), rowsEnd = table + <usize>(to - from) * 8;
    windowRows(g, from, to, <usize>g.ic * 4, <usize>g.oc * 4, table);
    let weights = p.panels;
    for (let o = 0; o < p.n; o += 2) {
      const at = <usize>o * 4;
      let row = table;
      if (o + 1 < p.n) {
        for (; row + 40 <= rowsEnd; row += 40) few5x2(p, row, weights, at);
        for (; row < rowsEnd; row += 8) few1x2(p, row, weights, at);
      } else {
        for (; row + 64 <= rowsEnd; row += 64) few8x1(p, row, weights, at);
        for (; row < rowsEnd; row += 8) few1x1(p, row, weights, at);
      }
      weights += 2 * outBytes;
    }
  }
}
