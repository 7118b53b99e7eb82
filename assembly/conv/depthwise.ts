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
// Kernel rows and planes outside the image are left out. The taps of a row come in chunks of three, then of two (7 = 3 + 2 + 2): an input vector is
// loaded once for all the products of a chunk that it enters. In a chunk of three the first and the last input have addresses of their own, so that an
// image may lack one column on each side for kernels three wide; every other kernel reads a padded image.
import { clamp, madd, storeLanes } from "../simd/vector";
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

/** What a tile reads and writes. Steps are in bytes. */
@unmanaged
export class DepthwiseTile {
  /** First visible tap of the first pixel; left and right: the first and the last input column. */
  from: usize;
  left: usize;
  right: usize;
  /** Table of visible kernel rows, chunks of three before chunks of two: two u32 each, bytes from the first one, in the image and in the weights. */
  rows: usize;
  threesEnd: usize;
  rowsEnd: usize;
  /** All ones, or 0 where that column is outside the image. */
  leftMask: usize;
  rightMask: usize;
  /** From tap to tap and from output pixel to output pixel; the last output pixel that has input of its own. */
  tap: usize;
  step: usize;
  lastStep: usize;
  weights: usize;
  wide: usize;
  bias: usize;
  y: usize;
  yStep: usize;
  /** From y to the addend; `adds`: 0 for none. */
  addend: usize;
  adds: i32;
  /** Bytes from the first channel to the last vector, which overlaps the one before it where channels do not come in fours. */
  last: i32;
  /** What the next tile is first to see, or 0; secondBack: from there back to another row. */
  ahead: usize;
  secondBack: usize;
  kw: i32;
  lo: f32;
  hi: f32;
}

/** An input: of its own lane's channel, or of all four. */
@inline
function input(splat: bool, at: usize): v128 {
  if (splat) return v128.load32_splat(at);
  else return v128.load(at);
}

/**
 * Loads a word of each of the cache lines that `pixels` vectors fill. A tile's own loads jump from pixel to pixel, which the hardware does not foresee;
 * these run in order. 96 channels at 112x112 with stride 2 are 1.7 times faster for it, 144 at 56x56 1.4 times.
 */
@inline
function touch(pixels: i32, at: usize): void {
  load<u32>(at);
  if (pixels > 4) load<u32>(at, 64);
  if (pixels > 8) { load<u32>(at, 128); load<u32>(at, 192); }
}

