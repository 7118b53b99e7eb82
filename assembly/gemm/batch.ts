// Stacks of small products whose operands stand at constant distances: one call for all.
import { multiplyDots } from "./dots";
import { multiplyMatrix } from "./gemm";
import { outerProduct } from "./outer";
import { Outer } from "./outer-tile";
import { packPanels } from "./pack";
import { PANEL_STEP, PRODUCT_SCRATCH, Product, startProduct } from "./product";

/**
 * Products [begin, end): of `m` rows of A at a + i * aStep, by B at p.panels + i * bStep, into c + i * cStep. `dots`: B
 * is stored [n][k] and read as gemmDots does. `panels`, unless it is 0: where each B, whose [q][j] stands at q * kStep
 * + j * nStep, is packed before its product. `scratch`: GEMM_SCRATCH bytes.
 */
export function gemmBatch(
  p: Product, a: usize, c: usize, lda: usize, ldc: usize, m: i32, aStep: usize, bStep: usize, cStep: usize, dots: i32,
  panels: usize, kStep: usize, nStep: usize, begin: i32, end: i32, scratch: usize,
): void {
  const run = startProduct(p, a, c, 0, scratch);
  for (let i = begin; i < end; i++) {
    const b = p.panels + <usize>i * bStep;
    run.a = a + <usize>i * aStep;
    run.panels = panels || b;
    run.c = c + <usize>i * cStep;
    if (panels) packPanels(panels, <usize>p.k * PANEL_STEP, b, p.k, p.n, kStep, nStep, 1);
    if (dots) multiplyDots(run, lda, ldc, m, 0, p.n);
    else multiplyMatrix(run, lda, ldc, 0, m, scratch + PRODUCT_SCRATCH);
  }
}

/**
 * Sums of outer products [begin, end), as outerProduct, with operands at from.a + i * aStep, from.b + i * bStep and
 * from.c + i * cStep. `scratch`: OUTER_SCRATCH bytes.
 */
export function outerBatch(
  from: Outer, m: i32, n: i32, aStep: usize, bStep: usize, cStep: usize, begin: i32, end: i32, scratch: usize,
): void {
  const o = changetype<Outer>(scratch);
  memory.copy(scratch, changetype<usize>(from), offsetof<Outer>());
  for (let i = begin; i < end; i++) {
    o.a = from.a + <usize>i * aStep;
    o.b = from.b + <usize>i * bStep;
    o.c = from.c + <usize>i * cStep;
    outerProduct(o, m, n);
  }
}
