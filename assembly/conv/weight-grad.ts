// Weight gradient: dW[tap][c][o] = sum over output pixels of x[pixel's window, tap][c] * dy[pixel][o]. The image of x
// is padded and channels last, so that a kernel row of a window is a run of adjacent floats: dW is a sum of outer
// products of runs of x and pixels of dy.
import { outerProduct } from "../gemm/outer";
import { OUTER_SCRATCH, Outer, RUN_BYTES, STRIP_HEAD } from "../gemm/outer-tile";
import { packPanels } from "../gemm/pack";
import { PANEL_STEP } from "../gemm/product";
import { Geometry } from "./geometry";
import { writeRuns } from "./run-table";

/** A weight gradient: what is known before a run. */
@unmanaged
export class WeightGrad {
  /** Byte offsets of the runs of a window, and floats in each. */
  segments: usize;
  segmentCount: i32;
  k: i32;
  /** Most output pixels of a block: they stay in the L2 cache while the tiles pass. */
  block: i32;
  /** 1 where strips of x are to be copied; 0 if swapped. */
  strips: i32;
  /** 1: the operands are exchanged, for few output channels; nothing is packed then. */
  swapped: i32;
  /** Most rows a tile may have here: TALL or LOW (registers of this build on this engine). */
  mr: i32;
}

/** Output pixels [begin, end) of dy, in the caller's layout, as panels [groups][ceil(oc / groups / 8)][pixels][8]. */
function packPixels(g: Geometry, y: usize, begin: i32, end: i32, panels: usize): void {
  const pixels = g.od * g.oh * g.ow, ocg = g.oc / g.groups;
  const panel = <usize>(end - begin) * PANEL_STEP, groupStep = <usize>((ocg + 7) / 8) * panel;
  for (let i = begin; i < end;) {
    const n = i / pixels, first = i - n * pixels, count = min(end - i, pixels - first);
    let from = y + <usize>(n * g.yN + first * g.yW) * 4, to = panels + <usize>(i - begin) * PANEL_STEP;
    for (let group = 0; group < g.groups; group++) {
      packPanels(to, panel, from, count, ocg, <usize>g.yW * 4, <usize>g.yC * 4, 1);
      from += <usize>(ocg * g.yC) * 4;
      to += groupStep;
    }
    i += count;
  }
}

/** Bytes of scratch of convWeightGrad: the tile's record and run table, and unless swapped a strip and panels. */
export function weightGradScratch(g: Geometry, w: WeightGrad): i32 {
  const pixel = w.swapped ? RUN_BYTES : 16 + PANEL_STEP + PANEL_STEP * g.groups * ((g.oc / g.groups + 7) / 8);
  return OUTER_SCRATCH + STRIP_HEAD + w.block * pixel;
}

/**
 * Adds output pixels [begin, end) of the images in memory to `sum`, or `overwrites` it: [segments][k][oc],
 * swapped [oc][segments][k]. `image` is padded and channels last; `y` is packed from the caller's layout, swapped it is
 * channels last and read in place. `scratch`: weightGradScratch bytes.
 */
export function convWeightGrad(
  g: Geometry, w: WeightGrad, image: usize, y: usize, sum: usize, overwrites: i32, begin: i32, end: i32, scratch: usize,
): void {
  const xPixel = <usize>g.ic * 4, yPixel = <usize>g.oc * 4, icg = g.ic / g.groups, ocg = g.oc / g.groups;
  const k = w.k, swapped = w.swapped != 0, step = <usize>g.sw * xPixel;
  const runs = scratch + OUTER_SCRATCH, strip = runs + <usize>w.block * 16;
  const panels = strip + STRIP_HEAD + <usize>w.block * PANEL_STEP;
  const o = changetype<Outer>(scratch), blocks = (end - begin + w.block - 1) / w.block;
  o.aStep = swapped ? yPixel : step;
  o.bStep = swapped ? step : <usize>PANEL_STEP;
  o.ldc = swapped ? <usize>(w.segmentCount * k) * 4 : yPixel;
  o.runs = runs;
  o.strip = w.strips ? strip : 0;
  o.overwrites = overwrites;
  o.mr = w.mr;
  for (let i = 0, from = begin; i < blocks; i++) {
    const to = from + (end - from) / (blocks - i);
    o.runsEnd = writeRuns(g, from, to, xPixel, swapped ? yPixel : <usize>PANEL_STEP, swapped, runs);
    o.bPanel = swapped ? <usize>PANEL_STEP : <usize>(to - from) * PANEL_STEP;
    if (!swapped) packPixels(g, y, from, to, panels);
    for (let group = 0; group < g.groups; group++) {
      const channels = <usize>(group * ocg) * 4;
      for (let s = 0; s < w.segmentCount; s++) {
        const patch = image + <usize>(group * icg) * 4 + load<u32>(w.segments + <usize>s * 4);
        if (swapped) {
          o.a = y + <usize>from * yPixel + channels;
          o.b = patch;
          o.c = sum + <usize>(group * ocg) * o.ldc + <usize>(s * k) * 4;
          outerProduct(o, ocg, k);
        } else {
          o.a = patch;
          o.b = panels + <usize>(group * ((ocg + 7) / 8)) * o.bPanel;
          o.c = sum + <usize>(s * k) * yPixel + channels;
          outerProduct(o, k, ocg);
        }
      }
    }
    o.overwrites = 0;
    from = to;
  }
}

/**
 * Weights from one layout into another, or added to what is there. Steps are in floats; a flipped kernel has a negative
 * `toTap`.
 */
export function placeWeights(
  to: usize, toTap: i32, toC: i32, toO: i32, from: usize, fromTap: i32, fromC: i32, fromO: i32, taps: i32, icg: i32,
  oc: i32, accumulate: i32,
): void {
  // 16 output channels at a time: a cache line where they are adjacent
  for (let first = 0; first < oc; first += 16) {
    const count = min(16, oc - first);
    for (let c = 0; c < icg; c++) {
      for (let tap = 0; tap < taps; tap++) {
        let p = from + <usize>((fromTap * tap + fromC * c + fromO * first) << 2);
        let q = to + <usize>((toTap * tap + toC * c + toO * first) << 2);
        for (let o = 0; o < count; o++) {
          let value = load<f32>(p);
          if (accumulate) value += load<f32>(q);
          store<f32>(q, value);
          p += <usize>fromO * 4;
          q += <usize>toO * 4;
        }
      }
    }
  }
}