/** Kernels dense in w: `n` (4 or 7) pixels with stride `s` (1 or 2), all literals. Live vectors: n accumulators, 3 weights, 1 input. */
@inline
function tile(n: i32, s: i32, splat: bool, t: DepthwiseTile): void {
  const pixel = t.tap, wide = t.wide, yStep = t.yStep, leftMask = t.leftMask, rightMask = t.rightMask, threesEnd = t.threesEnd, rowsEnd = t.rowsEnd;
  const lo = v128.load32_splat(changetype<usize>(t), offsetof<DepthwiseTile>("lo")), hi = v128.load32_splat(changetype<usize>(t), offsetof<DepthwiseTile>("hi"));
  let ahead = t.ahead;
  for (let c = min(0, t.last); ; c = min(c + 16, t.last)) {
    if (ahead) {
      touch(n * s, ahead);
      if (s == 2) touch(n * s, ahead - t.secondBack);
      ahead += n * s * 16;
    }
    let a0 = v128.load(t.bias + c), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0;
    const from = t.from + c, left = t.left + c, right = t.right + c, weights = t.weights + c;
    let rows = t.rows;
    for (; rows < threesEnd; rows += 8) {
      const row = load<usize>(rows);
      let w = weights + load<usize>(rows, 4);
      const w0 = v128.load(w), w1 = v128.load(w += wide), w2 = v128.load(w + wide);
      let q = from + row, x = input(splat, left + (row & leftMask));
      a0 = madd(x, w0, a0);
      x = input(splat, q += pixel); a0 = madd(x, w1, a0); if (s == 1) a1 = madd(x, w0, a1);
      x = input(splat, q += pixel); a0 = madd(x, w2, a0); a1 = madd(x, s == 1 ? w1 : w0, a1); if (s == 1) a2 = madd(x, w0, a2);
      x = input(splat, q += pixel); a1 = madd(x, s == 1 ? w2 : w1, a1); if (s == 1) { a2 = madd(x, w1, a2); a3 = madd(x, w0, a3); }
      x = input(splat, q += pixel);
      if (s == 1) { a2 = madd(x, w2, a2); a3 = madd(x, w1, a3); if (n > 4) a4 = madd(x, w0, a4); }
      else { a1 = madd(x, w2, a1); a2 = madd(x, w0, a2); }
      x = input(splat, s == 1 && n == 4 ? right + (row & rightMask) : (q += pixel));
      if (s == 1) { a3 = madd(x, w2, a3); if (n > 4) { a4 = madd(x, w1, a4); a5 = madd(x, w0, a5); } }
      else a2 = madd(x, w1, a2);
      if (n > 4 || s == 2) {
        x = input(splat, q += pixel);
        if (s == 1) { a4 = madd(x, w2, a4); a5 = madd(x, w1, a5); a6 = madd(x, w0, a6); }
        else { a2 = madd(x, w2, a2); a3 = madd(x, w0, a3); }
        x = input(splat, q += pixel);
        if (s == 1) { a5 = madd(x, w2, a5); a6 = madd(x, w1, a6); } else a3 = madd(x, w1, a3);
        x = input(splat, s == 1 || n == 4 ? right + (row & rightMask) : (q += pixel));
        if (s == 1) a6 = madd(x, w2, a6); else { a3 = madd(x, w2, a3); if (n > 4) a4 = madd(x, w0, a4); }
      }
      if (n > 4 && s == 2) {
        x = input(splat, q += pixel); a4 = madd(x, w1, a4);
        x = input(splat, q += pixel); a4 = madd(x, w2, a4); a5 = madd(x, w0, a5);
        x = input(splat, q += pixel); a5 = madd(x, w1, a5);
        x = input(splat, q += pixel); a5 = madd(x, w2, a5); a6 = madd(x, w0, a6);
        x = input(splat, q += pixel); a6 = madd(x, w1, a6);
        x = input(splat, right + (row & rightMask)); a6 = madd(x, w2, a6);
      }
    }
    for (; rows < rowsEnd; rows += 8) {
      const w = weights + load<usize>(rows, 4), w0 = v128.load(w), w1 = v128.load(w + wide);
      let q = from + load<usize>(rows), x = input(splat, q);
      a0 = madd(x, w0, a0);
      x = input(splat, q += pixel); a0 = madd(x, w1, a0);
      if (s == 2) x = input(splat, q += pixel);
      a1 = madd(x, w0, a1);
      x = input(splat, q += pixel); a1 = madd(x, w1, a1);
      if (s == 2) x = input(splat, q += pixel);
      a2 = madd(x, w0, a2);
      x = input(splat, q += pixel); a2 = madd(x, w1, a2);
      if (s == 2) x = input(splat, q += pixel);
      a3 = madd(x, w0, a3);
      x = input(splat, q += pixel); a3 = madd(x, w1, a3);
      if (n > 4) {
        if (s == 2) x = input(splat, q += pixel);
        a4 = madd(x, w0, a4);
        x = input(splat, q += pixel); a4 = madd(x, w1, a4);
        if (s == 2) x = input(splat, q += pixel);
        a5 = madd(x, w0, a5);
        x = input(splat, q += pixel); a5 = madd(x, w1, a5);
        if (s == 2) x = input(splat, q += pixel);
        a6 = madd(x, w0, a6);
        x = input(splat, q += pixel); a6 = madd(x, w1, a6);
      }
    }
    let y = t.y + c;
    if (t.adds) {
      let q = y + t.addend;
      a0 = f32x4.add(a0, v128.load(q)); a1 = f32x4.add(a1, v128.load(q += yStep)); a2 = f32x4.add(a2, v128.load(q += yStep)); a3 = f32x4.add(a3, v128.load(q += yStep));
      if (n > 4) { a4 = f32x4.add(a4, v128.load(q += yStep)); a5 = f32x4.add(a5, v128.load(q += yStep)); a6 = f32x4.add(a6, v128.load(q + yStep)); }
    }
    v128.store(y, clamp(a0, lo, hi));
    v128.store(y += yStep, clamp(a1, lo, hi));
    v128.store(y += yStep, clamp(a2, lo, hi));
    v128.store(y += yStep, clamp(a3, lo, hi));
    if (n > 4) {
      v128.store(y += yStep, clamp(a4, lo, hi));
      v128.store(y += yStep, clamp(a5, lo, hi));
      v128.store(y += yStep, clamp(a6, lo, hi));
    }
    if (c == t.last) break;
  }
}

