// C = clamp(bias + addend + A * Bᵀ) for a B that is stored [n][k] and read in place: every element is a dot product
// of two rows. Rows of B are read in four streams, each a quarter of them in their order: no stream ends before B does.
// One row of A takes 1.1 to 1.35 times as long as a loop that only reads B; four rows of B side by side 1.35 to 1.5
// times, eight, in streams or side by side, 1.3 to 1.6 times.
//
// Live vectors of dots2x4: 8 accumulators, 2 of A, 1 of B. Lane l of an accumulator sums the products at k = 4 q + l;
// dots1x4 sums those at 8 q + l and at 8 q + 4 + l apart. The lanes of a block of k are summed as (0 + 2) + (1 + 3),
// and what is left of k comes last: the order of the sums depends on k alone.
import { clamp, madd, sumLanes } from "../simd/vector";
import { Product, ProductRun, startProduct } from "./product";

/** The numbers at four places. */
function four(a: usize, b: usize, c: usize, d: usize): v128 {
  return v128.load32_lane(d, v128.load32_lane(c, v128.load32_lane(b, v128.load32_zero(a), 1), 2), 3);
}

/**
 * Adds what is left of k, bias and addend, and stores the first `columns` of four elements. `offset`: bytes to the
 * first of them in the bias, `row`: further ones in C and the addend; from one to the next: `apart`.
 */
function storeFour(
  p: ProductRun, sum: v128, a: usize, aEnd: usize, b: usize, b1: usize, b2: usize, b3: usize, offset: usize, row: usize,
  apart: usize, columns: i32,
): void {
  for (; a < aEnd; a += 4, b += 4, b1 += 4, b2 += 4, b3 += 4) {
    sum = madd(v128.load32_splat(a), four(b, b1, b2, b3), sum);
  }
  // those that are not there are like the first one
  const at1 = offset + (columns > 1 ? apart : 0), at2 = offset + (columns > 2 ? 2 * apart : 0);
  const at3 = offset + (columns > 3 ? 3 * apart : 0);
  if (p.bias != p.zeros) sum = f32x4.add(sum, four(p.bias + offset, p.bias + at1, p.bias + at2, p.bias + at3));
  if (p.addend) {
    const d = p.addend + row;
    sum = f32x4.add(sum, four(d + offset, d + at1, d + at2, d + at3));
  }
  sum = clamp(sum, f32x4.splat(p.lo), f32x4.splat(p.hi));
  const c = p.c + row;
  v128.store32_lane(c + offset, sum, 0);
  v128.store32_lane(c + at1, sum, 1);
  v128.store32_lane(c + at2, sum, 2);
  v128.store32_lane(c + at3, sum, 3);
}

/** One row of A by four of B. `offset`, `row`, `apart`, `columns`: as in storeFour. */
@apart export function dots1x4(
  p: ProductRun, a: usize, b: usize, b1: usize, b2: usize, b3: usize, offset: usize, row: usize, apart: usize,
  columns: i32,
): void {
  const end = a + <usize>p.k * 4;
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, d0 = c0, d1 = c0, d2 = c0, d3 = c0;
  for (; a + 32 <= end; a += 32, b += 32, b1 += 32, b2 += 32, b3 += 32) {
    const x = v128.load(a), y = v128.load(a, 16);
    c0 = madd(x, v128.load(b), c0); d0 = madd(y, v128.load(b, 16), d0);
    c1 = madd(x, v128.load(b1), c1); d1 = madd(y, v128.load(b1, 16), d1);
    c2 = madd(x, v128.load(b2), c2); d2 = madd(y, v128.load(b2, 16), d2);
    c3 = madd(x, v128.load(b3), c3); d3 = madd(y, v128.load(b3, 16), d3);
  }
  if (a + 16 <= end) {
    const x = v128.load(a);
    c0 = madd(x, v128.load(b), c0); c1 = madd(x, v128.load(b1), c1);
    c2 = madd(x, v128.load(b2), c2); c3 = madd(x, v128.load(b3), c3);
    a += 16; b += 16; b1 += 16; b2 += 16; b3 += 16;
  }
  const sum = f32x4.add(sumLanes(c0, c1, c2, c3), sumLanes(d0, d1, d2, d3));
  storeFour(p, sum, a, end, b, b1, b2, b3, offset, row, apart, columns);
}

