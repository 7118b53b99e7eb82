// Winograd's minimal filtering. Every tile of the image is transformed (V), channels are multiplied by the
// transformed weights (U) point by point, and the products (M) are transformed back. Kernel planes along d are slices
// of k; so are runs of taps where one axis alone is transformed, and the phases of a stride of two: the cells, and
// the taps that meet them, whose coordinates leave the same remainders, are a convolution with stride 1, and the four
// of them add up. U of kernels, or phases, of 3x3 and 2x2 taps is made in a run, a row of points of some panels at a
// time: a quarter of its bytes or less is read, and it stays in the L2 cache.
import { PANEL_STEP, Product } from "../../gemm/product";
import { touch } from "../../simd/touch";
import { Geometry, sourceOf } from "../geometry";
import { winogradInput4, winogradInput6, winogradInput8 } from "./input";
import { winogradOutput4, winogradOutput6, winogradOutput8 } from "./output";
import { gather } from "./patch";
import { listRows, multiply } from "./products";
import { Axis, openState, State, Winograd } from "./record";

/** First output of a tile along an axis: `dilation` tiles interleave. */
@inline
function originOf(axis: Axis, tile: i32, dilation: i32): i32 {
  const i = tile / dilation, outputs = axis.outputs;
  return min(i * outputs, i * (outputs - 1) + axis.whole) * dilation + tile % dilation;
}

/** Outputs of a tile along an axis that exist. */
@inline
function countOf(axis: Axis, tile: i32, origin: i32, dilation: i32, extent: i32): i32 {
  const most = axis.outputs - i32(tile >= axis.whole * dilation);
  return max(0, min(most, (extent - origin + dilation - 1) / dilation));
}

/** V of the block; `ahead`: only touches what it reads. */
function inputTiles(w: Winograd, g: Geometry, s: State, image: usize, ahead: bool): void {
  const pointsY = w.y.points, pointsX = w.x.points, points = max(pointsY, pointsX), plane = pointsY > 1 && pointsX > 1;
  // from tap to tap: every phase of a stride sees cells that are a stride apart
  const stepY = g.dh * g.sh, stepX = g.dw * g.sw, lastY = (pointsY - 1) * stepY, lastX = (pointsX - 1) * stepX;
  const runY = pointsY > 1 ? w.y.taps * g.dh : 0, runX = pointsX > 1 ? w.x.taps * g.dw : 0, newX = w.x.outputs * stepX;
  const pixel = <usize>g.ic * 4, row = <usize>g.iw * pixel, channelBytes = (pixel + 15) & ~15, scratch = s.scratch;
  for (let t = 0; t < s.count; t++) {
    const tx = (s.begin + t) % w.x.tiles, line = (s.begin + t) / w.x.tiles, n = line / w.y.tiles;
    const y = originOf(w.y, line % w.y.tiles, g.dh) * g.sh - g.ph, x = originOf(w.x, tx, g.dw) * g.sw - g.pw;
    for (let z = 0; z < w.planes; z++) {
      const sourceZ = sourceOf(z - g.pd, g.id, g.paddingMode);
      const slice: usize = sourceZ < 0 ? 0 : image + <usize>(n * g.xN + sourceZ * g.xD) * 4;
      let to = scratch + w.vAt + <usize>(z * w.blockTiles + t) * w.vTile;
      for (let run = 0; run < w.runs; run++, to += w.vRun) {
        const y0 = y + (plane ? run / g.sw : run * runY), x0 = x + (plane ? run % g.sw : run * runX);
        let from = slice + <usize>y0 * row + <usize>x0 * pixel;
        let inner = <usize>stepX * pixel, outer = <usize>stepY * row;
        const isInside = sourceZ >= 0 && y0 >= 0 && y0 + lastY < g.ih && x0 >= 0;
        if (ahead) {
          if (isInside && x0 + newX <= g.iw) touch(from, pointsY, outer, <usize>newX * pixel);
          continue;
        }
        if (!isInside || x0 + lastX >= g.iw) {
          from = scratch + w.patchAt;
          gather(g, slice, y0, x0, pointsY, pointsX, from);
          inner = pixel;
          outer = <usize>pointsX * pixel;
        }
        if (points == 8) winogradInput8(from, pointsX == 1 ? outer : inner, to, w.vPoint, channelBytes);
        else if (points == 6) winogradInput6(from, inner, outer, to, w.vPoint, channelBytes, scratch);
        else winogradInput4(from, inner, outer, to, w.vPoint, channelBytes, scratch);
      }
    }
  }
}