export function depthwiseS1x4(t: DepthwiseTile): void { tile(4, 1, false, t); }
export function depthwiseS1x7(t: DepthwiseTile): void { tile(7, 1, false, t); }
export function depthwiseS2x4(t: DepthwiseTile): void { tile(4, 2, false, t); }
export function depthwiseS2x7(t: DepthwiseTile): void { tile(7, 2, false, t); }
export function foursS1x4(t: DepthwiseTile): void { tile(4, 1, true, t); }
export function foursS1x7(t: DepthwiseTile): void { tile(7, 1, true, t); }
export function foursS2x4(t: DepthwiseTile): void { tile(4, 2, true, t); }
export function foursS2x7(t: DepthwiseTile): void { tile(7, 2, true, t); }

/** Any kernel, stride and dilation: four pixels of eight channels, one load of the input for each product. */
export function depthwiseAny(t: DepthwiseTile): void {
  const wide = t.wide, tap = t.tap, yStep = t.yStep, rowsEnd = t.rowsEnd;
  const s1 = min<usize>(t.step, t.lastStep), s2 = min<usize>(2 * t.step, t.lastStep), s3 = min<usize>(3 * t.step, t.lastStep);
  const lo = v128.load32_splat(changetype<usize>(t), offsetof<DepthwiseTile>("lo")), hi = v128.load32_splat(changetype<usize>(t), offsetof<DepthwiseTile>("hi"));
  for (let c = min(0, t.last); ; c = min(c + 32, t.last)) {
    let a0 = v128.load(t.bias + c), b0 = v128.load(t.bias + c, 16), a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
    const from = t.from + c, weights = t.weights + c;
    for (let rows = t.rows; rows < rowsEnd; rows += 8) {
      let q = from + load<usize>(rows), w = weights + load<usize>(rows, 4), taps = t.kw;
      do {
        const u = v128.load(w), v = v128.load(w, 16);
        a0 = madd(v128.load(q), u, a0); b0 = madd(v128.load(q, 16), v, b0);
        a1 = madd(v128.load(q + s1), u, a1); b1 = madd(v128.load(q + s1, 16), v, b1);
        a2 = madd(v128.load(q + s2), u, a2); b2 = madd(v128.load(q + s2, 16), v, b2);
        a3 = madd(v128.load(q + s3), u, a3); b3 = madd(v128.load(q + s3, 16), v, b3);
        q += tap;
        w += wide;
      } while (--taps);
    }
    let y = t.y + c;
    if (t.adds) {
      let q = y + t.addend;
      a0 = f32x4.add(a0, v128.load(q)); b0 = f32x4.add(b0, v128.load(q, 16));
      q += yStep; a1 = f32x4.add(a1, v128.load(q)); b1 = f32x4.add(b1, v128.load(q, 16));
      q += yStep; a2 = f32x4.add(a2, v128.load(q)); b2 = f32x4.add(b2, v128.load(q, 16));
      q += yStep; a3 = f32x4.add(a3, v128.load(q)); b3 = f32x4.add(b3, v128.load(q, 16));
    }
    v128.store(y, clamp(a0, lo, hi)); v128.store(y, clamp(b0, lo, hi), 16);
    y += yStep; v128.store(y, clamp(a1, lo, hi)); v128.store(y, clamp(b1, lo, hi), 16);
    y += yStep; v128.store(y, clamp(a2, lo, hi)); v128.store(y, clamp(b2, lo, hi), 16);
    y += yStep; v128.store(y, clamp(a3, lo, hi)); v128.store(y, clamp(b3, lo, hi), 16);
    if (c == t.last) break;
  }
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
