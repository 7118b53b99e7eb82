// U = G g G^T, in f64 and rounded once, straight into the panels of every point.
import { touch } from "../../simd/touch";
import { madd, twice } from "../../simd/vector";
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

/** A row of points out of sums over the taps: `first`, and unless it is `constant` `one` +- t1, `two` +- 2 t1, `last`. */
@inline
function row(constant: bool, first: v128, one: v128, two: v128, t1: v128, last: v128, to: usize, uPoint: usize): void {
  const odd = twice(t1);
  v128.store(to, first);
  if (constant) return;
  v128.store(to += uPoint, f32x4.add(one, t1));
  v128.store(to += uPoint, f32x4.sub(one, t1));
  v128.store(to += uPoint, f32x4.add(two, odd));
  v128.store(to += uPoint, f32x4.sub(two, odd));
  v128.store(to + uPoint, last);
}

/** The same out of three taps or two: t0, t0 + t2 +- t1, t0 + 4 t2 +- 2 t1, and the last tap. */
@inline
function spread(taps: usize, constant: bool, t0: v128, t1: v128, t2: v128, four: v128, to: usize, uPoint: usize): void {
  if (taps == 3) row(false, t0, f32x4.add(t0, t2), madd(four, t2, t0), t1, t2, to, uPoint);
  else row(constant, t0, t0, t0, t1, t1, to, uPoint);
}

/**
 * U of six points from kernels of `taps` by `taps` taps (3 or 2, a literal), in f32: `depth` input channels, [taps][taps][8] each at `from`, into the panels of all
 * points at `to`. The taps are divided by 36, so what is left of G are whole numbers. `constantH`, `constantW`: one tap alone of two along that axis, so that
 * one point stands for all but infinity. Live vectors: 9 taps or sums of them, 4 more, 2 constants; `scratch`: two words.
 */
@inline
function kernels(taps: usize, from: usize, to: usize, uPoint: usize, depth: i32, constantH: bool, constantW: bool, scratch: usize): void {
  store<f32>(scratch, 1);
  store<f32>(scratch, 4, 4);
  const four = v128.load32_splat(scratch, 4), across = <usize>6 * uPoint, line = taps * 32, quarter = <usize>depth * taps * line / 4;
  // one stream alone would wait at every page
  touch(from, 4, quarter, quarter);
  for (const end = to + <usize>depth * 32; to < end; from += taps * line - 32) {
    for (let half = 0; half < 2; half++, from += 16, to += 16) {
      let a0 = v128.load(from), a1 = v128.load(from, 32), a2 = a1;
      let b0 = v128.load(from + line), b1 = v128.load(from + line, 32), b2 = b1, c0 = b0, c1 = b1, c2 = b2;
      if (taps == 3) {
        a2 = v128.load(from, 64); b2 = v128.load(from, 160);
        c0 = v128.load(from, 192); c1 = v128.load(from, 224); c2 = v128.load(from, 256);
      }
      spread(taps, constantW, a0, a1, a2, four, to, uPoint);
      if (taps == 2 && constantH) continue;
      spread(taps, constantW, c0, c1, c2, four, to + 5 * across, uPoint);
      // points 1 and -1, then 2 and -2
      for (let p: usize = 0, at = to + across; p < 8; p += 4, at += 2 * across) {
        let e0 = a0, e1 = a1, e2 = a2;
        if (taps == 3) {
          const square = v128.load32_splat(scratch + p);
          e0 = madd(square, c0, a0); e1 = madd(square, c1, a1); e2 = madd(square, c2, a2);
        }
        spread(taps, constantW, f32x4.add(e0, b0), f32x4.add(e1, b1), f32x4.add(e2, b2), four, at, uPoint);
        spread(taps, constantW, f32x4.sub(e0, b0), f32x4.sub(e1, b1), f32x4.sub(e2, b2), four, at + across, uPoint);
        b0 = twice(b0); b1 = twice(b1); b2 = twice(b2);
      }
    }
  }
}

export function winogradSpread3(from: usize, to: usize, uPoint: usize, depth: i32, scratch: usize): void { kernels(3, from, to, uPoint, depth, false, false, scratch); }
export function winogradSpread2(from: usize, to: usize, uPoint: usize, depth: i32, constantH: bool, constantW: bool, scratch: usize): void {
  kernels(2, from, to, uPoint, depth, constantH, constantW, scratch);
}
