// U = G g G^T, in f64 and rounded once, straight into the panels of every point.
import { NR } from "../../gemm/product";
import { touch } from "../../simd/touch";
import { madd, twice } from "../../simd/vector";
import { Geometry } from "../geometry";
import { Winograd } from "./record";

/** Eight sums over `taps` vectors of eight f64, `step` bytes apart, times those at `row`. `single`: stored as f32. */
function combine(single: bool, row: usize, taps: i32, from: usize, step: usize, to: usize): void {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let t = 0; t < taps; t++, row += 8, from += step) {
    const factor = v128.load64_splat(row);
    s0 = f64x2.add(s0, f64x2.mul(factor, v128.load(from)));
    s1 = f64x2.add(s1, f64x2.mul(factor, v128.load(from, 16)));
    s2 = f64x2.add(s2, f64x2.mul(factor, v128.load(from, 32)));
    s3 = f64x2.add(s3, f64x2.mul(factor, v128.load(from, 48)));
  }
  if (single) {
    v128.store(to, v128.shuffle<i64>(f32x4.demote_f64x2_zero(s0), f32x4.demote_f64x2_zero(s1), 0, 2));
    v128.store(to, v128.shuffle<i64>(f32x4.demote_f64x2_zero(s2), f32x4.demote_f64x2_zero(s3), 0, 2), 16);
  } else {
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
}

/** Taps of one input and eight output channels, [taps][taps][8] f64, into U at `to`. `matrixH`, `matrixW`: G, f64. */
@apart export function winogradKernel(w: Winograd, matrixH: usize, matrixW: usize, taps: usize, to: usize): void {
  const tapsW = <usize>w.x.taps, lines = taps + <usize>w.y.taps * tapsW * 64, across = <usize>w.x.points * 64;
  for (let a: usize = 0; a < <usize>w.y.taps; a++) {
    for (let j: usize = 0; j < <usize>w.x.points; j++) {
      combine(false, matrixW + j * tapsW * 8, w.x.taps, taps + a * tapsW * 64, 64, lines + a * across + j * 64);
    }
  }
  for (let i = 0; i < w.y.points; i++, matrixH += <usize>w.y.taps * 8) {
    for (let j: usize = 0; j < <usize>w.x.points; j++, to += w.uPoint) {
      combine(true, matrixH, w.y.taps, lines + j * 64, across, to);
    }
  }
}

/**
 * Weights in the caller's layout into panels [begin, end) of every point, numbered group, octet of output channels.
 * `matrixH`, `matrixW`: G along h and w, [points][taps] f64. `scratch`: 64 * tapsH * (tapsW + pointsW) bytes. Taps
 * past the kernel's end are zeros.
 */
export function winogradWeights(
  w: Winograd, g: Geometry, matrixH: usize, matrixW: usize, weight: usize, panels: usize, begin: i32, end: i32,
  scratch: usize,
): void {
  const icg = g.ic / g.groups, ocg = g.oc / g.groups, octets = (ocg + NR - 1) / NR, taps = g.kd * g.kh * g.kw;
  const step = <usize>g.weightO * 4;
  for (let panel = begin; panel < end; panel++) {
    const o = panel % octets * NR, columns = min(NR, ocg - o), first = panel / octets * ocg + o;
    let to = panels + <usize>panel * w.uPanel;
    for (let slice = 0; slice < g.kd * w.runs; slice++) {
      const z = slice / w.runs, run = slice % w.runs;
      const y0 = w.y.points > 1 ? run * w.y.taps : 0, x0 = w.x.points > 1 ? run * w.x.taps : 0;
      for (let c = 0; c < icg; c++, to += NR * 4) {
        const from = weight + <usize>(first * g.weightO + c * g.weightC) * 4;
        let at = scratch;
        for (let y = y0; y < y0 + w.y.taps; y++) {
          for (let x = x0; x < x0 + w.x.taps; x++) {
            const tap = (z * g.kh + y) * g.kw + x, there = y < g.kh && x < g.kw ? columns : 0;
            let source = from + <usize>((g.flipKernel ? taps - 1 - tap : tap) * g.weightTap) * 4;
            for (let i = 0; i < NR; i += 2, at += 16, source += 2 * step) {
              let pair = i < there ? v128.load32_zero(source) : f32x4.splat(0);
              if (i + 1 < there) pair = v128.load32_lane(source + step, pair, 1);
              v128.store(at, f64x2.promote_low_f32x4(pair));
            }
          }
        }
        winogradKernel(w, matrixH, matrixW, scratch, to);
      }
    }
  }
}

