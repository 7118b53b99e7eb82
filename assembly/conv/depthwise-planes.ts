// Depthwise convolution, channels first: every plane meets its own kernel.
//
//   y[o][y][x] = clamp(bias[o] + addend[o][y][x] + sum over taps i, j of
//                      image[o / m][y * sh + i * dh - ph][x * sw + j * dw - pw] * weights[o][i][j])
//
// with m = oc / ic. Lanes are neighbouring pixels of an output row, and no plane is turned: the rows that a tile is
// first to see are copied to scratch, between zeros, and with stride 2 even columns apart from odd ones, so that lanes
// of an input are neighbours, too. There every tap is an offset. A copy is of a band of output rows, or of several
// planes [planes][rows][even columns, odd columns]. A tile is a vector of each of seven or four output rows. Taps of a
// kernel column come in threes, for which an input vector is loaded once for all the products that it enters, then one
// by one: weights [planes of y][taps in the order of the table].
//
// Rows of a tile are as far apart as the taps of a column, so that a dilated kernel shares inputs as a dense one does.
//
// Reading in place all vectors that see no edge, with only the sides copied, is no faster with stride 1, and 0.85 times
// as fast with stride 2, where an input is two vectors and a shuffle; touching what comes next does not change that.
import { clamp, madd, storeLanes } from "../simd/vector";
import { Geometry } from "./geometry";

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

/** What a tile reads and writes, in scratch. Steps are in bytes. */
@unmanaged
export class PlaneTile {
  /** Planes, and from one to the next: of the copy, the weights, the bias and y. */
  count: i32;
  plane: usize;
  weightsStep: usize;
  biasStep: usize;
  yPlane: usize;
  from: usize;
  /** From tap to tap of a column. */
  step: usize;
  taps: usize;
  threesEnd: usize;
  tapsEnd: usize;
  weights: usize;
  bias: usize;
  y: usize;
  yStep: usize;
  /** From the first pixels to the last vector of a row, which may overlap the one before it. */
  last: i32;
  /** From y to the addend; `adds`: 0 for none. */
  addend: usize;
  adds: i32;
  lo: f32;
  hi: f32;
}

/** Bytes of scratch of a tile, in whole cache lines. */
const TILE: usize = 128;

/** Bytes of scratch of convDepthwisePlanes: the tile, and for all planes the copy and a tile that is stored in part. */
export function depthwisePlanesScratch(g: Geometry, d: DepthwisePlanes): i32 {
  return <i32>TILE + d.planes * (<i32>d.plane + 7 * ((g.ow * 4 + 15) & ~15));
}

/**
 * `n` (4 or 7) output rows, whose inputs are `s` (1 or 2) taps of a column apart, both literals. Live vectors: n
 * accumulators (of four rows a0 and a4 to a6), 3 weights, 3 inputs. `three`: three times three taps, a loop that V8
 * unrolls.
 */
