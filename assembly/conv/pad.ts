// The padded image, channels last: [pd + id + pdEnd][ph + ih + phEnd][pw + iw + pwEnd][ic]. Padding and the change from channels first happen in
// one pass. Interior rows come from the source; borders are copied from what is already there, so every padding mode is one index rule.
import { transpose } from "../gemm/transpose";
import { Geometry, sourceOf } from "./geometry";

/** Left and right edges of an interior row; `row` points at its first pixel. */
@inline
function edge(g: Geometry, row: usize, pixel: usize, x: i32): void {
  const to = row + <usize>(g.pw + x) * pixel, source = sourceOf(x, g.iw, g.paddingMode);
  if (source < 0) memory.fill(to, 0, pixel);
  else memory.copy(to, row + <usize>(g.pw + source) * pixel, pixel);
}

/** Copies or clears a whole piece (row or plane) of the padded image. `first` is the place of piece 0 of the unpadded axis. */
@inline
function border(first: usize, bytes: usize, i: i32, extent: i32, mode: i32): void {
  const source = sourceOf(i, extent, mode), to = first + <usize>i * bytes;
  if (source < 0) memory.fill(to, 0, bytes);
  else memory.copy(to, first + <usize>source * bytes, bytes);
}

/** Image `x` (caller's layout: see g.xC) into the padded image at `to`. */
export function padImage(g: Geometry, x: usize, to: usize): void {
  const pixel = <usize>g.ic * 4, row = <usize>(g.pw + g.iw + g.pwEnd) * pixel, plane = <usize>(g.ph + g.ih + g.phEnd) * row;
  const channelsLast = g.xC == 1 && g.xW == g.ic, width = <usize>g.iw * pixel, edges = g.pw + g.pwEnd > 0;
  const firstPlane = to + <usize>g.pd * plane;
  for (let z = 0; z < g.id; z++) {
    const firstRow = firstPlane + <usize>z * plane + <usize>g.ph * row;
    let source = x + <usize>(z * g.xD) * 4;
    if (!edges && !channelsLast) {
      // the interior rows of a plane are one run on both sides
      transpose(firstRow, pixel, source, <usize>g.xC * 4, g.ic, g.ih * g.iw);
    } else {
      for (let y = 0, r = firstRow; y < g.ih; y++, r += row) {
        if (channelsLast) memory.copy(r + <usize>g.pw * pixel, source, width);
        else transpose(r + <usize>g.pw * pixel, pixel, source, <usize>g.xC * 4, g.ic, g.iw);
        if (g.paddingMode == 0) {
          memory.fill(r, 0, <usize>g.pw * pixel);
          memory.fill(r + <usize>(g.pw + g.iw) * pixel, 0, <usize>g.pwEnd * pixel);
        } else if (edges) {
          for (let i = -g.pw; i < 0; i++) edge(g, r, pixel, i);
          for (let i = g.iw; i < g.iw + g.pwEnd; i++) edge(g, r, pixel, i);
        }
        source += <usize>g.xH * 4;
      }
    }
    for (let y = -g.ph; y < 0; y++) border(firstRow, row, y, g.ih, g.paddingMode);
    for (let y = g.ih; y < g.ih + g.phEnd; y++) border(firstRow, row, y, g.ih, g.paddingMode);
  }
  for (let z = -g.pd; z < 0; z++) border(firstPlane, plane, z, g.id, g.paddingMode);
  for (let z = g.id; z < g.id + g.pdEnd; z++) border(firstPlane, plane, z, g.id, g.paddingMode);
}
