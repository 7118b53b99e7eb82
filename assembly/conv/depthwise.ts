// Depthwise convolution, channels last: every channel meets its own kernel.
//
//   y[p][c] = clamp(bias[c] + addend[p][c] + sum over taps t of image[window(p) + t][c] * weights[t][c])
//
// Lanes are channels. A tile is a few neighbouring pixels of an output row, vector by vector. Weights
// [vectors of four channels][taps][4], channels filled up to eights, and behind them the two vectors of the last eight
// channels, for a last vector that overlaps the one before it.
//
// Groups of four channels into four are the same with four times the kernel rows: lanes are the outputs of a group, and
// each of its inputs meets all of them. Weights [vectors of four channels][kernel rows][inputs of a group][taps of a
// row][4].
//
// Kernel rows and planes outside the image are left out.
import { clamp, storeLanes } from "../simd/vector";
import { DepthwiseTile, KERNEL_ROW, LONG_TILE, SHORT_TILE, TILE } from "./depthwise-tile";
import { runTile } from "./depthwise-tiles";
import { Geometry } from "./geometry";

/** A depthwise convolution: what is known before a run. */
@unmanaged
export class Depthwise {
  /**
   * Pixels of a tile: LONG_TILE or SHORT_TILE for kernels at least two wide, dense in w, with stride 1 or 2 and at
   * least as many pixels in a row, whose windows may stand out of the image as far as the table of a chunk of taps
   * knows (see depthwise-tile.ts). 0: any kernel over an image without padding in w.
   */
  pixels: i32;
  /** 1: tiles touch what the next one is first to see. */
  touches: i32;
  /** 1: tiles of LONG_TILE pixels take eight channels at a time away from the edges: 32 vector registers. */
  pairs: i32;
  weights: usize;
  /** As many floats as there are channels in whole eights. */
  bias: usize;
  /** A pixel of zeros, in whole eights of channels. */
  zeros: usize;
}

/** Channels of weights, bias and zeros are filled up to a multiple of this. */
@inline export const LANES: i32 = 8;

/** Bytes of channels in whole eights. */
@inline
function wideOf(g: Geometry): i32 { return (g.oc * 4 + (LANES * 4 - 1)) & ~(LANES * 4 - 1); }

/**
 * Bytes of scratch of convDepthwise: the tile, LONG_TILE pixels for tiles that are stored in part, and KERNEL_ROW bytes
 * for every kernel row, input of a group and chunk of taps.
 */
export function depthwiseScratch(g: Geometry): i32 {
  return TILE + LONG_TILE * wideOf(g) + g.kd * g.kh * (g.ic / g.groups) * ((g.kw + 1) / 2) * <i32>KERNEL_ROW;
}

/** The first tap of a window that begins at `at` to see the image, of `taps` taps. */
@inline
function firstTap(at: i32, dilation: i32): i32 { return at < 0 ? (dilation - 1 - at) / dilation : 0; }

/** One past the last. */
@inline
function endTap(at: i32, dilation: i32, extent: i32, taps: i32): i32 {
  return min(taps, (extent - at + dilation - 1) / dilation);
}

/**
 * `count` pixels of a tile at `part`, `bytes` of channels each, to `y`, whose pixels stand `step` bytes apart;
 * `addend`: from y to it, if it `adds`.
 */
function storePart(
  g: Geometry, part: usize, partStep: usize, y: usize, step: usize, addend: usize, adds: bool, count: i32, bytes: usize,
): void {
  const lo = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("lo"));
  const hi = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("hi"));
  for (; count > 0; count--, part += partStep, y += step) {
    for (let c: usize = 0; c < bytes; c += 16) {
      let sum = v128.load(part + c);
      if (adds) sum = f32x4.add(sum, v128.load(y + addend + c));
      sum = clamp(sum, lo, hi);
      storeLanes(y + c, sum, sum, min(4, <i32>((bytes - c) >> 2)));
    }
  }
}

/** Lists the `planes` by `height` kernel rows that a tile sees whose first window begins at `column`. */
function listRows(g: Geometry, d: Depthwise, t: DepthwiseTile, column: i32, planes: i32, height: i32): void {
  const n = d.pixels, pixel = <usize>g.oc * 4, row = <usize>g.iw * pixel, plane = <usize>g.ih * row;
  const inputs = g.ic / g.groups, threes = g.kw - 2 * ((3 - g.kw % 3) % 3), end = (n - 1) * g.sw;
  const zeros = i32x4.splat(<i32>(d.zeros - t.from));
  let table = t.rows;
  t.threesEnd = table;
  for (let tap = 0, taps = 3; tap < g.kw; tap += taps) {
    if (n == 0) taps = g.kw;
    else if (tap == threes) taps = 2;
    const first = i32x4(0, 1, 2, 0);
    const outer = taps == 3 ? i32x4.replace_lane(first, 3, end + 2) : i32x4.add(i32x4.splat(end - 1), first);
    const offsets = i32x4.mul(outer, i32x4.splat(<i32>pixel));
    const seen = i32x4.lt_u(i32x4.add(outer, i32x4.splat(column + tap)), i32x4.splat(g.iw));
    for (let z = 0; z < planes; z++) {
      let at = <usize>(z * g.dd) * plane + <usize>tap * pixel, w = <usize>(z * g.kh * inputs * g.kw + tap) * 16;
      for (let y = 0; y < height; y++, at += <usize>g.dh * row) {
        for (let i = 0; i < inputs; i++, table += KERNEL_ROW, w += <usize>g.kw * 16) {
          const from = at + <usize>i * 4;
          store<usize>(table, w);
          store<usize>(table, from, 4);
          v128.store(table, v128.bitselect(i32x4.add(offsets, i32x4.splat(<i32>from)), zeros, seen), 8);
        }
      }
    }
    if (taps == 3) t.threesEnd = table;
  }
  t.rowsEnd = table;
}

