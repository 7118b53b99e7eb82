// One row of A by a B that is stored [k][n] and read in place, in the order of its rows: four of them at once, a cache
// line of each after the other. The tile does the rest: the last of k, with bias and clamp, and the last columns.
//
// Live vectors of sums4x16: 4 accumulators, 4 splats of A, 1 of B. Four products of consecutive k are summed before
// they are added to what C holds: chains of k / 4 additions.
import { madd } from "../simd/vector";
import { multiplyMatrix } from "./gemm";
import { Product, startProduct } from "./product";

/**
 * c = addend + a[0] b[0] + … + a[3] b[3] for `columns` columns, a multiple of 16; rows of b are `step` bytes apart.
 * `addend`: 0 for none.
 */
@apart export function sums4x16(a: usize, b: usize, step: usize, c: usize, addend: usize, columns: i32): void {
  const x = v128.load32_splat(a), y = v128.load32_splat(a, 4);
  const z = v128.load32_splat(a, 8), w = v128.load32_splat(a, 12);
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
    if (addend) {
      c0 = f32x4.add(c0, v128.load(addend)); c1 = f32x4.add(c1, v128.load(addend, 16));
      c2 = f32x4.add(c2, v128.load(addend, 32)); c3 = f32x4.add(c3, v128.load(addend, 48));
      addend += 64;
    }
    v128.store(c, c0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
  }
}

/**
 * The row `a` by B into `c`; `addend`: as long as c, or 0. p.panels: B, rows p.kStep bytes apart; one segment of
 * p.k > 0 floats. `scratch`: PRODUCT_SCRATCH bytes; `table`: of one row.
 */
export function multiplyRow(p: Product, a: usize, c: usize, addend: usize, scratch: usize, table: usize): void {
  const run = startProduct(p, a, c, addend, scratch);
  const columns = p.n & ~15, behind = <usize>columns * 4, most = (p.k - 1) & ~3;
  if (columns < p.n) {
    run.n = p.n - columns;
    run.panels += behind;
    run.c += behind;
    if (addend) run.addend += behind;
    if (p.bias != p.zeros) run.bias += behind;
    multiplyMatrix(run, 0, 0, 0, 1, table);
  }
  if (!columns) return;
  let b = p.panels;
  for (let q = 0; q < most; q += 4, a += 16, b += 4 * p.kStep) {
    sums4x16(a, b, p.kStep, c, addend, columns);
    addend = c;
  }
  startProduct(p, a, c, addend, scratch);
  run.n = columns;
  run.k = p.k - most;
  run.panels = b;
  multiplyMatrix(run, 0, 0, 0, 1, table);
}