/** Two rows of A, lda bytes apart, by four of B. */
@apart export function dots2x4(
  p: ProductRun, a: usize, lda: usize, b: usize, b1: usize, b2: usize, b3: usize, offset: usize, row: usize, ldc: usize,
  apart: usize, columns: i32,
): void {
  const end = a + <usize>p.k * 4;
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, d0 = c0, d1 = c0, d2 = c0, d3 = c0;
  for (; a + 16 <= end; a += 16, b += 16, b1 += 16, b2 += 16, b3 += 16) {
    const x = v128.load(a), y = v128.load(a + lda);
    let z = v128.load(b); c0 = madd(x, z, c0); d0 = madd(y, z, d0);
    z = v128.load(b1); c1 = madd(x, z, c1); d1 = madd(y, z, d1);
    z = v128.load(b2); c2 = madd(x, z, c2); d2 = madd(y, z, d2);
    z = v128.load(b3); c3 = madd(x, z, c3); d3 = madd(y, z, d3);
  }
  storeFour(p, sumLanes(c0, c1, c2, c3), a, end, b, b1, b2, b3, offset, row, apart, columns);
  storeFour(p, sumLanes(d0, d1, d2, d3), a + lda, end + lda, b, b1, b2, b3, offset, row + ldc, apart, columns);
}

/** One block of k: columns j, j + apart, … of all rows, `columns` of them. */
function fourColumns(p: ProductRun, lda: usize, ldc: usize, rows: i32, j: i32, apart: usize, columns: i32): void {
  const ldb = p.kStep, step = apart * ldb, b = p.panels + <usize>j * ldb, offset = <usize>j * 4;
  // columns that are not there repeat the first
  const b1 = columns > 1 ? b + step : b, b2 = columns > 2 ? b1 + step : b, b3 = columns > 3 ? b2 + step : b;
  let a = p.a, row: usize = 0, i = 0;
  for (; i + 2 <= rows; i += 2, a += 2 * lda, row += 2 * ldc) {
    dots2x4(p, a, lda, b, b1, b2, b3, offset, row, ldc, apart * 4, columns);
  }
  if (i < rows) dots1x4(p, a, b, b1, b2, b3, offset, row, apart * 4, columns);
}

/** One block of k. */
function block(p: ProductRun, lda: usize, ldc: usize, rows: i32, begin: i32, end: i32): void {
  const quarter = (end - begin) >> 2, fours = begin + 4 * quarter;
  for (let j = begin; j < begin + quarter; j++) fourColumns(p, lda, ldc, rows, j, quarter, 4);
  if (fours < end) fourColumns(p, lda, ldc, rows, fours, 1, end - fours);
}

/** Floats of k in a block: chains of up to 512 additions. */
const BLOCK: i32 = 2048;

/**
 * Columns [begin, end) of `rows` rows, `lda` bytes apart in A and `ldc` in C, one block of k after the other: the first
 * one starts from bias and addend, the others from C, and the last one clamps.
 */
export function multiplyDots(p: ProductRun, lda: usize, ldc: usize, rows: i32, begin: i32, end: i32): void {
  const k = p.k, bias = p.bias, addend = p.addend, lo = p.lo, hi = p.hi, a = p.a, panels = p.panels;
  for (let from = 0; from < k || !from; from += BLOCK) {
    const last = from + BLOCK >= k;
    p.k = min(BLOCK, k - from);
    p.a = a + <usize>from * 4;
    p.panels = panels + <usize>from * 4;
    p.bias = from ? p.zeros : bias;
    p.addend = from ? p.c : addend;
    p.lo = last ? lo : -Infinity;
    p.hi = last ? hi : Infinity;
    block(p, lda, ldc, rows, begin, end);
  }
  p.k = k;
  p.bias = bias;
  p.addend = addend;
}

/**
 * Columns [begin, end) of `rows` rows of the matrix `a` by B into `c`. p.panels: B, rows p.kStep bytes apart; one
 * segment of p.k floats; p.bias can be read up to the next multiple of four. `scratch`: PRODUCT_SCRATCH bytes.
 */
export function gemmDots(
  p: Product, a: usize, c: usize, addend: usize, lda: usize, ldc: usize, rows: i32, begin: i32, end: i32,
  scratch: usize,
): void {
  multiplyDots(startProduct(p, a, c, addend, scratch), lda, ldc, rows, begin, end);
}