/** Output rows [begin, end), numbered z, y, of one image; `addend` is laid out as y, or 0. */
export function convDepthwise(
  g: Geometry, d: Depthwise, image: usize, result: usize, addend: usize, begin: i32, end: i32, scratch: usize,
): void {
  const t = changetype<DepthwiseTile>(scratch), part = scratch + TILE, n = d.pixels;
  const pixel = <usize>g.oc * 4, yStep = <usize>g.yW * 4, wide = <usize>wideOf(g);
  const row = <usize>g.iw * pixel, plane = <usize>g.ih * row, inputs = g.ic / g.groups;
  const tapsRow = <usize>g.kw * 16, taps = <usize>(g.kd * g.kh * inputs) * tapsRow;
  const lastWeights = d.weights + wide / 16 * taps;
  const size = n ? n : SHORT_TILE, vector: usize = n ? 16 : 32, ragged = pixel % vector != 0, adds = addend != 0;
  // a last vector or tile may overlap the one before it, unless sums stand where addends stood
  const overlaps = !adds && pixel >= vector, paired = d.pairs != 0 && (pixel % 32 == 0 || (!adds && pixel >= 32));
  // bytes of a row that a tile is the first to see
  const newBytes = <usize>(size * g.sw) * pixel;
  // behind the last input row that the last output row sees: a band of a larger image ends there
  const lastZ = min(g.id, (end - 1) / g.oh * g.sd - g.pd + (g.kd - 1) * g.dd + 1);
  const lastY = min(g.ih, (end - 1) % g.oh * g.sh - g.ph + (g.kh - 1) * g.dh + 1);
  t.aheadEnd = d.touches ? image + <usize>(lastZ - 1) * plane + <usize>lastY * row - newBytes - 256 : 0;
  t.rows = part + <usize>LONG_TILE * wide;
  t.tap = <usize>g.dw * pixel;
  t.step = <usize>g.sw * pixel;
  t.kw = g.kw;
  t.row = <usize>g.dh * row;
  t.weightsStep = taps;
  t.bias = d.bias;
  t.addend = addend - result;
  for (let r = begin; r < end; r++) {
    const z = r / g.oh * g.sd - g.pd, y = r % g.oh * g.sh - g.ph;
    const z0 = firstTap(z, g.dd), y0 = firstTap(y, g.dh);
    const z1 = endTap(z, g.dd, g.id, g.kd), y1 = endTap(y, g.dh, g.ih, g.kh);
    const hidden = <usize>((z0 * g.kh + y0) * inputs) * tapsRow;
    t.weights = d.weights + hidden;
    const first = image + <usize>(z + z0 * g.dd) * plane + <usize>(y + y0 * g.dh) * row;
    t.newest = <usize>((z1 - 1 - z0) * g.dd) * plane + <usize>((y1 - 1 - y0) * g.dh) * row + newBytes;
    t.secondBack = y1 - y0 > 1 ? row : 0;
    const three = n == LONG_TILE && inputs == 1 && g.kw == 3 && z1 - z0 == 1 && y1 - y0 == 3;
    const out = <usize>(r / g.oh * g.yD + r % g.oh * g.yH) * 4;
    for (let next = 0; next < g.ow; next += t.count * size) {
      const x = max(0, min(next, g.ow - size)), whole = size <= g.ow && (overlaps || (!ragged && x == next));
      const to = result + out + <usize>(whole ? x : next) * yStep;
      const column = x * g.sw - g.pw, inside = g.iw - column - g.kw - (size - 1) * g.sw;
      // tiles that see columns outside the image have tables of their own
      const single = !n || !whole || x != next || column < 0;
      t.count = single ? 1 : max(1, min((g.ow - x) / size, inside / (size * g.sw) + 1));
      t.from = first + <usize>column * pixel;
      t.edge = column < 0 || column + (t.count * size - 1) * g.sw + g.kw > g.iw ? 1 : 0;
      const pairs = paired && whole && !t.edge;
      // three rows of three taps without edges are not looked up
      if ((pairs || !(three && !t.edge)) && (n || !next)) listRows(g, d, t, column, z1 - z0, y1 - y0);
      t.lastStep = <usize>(min(size, g.ow - x) - 1) * t.step;
      t.last = <i32>(pairs ? pixel - 32 : whole || !ragged ? pixel - vector : pixel & ~(vector - 1));
      t.lastWeights = lastWeights + hidden + (n && !pairs ? taps : 0);
      t.y = whole ? to : part;
      t.yStep = whole ? yStep : wide;
      t.lo = whole ? g.lo : -Infinity;
      t.hi = whole ? g.hi : Infinity;
      t.adds = whole && adds ? 1 : 0;
      runTile(t, n, g.sw, inputs, three, pairs);
      if (!whole) {
        const from = part + <usize>(next - x) * wide, count = min(size, g.ow - x) - (next - x);
        storePart(g, from, wide, to, yStep, t.addend, adds, count, pixel);
      }
    }
  }
}
