// col2im: columns are added back where im2col took them from. Overlaps sum; cells that padding cut off are skipped.
import { addRun } from "../simd/vector";
import { Geometry } from "./geometry";

/**
 * Adds columns [begin, end), numbered n, z, y, x over the windows' positions, to the images at `to`. A column holds its
 * window row-major, [kd][kh][kw][channels] (the last tap first where the kernel is flipped), and columns are
 * `columnStep` bytes apart. Pixels of the images stand g.xN, g.xD, g.xH, g.xW floats apart and have `channels`
 * consecutive floats here. `columns` is the place of column `begin`.
 */
export function col2imNhwc(
  g: Geometry, columns: usize, columnStep: usize, channels: i32, to: usize, begin: i32, end: i32,
): void {
  const run = <usize>channels * 4, pixel = <usize>g.xW * 4;
  // bytes from one tap's run to the next, and place of the first tap's
  const step: usize = g.flipKernel ? 0 - run : run, start = g.flipKernel ? <usize>(g.kd * g.kh * g.kw - 1) * run : 0;
  // taps side by side in the column and in the image are one run
  const joined = g.xW == channels && g.dw == 1 && !g.flipKernel;
  let x = begin % g.ow, rest = begin / g.ow;
  let y = rest % g.oh; rest /= g.oh;
  let z = rest % g.od, n = rest / g.od;
  for (let i = begin; i < end; i++) {
    const z0 = z * g.sd - g.pd, y0 = y * g.sh - g.ph, x0 = x * g.sw - g.pw;
    // taps [first, last) of a row fall on the image: 0 <= x0 + k dw < iw
    const first = x0 < 0 ? (g.dw - 1 - x0) / g.dw : 0, last = x0 < g.iw ? min(g.kw, (g.iw - 1 - x0) / g.dw + 1) : 0;
    let column = columns + start;
    for (let kz = 0; kz < g.kd; kz++) {
      for (let ky = 0; ky < g.kh; ky++) {
        const iz = z0 + kz * g.dd, iy = y0 + ky * g.dh;
        if (<u32>iz < <u32>g.id && <u32>iy < <u32>g.ih) {
          let cell = to + <usize>(n * g.xN + iz * g.xD + iy * g.xH + (x0 + first * g.dw) * g.xW) * 4;
          let from = column + <usize>first * step;
          if (joined) {
            if (first < last) addRun(cell, from, (last - first) * channels);
          } else {
            for (let kx = first; kx < last; kx++) {
              addRun(cell, from, channels);
              cell += <usize>g.dw * pixel;
              from += step;
            }
          }
        }
        column += <usize>g.kw * step;
      }
    }
    columns += columnStep;
    if (++x == g.ow) {
      x = 0;
      if (++y == g.oh) {
        y = 0;
        if (++z == g.od) { z = 0; n++; }
      }
    }
  }
}
