// Winograd's minimal filtering: every tile of the image is transformed (V), channels are multiplied by the transformed weights (U) point by point (one matrix
// product per point, on the register tile, which reads the transformed tiles in place), and the products (M) are transformed back. Kernel planes along
// d are slices of k, found through the segment table; so are runs of taps where one axis alone is transformed, and the phases of a stride of two: the cells, and
// the taps that meet them, whose coordinates leave the same remainders, are a convolution with stride 1, and the four of them add up. U of kernels, or phases,
// of 3x3 and 2x2 taps is made here, a row of points of some panels at a time: a quarter of its bytes or less is read, and it stays in the L2 cache. Where tiles
// do not divide an axis, those at its end have one output less each, and nothing to multiply at infinity.
import { Product, ProductRun, multiplyRows, startProduct } from "../../gemm/product";
import { touch } from "../../simd/touch";
import { Geometry, sourceOf } from "../geometry";
import { winogradInput4, winogradInput6, winogradInput8 } from "./input";
import { winogradOutput4, winogradOutput6, winogradOutput8 } from "./output";
import { gather } from "./patch";
import { Winograd } from "./record";
import { winogradSpread2, winogradSpread3 } from "./weights";

/** First output of a tile along an axis: `dilation` tiles interleave, `outputs` each, one less from the tile `whole` on. */
@inline
function originOf(tile: i32, outputs: i32, dilation: i32, whole: i32): i32 {
  const i = tile / dilation;
  return min(i * outputs, i * (outputs - 1) + whole) * dilation + tile % dilation;
}

/** Outputs of a tile along an axis that exist. */
@inline
function countOf(tile: i32, origin: i32, outputs: i32, dilation: i32, whole: i32, extent: i32): i32 {
  return max(0, min(outputs - i32(tile >= whole * dilation), (extent - origin + dilation - 1) / dilation));
}

/** V of `count` tiles from tile `begin` on; `ahead`: only touches what they read. */
function inputTiles(w: Winograd, g: Geometry, image: usize, begin: i32, count: i32, ahead: bool, scratch: usize): void {
  // from tap to tap: every phase of a stride sees cells that are a stride apart
  const stepY = g.dh * g.sh, stepX = g.dw * g.sw, lastY = (w.pointsH - 1) * stepY, lastX = (w.pointsW - 1) * stepX, points = max(w.pointsH, w.pointsW), patch = scratch + w.patchAt;
  const pixel = <usize>g.ic * 4, row = <usize>g.iw * pixel, channelBytes = (pixel + 15) & ~15;
  const plane = w.pointsH > 1 && w.pointsW > 1, runY = w.pointsH > 1 ? w.tapsH * g.dh : 0, runX = w.pointsW > 1 ? w.tapsW * g.dw : 0;
  const fresh = <usize>(w.tileW * stepX) * pixel;
  for (let t = 0; t < count; t++) {
    const tx = (begin + t) % w.tilesX, line = (begin + t) / w.tilesX;
    const y = originOf(line % w.tilesY, w.tileH, g.dh, w.wholeY) * g.sh - g.ph, x = originOf(tx, w.tileW, g.dw, w.wholeX) * g.sw - g.pw;
    for (let z = 0; z < w.planes; z++) {
      const sourceZ = sourceOf(z - g.pd, g.id, g.paddingMode);
      const slice: usize = sourceZ < 0 ? 0 : image + <usize>(line / w.tilesY * g.xN + sourceZ * g.xD) * 4;
      let to = scratch + w.vAt + <usize>(z * w.blockTiles + t) * w.vTile;
      for (let run = 0; run < w.runs; run++, to += w.vRun) {
        const y0 = y + (plane ? run / g.sw : run * runY), x0 = x + (plane ? run % g.sw : run * runX);
        let from = slice + <usize>y0 * row + <usize>x0 * pixel, inner = <usize>stepX * pixel, outer = <usize>stepY * row;
        if (ahead) {
          if (sourceZ >= 0 && y0 >= 0 && y0 + lastY < g.ih && x0 >= 0 && x0 + w.tileW * stepX <= g.iw) touch(from, w.pointsH, outer, fresh);
          continue;
        }
        if (sourceZ < 0 || y0 < 0 || y0 + lastY >= g.ih || x0 < 0 || x0 + lastX >= g.iw) {
          gather(g, slice, y0, x0, w.pointsH, w.pointsW, patch);
          from = patch;
          inner = pixel;
          outer = <usize>w.pointsW * pixel;
        }
        if (points == 8) winogradInput8(from, w.pointsW == 1 ? outer : inner, to, w.vPoint, channelBytes);
        else if (points == 6) winogradInput6(from, inner, outer, to, w.vPoint, channelBytes, scratch);
        else winogradInput4(from, inner, outer, to, w.vPoint, channelBytes, scratch);
      }
    }
  }
}