@inline
function tiles(n: i32, s: i32, three: bool, t: PlaneTile): void {
  const step = t.step, apart = <usize>s * step, taps = t.taps, threesEnd = t.threesEnd, tapsEnd = t.tapsEnd;
  const last = t.last, yStep = t.yStep, clamps = t.lo > -Infinity || t.hi < Infinity;
  let first = t.from, weights = t.weights, bias = t.bias, to = t.y, count = t.count;
  for (let c = 0; ; c += 16) {
    c = min(c, last);
    const from = first + c;
    let a0 = v128.load32_splat(bias), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0;
    let w = weights, tap = taps;
    for (let i = 0; three ? i < 3 : tap < threesEnd; i++, tap += 4, w += 12) {
      const w0 = v128.load32_splat(w), w1 = v128.load32_splat(w, 4), w2 = v128.load32_splat(w, 8);
      let q = from + load<usize>(tap), x = v128.load(q), y = v128.load(q += step), z = v128.load(q += step);
      a0 = madd(z, w2, madd(y, w1, madd(x, w0, a0)));
      if (n > 4) {
        x = s == 1 ? y : z; y = s == 1 ? z : v128.load(q += step); z = v128.load(q += step);
        a1 = madd(z, w2, madd(y, w1, madd(x, w0, a1)));
        x = s == 1 ? y : z; y = s == 1 ? z : v128.load(q += step); z = v128.load(q += step);
        a2 = madd(z, w2, madd(y, w1, madd(x, w0, a2)));
        x = s == 1 ? y : z; y = s == 1 ? z : v128.load(q += step); z = v128.load(q += step);
        a3 = madd(z, w2, madd(y, w1, madd(x, w0, a3)));
      }
      x = s == 1 ? y : z; y = s == 1 ? z : v128.load(q += step); z = v128.load(q += step);
      a4 = madd(z, w2, madd(y, w1, madd(x, w0, a4)));
      x = s == 1 ? y : z; y = s == 1 ? z : v128.load(q += step); z = v128.load(q += step);
      a5 = madd(z, w2, madd(y, w1, madd(x, w0, a5)));
      x = s == 1 ? y : z; y = s == 1 ? z : v128.load(q += step); z = v128.load(q + step);
      a6 = madd(z, w2, madd(y, w1, madd(x, w0, a6)));
    }
    for (; !three && tap < tapsEnd; tap += 4, w += 4) {
      const w0 = v128.load32_splat(w);
      let q = from + load<usize>(tap);
      a0 = madd(v128.load(q), w0, a0);
      if (n > 4) {
        a1 = madd(v128.load(q += apart), w0, a1);
        a2 = madd(v128.load(q += apart), w0, a2);
        a3 = madd(v128.load(q += apart), w0, a3);
      }
      a4 = madd(v128.load(q += apart), w0, a4);
      a5 = madd(v128.load(q += apart), w0, a5);
      a6 = madd(v128.load(q + apart), w0, a6);
    }
    let y = to + c;
    if (t.adds) {
      let q = y + t.addend;
      a0 = f32x4.add(a0, v128.load(q));
      if (n > 4) {
        a1 = f32x4.add(a1, v128.load(q += yStep));
        a2 = f32x4.add(a2, v128.load(q += yStep));
        a3 = f32x4.add(a3, v128.load(q += yStep));
      }
      a4 = f32x4.add(a4, v128.load(q += yStep));
      a5 = f32x4.add(a5, v128.load(q += yStep));
      a6 = f32x4.add(a6, v128.load(q + yStep));
    }
    if (clamps) {
      const lo = v128.load32_splat(changetype<usize>(t), offsetof<PlaneTile>("lo"));
      const hi = v128.load32_splat(changetype<usize>(t), offsetof<PlaneTile>("hi"));
      a0 = clamp(a0, lo, hi); a4 = clamp(a4, lo, hi); a5 = clamp(a5, lo, hi); a6 = clamp(a6, lo, hi);
      if (n > 4) { a1 = clamp(a1, lo, hi); a2 = clamp(a2, lo, hi); a3 = clamp(a3, lo, hi); }
    }
    v128.store(y, a0);
    if (n > 4) { v128.store(y += yStep, a1); v128.store(y += yStep, a2); v128.store(y += yStep, a3); }
    v128.store(y += yStep, a4); v128.store(y += yStep, a5); v128.store(y + yStep, a6);
    if (c < last) continue;
    if (--count == 0) break;
    first += t.plane; weights += t.weightsStep; bias += t.biasStep; to += t.yPlane;
    c = -16;
  }
}

@apart export function planes3S1x7(t: PlaneTile): void { tiles(7, 1, true, t); }
@apart export function planes3S2x7(t: PlaneTile): void { tiles(7, 2, true, t); }
@apart export function planesS1x7(t: PlaneTile): void { tiles(7, 1, false, t); }
@apart export function planesS2x7(t: PlaneTile): void { tiles(7, 2, false, t); }
@apart export function planesS1x4(t: PlaneTile): void { tiles(4, 1, false, t); }
@apart export function planesS2x4(t: PlaneTile): void { tiles(4, 2, false, t); }

/** A tile of `n` rows of each plane. `three`: the kernel is three by three. */
@inline
function runTile(t: PlaneTile, n: i32, skips: i32, three: bool): void {
  if (n == 7) {
    if (three) { if (skips) planes3S2x7(t); else planes3S1x7(t); }
    else if (skips) planesS2x7(t);
    else planesS1x7(t);
  } else if (skips) planesS2x4(t);
  else planesS1x4(t);
}

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
