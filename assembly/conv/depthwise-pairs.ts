// Tiles of a depthwise convolution for processors with 32 vector registers (aarch64): seven pixels of eight channels,
// away from the edges. As depthwise-tile.ts otherwise, and to the bit: 14 sums in place of 7, for the three products of
// a chunk wait for one another.
import { madd } from "../simd/vector";
import { DepthwiseTile, KERNEL_ROW, LONG_TILE, input } from "./depthwise-tile";
import { clamps, storeTile } from "./tile-end";

/**
 * Stride `s` (1 or 2) and `splat` are literals. Live vectors: 14 sums, 6 weights, 6 inputs. `x` to `z` and `a0` to `a6`
 * are of the first four channels, `u` to `w` and `b0` to `b6` of the next four.
 */
@inline
function pairs(s: i32, splat: bool, t: DepthwiseTile): void {
  const pixel = t.tap, yStep = t.yStep, threesEnd = t.threesEnd, rowsEnd = t.rowsEnd, last = t.last;
  const vector = t.weightsStep, bounded = clamps(t);
  let first = t.from, to = t.y;
  for (let count = t.count; ; count--) {
    let weights = t.weights;
    for (let c = 0; ; c += 32, weights += 2 * vector) {
      if (c > last) {
        c = last;
        weights = t.lastWeights;
      }
      let a0 = v128.load(t.bias + c), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0;
      let b0 = v128.load(t.bias + c, 16), b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0, b6 = b0;
      const from = first + c;
      let rows = t.rows;
      for (; rows < threesEnd; rows += KERNEL_ROW) {
        const k = weights + load<usize>(rows);
        const k0 = v128.load(k), k1 = v128.load(k, 16), k2 = v128.load(k, 32);
        const h = k + vector, h0 = v128.load(h), h1 = v128.load(h, 16), h2 = v128.load(h, 32);
        let q = from + load<usize>(rows, 4), x = input(splat, q), u = input(splat, q + 16);
        let y = input(splat, q += pixel), v = input(splat, q + 16), z = input(splat, q += pixel);
        let w = input(splat, q + 16);
        a0 = madd(z, k2, madd(y, k1, madd(x, k0, a0))); b0 = madd(w, h2, madd(v, h1, madd(u, h0, b0)));
        if (s == 1) { x = y; u = v; y = z; v = w; }
        else { x = z; u = w; y = input(splat, q += pixel); v = input(splat, q + 16); }
        z = input(splat, q += pixel); w = input(splat, q + 16);
        a1 = madd(z, k2, madd(y, k1, madd(x, k0, a1))); b1 = madd(w, h2, madd(v, h1, madd(u, h0, b1)));
        if (s == 1) { x = y; u = v; y = z; v = w; }
        else { x = z; u = w; y = input(splat, q += pixel); v = input(splat, q + 16); }
        z = input(splat, q += pixel); w = input(splat, q + 16);
        a2 = madd(z, k2, madd(y, k1, madd(x, k0, a2))); b2 = madd(w, h2, madd(v, h1, madd(u, h0, b2)));
        if (s == 1) { x = y; u = v; y = z; v = w; }
        else { x = z; u = w; y = input(splat, q += pixel); v = input(splat, q + 16); }
        z = input(splat, q += pixel); w = input(splat, q + 16);
        a3 = madd(z, k2, madd(y, k1, madd(x, k0, a3))); b3 = madd(w, h2, madd(v, h1, madd(u, h0, b3)));
        if (s == 1) { x = y; u = v; y = z; v = w; }
        else { x = z; u = w; y = input(splat, q += pixel); v = input(splat, q + 16); }
        z = input(splat, q += pixel); w = input(splat, q + 16);
        a4 = madd(z, k2, madd(y, k1, madd(x, k0, a4))); b4 = madd(w, h2, madd(v, h1, madd(u, h0, b4)));
        if (s == 1) { x = y; u = v; y = z; v = w; }
        else { x = z; u = w; y = input(splat, q += pixel); v = input(splat, q + 16); }
        z = input(splat, q += pixel); w = input(splat, q + 16);
        a5 = madd(z, k2, madd(y, k1, madd(x, k0, a5))); b5 = madd(w, h2, madd(v, h1, madd(u, h0, b5)));
        if (s == 1) { x = y; u = v; y = z; v = w; }
        else { x = z; u = w; y = input(splat, q += pixel); v = input(splat, q + 16); }
        z = input(splat, q += pixel); w = input(splat, q + 16);
        a6 = madd(z, k2, madd(y, k1, madd(x, k0, a6))); b6 = madd(w, h2, madd(v, h1, madd(u, h0, b6)));
      }
      for (; rows < rowsEnd; rows += KERNEL_ROW) {
        const k = weights + load<usize>(rows), k0 = v128.load(k), k1 = v128.load(k, 16);
        const h = k + vector, h0 = v128.load(h), h1 = v128.load(h, 16);
        let q = from + load<usize>(rows, 4), x = input(splat, q), u = input(splat, q + 16);
        let y = input(splat, q += pixel), v = input(splat, q + 16);
        a0 = madd(y, k1, madd(x, k0, a0)); b0 = madd(v, h1, madd(u, h0, b0));
        if (s == 1) { x = y; u = v; }
        else { x = input(splat, q += pixel); u = input(splat, q + 16); }
        y = input(splat, q += pixel); v = input(splat, q + 16);
        a1 = madd(y, k1, madd(x, k0, a1)); b1 = madd(v, h1, madd(u, h0, b1));
        if (s == 1) { x = y; u = v; }
        else { x = input(splat, q += pixel); u = input(splat, q + 16); }
        y = input(splat, q += pixel); v = input(splat, q + 16);
        a2 = madd(y, k1, madd(x, k0, a2)); b2 = madd(v, h1, madd(u, h0, b2));
        if (s == 1) { x = y; u = v; }
        else { x = input(splat, q += pixel); u = input(splat, q + 16); }
        y = input(splat, q += pixel); v = input(splat, q + 16);
        a3 = madd(y, k1, madd(x, k0, a3)); b3 = madd(v, h1, madd(u, h0, b3));
        if (s == 1) { x = y; u = v; }
        else { x = input(splat, q += pixel); u = input(splat, q + 16); }
        y = input(splat, q += pixel); v = input(splat, q + 16);
        a4 = madd(y, k1, madd(x, k0, a4)); b4 = madd(v, h1, madd(u, h0, b4));
        if (s == 1) { x = y; u = v; }
        else { x = input(splat, q += pixel); u = input(splat, q + 16); }
        y = input(splat, q += pixel); v = input(splat, q + 16);
        a5 = madd(y, k1, madd(x, k0, a5)); b5 = madd(v, h1, madd(u, h0, b5));
        if (s == 1) { x = y; u = v; }
        else { x = input(splat, q += pixel); u = input(splat, q + 16); }
        y = input(splat, q += pixel); v = input(splat, q + 16);
        a6 = madd(y, k1, madd(x, k0, a6)); b6 = madd(v, h1, madd(u, h0, b6));
      }
      storeTile(LONG_TILE, bounded, t, to + c, yStep, a0, a1, a2, a3, a4, a5, a6);
      storeTile(LONG_TILE, bounded, t, to + c + 16, yStep, b0, b1, b2, b3, b4, b5, b6);
      if (c == last) break;
    }
    if (count == 1) break;
    first += <usize>LONG_TILE * t.step;
    to += <usize>LONG_TILE * yStep;
  }
}

@apart export function depthwisePairsS1(t: DepthwiseTile): void { pairs(1, false, t); }
@apart export function depthwisePairsS2(t: DepthwiseTile): void { pairs(2, false, t); }
@apart export function foursPairsS1(t: DepthwiseTile): void { pairs(1, true, t); }
@apart export function foursPairsS2(t: DepthwiseTile): void { pairs(2, true, t); }
