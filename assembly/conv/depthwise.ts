// Depthwise convolution, channels last: every channel meets its own kernel.
//
//   y[p][c] = clamp(bias[c] + addend[p][c] + sum over taps t of image[window(p) + t][c] * weights[t][c])
//
// Lanes are channels. A tile is a few neighbouring pixels of an output row times a block of channels, so small that the rows it meets stay in the L1
// cache until the next rows of output need them again. Weights [taps][channels], their channels rounded up to eight.
//
// Groups of four channels into four are the same with four times the kernel rows: lanes are the outputs of a group, and each of its inputs meets all of
// them. Weights [kernel rows][inputs of a group][taps of a row][channels].
//
// Kernel rows and planes outside the image are left out.
import { clamp, storeLanes } from "../simd/vector";
import { DepthwiseTile, depthwiseAny, depthwiseS1x4, depthwiseS1x7, depthwiseS2x4, depthwiseS2x7, foursS1x4, foursS1x7, foursS2x4, foursS2x7 } from "./depthwise-tile";
import { Geometry } from "./geometry";

/** Operands of one call. */
@unmanaged
export class Depthwise {
  image: usize;
  weights: usize;
  /** As many floats as `weights` has channels. */
  bias: usize;
  /** Laid out as y; 0 for none. */
  addend: usize;
  y: usize;
  /** Bytes of channels in a block, a multiple of 32. */
  block: usize;
  /** A block of zeros. */
  zeros: usize;
  /** 1: tiles touch what the next one is first to see, which takes a single block. */
  touches: i32;
  /** Seven pixels of a block: tiles that are stored in part. */
  part: usize;
  /** Two words for every input of a group and chunk of taps. */
  rows: usize;
  tile: DepthwiseTile;
}

/** The first tap of a window that begins at `at` to see the image, of `taps` taps. */
@inline
function firstTap(at: i32, dilation: i32): i32 { return at < 0 ? (dilation - 1 - at) / dilation : 0; }

/** One past the last. */
@inline
function endTap(at: i32, dilation: i32, extent: i32, taps: i32): i32 { return min(taps, (extent - at + dilation - 1) / dilation); }

/** Pixels [first, first + count) of a tile in d.part, `bytes` of channels each, to `y`, whose pixels stand `step` bytes apart; `addend`: from y to it, if it `adds`. */
function finish(g: Geometry, part: usize, partStep: usize, y: usize, step: usize, addend: usize, adds: bool, count: i32, bytes: usize): void {
  const lo = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("lo")), hi = v128.load32_splat(changetype<usize>(g), offsetof<Geometry>("hi"));
  for (; count > 0; count--, part += partStep, y += step) {
    for (let c: usize = 0; c < bytes; c += 16) {
      let sum = v128.load(part + c);
      if (adds) sum = f32x4.add(sum, v128.load(y + addend + c));
      sum = clamp(sum, lo, hi);
      storeLanes(y + c, sum, sum, min(4, <i32>((bytes - c) >> 2)));
    }
  }
}

/**
 * Output rows [begin, end), numbered z, y, of one image. `n`: pixels of a tile, 7 or 4 for kernels at least two wide, dense in w, with stride 1 or 2 and
 * at least n pixels in a row; kernels three wide may have one column of padding at each side. 0: any kernel over an image without padding in w.
 */
