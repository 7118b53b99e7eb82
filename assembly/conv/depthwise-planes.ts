// Depthwise convolution, channels first: every plane meets its own kernel.
//
//   y[o][y][x] = clamp(bias[o] + addend[o][y][x] + sum over taps i, j of
//                      image[o / m][y * sh + i * dh - ph][x * sw + j * dw - pw] * weights[o][i][j])
//
// with m = oc / ic. Lanes are neighbouring pixels of an output row, and no plane is turned: the rows that a tile is
// first to see are copied to scratch (plane-rows.ts), where every tap is an offset. A copy is of a band of output rows,
// or of several planes. Weights are [planes of y][taps in the order of the table], which is that of the tile
// (plane-tile.ts).
//
// Reading in place all vectors that see no edge, with only the sides copied, is no faster with stride 1, and 0.85 times
// as fast with stride 2, where an input is two vectors and a shuffle; touching what comes next does not change that.
import { clamp, storeLanes } from "../simd/vector";
import { Geometry } from "./geometry";
import { copyRows } from "./plane-rows";
import { PlaneTile, runTile } from "./plane-tile";

/** A depthwise convolution in planes: what is known before a run. Steps are in bytes, in the copy of a band. */
@unmanaged
export class DepthwisePlanes {
  /** Rows of a tile: 7 or 4. */
  tile: i32;
  /** Output rows of a band, and bands of a plane; planes that are copied at once where they are of one band. */
  rows: i32;
  bands: i32;
  planes: i32;
  /** Output rows from one row of a tile to the next: the dilation, with stride 1. */
  interleave: i32;
  /** 1: output rows of a tile are two taps of a column apart, which come in threes. */
  skips: i32;
  /** From row to row, from even columns to odd ones, and from plane to plane. */
  row: usize;
  odd: usize;
  plane: usize;
  /** Offsets of taps: of the first of three of a column, then single ones. */
  taps: usize;
  threesEnd: usize;
  tapsEnd: usize;
  weights: usize;
  bias: usize;
}

/** Bytes of scratch of a tile, in whole cache lines. */
const TILE: usize = 128;

/** Bytes of scratch of convDepthwisePlanes: the tile, and for all planes the copy and a tile that is stored in part. */
export function depthwisePlanesScratch(g: Geometry, d: DepthwisePlanes): i32 {
  return <i32>TILE + d.planes * (<i32>d.plane + 7 * ((g.ow * 4 + 15) & ~15));
}

/** `count` rows of a tile at `part` to `y`, whose rows stand `step` bytes apart; `addend`: from y to it. */
function storePart(g: Geometry, part: usize, y: usize, step: usize, addend: usize, adds: bool, count: i32): void {
  const lo = f32x4.splat(g.lo), hi = f32x4.splat(g.hi), bytes = <usize>g.ow * 4;
  for (; count > 0; count--, part += (bytes + 15) & ~15, y += step) {
    for (let c: usize = 0; c < bytes; c += 16) {
      let sum = v128.load(part + c);
      if (adds) sum = f32x4.add(sum, v128.load(y + addend + c));
      sum = clamp(sum, lo, hi);
      storeLanes(y + c, sum, sum, min(4, <i32>((bytes - c) >> 2)));
    }
  }
}

/** Bands [begin, end) of planes of x, numbered image, plane, band; `addend` is laid out as y, or 0. */
export function convDepthwisePlanes(
  g: Geometry, d: DepthwisePlanes, x: usize, result: usize, addend: usize, begin: i32, end: i32, scratch: usize,
): void {
  const t = changetype<PlaneTile>(scratch), copy = scratch + TILE, adds = addend != 0;
  const part = copy + <usize>d.planes * d.plane, n = d.tile, apart = d.interleave, times = g.oc / g.ic;
  const bytes = <usize>g.ow * 4, wide = (bytes + 15) & ~15, kernel = <usize>(g.kh * g.kw) * 4;
  const xPlane = <usize>(g.ih * g.iw) * 4, yPlane = <usize>g.oh * bytes;
  // a last vector or tile may overlap the one before it, unless sums stand where addends stood
  const whole = adds ? bytes == wide : bytes >= 16;
  const three = d.threesEnd - d.taps == 12 && d.tapsEnd == d.threesEnd;
  t.plane = d.plane;
  t.weightsStep = <usize>times * kernel;
  t.biasStep = <usize>times * 4;
  t.taps = d.taps;
  t.threesEnd = d.threesEnd;
  t.tapsEnd = d.tapsEnd;
  t.step = d.row * (d.skips ? 1 : g.sh * apart);
  t.addend = addend - result;
  memory.fill(copy, 0, part - copy);
  for (let unit = begin; unit < end; unit += t.count) {
    const plane = unit / d.bands, c = plane % g.ic, first = (unit - plane * d.bands) * d.rows;
    const rows = min(d.rows, g.oh - first);
    t.count = min(d.planes, min(end - unit, g.ic - c));
    const from = x + <usize>plane * xPlane, top = first * g.sh - g.ph;
    let copied = 0;
    for (let j = 0; j < times; j++) {
      const y = result + <usize>(plane * times + j) * yPlane + <usize>first * bytes, o = c * times + j;
      t.weights = d.weights + <usize>o * kernel;
      t.bias = d.bias + <usize>o * 4;
      for (let r = 0; r < apart; r++) {
        const count = (rows - r + apart - 1) / apart;
        for (let i = 0; i < count; i += n) {
          const at = adds ? i : max(0, min(i, count - n)), full = whole && at + n <= count;
          const to = y + <usize>(r + at * apart) * bytes;
          // rows of a tile are copied just before it runs: what comes from memory waits behind what is computed
          const seen = (r + (min(at + n, count) - 1) * apart) * g.sh + (g.kh - 1) * g.dh + 1;
          if (seen > copied) {
            copyRows(g, d, from, copy + <usize>copied * d.row, top + copied, seen - copied, t.count);
            copied = seen;
          }
          t.from = copy + <usize>((r + at * apart) * g.sh) * d.row;
          t.y = full ? to : part;
          t.yStep = full ? bytes * apart : wide;
          t.yPlane = full ? <usize>times * yPlane : 7 * wide;
          t.last = <i32>(full ? bytes : wide) - 16;
          t.adds = full && adds ? 1 : 0;
          t.lo = full ? g.lo : -Infinity;
          t.hi = full ? g.hi : Infinity;
          runTile(t, n, d.skips, three);
          for (let k = 0; !full && k < t.count; k++) {
            const here = to + <usize>(k * times) * yPlane;
            storePart(g, part + <usize>k * 7 * wide, here, bytes * apart, t.addend, adds, min(n, count - at));
          }
        }
      }
    }
  }
}
