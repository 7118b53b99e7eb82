// The register tile of a sum of outer products: a product whose first operand is stored transposed. Both are read where
// they lie, or where they were packed.
//
//   C[r][j] (+)= sum over runs, over steps t of a run, of A[t][r] * B[t][j]
//
// Run table: three u32 a run, byte offset of its first step in A and in B, and the bytes of B it spans. Within a run,
// steps are aStep bytes apart in A and bStep in B. The rows of a tile are adjacent floats of A (splats), its columns
// eight adjacent floats of B.
//
// Live vectors: 2 mr accumulators, 2 of B, 1 splat, and without fused multiply-add 1 product, as in tile.ts; and for
// the same reason each height is an exported function of its own.
import { madd, storeLanes } from "../simd/vector";
import { TALL } from "./tile";

/** What is multiplied, in scratch: fields move from tile to tile. */
@unmanaged
export class Outer {
  /** Run table, first and one past the last entry; there is at least one run, of at least one step. */
  runs: usize;
  runsEnd: usize;
  a: usize;
  aStep: usize;
  b: usize;
  bStep: usize;
  /** Bytes from eight columns of B to the next eight. */
  bPanel: usize;
  c: usize;
  /** Bytes from row to row of C. */
  ldc: usize;
  /** Scratch for a strip of A, STRIP_HEAD bytes and 32 a step; 0: A is read where it lies. */
  strip: usize;
  /** 1: C is overwritten, 0: added to. */
  fresh: i32;
  /** Columns to store, 1 to 8. */
  columns: i32;
  /** Most rows a tile may have here: TALL or LOW (registers of this build on this engine); more is TALL. */
  mr: i32;
}

/** Bytes of scratch of an `Outer`: 52, in whole cache lines. */
export const OUTER_SCRATCH: i32 = 64;

/** Bytes of an entry of the run table, and of what stands before a strip of A. */
@inline export const RUN_BYTES: i32 = 12;
@inline export const STRIP_HEAD: i32 = 64;

/** Stores eight columns of a row, or adds them to it. Not inlined: it runs once for hundreds of steps. */
function storeRow(o: Outer, c: usize, x: v128, y: v128): void {
  if (!o.fresh) {
    x = f32x4.add(x, v128.load(c));
    y = f32x4.add(y, v128.load(c, 16));
  }
  if (o.columns == 8) {
    v128.store(c, x);
    v128.store(c, y, 16);
  } else storeLanes(c, x, y, o.columns);
}

/** `mr` is a literal: every `if` on it is static. */
@inline
function outer(mr: i32, o: Outer): void {
  const a = o.a, aStep = o.aStep, b = o.b, bStep = o.bStep, runsEnd = o.runsEnd;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  let run = o.runs;
  do {
    let p = a + load<u32>(run), q = b + load<u32>(run, 4);
    const end = q + load<u32>(run, 8);
    do {
      const b0 = v128.load(q), b1 = v128.load(q, 16);
      let x = v128.load32_splat(p); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
      if (mr > 1) { x = v128.load32_splat(p, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11); }
      if (mr > 2) { x = v128.load32_splat(p, 8); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21); }
      if (mr > 3) { x = v128.load32_splat(p, 12); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31); }
      if (mr > 4) { x = v128.load32_splat(p, 16); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41); }
      if (mr > 5) { x = v128.load32_splat(p, 20); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51); }
      p += aStep;
      q += bStep;
    } while (q < end);
    run += RUN_BYTES;
  } while (run < runsEnd);
  const ldc = o.ldc;
  let c = o.c;
  storeRow(o, c, c00, c01);
  if (mr > 1) storeRow(o, c += ldc, c10, c11);
  if (mr > 2) storeRow(o, c += ldc, c20, c21);
  if (mr > 3) storeRow(o, c += ldc, c30, c31);
  if (mr > 4) storeRow(o, c += ldc, c40, c41);
  if (mr > 5) storeRow(o, c += ldc, c50, c51);
}

@apart export function outer1x8(o: Outer): void { outer(1, o); }
@apart export function outer2x8(o: Outer): void { outer(2, o); }
@apart export function outer3x8(o: Outer): void { outer(3, o); }
@apart export function outer4x8(o: Outer): void { outer(4, o); }
@apart export function outer5x8(o: Outer): void { outer(5, o); }
@apart export function outer6x8(o: Outer): void { outer(6, o); }

/** All columns for one row tile. */
function columns(mr: i32, o: Outer, n: i32): void {
  const b = o.b, c = o.c;
  for (let j = 0; j < n; j += 8) {
    o.columns = min(8, n - j);
    switch (mr) {
      case 6: outer6x8(o); break;
      case 5: outer5x8(o); break;
      case 4: outer4x8(o); break;
      case 3: outer3x8(o); break;
      case 2: outer2x8(o); break;
      default: outer1x8(o);
    }
    o.b += o.bPanel;
    o.c += 32;
  }
  o.b = b;
  o.c = c;
}

/** Copies the rows of one tile, eight floats a step, behind a run table of one run. */
function packStrip(o: Outer): void {
  const first = o.strip + STRIP_HEAD, a = o.a, aStep = o.aStep, runsEnd = o.runsEnd;
  let to = first, bytes: u32 = 0;
  for (let run = o.runs; run < runsEnd; run += RUN_BYTES) {
    let p = a + load<u32>(run);
    const steps = load<u32>(run, 8) / <u32>o.bStep;
    for (const end = to + <usize>steps * 32; to < end; to += 32) {
      v128.store(to, v128.load(p));
      v128.store(to, v128.load(p, 16), 16);
      p += aStep;
    }
    bytes += load<u32>(run, 8);
  }
  store<u32>(o.strip, 0);
  store<u32>(o.strip, 0, 4);
  store<u32>(o.strip, bytes, 8);
}

/**
 * Adds the `m` rows and `n` columns of the runs' product to C. Heights differ by at most one. The outer loop is over
 * rows, so that their strip of A stays in the L1 cache. With a strip, the runs have to be adjacent in B.
 */
export function outerProduct(o: Outer, m: i32, n: i32): void {
  const most = min(o.mr, TALL), tiles = (m + most - 1) / most, low = m / tiles, high = m - low * tiles;
  const a = o.a, c = o.c, runs = o.runs, runsEnd = o.runsEnd, aStep = o.aStep;
  for (let i = 0, row = a; i < tiles; i++) {
    const mr = i < high ? low + 1 : low;
    o.a = row;
    if (o.strip) {
      packStrip(o);
      o.a = o.strip + STRIP_HEAD;
      o.aStep = 32;
      o.runs = o.strip;
      o.runsEnd = o.strip + RUN_BYTES;
    }
    columns(mr, o, n);
    o.aStep = aStep;
    o.runs = runs;
    o.runsEnd = runsEnd;
    row += <usize>mr * 4;
    o.c += <usize>mr * o.ldc;
  }
  o.a = a;
  o.c = c;
}