/** `channels` channels of y, the first one at `y`, of `count` tiles from tile `begin` on; `ahead`: only touches them. */
function outputTiles(w: Winograd, g: Geometry, y: usize, addend: usize, channels: i32, begin: i32, count: i32, ahead: bool, scratch: usize): void {
  const points = max(w.pointsH, w.pointsW), inner = <usize>(g.dw * g.yW) * 4, outer = <usize>(g.dh * g.yH) * 4;
  for (let t = 0; t < count; t++) {
    const tx = (begin + t) % w.tilesX, line = (begin + t) / w.tilesX, ty = line % w.tilesY;
    const oy = originOf(ty, w.tileH, g.dh, w.wholeY), ox = originOf(tx, w.tileW, g.dw, w.wholeX);
    const rows = countOf(ty, oy, w.tileH, g.dh, w.wholeY, g.oh), columns = countOf(tx, ox, w.tileW, g.dw, w.wholeX, g.ow);
    let at = <usize>(line / w.tilesY * g.yN + oy * g.yH + ox * g.yW) * 4, from = scratch + w.mAt + <usize>t * w.mTile;
    for (let z = 0; z < g.od; z++, at += <usize>g.yD * 4, from += <usize>w.blockTiles * w.mTile) {
      const to = y + at, added: usize = addend ? addend + at : 0;
      // a line has one row or one column
      if (ahead) touch(to, rows, outer, <usize>(columns - 1) * inner + <usize>g.oc * 4);
      else if (points == 8) winogradOutput8(w, g, channels, from, w.pointsW == 1 ? outer : inner, rows * columns, to, added, scratch);
      else if (points == 6) winogradOutput6(w, g, channels, from, inner, outer, rows, columns, to, added, scratch);
      else winogradOutput4(w, g, channels, from, inner, outer, rows, columns, to, added, scratch);
    }
  }
}

/**
 * M = V U at the first `pointsW` points of the row `i`, for those of `count` rows of the table that need them: V at `v`, M at `m`, U at `u`, uW from point to
 * point. `adds`: to what M holds. (With all rows everywhere 256 channels take 1.14 times as long at 14x14, 1.23 times at 13x13.)
 */
function products(w: Winograd, p: ProductRun, i: i32, v: usize, m: usize, u: usize, uW: usize, pointsW: i32, bias: usize, adds: bool, table: usize, count: i32): void {
  // the point 1 along both axes, the second of each
  const one = (w.pointsH > 1 ? w.pointsW : 0) + (w.pointsW > 1 ? 1 : 0);
  for (let j = 0; j < pointsW; j++, u += uW) {
    const point = i * w.pointsW + j, c = m + <usize>point * w.mPoint;
    p.a = v + <usize>point * w.vPoint;
    p.c = c;
    p.panels = u;
    p.bias = adds || point != one ? p.zeros : bias;
    p.addend = adds ? c : 0;
    const farX = j > 0 && j == w.pointsW - 1, from = farX ? w.fromX : 0, end = i > 0 && i == w.pointsH - 1 ? w.endY : farX ? w.endX : count;
    if (end > from) multiplyRows(p, table + <usize>from * 8, end - from);
  }
}

/** Points of one phase of a stride, along one axis: a phase without the last tap has nothing at infinity. */
@inline
function pointsOf(points: i32, phase: i32, taps: i32, stride: i32, kernel: i32): i32 {
  return phase + (taps - 1) * stride < kernel ? points : points - 1;
}

/** The row `i` of points of U: panels [first, first + count), [from, from + depth) of k, out of weights [panels][k][taps][taps][8]. */
function spreadPanels(w: Winograd, i: i32, weights: usize, k: i32, first: i32, count: i32, from: i32, depth: i32, constant: bool, u: usize, scratch: usize): void {
  for (let j = 0; j < count; j++) {
    const taps = weights + <usize>(((first + j) * k + from) * w.tapsH * w.tapsW) * 32, to = u + <usize>(j * depth) * 32;
    if (w.tapsH == 3) winogradSpread3(i, taps, to, w.uPoint, depth, scratch);
    else winogradSpread2(i, taps, to, w.uPoint, depth, constant, scratch);
  }
}

