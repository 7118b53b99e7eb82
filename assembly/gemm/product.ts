// A block of rows times all panels: the two inner loops round the tile, and the split of k.
import { touch } from "../simd/touch";
import { tile1x32, tile2x16 } from "./thin";
import { ROW_BYTES, Strip, TALL, WIDE, tile1x8, tile2x8, tile3x8, tile4x8, tile5x8, tile6x8, wideRest } from "./tile";
import { tile4x16 } from "./wide";

export { ROW_BYTES } from "./tile";

/** Columns in a panel, and bytes of a step of k in it. */
export const NR: i32 = 8;
@inline export const PANEL_STEP: i32 = NR * 4;

/**
 * Floats of k in one pass of the tile: 16 KB of panel, a third of the L1 cache, and short enough chains of additions
 * that the error stays near 2e-7 of the output's RMS. (256 to 512 are alike within 2 % from gemm_m256n256k256 to
 * gemm_m1024n1024k1024; a longer chain loses accuracy.)
 */
export const KC: i32 = 512;

/**
 * The same where columns are read in place and every step of k is one row of the matrix further: about as many streams
 * as the hardware prefetcher follows, and tiles long enough that their ends count little (gemm_m4n512k512 and
 * gemm_m6n1000k2048: 0.85 of the time with 24; gemm_m4n1001k1280: 0.95, and 1.5 times with 96). Rows of up to
 * NEAR_ROW bytes share a few cache lines that follow each other.
 */
const KC_LONG_ROWS: i32 = 48;
export const NEAR_ROW: usize = 512;

/**
 * Floats of panels that come from beyond the L2 cache: each panel is read whole before its first tile.
 * Times as fast: ic512ih7iw7_oc2048 1.02 to 1.03, ic2048ih7iw7_oc512 1.03 to 1.09, gemm_m1024n1024k1024 1.03,
 * ic512ih14iw14_oc512kh3kw3_sh2sw2_ph1pw1 1.06. From 128 K floats on, ic512ih4iw4_oc512 is 0.94 times as fast.
 */
const BEYOND_L2_FLOATS: i32 = 512 * 1024;

/**
 * Most rows that take four panels at a time through all of k, so that panels are read in streams that do not end
 * before they do: linear_m1n1000k2048 takes 0.92 of the time, linear_m4n1001k1280 and m8 0.8.
 */
const FEW: i32 = 12;

/**
 * C[rows][n] = clamp(bias + addend + A * panels): what is known before a run. Fields as in `Strip`, for all panels.
 * Nothing writes to a record while kernels run: what moves is in a `ProductRun`.
 */
@unmanaged
export class Product {
  /** Floats in a segment of a row of A. */
  k: i32;
  /** Segments of a row of A; their byte offsets stand in `segments`. */
  segmentCount: i32;
  segments: usize;
  /** Columns of C. */
  n: i32;
  /** Most rows a tile may have here: TALL or LOW (registers of this build on this engine), or WIDE. */
  mr: i32;
  /** [ceil(n / 8)][segmentCount * k][8] floats, unless the next two say otherwise. */
  panels: usize;
  /** Bytes from step to step of k: those of a row of a matrix [k][n] that is read in place; 0: PANEL_STEP. */
  kStep: usize;
  /** Bytes from panel to panel: PANEL_STEP for a matrix read in place; 0: all of k. */
  panelStep: usize;
  /** ceil(n / 8) * 8 floats that can be read. */
  bias: usize;
  lo: f32;
  hi: f32;
  /** PANEL_STEP bytes of zeros. */
  zeros: usize;
}

/**
 * A product while it runs, in scratch: a copy of its record, whose fields may move, the operands, and the tile's strip.
 */
@unmanaged
export class ProductRun extends Product {
  a: usize;
  c: usize;
  /** Laid out as C; 0 for none. */
  addend: usize;
  strip: Strip;
}

/** Bytes of scratch of a `ProductRun`: 64 of its own and 48 of its strip, in whole cache lines. */
export const PRODUCT_SCRATCH: i32 = 128;

/** A run of `p` in `scratch`, PRODUCT_SCRATCH bytes. */
export function startProduct(p: Product, a: usize, c: usize, addend: usize, scratch: usize): ProductRun {
  const run = changetype<ProductRun>(scratch);
  memory.copy(scratch, changetype<usize>(p), offsetof<Product>());
  run.a = a;
  run.c = c;
  run.addend = addend;
  run.strip = changetype<Strip>(scratch + offsetof<ProductRun>());
  return run;
}

/** Bytes from panel to panel. */
@inline
function panelStepOf(p: Product): usize {
  return p.panelStep || <usize>(p.segmentCount * p.k) * (NR * 4);
}

