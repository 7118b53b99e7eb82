// The run table of a weight gradient: which patches of the padded image meet which output pixels.
import { RUN_BYTES } from "../gemm/outer-tile";
import { Geometry } from "./geometry";

/**
 * The run table (see gemm/outer.ts) of output pixels [begin, end), numbered n, z, y, x, with patches as the first
 * operand and pixels of the output, `yPixel` bytes each from `begin`, as the second; with `swapped` the other way
 * round. Runs are rows, joined where the next row follows without a gap. Returns the end of the table.
 */
export function writeRuns(
  g: Geometry, begin: i32, end: i32, xPixel: usize, yPixel: usize, swapped: bool, table: usize,
): usize {
  const pw = g.pw + g.iw + g.pwEnd, ph = g.ph + g.ih + g.phEnd, pd = g.pd + g.id + g.pdEnd;
  const row = <usize>pw * xPixel, plane = <usize>ph * row, image = <usize>pd * plane;
  const stepX = <usize>g.sw * xPixel, step = swapped ? stepX : yPixel;
  let next: usize = -1;
  for (let i = begin; i < end;) {
    const x = i % g.ow;
    let rest = i / g.ow;
    const y = rest % g.oh; rest /= g.oh;
    const z = rest % g.od, n = rest / g.od;
    const count = min(end - i, g.ow - x);
    const patch = <usize>n * image + <usize>(z * g.sd) * plane + <usize>(y * g.sh) * row + <usize>x * stepX;
    const pixel = <usize>(i - begin) * yPixel;
    if (patch == next) store<u32>(table - 4, load<u32>(table - 4) + <u32>(<usize>count * step));
    else {
      store<u32>(table, <u32>(swapped ? pixel : patch));
      store<u32>(table, <u32>(swapped ? patch : pixel), 4);
      store<u32>(table, <u32>(<usize>count * step), 8);
      table += RUN_BYTES;
    }
    next = patch + <usize>count * stepX;
    i += count;
  }
  return table;
}
