// Explicit im2col on the padded channels-last image: one row per output pixel, its window's runs side by side.
import { ROW_BYTES } from "../gemm/product";
import { Geometry } from "./geometry";
import { writeRows } from "./row-table";

/** Rows [begin, end) of one group: `segments` runs of `k` floats each, one after the other. `table`: of rows. */
export function im2colNhwc(
  g: Geometry, image: usize, segments: usize, segmentCount: i32, k: i32, begin: i32, end: i32, to: usize, table: usize,
): void {
  writeRows(g, begin, end, table);
  const run = <usize>k * 4;
  for (let i = begin; i < end; i++) {
    const patch = image + load<u32>(table);
    for (let s = 0; s < segmentCount; s++) {
      memory.copy(to, patch + load<u32>(segments + <usize>s * 4), run);
      to += run;
    }
    table += ROW_BYTES;
  }
}