/**
 * U of the row `i` of six points from kernels of `taps` by `taps` taps (3 or 2, a literal), in f32: `depth` input
 * channels, [taps][taps][8] each at `from`, into the panels of its points at `to`. The taps are divided by 36, so
 * what is left of G are whole numbers: across a row t0, t0 + t2 +- t1, t0 + 4 t2 +- 2 t1, t2. `alone`: one tap of two
 * along w, so that one point stands for all but infinity. Live vectors: 3 sums over the taps, 4 of a row, 3
 * constants. `scratch`: three words.
 */
@inline
function kernels(
  taps: usize, i: i32, from: usize, to: usize, uPoint: usize, depth: i32, alone: i32, scratch: usize,
): void {
  // points 1, -1, 2, -2
  const mixes = i > 0 && i < 5, point: f32 = <f32>((i + 1) >> 1) * (i & 1 ? 1 : -1);
  const line = taps * 32, quarter = <usize>depth * taps * line / 4;
  store<f32>(scratch, point);
  store<f32>(scratch, point * point, 4);
  store<f32>(scratch, 4, 8);
  const factor = v128.load32_splat(scratch), square = v128.load32_splat(scratch, 4);
  const four = v128.load32_splat(scratch, 8);
  // one stream alone would wait at every page
  if (i == 0) touch(from, 4, quarter, quarter);
  if (i == 5) from += (taps - 1) * line;
  for (const end = to + <usize>depth * 32; to < end; from += taps * line - 32) {
    for (let half = 0; half < 2; half++, from += 16, to += 16) {
      let t0 = v128.load(from), t1 = v128.load(from, 32), t2 = t1;
      if (taps == 3) t2 = v128.load(from, 64);
      if (mixes) {
        if (taps == 3) {
          t0 = madd(square, v128.load(from, 192), t0); t1 = madd(square, v128.load(from, 224), t1);
          t2 = madd(square, v128.load(from, 256), t2); t2 = madd(factor, v128.load(from, 160), t2);
        }
        t0 = madd(factor, v128.load(from + line), t0); t1 = madd(factor, v128.load(from + line, 32), t1);
      }
      const odd = twice(t1), one = taps == 3 ? f32x4.add(t0, t2) : t0, two = taps == 3 ? madd(four, t2, t0) : t0;
      let at = to;
      v128.store(at, t0);
      if (taps == 2 && alone) continue;
      v128.store(at += uPoint, f32x4.add(one, t1));
      v128.store(at += uPoint, f32x4.sub(one, t1));
      v128.store(at += uPoint, f32x4.add(two, odd));
      v128.store(at += uPoint, f32x4.sub(two, odd));
      v128.store(at + uPoint, taps == 3 ? t2 : t1);
    }
  }
}

@apart export function winogradSpread3(
  i: i32, from: usize, to: usize, uPoint: usize, depth: i32, scratch: usize,
): void {
  kernels(3, i, from, to, uPoint, depth, 0, scratch);
}

@apart export function winogradSpread2(
  i: i32, from: usize, to: usize, uPoint: usize, depth: i32, alone: i32, scratch: usize,
): void { kernels(2, i, from, to, uPoint, depth, alone, scratch); }
