// The tiles of a depthwise convolution in planes: a vector of pixels of each of seven or four output rows, of plane
// after plane. Taps of a kernel column come in threes, for which an input vector is loaded once for all the products
// that it enters, then one by one. Rows of a tile are as far apart as the taps of a column, so that a dilated kernel
// shares inputs as a dense one does.
import { madd } from "../simd/vector";
import { clamps, storeTile, TileEnd } from "./tile-end";

/** What a tile reads and writes, in scratch. Steps are in bytes. */
@unmanaged
export class PlaneTile extends TileEnd {
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
  /** From the first pixels to the last vector of a row, which may overlap the one before it. */
  last: i32;
}

/**
 * `n` (4 or 7) output rows, whose inputs are `s` (1 or 2) taps of a column apart, both literals. Live vectors: n
 * accumulators (of four rows a0 and a4 to a6), 3 weights, 3 inputs. `three`: three times three taps, a loop that V8
 * unrolls.
 */
@inline
function tiles(n: i32, s: i32, three: bool, t: PlaneTile): void {
  const step = t.step, apart = <usize>s * step, taps = t.taps, threesEnd = t.threesEnd, tapsEnd = t.tapsEnd;
  const last = t.last, yStep = t.yStep, bounded = clamps(t);
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
    storeTile(n, bounded, t, to + c, yStep, a0, a1, a2, a3, a4, a5, a6);
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
export function runTile(t: PlaneTile, n: i32, skips: i32, three: bool): void {
  if (n == 7) {
    if (three) { if (skips) planes3S2x7(t); else planes3S1x7(t); }
    else if (skips) planesS2x7(t);
    else planesS1x7(t);
  } else if (skips) planesS2x4(t);
  else planesS1x4(t);
}
