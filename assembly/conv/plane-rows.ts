// The copy of a band of planes, between zeros: [planes][rows][columns], or with stride 2 [even columns, odd columns],
// so that lanes of an input are neighbours.
import { DepthwisePlanes } from "./depthwise-planes";
import { Geometry } from "./geometry";

/** `count` vectors from `from` to `to`, a literal. */
@inline
function copyVectors(count: i32, to: usize, from: usize): void {
  const a = v128.load(from), b = v128.load(from, 16);
  if (count > 2) {
    const c = v128.load(from, 32), d = v128.load(from, 48);
    v128.store(to, c, 32); v128.store(to, d, 48);
  }
  v128.store(to, a); v128.store(to, b, 16);
}

/** Eight columns, the even ones to `to`, the odd ones `between` bytes on. */
@inline
function splitVectors(to: usize, between: usize, from: usize): void {
  const a = v128.load(from), b = v128.load(from, 16);
  v128.store(to, v128.shuffle<f32>(a, b, 0, 2, 4, 6));
  v128.store(to + between, v128.shuffle<f32>(a, b, 1, 3, 5, 7));
}

/**
 * Copies rows of `planes` planes, the `rows` rows that follow row `first`, between columns that are zeros already.
 * Vectors of a row may overlap; those that bring what stands behind a row make it zeros again.
 */
@apart export function copyRows(
  g: Geometry, d: DepthwisePlanes, x: usize, copy: usize, first: i32, rows: i32, planes: i32,
): void {
  const bytes = <usize>g.iw * 4, row = d.row, zero = f32x4.splat(0);
  const begin = max(first, 0), end = min(first + rows, g.ih);
  const xPlane = <usize>g.ih * bytes, plane = d.plane, inside = <usize>max(0, end - begin) * bytes;
  // rows above and below a plane of one band stay zeros
  if (d.bands > 1) {
    const above = min(begin - first, rows), below = min(max(0, first + rows - end), rows);
    if (above) memory.fill(copy, 0, <usize>above * row);
    if (below) memory.fill(copy + <usize>(rows - below) * row, 0, <usize>below * row);
  }
  // even columns of the image are odd ones of the copy where the padding is odd
  const two = g.sw == 2, odd = (g.pw & 1) != 0;
  const between = odd ? <usize>4 - d.odd : d.odd, evenEnd = ((bytes + 4) >> 1) & ~3, oddEnd = (bytes >> 1) & ~3;
  copy += <usize>(begin - first) * row + (two ? <usize>(g.pw >> 1) * 4 + (odd ? d.odd : 0) : <usize>g.pw * 4);
  x += <usize>begin * bytes;
  const fours = bytes >= 64, last = bytes - (fours ? 64 : 32), narrow = bytes - 16;
  for (; planes > 0; planes--, x += xPlane, copy += plane) {
    let from = x, to = copy;
    const stop = from + inside;
    if (two) {
      for (; from < stop; from += bytes, to += row) {
        let p = to;
        for (let c: usize = 0; c < bytes; c += 64, p += 32) {
          splitVectors(p, between, from + c);
          if (c + 32 < bytes) splitVectors(p + 16, between, from + c + 32);
        }
        v128.store(to + evenEnd, zero);
        v128.store(to + between + oddEnd, zero);
      }
    } else if (fours) {
      for (; from < stop; from += bytes, to += row) {
        for (let c: usize = 0; c < last; c += 64) copyVectors(4, to + c, from + c);
        copyVectors(4, to + last, from + last);
      }
    } else if (bytes >= 32) {
      for (; from < stop; from += bytes, to += row) {
        copyVectors(2, to, from);
        copyVectors(2, to + last, from + last);
      }
    } else if (bytes >= 16) {
      for (; from < stop; from += bytes, to += row) {
        const a = v128.load(from), b = v128.load(from + narrow);
        v128.store(to, a);
        v128.store(to + narrow, b);
      }
    } else {
      for (; from < stop; from += bytes, to += row) {
        v128.store(to, v128.load(from));
        v128.store(to + bytes, zero);
      }
    }
  }
}