/** `channels` channels of y of the block, the first one at `y`; `ahead`: only touches them. */
function outputTiles(w: Winograd, g: Geometry, s: State, channels: i32, y: usize, addend: usize, ahead: bool): void {
  const points = max(w.y.points, w.x.points), inner = <usize>(g.dw * g.yW) * 4, outer = <usize>(g.dh * g.yH) * 4;
  for (let t = 0; t < s.count; t++) {
    const tx = (s.begin + t) % w.x.tiles, line = (s.begin + t) / w.x.tiles, ty = line % w.y.tiles, n = line / w.y.tiles;
    const oy = originOf(w.y, ty, g.dh), ox = originOf(w.x, tx, g.dw);
    const rows = countOf(w.y, ty, oy, g.dh, g.oh), columns = countOf(w.x, tx, ox, g.dw, g.ow);
    let at = <usize>(n * g.yN + oy * g.yH + ox * g.yW) * 4, from = s.scratch + w.mAt + <usize>t * w.mTile;
    for (let z = 0; z < g.od; z++, at += <usize>g.yD * 4, from += <usize>w.blockTiles * w.mTile) {
      const to = y + at, added: usize = addend ? addend + at : 0;
      // a line has one row or one column
      if (ahead) touch(to, rows, outer, <usize>(columns - 1) * inner + <usize>g.oc * 4);
      else if (points == 8) winogradOutput8(w, g, channels, from, rows * columns, to, added, s.scratch);
      else if (points == 6) winogradOutput6(w, g, channels, from, rows, columns, to, added, s.scratch);
      else winogradOutput4(w, g, channels, from, rows, columns, to, added, s.scratch);
    }
  }
}

/** y of one group of the block: some panels of M at a time, so that they are transformed back while they are near. */
function outputGroup(w: Winograd, g: Geometry, s: State, group: i32, y: usize, addend: usize): void {
  const ocg = g.oc / g.groups, all = (ocg + 7) / 8;
  for (let first = 0; first < all; first += w.mPanels) {
    const end = min(all, first + w.mPanels), o = group * ocg + first * 8, at = <usize>(o * g.yC) * 4;
    for (let panel = first; panel < end; panel += w.uPanels) {
      multiply(w, s, panel, min(w.uPanels, end - panel), s.scratch + w.mAt + <usize>(panel - first) * PANEL_STEP);
    }
    const channels = min(ocg, end * 8) - first * 8;
    if (w.touchesY && !o) outputTiles(w, g, s, channels, y, 0, true);
    outputTiles(w, g, s, channels, y + at, addend ? addend + at : 0, false);
  }
}

/**
 * Tiles [begin, end), numbered image, y, x (each with all planes), of the channels-last image `x` into `y` of either
 * layout; `addend` is laid out as y, or 0. Nothing is padded beforehand. `product`: the kept weights as panels, a bias
 * with eight floats behind it, and no clamp. `held`: U as `winogradHeld` made it, or 0.
 */
export function convWinograd(
  w: Winograd, g: Geometry, product: Product, x: usize, y: usize, addend: usize, begin: i32, end: i32, held: usize,
  scratch: usize,
): void {
  const s = openState(product, scratch);
  s.u = held ? held : scratch + w.uAt;
  let blocks = (end - begin + w.blockTiles - 1) / w.blockTiles;
  for (s.begin = begin; blocks > 0; blocks--, s.begin += s.count) {
    // whole register tiles, whether of four rows or six
    const left = end - s.begin;
    s.count = blocks == 1 ? left : min(w.blockTiles, (left / blocks + 11) / 12 * 12);
    s.first = i32(s.begin == begin && !held);
    if (w.touchesX) inputTiles(w, g, s, x, true);
    inputTiles(w, g, s, x, false);
    listRows(w, g, s);
    for (let group = 0; group < g.groups; group++) {
      s.v = scratch + w.vAt + <usize>(group * (g.ic / g.groups)) * 4;
      s.weights = product.panels + <usize>group * w.weightGroup;
      s.bias = product.bias + <usize>(group * (g.oc / g.groups)) * 4;
      outputGroup(w, g, s, group, y, addend);
    }
  }
}
