// The tiles of a depthwise convolution: some neighbouring pixels of an output row, vector by vector of their channels.
//
// The taps of a row come in chunks of three, then of two (7 = 3 + 2 + 2): an input vector is loaded once for all the
// products of a chunk that it enters. A table says where the outer inputs of a chunk are, so that columns outside the
// image are zeros that stand elsewhere: three at the left and one at the right of a chunk of three, three at the right
// of a chunk of two.
import { madd } from "../simd/vector";
import { clamps, storeTile, TileEnd } from "./tile-end";

/** What a tile reads and writes, in scratch: fields move from tile to tile. Steps are in bytes. */
@unmanaged
export class DepthwiseTile extends TileEnd {
  /** Tiles in a row, and the first visible tap of their first pixel. */
  count: i32;
  from: usize;
  /**
   * 1: there are columns outside the image. Else the first inputs of three taps are not looked up
   * (ic144ih56iw56_oc144kh3kw3_ph1pw1_g144 1.03 times as fast).
   */
  edge: i32;
  /**
   * Table of visible kernel rows, chunks of three before chunks of two, KERNEL_ROW bytes each: bytes from `weights`,
   * and from `from` to the first input, and to the outer ones: the first three and the last of three taps, the last
   * three of two.
   */
  rows: usize;
  threesEnd: usize;
  rowsEnd: usize;
  /** From tap to tap and from output pixel to output pixel; the last output pixel that has input of its own. */
  tap: usize;
  step: usize;
  lastStep: usize;
  /** Of the first vector of channels and of one that overlaps the one before it; from vector to vector. */
  weights: usize;
  lastWeights: usize;
  weightsStep: usize;
  bias: usize;
  y: usize;
  /**
   * Bytes from the first channel to the last vector, which overlaps the one before it where channels do not come in
   * fours.
   */
  last: i32;
  /**
   * From a tile to what the next one is first to see, touched up to aheadEnd; secondBack: from there back to another
   * row.
   */
  newest: usize;
  aheadEnd: usize;
  secondBack: usize;
  kw: i32;
  /** From kernel row to kernel row. */
  row: usize;
}

/** Pixels of a tile where taps share what they load. */
@inline export const LONG_TILE: i32 = 7;
@inline export const SHORT_TILE: i32 = 4;

/** Bytes of scratch of a tile: 96, in whole cache lines. */
export const TILE: i32 = 128;

/** Bytes of an entry of the table of kernel rows. */
export const KERNEL_ROW: usize = 24;

/** An input: of its own lane's channel, or of all four. */
@inline
export function input(splat: bool, at: usize): v128 {
  if (splat) return v128.load32_splat(at);
  else return v128.load(at);
}

/**
 * Loads a word of each of the cache lines that `pixels` vectors fill: a software prefetch. A tile's own loads jump from
 * pixel to pixel, where the hardware prefetcher does not follow; these run in order. Times as fast:
 * ic96ih112iw112_oc96kh3kw3_sh2sw2_ph1pw1_g96 1.7, ic144ih56iw56_oc144kh3kw3_ph1pw1_g144 1.4.
 */
@inline
function touchPixels(pixels: i32, at: usize): void {
  load<u32>(at);
  if (pixels > 4) load<u32>(at, 64);
  if (pixels > 8) { load<u32>(at, 128); load<u32>(at, 192); }
}

/**
 * Kernels dense in w: `n` (SHORT_TILE or LONG_TILE) pixels with stride `s` (1 or 2), all literals. Live vectors: n
 * accumulators (of four pixels a0 and a4 to a6), 3 weights, 3 inputs. `three`: three kernel rows of three taps, of one
 * plane; the table serves the edges alone. Without `edges` there are none.
 */
