// Up to three rows of A by a B that is stored [k][n] and read in place, in four streams: each quarter of k in the order
// of its rows, so that no stream ends before B does. The tile does the rest: the last of k, with bias and clamp, and
// the last columns. One row takes 1.2 to 1.35 times as long as a loop that only reads B, as C is read and written once
// for four rows of B; four rows side by side take 1.5 to 1.9 times, eight streams 1.5 to 2.
//
// Live vectors: of sums1x16 4 accumulators, 4 splats of A, 1 of B; of sums2x8 4, 8 and 1. Four products, a quarter of k
// apart, are summed before they are added to what C holds: chains of k / 4 additions.
import { madd } from "../simd/vector";
import { multiplyMatrix } from "./gemm";
import { Product, startProduct } from "./product";

/**
 * c += a[0] b[0] + … + a[3] b[3] for `columns` columns, a multiple of 16; from number to number of a `aStep` bytes,
 * from row to row of b `step`.
 */
@apart export function sums1x16(a: usize, aStep: usize, b: usize, step: usize, c: usize, columns: i32): void {
  const x = v128.load32_splat(a), y = v128.load32_splat(a + aStep);
  a += 2 * aStep;
  const z = v128.load32_splat(a), w = v128.load32_splat(a + aStep);
  let r = b + step, s = r + step, t = s + step;
  for (const end = b + <usize>columns * 4; b < end; b += 64, r += 64, s += 64, t += 64, c += 64) {
    let c0 = f32x4.mul(x, v128.load(b)), c1 = f32x4.mul(x, v128.load(b, 16));
    let c2 = f32x4.mul(x, v128.load(b, 32)), c3 = f32x4.mul(x, v128.load(b, 48));
    c0 = madd(y, v128.load(r), c0); c1 = madd(y, v128.load(r, 16), c1);
    c2 = madd(y, v128.load(r, 32), c2); c3 = madd(y, v128.load(r, 48), c3);
    c0 = madd(z, v128.load(s), c0); c1 = madd(z, v128.load(s, 16), c1);
    c2 = madd(z, v128.load(s, 32), c2); c3 = madd(z, v128.load(s, 48), c3);
    c0 = madd(w, v128.load(t), c0); c1 = madd(w, v128.load(t, 16), c1);
    c2 = madd(w, v128.load(t, 32), c2); c3 = madd(w, v128.load(t, 48), c3);
    v128.store(c, f32x4.add(c0, v128.load(c))); v128.store(c, f32x4.add(c1, v128.load(c, 16)), 16);
    v128.store(c, f32x4.add(c2, v128.load(c, 32)), 32); v128.store(c, f32x4.add(c3, v128.load(c, 48)), 48);
  }
}

/** The same for two rows, lda bytes apart in a and ldc in c; `columns`: a multiple of 8. */
@apart export function sums2x8(
  a: usize, aStep: usize, lda: usize, b: usize, step: usize, c: usize, ldc: usize, columns: i32,
): void {
  const x = v128.load32_splat(a), y = v128.load32_splat(a + aStep);
  const x1 = v128.load32_splat(a + lda), y1 = v128.load32_splat(a + lda + aStep);
  a += 2 * aStep;
  const z = v128.load32_splat(a), w = v128.load32_splat(a + aStep);
  const z1 = v128.load32_splat(a + lda), w1 = v128.load32_splat(a + lda + aStep);
  let r = b + step, s = r + step, t = s + step, d = c + ldc;
  for (const end = b + <usize>columns * 4; b < end; b += 32, r += 32, s += 32, t += 32, c += 32, d += 32) {
    let u = v128.load(b), c0 = f32x4.mul(x, u), d0 = f32x4.mul(x1, u);
    u = v128.load(b, 16);
    let c1 = f32x4.mul(x, u), d1 = f32x4.mul(x1, u);
    u = v128.load(r); c0 = madd(y, u, c0); d0 = madd(y1, u, d0);
    u = v128.load(r, 16); c1 = madd(y, u, c1); d1 = madd(y1, u, d1);
    u = v128.load(s); c0 = madd(z, u, c0); d0 = madd(z1, u, d0);
    u = v128.load(s, 16); c1 = madd(z, u, c1); d1 = madd(z1, u, d1);
    u = v128.load(t); c0 = madd(w, u, c0); d0 = madd(w1, u, d0);
    u = v128.load(t, 16); c1 = madd(w, u, c1); d1 = madd(w1, u, d1);
    v128.store(c, f32x4.add(c0, v128.load(c))); v128.store(c, f32x4.add(c1, v128.load(c, 16)), 16);
    v128.store(d, f32x4.add(d0, v128.load(d))); v128.store(d, f32x4.add(d1, v128.load(d, 16)), 16);
  }
}

/**
 * Most rows that are taken so, two at a time. Of the time of tiles that read B in place, two take half to two thirds
 * (gemm_m2n512k512, gemm_m2n1000k2048), three 0.7 to 0.9, four 0.9 to 1.1.
 */
@inline export const STREAMED: i32 = 3;

/**
 * Up to STREAMED `rows` of the matrix `a` by B into `c`; `addend`: laid out as c, or 0. p.panels: B, rows p.kStep bytes
 * apart; one segment of p.k > 0 floats. `scratch`: PRODUCT_SCRATCH bytes; `table`: of so many rows.
 */
export function multiplyFew(
  p: Product, a: usize, c: usize, addend: usize, lda: usize, ldc: usize, rows: i32, scratch: usize, table: usize,
): void {
  const run = startProduct(p, a, c, addend, scratch);
  const columns = p.n & ~15, behind = <usize>columns * 4, quarter = (p.k - 1) >> 2;
  if (columns < p.n) {
    run.n = p.n - columns;
    run.panels += behind;
    run.c += behind;
    if (addend) run.addend += behind;
    if (p.bias != p.zeros) run.bias += behind;
    multiplyMatrix(run, lda, ldc, 0, rows, table);
  }
  if (!columns) return;
  for (let row: usize = 0, i = 0; i < rows; i++, row += ldc) {
    if (addend) memory.copy(c + row, addend + row, behind);
    else memory.fill(c + row, 0, behind);
  }
  const aStep = <usize>quarter * 4, step = <usize>quarter * p.kStep;
  let b = p.panels;
  for (const end = a + aStep; a < end; a += 4, b += p.kStep) {
    let x = a, y = c, i = 0;
    for (; i + 2 <= rows; i += 2, x += 2 * lda, y += 2 * ldc) sums2x8(x, aStep, lda, b, step, y, ldc, columns);
    if (i < rows) sums1x16(x, aStep, b, step, y, columns);
  }
  startProduct(p, a + 3 * aStep, c, c, scratch);
  run.n = columns;
  run.k = p.k - 4 * quarter;
  run.panels = b + 3 * step;
  multiplyMatrix(run, lda, ldc, 0, rows, table);
}
