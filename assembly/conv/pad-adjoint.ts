// The adjoint of padding by a mode: whatever a border cell received goes to the cell it was a copy of. Undoes the steps
// of pad.ts in reverse order (planes, rows, edges of rows), so that corners reach their cell by the same way.
import { addRun } from "../simd/vector";
import { Geometry, sourceOf } from "./geometry";

/**
 * Adds the pieces (planes, rows, pixels) of `count` floats before and behind an axis of `extent` to their sources.
 * `first` is the place of piece 0.
 */
function foldAxis(first: usize, count: i32, extent: i32, begin: i32, end: i32, mode: i32): void {
  const bytes = <usize>count * 4;
  for (let i = -begin; i < extent + end; i++) {
    if (<u32>i < <u32>extent) continue;
    const source = sourceOf(i, extent, mode);
    if (source >= 0) addRun(first + <usize>source * bytes, first + <usize>i * bytes, count);
  }
}

/**
 * Images [begin, end) of pixels of `channels` floats: [pd + id + pdEnd][ph + ih + phEnd][pw + iw + pwEnd][channels] at
 * `padded`, which is overwritten, into [id][ih][iw][channels] at `to`. `addend` is laid out as `to`, or 0. A
 * channels-first tensor is n ic images of one channel.
 */
export function padAdjoint(
  g: Geometry, padded: usize, channels: i32, to: usize, addend: usize, begin: i32, end: i32,
): void {
  const row = (g.pw + g.iw + g.pwEnd) * channels, plane = (g.ph + g.ih + g.phEnd) * row;
  const image = (g.pd + g.id + g.pdEnd) * plane;
  const width = g.iw * channels, bytes = <usize>width * 4, mode = g.paddingMode;
  for (let n = begin; n < end; n++) {
    const firstPlane = padded + <usize>n * <usize>image * 4 + <usize>(g.pd * plane) * 4;
    foldAxis(firstPlane, plane, g.id, g.pd, g.pdEnd, mode);
    let at = <usize>n * <usize>(g.id * g.ih) * bytes;
    for (let z = 0; z < g.id; z++) {
      const firstRow = firstPlane + <usize>(z * plane + g.ph * row) * 4;
      foldAxis(firstRow, row, g.ih, g.ph, g.phEnd, mode);
      for (let y = 0; y < g.ih; y++) {
        const first = firstRow + <usize>(y * row + g.pw * channels) * 4;
        foldAxis(first, channels, g.iw, g.pw, g.pwEnd, mode);
        if (addend) addRun(first, addend + at, width);
        memory.copy(to + at, first, bytes);
        at += bytes;
      }
    }
  }
}