@inline
function tiles(n: i32, s: i32, splat: bool, three: bool, edges: bool, t: DepthwiseTile): void {
  const pixel = t.tap, yStep = t.yStep, threesEnd = t.threesEnd, rowsEnd = t.rowsEnd, last = t.last;
  const edge = t.edge, row = t.row, bounded = clamps(t);
  let first = t.from, to = t.y;
  for (let count = t.count; ; count--) {
    let weights = t.weights, ahead = first + t.newest <= t.aheadEnd ? first + t.newest : 0;
    for (let c = 0; ; c += 16, weights += t.weightsStep) {
      if (c > last) {
        c = last;
        weights = t.lastWeights;
      }
      if (ahead) {
        touchPixels(n * s, ahead);
        if (s == 2) touchPixels(n * s, ahead - t.secondBack);
        ahead += n * s * 16;
      }
      let a0 = v128.load(t.bias + c), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0;
      const from = first + c;
      let rows = t.rows;
      for (let i = 0; three ? i < 3 : rows < threesEnd; i++, rows += KERNEL_ROW) {
        const w = weights + (three ? <usize>i * 48 : load<usize>(rows));
        const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32);
        let q = three ? from + <usize>i * row : from + load<usize>(rows, 4), x: v128, y: v128, z: v128;
        if (edges && edge) {
          x = input(splat, from + load<usize>(rows, 8)); y = input(splat, from + load<usize>(rows, 12));
          z = input(splat, from + load<usize>(rows, 16)); q += 2 * pixel;
        } else {
          x = input(splat, q); y = input(splat, q += pixel); z = input(splat, q += pixel);
        }
        a0 = madd(z, w2, madd(y, w1, madd(x, w0, a0)));
        if (n > SHORT_TILE) {
          x = s == 1 ? y : z; y = s == 1 ? z : input(splat, q += pixel); z = input(splat, q += pixel);
          a1 = madd(z, w2, madd(y, w1, madd(x, w0, a1)));
          x = s == 1 ? y : z; y = s == 1 ? z : input(splat, q += pixel); z = input(splat, q += pixel);
          a2 = madd(z, w2, madd(y, w1, madd(x, w0, a2)));
          x = s == 1 ? y : z; y = s == 1 ? z : input(splat, q += pixel); z = input(splat, q += pixel);
          a3 = madd(z, w2, madd(y, w1, madd(x, w0, a3)));
        }
        x = s == 1 ? y : z; y = s == 1 ? z : input(splat, q += pixel); z = input(splat, q += pixel);
        a4 = madd(z, w2, madd(y, w1, madd(x, w0, a4)));
        x = s == 1 ? y : z; y = s == 1 ? z : input(splat, q += pixel); z = input(splat, q += pixel);
        a5 = madd(z, w2, madd(y, w1, madd(x, w0, a5)));
        x = s == 1 ? y : z; y = s == 1 ? z : input(splat, q += pixel);
        z = input(splat, edges && edge ? from + load<usize>(rows, 20) : q + pixel);
        a6 = madd(z, w2, madd(y, w1, madd(x, w0, a6)));
      }
      for (; !three && rows < rowsEnd; rows += KERNEL_ROW) {
        const w = weights + load<usize>(rows), w0 = v128.load(w), w1 = v128.load(w, 16);
        const p = from + load<usize>(rows, 8), r = from + load<usize>(rows, 12);
        let q = from + load<usize>(rows, 4), x = input(splat, q), y = input(splat, q += pixel);
        a0 = madd(y, w1, madd(x, w0, a0));
        if (n > SHORT_TILE) {
          x = s == 1 ? y : input(splat, q += pixel); y = input(splat, q += pixel);
          a1 = madd(y, w1, madd(x, w0, a1));
          x = s == 1 ? y : input(splat, q += pixel); y = input(splat, q += pixel);
          a2 = madd(y, w1, madd(x, w0, a2));
          x = s == 1 ? y : input(splat, q += pixel); y = input(splat, q += pixel);
          a3 = madd(y, w1, madd(x, w0, a3));
        }
        x = s == 1 ? y : input(splat, q += pixel); y = input(splat, s == 1 ? p : q += pixel);
        a4 = madd(y, w1, madd(x, w0, a4));
        x = s == 1 ? y : input(splat, q + pixel); y = input(splat, s == 1 ? r : p);
        a5 = madd(y, w1, madd(x, w0, a5));
        x = s == 1 ? y : input(splat, r); y = input(splat, from + load<usize>(rows, 16));
        a6 = madd(y, w1, madd(x, w0, a6));
      }
      storeTile(n, bounded, t, to + c, yStep, a0, a1, a2, a3, a4, a5, a6);
      if (c == last) break;
    }
    if (count == 1) break;
    first += <usize>n * t.step;
    to += <usize>n * yStep;
  }
}

/**
 * Three kernel rows of three taps: V8 unrolls a loop whose count it knows, and no row is looked up
 * (ic32ih112iw112_oc32kh3kw3_ph1pw1_g32 and ic144ih56iw56_oc144kh3kw3_ph1pw1_g144 1.08 times as fast). Stride 2 leaves
 * the edges to the other loop: ic144ih56iw56_oc144kh3kw3_sh2sw2_ph1pw1_g144 is 1.05 times as fast as with a branch for
 * them, and 1.1 times as fast as without this loop.
 */
@apart export function depthwise3S1x7(t: DepthwiseTile): void { tiles(LONG_TILE, 1, false, true, true, t); }
@apart export function depthwise3S2x7(t: DepthwiseTile): void { tiles(LONG_TILE, 2, false, true, false, t); }
@apart export function depthwiseS1x4(t: DepthwiseTile): void { tiles(SHORT_TILE, 1, false, false, true, t); }
@apart export function depthwiseS1x7(t: DepthwiseTile): void { tiles(LONG_TILE, 1, false, false, true, t); }
@apart export function depthwiseS2x4(t: DepthwiseTile): void { tiles(SHORT_TILE, 2, false, false, true, t); }
@apart export function depthwiseS2x7(t: DepthwiseTile): void { tiles(LONG_TILE, 2, false, false, true, t); }
@apart export function foursS1x4(t: DepthwiseTile): void { tiles(SHORT_TILE, 1, true, false, true, t); }
@apart export function foursS1x7(t: DepthwiseTile): void { tiles(LONG_TILE, 1, true, false, true, t); }
@apart export function foursS2x4(t: DepthwiseTile): void { tiles(SHORT_TILE, 2, true, false, true, t); }
@apart export function foursS2x7(t: DepthwiseTile): void { tiles(LONG_TILE, 2, true, false, true, t); }
