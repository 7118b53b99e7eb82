// The record of a pool. Windows are clipped to the input before the kernels see them: along depth and height a list of
// windows, along width runs of windows that repeat at equal distances. Fixed, adaptive and global windows, and the
// windows of a gradient, are alike.

/** What is made of a window; BEST: of maxima that have their indices already the largest, and its own. */
export const MAX: i32 = 0, ARGMAX: i32 = 1, SUM: i32 = 2, BEST: i32 = 3;

/** One window along an axis. */
@unmanaged
export class PoolSpan {
  /** First cell of the input. */
  first: i32;
  /** Cells of the input; 0 for a window that lies in the padding. */
  taps: i32;
  /** Its factor of the divisor. */
  share: i32;
}

/** Loops for windows that slide (see slide.ts): maxima of 2 by 2 and of 3 by 3 cells, sums of 3 by 3. */
export const MAX2: i32 = 1, MAX3: i32 = 2, MAX3BY2: i32 = 3, SUM3: i32 = 4;

/**
 * Windows along the width with equal taps at equal distances. Cells and outputs are counted from the first of the
 * strip.
 */
@unmanaged
export class PoolRun {
  first: i32;
  step: i32;
  taps: i32;
  to: i32;
  toStep: i32;
  count: i32;
  share: i32;
  /** The loop of its own that it may have, by `rows` of the window. */
  slide: i32;
  /** Its taps, and the numbers of planes and rows they were listed for. */
  table: usize;
  planes: i32;
  rows: i32;
}

/** Outputs along the width that are made together, and the cells their windows hold. */
@unmanaged
export class PoolStrip {
  column: i32;
  columns: i32;
  output: i32;
  outputs: i32;
  runs: usize;
  runsEnd: usize;
}

@unmanaged
export class Pool {
  kind: i32;
  /** 1: sums are added to what y holds. */
  accumulate: i32;
  /** 1: windows are pooled in one pass; 0: the rows of a window first, then the pixels of that row. */
  direct: i32;
  /** Floats of a pixel. */
  c: i32;
  /** Windows along depth and height. */
  od: i32; oh: i32;
  /** Cells from tap to tap. */
  dd: i32; dh: i32; dw: i32;
  /** Bytes from row to row, plane to plane and image to image, of x and of y. */
  xRow: usize; xPlane: usize; xImage: usize;
  yRow: usize; yPlane: usize; yImage: usize;
  /** The same in what indices count. */
  indexRow: i32; indexPlane: i32;
  /** Spans [od] and [oh]. */
  depths: usize;
  heights: usize;
  strips: usize;
  stripsEnd: usize;
  /** Scratch: a Taps; the taps of a window's rows; those rows made one. */
  taps: usize;
  table: usize;
  rows: usize;
  /** Bytes from a value in scratch (BEST: in x) to its index. */
  indexBytes: usize;
  /** Room for two of the longest rows or pixels that are made of more taps than a plain sum takes (see sum.ts). */
  partial: usize;
}
