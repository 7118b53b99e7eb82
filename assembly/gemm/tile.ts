// The register tile: mr rows of A times one panel of eight columns.
//
//   C[r][j] = clamp(bias[j] + addend[r][j] + sum over segments s, steps k of A[r][s][k] * panel[s][k][j])
//
// Row table: two u32 a row, the byte offset of the row in A and the byte offset of the row in C (and in the addend). A
// row of A is `segments` runs of k consecutive floats; the segment table holds their byte offsets from the row's start.
// Nothing of A is copied. Panel: [segments * k] steps of 8 floats, `step` bytes apart: 32 where they were packed, more
// where eight columns of a matrix are read in place (what is loaded beside them is not stored). Bias: 8 floats that can
// be read (zeros for none).
//
// Live vectors: 2 mr accumulators, 2 of the panel, 1 splat, and without fused multiply-add 1 product. V8 has 15 vector
// registers, so mr = 6 needs the relaxed build, mr = 4 fits everywhere. One step of k per iteration: older V8 moves all
// loads of a block before its arithmetic, so unrolling by hand would spill.
//
// Each height is an exported function of its own: an engine that replaces code only between calls (V8) can then replace
// the hot loop, and Binaryen does not inline what has one caller.
import { clamp, madd, putLanes } from "../simd/vector";

/** Rows of the tallest tile, and of the tallest that every build and engine has the registers for. */
@inline export const TALL: i32 = 6;
@inline export const LOW: i32 = 4;

/** Stands for a processor with 32 vector registers: tiles of LOW rows by two panels. */
@inline export const WIDE: i32 = 8;

/** How many of `rows` are left to a tile of one panel then: none, 3, or 5 or 6, as one or two would be slow alone. */
export function wideRest(rows: i32): i32 {
  const rest = rows % LOW;
  return rest && rest < 3 && rows > LOW ? LOW + rest : rest;
}

/** Bytes of an entry of the row table. */
@inline export const ROW_BYTES: i32 = 8;

/** One panel's worth of work, in scratch: fields move from panel to panel. */
@unmanaged
export class Strip {
  /** Floats in a segment. */
  k: i32;
  /** Columns to store, 1 to 8. */
  columns: i32;
  /** Segment table, first and one past the last entry. */
  segments: usize;
  segmentsEnd: usize;
  a: usize;
  panel: usize;
  /** Bytes from step to step of the panel. */
  step: usize;
  bias: usize;
  /** Added before the clamp, laid out as C; 0 for none. */
  addend: usize;
  c: usize;
  lo: f32;
  hi: f32;
}

/**
 * Stores eight columns of a row. The parameters are fields of the strip: those that lead to a branch are read once for
 * all rows, which is a twentieth of the time of a tile with k = 16.
 */
@inline
export function storeRow(
  c: usize, addend: usize, columns: i32, lo: v128, hi: v128, offset: usize, x: v128, y: v128,
): void {
  if (addend) {
    x = f32x4.add(x, v128.load(addend + offset));
    y = f32x4.add(y, v128.load(addend + offset, 16));
  }
  x = clamp(x, lo, hi);
  y = clamp(y, lo, hi);
  const to = c + offset;
  if (columns == 8) {
    v128.store(to, x);
    v128.store(to, y, 16);
  } else putLanes(to, x, y, columns);
}

/**
 * Rows [row, rowEnd) of the row table, mr at a time; their number is a multiple of mr. `mr` is a literal: every `if` on
 * it is static.
 */
@inline
function tile(mr: i32, strip: Strip, row: usize, rowEnd: usize): void {
  const step = strip.step, panelBytes = <usize>strip.k * step;
  const segmentsEnd = strip.segmentsEnd, a = strip.a, bias = strip.bias;
  do {
    let c00 = v128.load(bias), c01 = v128.load(bias, 16);
    let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01, c40 = c00, c41 = c01, c50 = c00, c51 = c01;
    let b = strip.panel, segment = strip.segments;
    do {
      const from = a + load<u32>(segment), end = b + panelBytes;
      let a0 = from + load<u32>(row), a1: usize = 0, a2: usize = 0, a3: usize = 0, a4: usize = 0, a5: usize = 0;
      if (mr > 1) a1 = from + load<u32>(row, 8);
      if (mr > 2) a2 = from + load<u32>(row, 16);
      if (mr > 3) a3 = from + load<u32>(row, 24);
      if (mr > 4) a4 = from + load<u32>(row, 32);
      if (mr > 5) a5 = from + load<u32>(row, 40);
      do {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        let x = v128.load32_splat(a0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        if (mr > 1) { x = v128.load32_splat(a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11); }
        if (mr > 2) { x = v128.load32_splat(a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21); }
        if (mr > 3) { x = v128.load32_splat(a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31); }
        if (mr > 4) { x = v128.load32_splat(a4); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41); }
        if (mr > 5) { x = v128.load32_splat(a5); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51); }
        a0 += 4;
        if (mr > 1) a1 += 4;
        if (mr > 2) a2 += 4;
        if (mr > 3) a3 += 4;
        if (mr > 4) a4 += 4;
        if (mr > 5) a5 += 4;
        b += step;
      } while (b < end);
      segment += 4;
    } while (segment < segmentsEnd);
    const lo = v128.load32_splat(changetype<usize>(strip), offsetof<Strip>("lo"));
    const hi = v128.load32_splat(changetype<usize>(strip), offsetof<Strip>("hi"));
    const addend = strip.addend, columns = strip.columns;
    storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 4), c00, c01);
    if (mr > 1) storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 12), c10, c11);
    if (mr > 2) storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 20), c20, c21);
    if (mr > 3) storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 28), c30, c31);
    if (mr > 4) storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 36), c40, c41);
    if (mr > 5) storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 44), c50, c51);
    row += mr * ROW_BYTES;
  } while (row < rowEnd);
}

@apart export function tile1x8(strip: Strip, row: usize, rowEnd: usize): void { tile(1, strip, row, rowEnd); }
@apart export function tile2x8(strip: Strip, row: usize, rowEnd: usize): void { tile(2, strip, row, rowEnd); }
@apart export function tile3x8(strip: Strip, row: usize, rowEnd: usize): void { tile(3, strip, row, rowEnd); }
@apart export function tile4x8(strip: Strip, row: usize, rowEnd: usize): void { tile(4, strip, row, rowEnd); }
@apart export function tile5x8(strip: Strip, row: usize, rowEnd: usize): void { tile(5, strip, row, rowEnd); }
@apart export function tile6x8(strip: Strip, row: usize, rowEnd: usize): void { tile(6, strip, row, rowEnd); }