/** Panels [first, first + count) of M = V U of one group, `rows` rows. `weights`: U, or what it is made from, unless it is held and not `fresh`. */
function multiply(w: Winograd, g: Geometry, p: ProductRun, v: usize, m: usize, weights: usize, bias: usize, first: i32, count: i32, fresh: bool, rows: i32, scratch: usize): void {
  const k = p.k, segments = p.segments, segmentCount = p.segmentCount, depth = k * segmentCount;
  const made = w.uDepth == 0, whole = made || depth <= w.uDepth, parts = whole ? 1 : (k + w.uDepth - 1) / w.uDepth, passes = whole ? 1 : segmentCount * parts;
  const held = made || w.uHeld, start = (made ? weights : scratch + w.uAt) + (held ? <usize>(first * depth) * 32 : 0);
  p.n = count * 8;
  for (let pass = 0; pass < passes; pass++) {
    const segment = pass / parts, part = pass % parts, from = k * part / parts, here = whole ? depth : k * (part + 1) / parts - from;
    // with two taps, a phase that has nothing at infinity has one of them, and one point stands for the others
    const phase = whole ? 0 : segment % w.runs;
    const pointsH = pointsOf(w.pointsH, phase / g.sw, w.tapsH, g.sh, g.kh), pointsW = pointsOf(w.pointsW, phase % g.sw, w.tapsW, g.sw, g.kw);
    const constantH = w.tapsH == 2 && pointsH < w.pointsH, constantW = w.tapsW == 2 && pointsW < w.pointsW;
    if (!whole) {
      p.k = here;
      p.segments = segments + <usize>segment * 4;
      p.segmentCount = 1;
    }
    for (let i = 0, u = start; i < pointsH; i++) {
      if (!made && (fresh || !held) && !(constantH && i)) spreadPanels(w, i, weights, depth, first, count, segment * k + from, here, constantW, u, scratch);
      products(w, p, i, v + <usize>from * 4, m, u, constantW ? 0 : w.uPoint, pointsW, bias == p.zeros ? bias : bias + <usize>first * 32, pass > 0, scratch + w.tableAt, rows);
      if (held) u += <usize>w.pointsW * w.uPoint;
    }
  }
  p.k = k;
  p.segments = segments;
  p.segmentCount = segmentCount;
}

/** Lists the places of V and M of `count` tiles from tile `begin` on, for all planes, in the order of their shortness. */
function tableOf(w: Winograd, g: Geometry, begin: i32, count: i32, table: usize): void {
  let row = table;
  for (let kind = 0; kind < 4; kind++) {
    // short along w, not at all, along h, along both
    const shortY = kind > 1, shortX = (kind & 1) == (kind >> 1);
    for (let t = 0, x = begin % w.tilesX, y = begin / w.tilesX % w.tilesY; t < count; t++) {
      if (shortX == x >= w.wholeX * g.dw && shortY == y >= w.wholeY * g.dh) {
        for (let z = 0; z < g.od; z++, row += 8) {
          store<u32>(row, <usize>(z * g.sd * w.blockTiles + t) * w.vTile);
          store<u32>(row, <usize>(z * w.blockTiles + t) * w.mTile, 4);
        }
      }
      if (++x == w.tilesX) {
        x = 0;
        if (++y == w.tilesY) y = 0;
      }
    }
    const rows = <i32>(row - table) / 8;
    if (kind == 0) w.fromX = rows;
    if (kind == 1) w.endY = rows;
    if (kind == 2) w.endX = rows;
  }
}

/** y of `count` tiles from tile `begin` on, whose V is there: some panels of M at a time, so that they are transformed back while they are near. */
function blockOf(w: Winograd, g: Geometry, p: ProductRun, y: usize, addend: usize, begin: i32, count: i32, fresh: bool, scratch: usize): void {
  const panels = p.panels, bias = p.bias, icg = g.ic / g.groups, ocg = g.oc / g.groups, all = (ocg + 7) / 8, channel = <usize>g.yC * 4;
  tableOf(w, g, begin, count, scratch + w.tableAt);
  for (let group = 0; group < g.groups; group++) {
    const v = scratch + w.vAt + <usize>(group * icg) * 4, u = panels + <usize>group * w.uGroup, own = bias == p.zeros ? bias : bias + <usize>(group * ocg) * 4;
    for (let first = 0; first < all; first += w.mPanels) {
      const end = min(all, first + w.mPanels), o = group * ocg + first * 8, at = <usize>o * channel;
      for (let next = first; next < end; next += w.uPanels) {
        multiply(w, g, p, v, scratch + w.mAt + <usize>(next - first) * 32, u, own, next, min(w.uPanels, end - next), fresh, g.od * count, scratch);
      }
      const channels = min(ocg, end * 8) - first * 8;
      if (w.touchesY && !o) outputTiles(w, g, y, 0, channels, begin, count, true, scratch);
      outputTiles(w, g, y + at, addend ? addend + at : 0, channels, begin, count, false, scratch);
    }
  }
  p.panels = panels;
  p.bias = bias;
}

/**
 * Tiles [begin, end), numbered image, y, x (each with all planes), of the channels-last image `x` into `y` of either layout; `addend` is laid out
 * as y, or 0. Nothing is padded beforehand. p: one segment per slice of k, no clamp; its panels are U, or what it is made from.
 */
export function convWinograd(w: Winograd, g: Geometry, p: Product, x: usize, y: usize, addend: usize, begin: i32, end: i32, scratch: usize): void {
  // behind what the transforms take of the first KB
  const run = startProduct(p, 0, 0, 0, scratch + 896);
  let blocks = (end - begin + w.blockTiles - 1) / w.blockTiles;
  for (let from = begin; blocks > 0; blocks--) {
    // whole register tiles, whether of four rows or six
    const count = blocks == 1 ? end - from : min(w.blockTiles, ((end - from) / blocks + 11) / 12 * 12);
    if (w.touchesX) inputTiles(w, g, x, from, count, true, scratch);
    inputTiles(w, g, x, from, count, false, scratch);
    blockOf(w, g, run, y, addend, from, count, from == begin, scratch);
    from += count;
  }
}
