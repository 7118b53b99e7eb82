// Weight gradient of a depthwise convolution:
//
//   dW[t][c] += sum over output pixels p of x[window(p) + t][c] * dy[p][c]
//
// A band of output pixels at a time: what its windows cover of x and the band of dy are brought from the caller's
// layout into panels of eight channels, x padded on the way, so that a panel of a band lies in the L1 cache. A tile is
// up to nine (or five) taps of four channels: one vector of dy meets the nine of x that its pixel's window holds. Live
// vectors: 9 accumulators, 1 of dy, 1 of x, and without fused multiply-add 1 product.
import { packPanels } from "../gemm/pack";
import { PANEL_STEP } from "../gemm/product";
import { madd } from "../simd/vector";
import { Geometry, sourceOf } from "./geometry";

/** Words behind the offsets of the taps that a tile may read. */
@inline export const SPARE_OFFSETS: i32 = 8;

/** How bands are cut: what is known before a run. Extents of the staged piece of x are those of a whole band. */
@unmanaged
export class DepthwiseGrad {
  /** Output rows and columns of a band. */
  bandH: i32;
  bandW: i32;
  /** Rows and columns of x that its windows cover. */
  rows: i32;
  cols: i32;
  taps: i32;
  /** Byte offsets of the taps in a panel of x, and SPARE_OFFSETS more words. */
  offsets: usize;
}

/**
 * The tile's place, in scratch: rows of a band in a panel of x, `row` bytes apart and `count` of them, with `width`
 * bytes of dy each.
 */
@unmanaged
class DepthwiseGradTile {
  x: usize;
  xStep: usize;
  row: usize;
  y: usize;
  width: usize;
  count: i32;
  offsets: usize;
  /** DepthwiseGradTile to store. */
  taps: i32;
  to: usize;
  /** Bytes from tap to tap of the result. */
  toStep: usize;
}

function addTap(t: DepthwiseGradTile, k: i32, sum: v128): void {
  if (k >= t.taps) return;
  const to = t.to + <usize>k * t.toStep;
  v128.store(to, f32x4.add(sum, v128.load(to)));
}

/** `n`, 9 or 5, is a literal; taps beyond t.taps are read and not stored. */
@inline
function tile(n: i32, t: DepthwiseGradTile): void {
  const xStep = t.xStep, at = t.offsets, width = t.width, row = t.row;
  const first = load<u32>(at), o1 = load<u32>(at, 4) - first, o2 = load<u32>(at, 8) - first;
  const o3 = load<u32>(at, 12) - first, o4 = load<u32>(at, 16) - first;
  let o5: usize = 0, o6: usize = 0, o7: usize = 0, o8: usize = 0;
  if (n > 5) {
    o5 = load<u32>(at, 20) - first; o6 = load<u32>(at, 24) - first;
    o7 = load<u32>(at, 28) - first; o8 = load<u32>(at, 32) - first;
  }
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0;
  let x = t.x + first, q = t.y;
  for (let i = t.count; i > 0; i--) {
    let p = x;
    const end = q + width;
    do {
      const y = v128.load(q);
      s0 = madd(v128.load(p), y, s0);
      s1 = madd(v128.load(p + o1), y, s1);
      s2 = madd(v128.load(p + o2), y, s2);
      s3 = madd(v128.load(p + o3), y, s3);
      s4 = madd(v128.load(p + o4), y, s4);
      if (n > 5) {
        s5 = madd(v128.load(p + o5), y, s5);
        s6 = madd(v128.load(p + o6), y, s6);
        s7 = madd(v128.load(p + o7), y, s7);
        s8 = madd(v128.load(p + o8), y, s8);
      }
      p += xStep;
      q += 32;
    } while (q < end);
    x += row;
  }
  addTap(t, 0, s0); addTap(t, 1, s1); addTap(t, 2, s2); addTap(t, 3, s3); addTap(t, 4, s4);
  if (n > 5) { addTap(t, 5, s5); addTap(t, 6, s6); addTap(t, 7, s7); addTap(t, 8, s8); }
}

@apart export function taps5(t: DepthwiseGradTile): void { tile(5, t); }
@apart export function taps9(t: DepthwiseGradTile): void { tile(9, t); }

/**
 * Columns [from, from + count) of a row of x to `to`, in every panel; columns outside the input as the padding mode
 * says.
 */
function stageRow(g: Geometry, x: usize, from: i32, count: i32, to: usize, panel: usize): void {
  for (let i = 0; i < count;) {
    const source = sourceOf(from + i, g.iw, g.paddingMode), inside = <u32>(from + i) < <u32>g.iw;
    // what lies inside is one run
    const run = inside ? min(count - i, g.iw - source) : 1;
    if (source < 0) clear(g, to, panel, PANEL_STEP);
    else packPanels(to, panel, x + <usize>(source * g.xW) * 4, run, g.ic, <usize>g.xW * 4, <usize>g.xC * 4, 1);
    to += <usize>run * PANEL_STEP;
    i += run;
  }
}

