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
// the same reason each height is an exported function of its own. WIDE: four rows by two times eight columns, as in
// wide.ts: 16 accumulators, 4 of B, 1 of A, 4 splats and 1 product.
import { lane, madd, storeLanes } from "../simd/vector";
import { LOW } from "./tile";

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
  overwrites: i32;
  /** Columns to store, 1 to 8. */
  columns: i32;
  /** Most rows a tile may have here: TALL or LOW (registers of this build on this engine). */
  mr: i32;
}

/** Bytes of an `Outer` in scratch, 52 in whole cache lines; behind it stand the sums of a tile on their way to C. */
const SUMS: usize = 64;

/** Bytes of scratch of an `Outer`. */
export const OUTER_SCRATCH: i32 = 64 + 256;

/** Bytes of an entry of the run table, and of what stands before a strip of A. */
@inline export const RUN_BYTES: i32 = 12;
@inline export const STRIP_HEAD: i32 = 64;

/**
 * Stores `rows` rows of sums to `c`, eight columns each, or adds them. Not inlined, and sums come by memory: it runs
 * once for hundreds of steps, and V8 would put arguments of a call on the stack in the loop before it.
 */
function storeRows(o: Outer, from: usize, c: usize, rows: i32): void {
  do {
    let x = v128.load(from), y = v128.load(from, 16);
    if (!o.overwrites) {
      x = f32x4.add(x, v128.load(c));
      y = f32x4.add(y, v128.load(c, 16));
    }
    if (o.columns == 8) {
      v128.store(c, x);
      v128.store(c, y, 16);
    } else storeLanes(c, x, y, o.columns);
    from += 32;
    c += o.ldc;
  } while (--rows);
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
  const sums = changetype<usize>(o) + SUMS;
  v128.store(sums, c00); v128.store(sums, c01, 16);
  if (mr > 1) { v128.store(sums, c10, 32); v128.store(sums, c11, 48); }
  if (mr > 2) { v128.store(sums, c20, 64); v128.store(sums, c21, 80); }
  if (mr > 3) { v128.store(sums, c30, 96); v128.store(sums, c31, 112); }
  if (mr > 4) { v128.store(sums, c40, 128); v128.store(sums, c41, 144); }
  if (mr > 5) { v128.store(sums, c50, 160); v128.store(sums, c51, 176); }
  storeRows(o, sums, o.c, mr);
}

@apart export function outer1x8(o: Outer): void { outer(1, o); }
@apart export function outer2x8(o: Outer): void { outer(2, o); }
@apart export function outer3x8(o: Outer): void { outer(3, o); }
@apart export function outer4x8(o: Outer): void { outer(4, o); }
@apart export function outer5x8(o: Outer): void { outer(5, o); }
@apart export function outer6x8(o: Outer): void { outer(6, o); }

/** Four rows by eight columns and `columns` of the next eight. */
@apart export function outer4x16(o: Outer, columns: i32): void {
  const a = o.a, aStep = o.aStep, b = o.b, bStep = o.bStep, bPanel = o.bPanel, runsEnd = o.runsEnd;
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00, c30 = c00, c31 = c00, c32 = c00, c33 = c00;
  let run = o.runs;
  do {
    let p = a + load<u32>(run), q = b + load<u32>(run, 4), r = q + bPanel;
    const end = q + load<u32>(run, 8);
    do {
      const x = v128.load(p), x0 = lane(0, x), x1 = lane(1, x), x2 = lane(2, x), x3 = lane(3, x);
      let u = v128.load(q), v = v128.load(q, 16);
      c00 = madd(x0, u, c00); c01 = madd(x0, v, c01); c10 = madd(x1, u, c10); c11 = madd(x1, v, c11);
      c20 = madd(x2, u, c20); c21 = madd(x2, v, c21); c30 = madd(x3, u, c30); c31 = madd(x3, v, c31);
      u = v128.load(r); v = v128.load(r, 16);
      c02 = madd(x0, u, c02); c03 = madd(x0, v, c03); c12 = madd(x1, u, c12); c13 = madd(x1, v, c13);
      c22 = madd(x2, u, c22); c23 = madd(x2, v, c23); c32 = madd(x3, u, c32); c33 = madd(x3, v, c33);
      p += aStep;
      q += bStep;
      r += bStep;
    } while (q < end);
    run += RUN_BYTES;
  } while (run < runsEnd);
  const sums = changetype<usize>(o) + SUMS;
  v128.store(sums, c00); v128.store(sums, c01, 16); v128.store(sums, c10, 32); v128.store(sums, c11, 48);
  v128.store(sums, c20, 64); v128.store(sums, c21, 80); v128.store(sums, c30, 96); v128.store(sums, c31, 112);
  v128.store(sums, c02, 128); v128.store(sums, c03, 144); v128.store(sums, c12, 160); v128.store(sums, c13, 176);
  v128.store(sums, c22, 192); v128.store(sums, c23, 208); v128.store(sums, c32, 224); v128.store(sums, c33, 240);
  o.columns = 8;
  storeRows(o, sums, o.c, LOW);
  o.columns = columns;
  storeRows(o, sums + 128, o.c + 32, LOW);
}
