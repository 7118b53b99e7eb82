// Convolution as a product whose rows are read in place: a window of a channels-last image is a few runs of consecutive
// floats, and the tile finds them through the row table (which window) and the segment table (which run of it). Serves
// every kernel, stride, dilation and group count. After the indirect convolution algorithm (Dukhan, 2019).
import { PRODUCT_SCRATCH, Product, ROW_BYTES, multiplyRows, startProduct } from "../gemm/product";
import { Geometry } from "./geometry";
import { writeRows } from "./row-table";

/** Output pixels whose windows stay in the L2 cache while the panels pass (96 costs 1 to 7 %, 192 to 400 are alike). */
const PIXELS: i32 = 192;

/** Bytes of scratch of convIndirect: the run of the product, then the row table. */
export const INDIRECT_SCRATCH: i32 = PRODUCT_SCRATCH + PIXELS * ROW_BYTES;

/**
 * Output pixels [begin, end) of `image` (padded, channels last; or several, one behind the other) into `y`, whose
 * pixels stand g.yN, g.yD, g.yH, g.yW floats apart, the channels of each side by side; `addend` is laid out as y, or 0.
 * Strides above the number of channels make y a lattice: one residue class of a transposed convolution. p.n: output
 * channels of a group; `groupPanels`: bytes of a group's panels.
 */
export function convIndirect(
  g: Geometry, p: Product, groupPanels: usize, image: usize, y: usize, addend: usize, begin: i32, end: i32,
  scratch: usize,
): void {
  const run = startProduct(p, 0, 0, 0, scratch), table = scratch + PRODUCT_SCRATCH;
  const inStep = <usize>(g.ic / g.groups) * 4, outStep = <usize>(g.oc / g.groups) * 4;
  const blocks = (end - begin + PIXELS - 1) / PIXELS;
  for (let block = 0, from = begin; block < blocks; block++) {
    const to = block == blocks - 1 ? end : min(end, from + ((end - from) / (blocks - block) + 11) / 12 * 12);
    writeRows(g, from, to, table);
    for (let group = 0; group < g.groups; group++) {
      run.a = image + <usize>group * inStep;
      run.c = y + <usize>group * outStep;
      if (addend) run.addend = addend + <usize>group * outStep;
      run.panels = p.panels + <usize>group * groupPanels;
      if (p.bias != p.zeros) run.bias = p.bias + <usize>group * outStep;
      multiplyRows(run, table, to - from);
    }
    from = to;
  }
}
