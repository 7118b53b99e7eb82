// The row table of a convolution: which patch of the padded image each output pixel reads, and where it goes.
import { Geometry } from "./geometry";

/**
 * Writes (patch offset, pixel offset) in bytes for output pixels [begin, end) of the images in memory, numbered n, z,
 * y, x. `xPixel`: bytes of a pixel of the padded image; `yN` to `yW`: bytes from one output image, plane, row and pixel
 * to the next.
 */
function place(
  g: Geometry, begin: i32, end: i32, xPixel: usize, yN: usize, yD: usize, yH: usize, yW: usize, table: usize,
): void {
  const pw = g.pw + g.iw + g.pwEnd, ph = g.ph + g.ih + g.phEnd, pd = g.pd + g.id + g.pdEnd;
  const row = <usize>pw * xPixel, plane = <usize>ph * row, image = <usize>pd * plane;
  const stepX = <usize>g.sw * xPixel;
  // both offsets in one word, so that an entry is one addition and one store
  const step = <u64>stepX | <u64>yW << 32;
  let x = begin % g.ow, rest = begin / g.ow;
  let y = rest % g.oh; rest /= g.oh;
  let z = rest % g.od, n = rest / g.od;
  for (let left = end - begin; left > 0; left -= g.ow - x, x = 0) {
    const patch = <usize>n * image + <usize>(z * g.sd) * plane + <usize>(y * g.sh) * row + <usize>x * stepX;
    const pixel = <usize>n * yN + <usize>z * yD + <usize>y * yH + <usize>x * yW;
    let entry = <u64>patch | <u64>pixel << 32;
    for (const to = table + <usize>min(left, g.ow - x) * 8; table < to; table += 8) {
      store<u64>(table, entry);
      entry += step;
    }
    if (++y == g.oh) {
      y = 0;
      if (++z == g.od) { z = 0; n++; }
    }
  }
}

/** Output pixels stand side by side, `yPixel` bytes each. */
export function windowRows(g: Geometry, begin: i32, end: i32, xPixel: usize, yPixel: usize, table: usize): void {
  const yH = <usize>g.ow * yPixel, yD = <usize>g.oh * yH;
  place(g, begin, end, xPixel, <usize>g.od * yD, yD, yH, yPixel, table);
}

/** Output pixels stand where g.yN to g.yW say. */
export function scatteredRows(g: Geometry, begin: i32, end: i32, xPixel: usize, table: usize): void {
  place(g, begin, end, xPixel, <usize>g.yN * 4, <usize>g.yD * 4, <usize>g.yH * 4, <usize>g.yW * 4, table);
}
