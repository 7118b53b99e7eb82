// The padded image, channels last: [pd + id + pdEnd][ph + ih + phEnd][pw + iw + pwEnd][ic]. Padding and the change from
// channels first happen in one pass. Every padding mode is one index rule (sourceOf): a padded row is a copy of the row
// of x that the rule names, and its edges are copies of its own inner pixels.
import { transpose } from "../gemm/transpose";
import { Geometry, ZEROS, sourceOf } from "./geometry";

/** Left and right edges of an interior row; `row` points at its first pixel. */
@inline
function edge(g: Geometry, row: usize, pixel: usize, x: i32): void {
  const to = row + <usize>(g.pw + x) * pixel, source = sourceOf(x, g.iw, g.paddingMode);
  if (source < 0) memory.fill(to, 0, pixel);
  else memory.copy(to, row + <usize>(g.pw + source) * pixel, pixel);
}

/**
 * Padded rows [begin, end), numbered plane by plane, of image `x` (caller's layout: see g.xC), one behind the other at
 * `to`.
 */
export function padRows(g: Geometry, x: usize, to: usize, begin: i32, end: i32): void {
  const pixel = <usize>g.ic * 4;
  const left = <usize>g.pw * pixel, width = <usize>g.iw * pixel, right = <usize>g.pwEnd * pixel;
  const channelsLast = g.xC == 1 && g.xW == g.ic, ph = g.ph + g.ih + g.phEnd;
  for (let r = begin; r < end; r++, to += left + width + right) {
    const z = sourceOf(r / ph - g.pd, g.id, g.paddingMode), y = sourceOf(r % ph - g.ph, g.ih, g.paddingMode);
    if (z < 0 || y < 0) {
      memory.fill(to, 0, left + width + right);
      continue;
    }
    const source = x + <usize>(z * g.xD + y * g.xH) * 4;
    if (channelsLast) memory.copy(to + left, source, width);
    else transpose(to + left, pixel, source, <usize>g.xC * 4, g.ic, g.iw);
    if (g.paddingMode == ZEROS) {
      memory.fill(to, 0, left);
      memory.fill(to + left + width, 0, right);
    } else {
      for (let i = -g.pw; i < 0; i++) edge(g, to, pixel, i);
      for (let i = g.iw; i < g.iw + g.pwEnd; i++) edge(g, to, pixel, i);
    }
  }
}

/** The whole image `x` into the padded image at `to`. */
export function padImage(g: Geometry, x: usize, to: usize): void {
  const planes = g.pd + g.id + g.pdEnd, rows = g.ph + g.ih + g.phEnd;
  // without any padding, an image with its channels first is one matrix to transpose
  if (g.pw + g.pwEnd == 0 && planes == g.id && rows == g.ih && g.xC != 1) {
    transpose(to, <usize>g.ic * 4, x, <usize>g.xC * 4, g.ic, g.id * g.ih * g.iw);
  } else padRows(g, x, to, 0, planes * rows);
}