/** `count` rows with tiles of one height. */
function tiles(mr: i32, strip: Strip, row: usize, count: i32): void {
  const end = row + <usize>(count * mr) * ROW_BYTES;
  switch (mr) {
    case TALL: tile6x8(strip, row, end); break;
    case 5: tile5x8(strip, row, end); break;
    case 4: tile4x8(strip, row, end); break;
    case 3: tile3x8(strip, row, end); break;
    case 2: tile2x8(strip, row, end); break;
    default: tile1x8(strip, row, end);
  }
}

/**
 * Panels of columns [begin, end) for `count` rows and one range of k. Heights differ by at most one, so that no tile is
 * nearly empty: 49 = 4 * 6 + 5 * 5. Two panels at a time leave 3, 5 or 6 rows to tiles of one panel.
 */
function panels(p: ProductRun, strip: Strip, panel: usize, rows: usize, count: i32, begin: i32, end: i32): void {
  const mr = min(p.mr, TALL), number = count <= mr ? 1 : (count + mr - 1) / mr;
  const low = number == 1 ? count : count / number, high = count - low * number;
  const panelStep = panelStepOf(p);
  const c = p.c, addend = strip.addend, biasStep: usize = strip.bias == p.zeros ? 0 : NR * 4;
  // a row or two leave most registers free: they take more columns at once, for as many chains of additions side by
  // side
  const wide = count > 2 ? 0 : 32 / count;
  const paired = p.mr == WIDE && count > 2 ? (p.n + NR - 1) / (2 * NR) * (2 * NR) : 0;
  const rest = wideRest(count);
  const rowsRest = rows + <usize>(count - rest) * ROW_BYTES;
  const beyondL2 = !p.kStep && count > FEW && p.segmentCount * p.k * p.n >= BEYOND_L2_FLOATS;
  const quarter = (strip.segmentsEnd - strip.segments) / 4 * <usize>strip.k * NR;
  for (let j = begin, width = NR; j < end; j += width) {
    // in four streams: the hardware prefetcher stops at the end of a page, where one stream alone would wait
    if (beyondL2) touch(panel, 4, quarter, quarter);
    width = wide && p.n - j >= wide ? wide : NR;
    strip.columns = min(NR, p.n - j);
    strip.panel = panel;
    strip.c = c + <usize>j * 4;
    if (addend) strip.addend = addend + <usize>j * 4;
    if (width == 32) tile1x32(strip, rows, panelStep, biasStep);
    else if (width == 16) tile2x16(strip, rows, panelStep, biasStep);
    else if (j < paired) {
      const first = j % (2 * NR) == 0 && count > rest;
      if (first) tile4x16(strip, rows, rowsRest, panelStep, biasStep, min(NR, p.n - j - NR));
      if (rest) tiles(rest, strip, rowsRest, 1);
    } else {
      if (high) tiles(low + 1, strip, rows, high);
      if (number > high) tiles(low, strip, rows + <usize>(high * (low + 1)) * ROW_BYTES, number - high);
    }
    panel += <usize>(width / NR) * panelStep;
    strip.bias += <usize>(width / NR) * biasStep;
  }
}

/**
 * Multiplies `count` > 0 rows of the row table at `rows`. The first pass over k starts from bias and addend, the others
 * from C; the last one clamps.
 */
export function multiplyRows(p: ProductRun, rows: usize, count: i32): void {
  const width = p.kStep || count > FEW ? p.n : 32;
  for (let j = 0; j < p.n; j += width) multiplyColumns(p, rows, count, j, min(p.n, j + width));
}

/** The same for columns [begin, end), of which the first starts a panel. */
function multiplyColumns(p: ProductRun, rows: usize, count: i32, begin: i32, end: i32): void {
  const strip = p.strip, k = p.k, first = p.panels + <usize>(begin / NR) * panelStepOf(p);
  strip.bias = p.bias == p.zeros ? p.zeros : p.bias + <usize>begin * 4;
  strip.addend = p.addend;
  strip.step = p.kStep || NR * 4;
  // whole segments where several fit, else equal parts of one segment
  const most = p.kStep > NEAR_ROW ? KC_LONG_ROWS : KC, whole = k <= most;
  const parts = whole ? 1 : (k + most - 1) / most, group = whole ? max(1, most / k) : 1;
  for (let s = 0; s < p.segmentCount; s += group) {
    const sEnd = min(s + group, p.segmentCount);
    strip.segments = p.segments + <usize>s * 4;
    strip.segmentsEnd = p.segments + <usize>sEnd * 4;
    for (let part = 1, from = 0, to = 0; part <= parts; part++, from = to) {
      to = part == parts ? k : <i32>(<i64>k * part / parts);
      const done = s * k + from, last = sEnd == p.segmentCount && to == k;
      strip.k = to - from;
      strip.a = p.a + <usize>from * 4;
      if (done) {
        strip.bias = p.zeros;
        strip.addend = p.c;
      }
      strip.lo = last ? p.lo : -Infinity;
      strip.hi = last ? p.hi : Infinity;
      panels(p, strip, first + <usize>done * strip.step, rows, count, begin, end);
    }
  }
}
