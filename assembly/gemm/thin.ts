// Register tiles for one and two rows, which take several panels at once: eight accumulators, as many as hide the
// latency of an addition. As tile.ts otherwise, and to the bit what tile1x8 and tile2x8 compute.
import { madd } from "../simd/vector";
import { Strip, storeRow } from "./tile";

/** Not inlined: it runs once for hundreds of steps. */
function storeEight(strip: Strip, offset: usize, x: v128, y: v128): void {
  const lo = v128.load32_splat(changetype<usize>(strip), offsetof<Strip>("lo"));
  const hi = v128.load32_splat(changetype<usize>(strip), offsetof<Strip>("hi"));
  storeRow(strip.c, strip.addend, strip.columns, lo, hi, offset, x, y);
}

/** One row, four whole panels, panelStep bytes apart; the bias of each is biasStep bytes from the one before it. */
@apart export function tile1x32(strip: Strip, row: usize, panelStep: usize, biasStep: usize): void {
  const step = strip.step, panelBytes = <usize>strip.k * step;
  const segmentsEnd = strip.segmentsEnd, a = strip.a + load<u32>(row);
  let bias = strip.bias;
  let c0 = v128.load(bias), c1 = v128.load(bias, 16); bias += biasStep;
  let c2 = v128.load(bias), c3 = v128.load(bias, 16); bias += biasStep;
  let c4 = v128.load(bias), c5 = v128.load(bias, 16); bias += biasStep;
  let c6 = v128.load(bias), c7 = v128.load(bias, 16);
  let p = strip.panel, q = p + panelStep, r = q + panelStep, s = r + panelStep, segment = strip.segments;
  do {
    const end = p + panelBytes;
    let from = a + load<u32>(segment);
    do {
      const x = v128.load32_splat(from);
      c0 = madd(x, v128.load(p), c0); c1 = madd(x, v128.load(p, 16), c1);
      c2 = madd(x, v128.load(q), c2); c3 = madd(x, v128.load(q, 16), c3);
      c4 = madd(x, v128.load(r), c4); c5 = madd(x, v128.load(r, 16), c5);
      c6 = madd(x, v128.load(s), c6); c7 = madd(x, v128.load(s, 16), c7);
      from += 4;
      p += step; q += step; r += step; s += step;
    } while (p < end);
    segment += 4;
  } while (segment < segmentsEnd);
  const offset = load<u32>(row, 4);
  storeEight(strip, offset, c0, c1);
  storeEight(strip, offset + 32, c2, c3);
  storeEight(strip, offset + 64, c4, c5);
  storeEight(strip, offset + 96, c6, c7);
}

/** Two rows, two whole panels. */
@apart export function tile2x16(strip: Strip, row: usize, panelStep: usize, biasStep: usize): void {
  const step = strip.step, panelBytes = <usize>strip.k * step, segmentsEnd = strip.segmentsEnd;
  const a = strip.a + load<u32>(row), b = strip.a + load<u32>(row, 8);
  const bias = strip.bias;
  let c0 = v128.load(bias), c1 = v128.load(bias, 16);
  let c2 = v128.load(bias + biasStep), c3 = v128.load(bias + biasStep, 16);
  let d0 = c0, d1 = c1, d2 = c2, d3 = c3;
  let p = strip.panel, q = p + panelStep, segment = strip.segments;
  do {
    const end = p + panelBytes;
    let from = a + load<u32>(segment), other = b + load<u32>(segment);
    do {
      const x = v128.load32_splat(from), y = v128.load32_splat(other);
      let z = v128.load(p); c0 = madd(x, z, c0); d0 = madd(y, z, d0);
      z = v128.load(p, 16); c1 = madd(x, z, c1); d1 = madd(y, z, d1);
      z = v128.load(q); c2 = madd(x, z, c2); d2 = madd(y, z, d2);
      z = v128.load(q, 16); c3 = madd(x, z, c3); d3 = madd(y, z, d3);
      from += 4; other += 4;
      p += step; q += step;
    } while (p < end);
    segment += 4;
  } while (segment < segmentsEnd);
  let offset = load<u32>(row, 4);
  storeEight(strip, offset, c0, c1);
  storeEight(strip, offset + 32, c2, c3);
  offset = load<u32>(row, 12);
  storeEight(strip, offset, d0, d1);
  storeEight(strip, offset + 32, d2, d3);
}
