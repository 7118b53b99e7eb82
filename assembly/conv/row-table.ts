// The row table of a convolution: which patch of the padded image each output pixel reads, and where it goes.
import { ROW_BYTES } from "../gemm/product";
import { Geometry } from "./geometry";

/**
 * Writes (patch offset, pixel offset) in bytes for output pixels [begin, end) of the images in memory, numbered n, z,
 * y, x. Patches are of the padded channels-last image; pixels stand where g.yN to g.yW say.
 */
export function writeRows(g: Geometry, begin: i32, end: i32, table: usize): void {
  const pw = g.pw + g.iw + g.pwEnd, ph = g.ph + g.ih + g.phEnd, pd = g.pd + g.id + g.pdEnd, xPixel = <usize>g.ic * 4;
  const row = <usize>pw * xPixel, plane = <usize>ph * row, image = <usize>pd * plane;
  const stepX = <usize>g.sw * xPixel;
  // both offsets in one word, so that an entry is one addition and one store
  const step = <u64>stepX | <u64>(<usize>g.yW * 4) << 32;
  let x = begin % g.ow, rest = begin / g.ow;
  let y = rest % g.oh; rest /= g.oh;
  let z = rest % g.od, n = rest / g.od;
  for (let left = end - begin; left > 0; left -= g.ow - x, x = 0) {
    const patch = <usize>n * image + <usize>(z * g.sd) * plane + <usize>(y * g.sh) * row + <usize>x * stepX;
    const pixel = <usize>(n * g.yN + z * g.yD + y * g.yH + x * g.yW) * 4;
    let entry = <u64>patch | <u64>pixel << 32;
    for (const to = table + <usize>min(left, g.ow - x) * ROW_BYTES; table < to; table += ROW_BYTES) {
      store<u64>(table, entry);
      entry += step;
    }
    if (++y == g.oh) {
      y = 0;
      if (++z == g.od) { z = 0; n++; }
    }
  }
}
