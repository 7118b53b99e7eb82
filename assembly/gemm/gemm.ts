// C = clamp(bias + addend + A * panels) for a row-major A: rows of A are read in place.
import { packPanels } from "./pack";
import {
  NEAR_ROW, PANEL_STEP, PRODUCT_SCRATCH, Product, ProductRun, ROW_BYTES, multiplyRows, startProduct,
} from "./product";
import { STREAMED, multiplyFew } from "./row";

/** Rows whose share of A and C stays in the L2 cache while the panels pass (48 to 384 are alike within 2 %). */
const MC: i32 = 192;

/** Bytes of scratch of gemmRows: the run, then the row table. */
export const GEMM_SCRATCH: i32 = PRODUCT_SCRATCH + MC * ROW_BYTES;

/**
 * Rows [begin, end) of A, `lda` bytes apart, into rows of C, `ldc` bytes apart. p: one segment; `table`: of MC rows.
 */
export function multiplyMatrix(p: ProductRun, lda: usize, ldc: usize, begin: i32, end: i32, table: usize): void {
  const blocks = (end - begin + MC - 1) / MC;
  for (let block = 0, from = begin; block < blocks; block++) {
    const to = block == blocks - 1 ? end : min(end, from + ((end - from) / (blocks - block) + 11) / 12 * 12);
    for (let i = from; i < to; i++) {
      const row = table + <usize>(i - from) * ROW_BYTES;
      store<u32>(row, <usize>i * lda);
      store<u32>(row, <usize>i * ldc, 4);
    }
    multiplyRows(p, table, to - from);
    from = to;
  }
}

/** Rows [begin, end) of the matrix `a` times the panels of `p` into `c`; `addend`: laid out as C, or 0. */
export function gemmRows(
  p: Product, a: usize, c: usize, addend: usize, lda: usize, ldc: usize, begin: i32, end: i32, scratch: usize,
): void {
  const table = scratch + PRODUCT_SCRATCH;
  if (p.kStep > NEAR_ROW && end <= STREAMED) multiplyFew(p, a, c, addend, lda, ldc, end, scratch, table);
  else multiplyMatrix(startProduct(p, a, c, addend, scratch), lda, ldc, begin, end, table);
}

/** Bytes of panels that stay in the L2 cache while the rows of A pass. */
const PANEL_BLOCK: i32 = 256 * 1024;

/** Bytes of scratch of gemmColumns: that of gemmRows, then panels; PANEL_STEP more for each of p.k. */
export const GEMM_COLUMNS_SCRATCH: i32 = GEMM_SCRATCH + PANEL_BLOCK;

/**
 * Columns [begin, end) of C = clamp(addend + A * B) for a row-major A of `m` rows and a B that is packed here, block by
 * block: B[q][j] stands at b + q * kStep + j * nStep. A may have one column more than B has rows: B then continues with
 * a row of ones (the last column of A is a bias per row). p: one segment of p.k floats; p.n and p.panels are not read.
 */
export function gemmColumns(
  p: Product, a: usize, b: usize, c: usize, addend: usize, rows: i32, kStep: usize, nStep: usize, lda: usize,
  ldc: usize, m: i32, begin: i32, end: i32, scratch: usize,
): void {
  const run = startProduct(p, a, c, addend, scratch), panels = scratch + GEMM_SCRATCH, ones = f32x4.splat(1);
  const panelBytes = <usize>p.k * PANEL_STEP, width = max(1, PANEL_BLOCK / <i32>panelBytes) * 8;
  run.panels = panels;
  for (let j = begin; j < end; j += width) {
    const n = min(width, end - j);
    packPanels(panels, panelBytes, b + <usize>j * nStep, rows, n, kStep, nStep, 1);
    for (let q = 0; rows < p.k && q < n; q += 8) {
      const row = panels + <usize>(q / 8) * panelBytes + <usize>rows * PANEL_STEP;
      v128.store(row, ones);
      v128.store(row, ones, 16);
    }
    run.n = n;
    run.c = c + <usize>j * 4;
    if (addend) run.addend = addend + <usize>j * 4;
    multiplyMatrix(run, lda, ldc, 0, m, scratch + PRODUCT_SCRATCH);
  }
}