export function convDepthwise(g: Geometry, d: Depthwise, n: i32, begin: i32, end: i32): void {
  const t = d.tile, pixel = <usize>g.oc * 4, wide = <usize>((g.oc + 7) & ~7) * 4, yStep = <usize>g.yW * 4;
  const row = <usize>g.iw * pixel, plane = <usize>g.ih * row, tapsRow = <usize>g.kw * wide;
  const inputs = g.ic / g.groups;
  const size = n ? n : 4, vector: usize = n ? 16 : 32, adds = d.addend != 0;
  const threes = g.kw - 2 * ((3 - g.kw % 3) % 3);
  // bytes of a row that a tile is the first to see
  const fresh = <usize>(size * g.sw) * pixel;
  // behind the last input row that the last output row sees: a band of a larger image ends there
  const lastZ = min(g.id, (end - 1) / g.oh * g.sd - g.pd + (g.kd - 1) * g.dd + 1), lastY = min(g.ih, (end - 1) % g.oh * g.sh - g.ph + (g.kh - 1) * g.dh + 1);
  const imageEnd = d.image + <usize>(lastZ - 1) * plane + <usize>lastY * row;
  t.tap = <usize>g.dw * pixel;
  t.step = <usize>g.sw * pixel;
  t.wide = wide;
  t.kw = g.kw;
  t.addend = d.addend - d.y;
  for (let block: usize = 0; block < pixel; block += d.block) {
    const bytes = min<usize>(d.block, pixel - block), ragged = bytes % vector != 0;
    // a last vector or tile may overlap the one before it, unless sums stand where addends stood
    const overlaps = !adds && pixel >= vector;
    t.bias = d.bias + block;
    for (let r = begin; r < end; r++) {
      const z = r / g.oh * g.sd - g.pd, y = r % g.oh * g.sh - g.ph;
      const z0 = firstTap(z, g.dd), y0 = firstTap(y, g.dh);
      const z1 = endTap(z, g.dd, g.id, g.kd), y1 = endTap(y, g.dh, g.ih, g.kh);
      t.rows = d.rows;
      let table = d.rows;
      for (let tap = 0, taps = 3; tap < g.kw; tap += taps) {
        if (n == 0) taps = g.kw;
        else if (tap == threes) { taps = 2; t.threesEnd = table; }
        for (let kz = z0; kz < z1; kz++) {
          for (let ky = y0; ky < y1; ky++) {
            for (let i = 0; i < inputs; i++, table += 8) {
              store<usize>(table, <usize>((kz - z0) * g.dd) * plane + <usize>((ky - y0) * g.dh) * row + <usize>tap * pixel + <usize>i * 4);
              store<usize>(table, <usize>(((kz - z0) * g.kh + ky - y0) * inputs + i) * tapsRow + <usize>tap * wide, 4);
            }
          }
        }
      }
      if (threes == g.kw) t.threesEnd = table;
      t.rowsEnd = table;
      t.weights = d.weights + <usize>((z0 * g.kh + y0) * inputs) * tapsRow + block;
      const first = d.image + block + <usize>(z + z0 * g.dd) * plane + <usize>(y + y0 * g.dh) * row;
      const newest = (<usize>((z1 - 1 - z0) * g.dd) * plane + <usize>((y1 - 1 - y0) * g.dh) * row) + fresh;
      const out = <usize>(r / g.oh * g.yD + r % g.oh * g.yH) * 4 + block;
      for (let next = 0; next < g.ow; next += size) {
        const x = max(0, min(next, g.ow - size)), column = x * g.sw - g.pw, last = column + (size - 1) * g.sw + 2;
        const whole = size <= g.ow && (overlaps || (!ragged && x == next)), to = d.y + out + <usize>(whole ? x : next) * yStep;
        t.from = first + <usize>column * pixel;
        t.leftMask = column < 0 ? 0 : <usize>-1;
        t.left = column < 0 ? d.zeros : t.from;
        t.rightMask = last < g.iw ? <usize>-1 : 0;
        t.right = last < g.iw ? first + <usize>last * pixel : d.zeros;
        t.lastStep = <usize>(min(size, g.ow - x) - 1) * t.step;
        t.last = <i32>(whole || !ragged ? bytes - vector : bytes & ~(vector - 1));
        t.y = whole ? to : d.part;
        t.yStep = whole ? yStep : d.block;
        t.lo = whole ? g.lo : -Infinity;
        t.hi = whole ? g.hi : Infinity;
        t.adds = whole && adds ? 1 : 0;
        const ahead = t.from + newest;
        t.ahead = d.touches && ahead + fresh + 256 <= imageEnd ? ahead : 0;
        t.secondBack = y1 - y0 > 1 ? row : 0;
        if (n == 0) depthwiseAny(t);
        else if (inputs == 1) {
          if (g.sw == 1) { if (n == 7) depthwiseS1x7(t); else depthwiseS1x4(t); }
          else if (n == 7) depthwiseS2x7(t); else depthwiseS2x4(t);
        } else {
          if (g.sw == 1) { if (n == 7) foursS1x7(t); else foursS1x4(t); }
          else if (n == 7) foursS2x7(t); else foursS2x4(t);
        }
        if (!whole) finish(g, d.part + <usize>(next - x) * d.block, d.block, to, yStep, t.addend, adds, min(size, g.ow - x) - (next - x), bytes);
      }
    }
  }
}

/** Every channel of `pixels` pixels `times` over: the image that a channel multiplier reads. */
export function repeatChannels(to: usize, from: usize, pixels: i32, channels: i32, times: i32): void {
  for (const end = from + <usize>(pixels * channels) * 4; from < end; from += 4) {
    const value = load<f32>(from);
    for (let i = 0; i < times; i++, to += 4) store<f32>(to, value);
  }
}
