// Stacks of small products whose operands stand at constant distances: one call for all.
import { gemmDots } from "./dots";
import { gemmRows } from "./gemm";
import { Outer, outerProduct } from "./outer";
import { packPanels } from "./pack";
import { Product } from "./product";

/**
 * Products [begin, end): of `m` rows of A at p.a + i * aStep, by B at p.panels + i * bStep, into p.c + i * cStep. `dots`: B is stored [n][k] and read
 * as gemmDots does. `panels`, unless it is 0: where each B, whose [q][j] stands at q * kStep + j * nStep, is packed before its product. `table`: as
 * gemmRows.
 */
export function stackProducts(p: Product, lda: usize, ldc: usize, m: i32, aStep: usize, bStep: usize, cStep: usize, dots: i32, panels: usize, kStep: usize, nStep: usize, begin: i32, end: i32, table: usize): void {
  const a = p.a, b = p.panels, c = p.c;
  for (let i = begin; i < end; i++) {
    const from = b + <usize>i * bStep;
    p.a = a + <usize>i * aStep;
    p.panels = panels || from;
    p.c = c + <usize>i * cStep;
    if (panels) packPanels(panels, <usize>p.k * 32, from, p.k, p.n, kStep, nStep, 1);
    if (dots) gemmDots(p, lda, ldc, m, 0, p.n);
    else gemmRows(p, lda, ldc, 0, m, table);
  }
  p.a = a;
  p.panels = b;
  p.c = c;
}

/** Sums of outer products [begin, end), as outerProduct, with operands at o.a + i * aStep, o.b + i * bStep and o.c + i * cStep. */
export function stackOuter(o: Outer, m: i32, n: i32, aStep: usize, bStep: usize, cStep: usize, begin: i32, end: i32): void {
  const a = o.a, b = o.b, c = o.c;
  for (let i = begin; i < end; i++) {
    o.a = a + <usize>i * aStep;
    o.b = b + <usize>i * bStep;
    o.c = c + <usize>i * cStep;
    outerProduct(o, m, n);
  }
  o.a = a;
  o.b = b;
  o.c = c;
}
