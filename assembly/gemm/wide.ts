// The register tile of a processor with 32 vector registers (aarch64): four rows of A times two panels of eight
// columns. As tile.ts otherwise, and to the bit what tile4x8 computes of each panel.
//
// A is read four steps of k at a time and its lanes are splat in registers: a load that splats takes two instructions
// there. Four steps share what a turn of the loop costs. Live vectors: 16 accumulators, 4 of A, 4 splats, 2 of a panel,
// and without fused multiply-add 1 product.
//
// `if (!step) break` is never taken, and no engine tests it in the loop, as it is known before. It keeps Binaryen from
// moving a step's sums into the next step's: all splats would then live at once, more than there are registers.
import { lane, madd } from "../simd/vector";
import { LOW, ROW_BYTES, Strip, storeRow } from "./tile";

/**
 * Rows [row, rowEnd) of the row table, four at a time. From panel to panel: panelStep bytes, and biasStep of the bias.
 * All of the first panel is stored, `columns` of the second.
 */
@apart export function tile4x16(
  strip: Strip, row: usize, rowEnd: usize, panelStep: usize, biasStep: usize, columns: i32,
): void {
  const step = strip.step, panelBytes = <usize>strip.k * step, foursBytes = <usize>(strip.k & ~3) * step;
  const segmentsEnd = strip.segmentsEnd, a = strip.a, bias = strip.bias;
  if (!step) return;
  do {
    let c00 = v128.load(bias), c01 = v128.load(bias, 16);
    let c02 = v128.load(bias + biasStep), c03 = v128.load(bias + biasStep, 16);
    let c10 = c00, c11 = c01, c12 = c02, c13 = c03, c20 = c00, c21 = c01, c22 = c02, c23 = c03;
    let c30 = c00, c31 = c01, c32 = c02, c33 = c03;
    let x0: v128, x1: v128, x2: v128, x3: v128, u: v128, v: v128;
    let b = strip.panel, q = b + panelStep, segment = strip.segments;
    do {
      const from = a + load<u32>(segment), end = b + panelBytes;
      let p0 = from + load<u32>(row), p1 = from + load<u32>(row, 8);
      let p2 = from + load<u32>(row, 16), p3 = from + load<u32>(row, 24);
      for (const fours = b + foursBytes; b < fours; b += step, q += step) {
        const a0 = v128.load(p0), a1 = v128.load(p1), a2 = v128.load(p2), a3 = v128.load(p3);
        p0 += 16; p1 += 16; p2 += 16; p3 += 16;
        x0 = lane(0, a0); x1 = lane(0, a1); x2 = lane(0, a2); x3 = lane(0, a3);
        if (!step) break;
        u = v128.load(b); v = v128.load(b, 16);
        c00 = madd(x0, u, c00); c01 = madd(x0, v, c01); c10 = madd(x1, u, c10); c11 = madd(x1, v, c11);
        c20 = madd(x2, u, c20); c21 = madd(x2, v, c21); c30 = madd(x3, u, c30); c31 = madd(x3, v, c31);
        u = v128.load(q); v = v128.load(q, 16);
        c02 = madd(x0, u, c02); c03 = madd(x0, v, c03); c12 = madd(x1, u, c12); c13 = madd(x1, v, c13);
        c22 = madd(x2, u, c22); c23 = madd(x2, v, c23); c32 = madd(x3, u, c32); c33 = madd(x3, v, c33);
        b += step; q += step;
        x0 = lane(1, a0); x1 = lane(1, a1); x2 = lane(1, a2); x3 = lane(1, a3);
        if (!step) break;
        u = v128.load(b); v = v128.load(b, 16);
        c00 = madd(x0, u, c00); c01 = madd(x0, v, c01); c10 = madd(x1, u, c10); c11 = madd(x1, v, c11);
        c20 = madd(x2, u, c20); c21 = madd(x2, v, c21); c30 = madd(x3, u, c30); c31 = madd(x3, v, c31);
        u = v128.load(q); v = v128.load(q, 16);
        c02 = madd(x0, u, c02); c03 = madd(x0, v, c03); c12 = madd(x1, u, c12); c13 = madd(x1, v, c13);
        c22 = madd(x2, u, c22); c23 = madd(x2, v, c23); c32 = madd(x3, u, c32); c33 = madd(x3, v, c33);
        b += step; q += step;
        x0 = lane(2, a0); x1 = lane(2, a1); x2 = lane(2, a2); x3 = lane(2, a3);
        if (!step) break;
        u = v128.load(b); v = v128.load(b, 16);
        c00 = madd(x0, u, c00); c01 = madd(x0, v, c01); c10 = madd(x1, u, c10); c11 = madd(x1, v, c11);
        c20 = madd(x2, u, c20); c21 = madd(x2, v, c21); c30 = madd(x3, u, c30); c31 = madd(x3, v, c31);
        u = v128.load(q); v = v128.load(q, 16);
        c02 = madd(x0, u, c02); c03 = madd(x0, v, c03); c12 = madd(x1, u, c12); c13 = madd(x1, v, c13);
        c22 = madd(x2, u, c22); c23 = madd(x2, v, c23); c32 = madd(x3, u, c32); c33 = madd(x3, v, c33);
        b += step; q += step;
        x0 = lane(3, a0); x1 = lane(3, a1); x2 = lane(3, a2); x3 = lane(3, a3);
        if (!step) break;
        u = v128.load(b); v = v128.load(b, 16);
        c00 = madd(x0, u, c00); c01 = madd(x0, v, c01); c10 = madd(x1, u, c10); c11 = madd(x1, v, c11);
        c20 = madd(x2, u, c20); c21 = madd(x2, v, c21); c30 = madd(x3, u, c30); c31 = madd(x3, v, c31);
        u = v128.load(q); v = v128.load(q, 16);
        c02 = madd(x0, u, c02); c03 = madd(x0, v, c03); c12 = madd(x1, u, c12); c13 = madd(x1, v, c13);
        c22 = madd(x2, u, c22); c23 = madd(x2, v, c23); c32 = madd(x3, u, c32); c33 = madd(x3, v, c33);
      }
      for (; b < end; b += step, q += step) {
        const w = v128.load(q), z = v128.load(q, 16);
        u = v128.load(b); v = v128.load(b, 16);
        x0 = v128.load32_splat(p0); c00 = madd(x0, u, c00); c01 = madd(x0, v, c01);
        c02 = madd(x0, w, c02); c03 = madd(x0, z, c03);
        x0 = v128.load32_splat(p1); c10 = madd(x0, u, c10); c11 = madd(x0, v, c11);
        c12 = madd(x0, w, c12); c13 = madd(x0, z, c13);
        x0 = v128.load32_splat(p2); c20 = madd(x0, u, c20); c21 = madd(x0, v, c21);
        c22 = madd(x0, w, c22); c23 = madd(x0, z, c23);
        x0 = v128.load32_splat(p3); c30 = madd(x0, u, c30); c31 = madd(x0, v, c31);
        c32 = madd(x0, w, c32); c33 = madd(x0, z, c33);
        p0 += 4; p1 += 4; p2 += 4; p3 += 4;
      }
      segment += 4;
    } while (segment < segmentsEnd);
    const lo = v128.load32_splat(changetype<usize>(strip), offsetof<Strip>("lo"));
    const hi = v128.load32_splat(changetype<usize>(strip), offsetof<Strip>("hi"));
    const addend = strip.addend;
    storeRow(strip.c, addend, 8, lo, hi, load<u32>(row, 4), c00, c01);
    storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 4) + 32, c02, c03);
    storeRow(strip.c, addend, 8, lo, hi, load<u32>(row, 12), c10, c11);
    storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 12) + 32, c12, c13);
    storeRow(strip.c, addend, 8, lo, hi, load<u32>(row, 20), c20, c21);
    storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 20) + 32, c22, c23);
    storeRow(strip.c, addend, 8, lo, hi, load<u32>(row, 28), c30, c31);
    storeRow(strip.c, addend, columns, lo, hi, load<u32>(row, 28) + 32, c32, c33);
    row += LOW * ROW_BYTES;
  } while (row < rowEnd);
}
