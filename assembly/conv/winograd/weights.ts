// U = G g G^T, in f64 and rounded once, straight into the panels of every point.
import { Geometry } from "../geometry";
import { Winograd } from "./record";

/** Columns in a panel. */
const NR: i32 = 8;

/** Eight sums over `taps` vectors of eight f64, `step` bytes apart, times the coefficients at `row`; `single`: stored as f32. */
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
    s0 = f32x4.demote_f64x2_zero(s0); s1 = f32x4.demote_f64x2_zero(s1); s2 = f32x4.demote_f64x2_zero(s2); s3 = f32x4.demote_f64x2_zero(s3);
    v128.store(to, v128.shuffle<i64>(s0, s1, 0, 2)); v128.store(to, v128.shuffle<i64>(s2, s3, 0, 2), 16);
  } else {
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
}

/** One input channel and eight output channels: their taps, [tapsH][tapsW][8] f64, into U at `to`. `matrixH`, `matrixW`: G as [points][taps] f64. */
export function winogradKernel(w: Winograd, matrixH: usize, matrixW: usize, taps: usize, to: usize): void {
  const tapsW = <usize>w.tapsW, lines = taps + <usize>w.tapsH * tapsW * 64, across = <usize>w.pointsW * 64;
  for (let a: usize = 0; a < <usize>w.tapsH; a++) {
    for (let j: usize = 0; j < <usize>w.pointsW; j++) {
      combine(false, matrixW + j * tapsW * 8, w.tapsW, taps + a * tapsW * 64, 64, lines + a * across + j * 64);
    }
  }
  for (let i = 0; i < w.pointsH; i++, matrixH += <usize>w.tapsH * 8) {
    for (let j: usize = 0; j < <usize>w.pointsW; j++, to += w.uPoint) combine(true, matrixH, w.tapsH, lines + j * 64, across, to);
  }
}

/**
 * Weights in the caller's layout into panels [begin, end) of every point, numbered group, octet of output channels. `matrixH`, `matrixW`: G along h
 * and w. `scratch`: 64 * (taps + tapsH * pointsW) bytes. Taps past the kernel's end are zeros.
 */
export function winogradWeights(w: Winograd, g: Geometry, matrixH: usize, matrixW: usize, weight: usize, panels: usize, begin: i32, end: i32, scratch: usize): void {
  const icg = g.ic / g.groups, ocg = g.oc / g.groups, octets = (ocg + NR - 1) / NR, taps = g.kd * g.kh * g.kw, step = <usize>g.weightO * 4;
  for (let panel = begin; panel < end; panel++) {
    const o = panel % octets * NR, columns = min(NR, ocg - o), first = panel / octets * ocg + o;
    let to = panels + <usize>(panel / octets) * w.uGroup + <usize>(o * g.kd * w.runs * icg) * 4;
    for (let slice = 0; slice < g.kd * w.runs; slice++) {
      const z = slice / w.runs, run = slice % w.runs, y0 = w.pointsH > 1 ? run * w.tapsH : 0, x0 = w.pointsW > 1 ? run * w.tapsW : 0;
      for (let c = 0; c < icg; c++, to += NR * 4) {
        const from = weight + <usize>(first * g.weightO + c * g.weightC) * 4;
        let at = scratch;
        for (let y = y0; y < y0 + w.tapsH; y++) {
          for (let x = x0; x < x0 + w.tapsW; x++) {
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