/** Zeros in every panel. */
function clear(g: Geometry, to: usize, panel: usize, bytes: usize): void {
  for (let c = 0; c < g.ic; c += 8, to += panel) memory.fill(to, 0, bytes);
}

/**
 * What the windows of `high` by `wide` output pixels from (z, y, x) of an image cover, to panels `panel` bytes apart.
 */
function stage(
  g: Geometry, d: DepthwiseGrad, image: usize, z: i32, y: i32, x: i32, high: i32, wide: i32, panels: usize,
  panel: usize,
): void {
  const rows = (high - 1) * g.sh + (g.kh - 1) * g.dh + 1, cols = (wide - 1) * g.sw + (g.kw - 1) * g.dw + 1;
  for (let kz = 0; kz < g.kd; kz++) {
    const iz = sourceOf(z * g.sd + kz * g.dd - g.pd, g.id, g.paddingMode);
    for (let r = 0; r < rows; r++) {
      const iy = sourceOf(y * g.sh + r - g.ph, g.ih, g.paddingMode);
      const to = panels + <usize>((kz * d.rows + r) * d.cols) * PANEL_STEP;
      if (iz < 0 || iy < 0) clear(g, to, panel, <usize>cols * PANEL_STEP);
      else stageRow(g, image + <usize>(iz * g.xD + iy * g.xH) * 4, x * g.sw - g.pw, cols, to, panel);
    }
  }
}

/** Bytes of the tile's place in scratch: 40, in whole cache lines. */
const TAPS: i32 = 64;

/** Bytes of scratch of depthwiseGrad: the tile's place and panels. */
export function depthwiseGradScratch(g: Geometry, d: DepthwiseGrad): i32 {
  return TAPS + (g.kd * d.rows * d.cols + d.bandH * d.bandW) * ((g.ic + 7) & ~7) * 4;
}

/**
 * Bands [begin, end), numbered n, z, y, x; `x` and `y` as the caller laid them out. What they contribute is added to
 * `sum`, [oc / ic][taps][ic rounded up to eight]. `scratch`: depthwiseGradScratch bytes; panels [ic / 8, rounded
 * up][kd][rows][cols][8] of x, behind them [ic / 8, rounded up][bandH * bandW][8] of dy.
 */
export function depthwiseGrad(
  g: Geometry, d: DepthwiseGrad, x: usize, y: usize, sum: usize, begin: i32, end: i32, scratch: usize,
): void {
  const t = changetype<DepthwiseGradTile>(scratch), panels = scratch + TAPS;
  const multiplier = g.oc / g.ic, parts = (d.taps + 8) / 9, wideC = <usize>((g.ic + 7) & ~7) * 4;
  const xPanel = <usize>(g.kd * d.rows * d.cols) * PANEL_STEP, ys = panels + <usize>((g.ic + 7) / 8) * xPanel;
  const down = (g.oh + d.bandH - 1) / d.bandH, across = (g.ow + d.bandW - 1) / d.bandW;
  t.xStep = <usize>g.sw * PANEL_STEP;
  t.row = <usize>(g.sh * d.cols) * PANEL_STEP;
  t.toStep = wideC;
  for (let band = begin; band < end; band++) {
    const ox = band % across * d.bandW, oy = band / across % down * d.bandH;
    const plane = band / across / down, oz = plane % g.od, n = plane / g.od;
    const high = min(d.bandH, g.oh - oy), wide = min(d.bandW, g.ow - ox), yPanel = <usize>(high * wide) * PANEL_STEP;
    stage(g, d, x + <usize>(n * g.xN) * 4, oz, oy, ox, high, wide, panels, xPanel);
    t.count = high;
    t.width = <usize>wide * PANEL_STEP;
    for (let j = 0; j < multiplier; j++) {
      const from = y + <usize>(n * g.yN + oz * g.yD + oy * g.yH + ox * g.yW + j * g.yC) * 4;
      for (let r = 0; r < high; r++) {
        const row = from + <usize>(r * g.yH) * 4, channel = <usize>(multiplier * g.yC) * 4;
        packPanels(ys + <usize>(r * wide) * PANEL_STEP, yPanel, row, wide, g.ic, <usize>g.yW * 4, channel, 1);
      }
      for (let c = 0; c < g.ic; c += 4) {
        t.x = panels + <usize>(c / 8) * xPanel + <usize>(c & 4) * 4;
        t.y = ys + <usize>(c / 8) * yPanel + <usize>(c & 4) * 4;
        for (let part = 0, first = 0; part < parts; part++) {
          const next = d.taps * (part + 1) / parts;
          t.offsets = d.offsets + <usize>first * 4;
          t.taps = next - first;
          t.to = sum + <usize>(j * d.taps + first) * wideC + <usize>c * 4;
          if (t.taps > 5) taps9(t);
          else taps5(t);
          first = next;
        }
      }
    }
  }
}
