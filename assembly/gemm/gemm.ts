// C = clamp(bias + addend + A * panels) for a row-major A: rows of A are read in place.
import { packPanels } from "./pack";
import { Product, multiplyRows } from "./product";

/** Rows whose share of A and C stays in the L2 cache while the panels pass (48 to 384 are alike within 2 %). */
const MC: i32 = 192;

/**
 * Rows [begin, end) of A, `lda` bytes apart, into rows of C, `ldc` bytes apart. p: one segment; `table`: MC * 8 bytes of scratch.
 */
export function gemmRows(p: Product, lda: usize, ldc: usize, begin: i32, end: i32, table: usize): void {
  const blocks = (end - begin + MC - 1) / MC;
  for (let block = 0, from = begin; block < blocks; block++) {
    const to = block == blocks - 1 ? end : min(end, from + ((end - from) / (blocks - block) + 11) / 12 * 12);
    for (let i = from; i < to; i++) {
      const row = table + <usize>(i - from) * 8;
      store<u32>(row, <usize>i * lda);
      store<u32>(row, <usize>i * ldc, 4);
    }
    multiplyRows(p, table, to - from);
    from = to;
  }
}

/** Bytes of panels that stay in the L2 cache while the rows of A pass. */
const PANEL_BLOCK: i32 = 256 * 1024;

/**
 * Columns [begin, end) of C = clamp(addend + A * B) for a row-major A of `m` rows and a B that is packed here, block by block: B[q][j] stands at
 * b + q * kStep + j * nStep. A may have one column more than B has rows: B then continues with a row of ones (the last column of A is a bias
 * per row). p: one segment of p.k floats. `scratch`: PANEL_BLOCK + 32 * p.k bytes of panels behind MC * 8 bytes of table.
 */
export function gemmColumns(p: Product, b: usize, rows: i32, kStep: usize, nStep: usize, lda: usize, ldc: usize, m: i32, begin: i32, end: i32, scratch: usize): void {
  const panelBytes = <usize>p.k * 32, width = max(1, PANEL_BLOCK / <i32>panelBytes) * 8, panels = scratch + MC * 8;
  const c = p.c, addend = p.addend, ones = f32x4.splat(1);
  p.panels = panels;
  for (let j = begin; j < end; j += width) {
    const n = min(width, end - j);
    packPanels(panels, panelBytes, b + <usize>j * nStep, rows, n, kStep, nStep, 1);
    for (let q = 0; rows < p.k && q < n; q += 8) {
      const row = panels + <usize>(q / 8) * panelBytes + <usize>rows * 32;
      v128.store(row, ones);
      v128.store(row, ones, 16);
    }
    p.n = n;
    p.c = c + <usize>j * 4;
    p.addend = addend ? addend + <usize>j * 4 : 0;
    gemmRows(p, lda, ldc, 0, m, scratch);
  }
  p.c = c;
  p.addend = addend;
}
