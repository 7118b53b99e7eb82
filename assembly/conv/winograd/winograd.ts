// Winograd's minimal filtering: every tile of the image is transformed, channels are multiplied point by point (one matrix product per point, on
// the register tile, which reads the transformed tiles in place), and the products are transformed back. Kernel planes along d are slices of
// k, found through the segment table; so are runs of taps where one axis alone is transformed.
import { Product, multiplyRows } from "../../gemm/product";
import { Geometry, sourceOf } from "../geometry";
import { touch } from "../../simd/touch";
import { gather } from "./patch";
import { winogradInput4, winogradInput6, winogradInput8 } from "./input";
import { winogradOutput4, winogradOutput6, winogradOutput8 } from "./output";
import { Winograd } from "./record";
import { winogradSpread } from "./weights";

/** First output of a tile along an axis: `dilation` tiles interleave, `outputs` each. */
@inline
function originOf(tile: i32, outputs: i32, dilation: i32): i32 {
  return tile / dilation * outputs * dilation + tile % dilation;
}

/** Outputs of a tile along an axis that exist. */
@inline
function countOf(origin: i32, outputs: i32, dilation: i32, extent: i32): i32 {
  return max(0, min(outputs, (extent - origin + dilation - 1) / dilation));
}

/** Bytes of an image from which tiles touch what the next one reads: 64 channels at 224x224 are 1.04 times as fast, at 56x56 0.97. */
const FAR_BYTES: i32 = 1024 * 1024;

/** V of `count` tiles from tile `begin` on. */
function inputTiles(w: Winograd, g: Geometry, image: usize, begin: i32, count: i32, scratch: usize): void {
  const lastY = (w.pointsH - 1) * g.dh, lastX = (w.pointsW - 1) * g.dw, points = max(w.pointsH, w.pointsW), patch = scratch + w.patchAt;
  const pixel = <usize>g.ic * 4, row = <usize>g.iw * pixel, channelBytes = (pixel + 15) & ~15;
  const runY = w.pointsH > 1 ? w.tapsH * g.dh : 0, runX = w.pointsW > 1 ? w.tapsW * g.dw : 0;
  const far = <i32>row * g.ih >= FAR_BYTES, next = <usize>(w.pointsW * g.dw) * pixel, fresh = <usize>(w.tileW * g.dw) * pixel;
  for (let t = 0; t < count; t++) {
    const tx = (begin + t) % w.tilesX, line = (begin + t) / w.tilesX;
    const y = originOf(line % w.tilesY, w.tileH, g.dh) * g.sh - g.ph, x = originOf(tx, w.tileW, g.dw) * g.sw - g.pw;
    for (let z = 0; z < w.planes; z++) {
      const sourceZ = sourceOf(z - g.pd, g.id, g.paddingMode);
      const plane: usize = sourceZ < 0 ? 0 : image + <usize>(line / w.tilesY * g.xN + sourceZ * g.xD) * 4;
      let to = scratch + w.vAt + <usize>(z * w.blockTiles + t) * w.vTile;
      for (let run = 0; run < w.runs; run++, to += w.vRun) {
        const y0 = y + run * runY, x0 = x + run * runX;
        let from = plane + <usize>y0 * row + <usize>x0 * pixel, inner = <usize>g.dw * pixel, outer = <usize>g.dh * row;
        if (sourceZ < 0 || y0 < 0 || y0 + lastY >= g.ih || x0 < 0 || x0 + lastX >= g.iw) {
          gather(g, plane, y0, x0, w.pointsH * g.dh, w.pointsW * g.dw, patch);
          from = patch;
          inner = pixel;
          outer = <usize>w.pointsW * pixel;
        } else if (far && x0 + lastX + w.tileW * g.dw < g.iw) touch(from + next, w.pointsH, outer, fresh);
        if (points == 8) winogradInput8(from, w.pointsW == 1 ? outer : inner, to, w.vPoint, channelBytes);
        else if (points == 6) winogradInput6(from, inner, outer, to, w.vPoint, channelBytes, scratch);
        else winogradInput4(from, inner, outer, to, w.vPoint, channelBytes, scratch);
      }
    }
  }
}

/** y of `count` tiles from tile `begin` on. */
function outputTiles(w: Winograd, g: Geometry, y: usize, addend: usize, begin: i32, count: i32, scratch: usize): void {
  const points = max(w.pointsH, w.pointsW), inner = <usize>(g.dw * g.yW) * 4, outer = <usize>(g.dh * g.yH) * 4;
  for (let t = 0; t < count; t++) {
    const tx = (begin + t) % w.tilesX, line = (begin + t) / w.tilesX;
    const oy = originOf(line % w.tilesY, w.tileH, g.dh), ox = originOf(tx, w.tileW, g.dw);
    const rows = countOf(oy, w.tileH, g.dh, g.oh), columns = countOf(ox, w.tileW, g.dw, g.ow);
    let at = <usize>(line / w.tilesY * g.yN + oy * g.yH + ox * g.yW) * 4, from = scratch + w.mAt + <usize>t * w.mTile;
    for (let z = 0; z < g.od; z++, at += <usize>g.yD * 4, from += <usize>w.blockTiles * w.mTile) {
      const to = y + at, added: usize = addend ? addend + at : 0;
      // a line has one row or one column
      if (points == 8) winogradOutput8(w, g, from, w.pointsW == 1 ? outer : inner, rows * columns, to, added, scratch);
      else if (points == 6) winogradOutput6(w, g, from, inner, outer, rows, columns, to, added, scratch);
      else winogradOutput4(w, g, from, inner, outer, rows, columns, to, added, scratch);
    }
  }
}

/** M = V U at every point, for `count` rows of the table: V at `v`, M at `m`, U at `u`. `adds`: to what M holds. */
function products(w: Winograd, p: Product, v: usize, m: usize, u: usize, bias: usize, adds: bool, table: usize, count: i32): void {
  // the point 1 along both axes, the second of each
  const one = (w.pointsH > 1 ? w.pointsW : 0) + (w.pointsW > 1 ? 1 : 0);
  for (let point = 0; point < w.pointsH * w.pointsW; point++, v += w.vPoint, m += w.mPoint, u += w.uPoint) {
    p.a = v;
    p.c = m;
    p.panels = u;
    p.bias = adds || point != one ? p.zeros : bias;
    p.addend = adds ? m : 0;
    multiplyRows(p, table, count);
  }
}

/**
 * M of one group whose weights are transformed here, some panels and some of k at a time: U stays in the L2 cache, and a ninth to a quarter of it is
 * read from memory. `weights`: [panels][k][3][3][8]; `fresh`: U does not hold them yet.
 */
function transformed(w: Winograd, p: Product, v: usize, m: usize, weights: usize, bias: usize, table: usize, count: i32, scratch: usize, fresh: bool): void {
  const n = p.n, k = p.k, segments = p.segments, segmentCount = p.segmentCount, depth = k * segmentCount, whole = depth <= w.uDepth, u = scratch + w.uAt;
  const panels = (n + 7) / 8, tap9 = <usize>(9 * 32);
  const parts = whole ? 1 : (k + w.uDepth - 1) / w.uDepth, passes = whole ? 1 : segmentCount * parts;
  for (let first = 0; first < panels; first += w.uPanels) {
    const here = min(w.uPanels, panels - first);
    p.n = min(n - first * 8, here * 8);
    for (let pass = 0; pass < passes; pass++) {
      const segment = pass / parts, part = pass % parts;
      const from = k * part / parts, count_ = whole ? depth : k * (part + 1) / parts - from;
      if (fresh) {
        for (let j = 0; j < here; j++) {
          winogradSpread(weights + <usize>((first + j) * depth + segment * k + from) * tap9, u + <usize>(j * count_) * 32, w.uPoint, count_, scratch);
        }
      }
      if (!whole) {
        p.k = count_;
        p.segments = segments + <usize>segment * 4;
        p.segmentCount = 1;
      }
      products(w, p, v + <usize>from * 4, m + <usize>first * 32, u, bias == p.zeros ? bias : bias + <usize>first * 32, pass > 0, table, count);
    }
  }
  p.n = n;
  p.k = k;
  p.segments = segments;
  p.segmentCount = segmentCount;
}

/** M = V U. p: one segment per slice of k, no clamp. `fresh`: the first block of tiles. */
function multiply(w: Winograd, g: Geometry, p: Product, count: i32, scratch: usize, fresh: bool): void {
  const table = scratch + w.tableAt, panels = p.panels, bias = p.bias, icg = g.ic / g.groups, ocg = g.oc / g.groups;
  let row = table;
  for (let z = 0; z < g.od; z++) {
    for (let t = 0; t < count; t++, row += 8) {
      store<u32>(row, <usize>(z * g.sd * w.blockTiles + t) * w.vTile);
      store<u32>(row, <usize>(z * w.blockTiles + t) * w.mTile, 4);
    }
  }
  // U is made once where it is held as a whole
  const anew = fresh || g.groups > 1 || w.uPanels * 8 < p.n || w.uDepth < p.k * p.segmentCount;
  for (let group = 0; group < g.groups; group++) {
    const v = scratch + w.vAt + <usize>(group * icg) * 4, m = scratch + w.mAt + <usize>(group * ocg) * 4, u = panels + <usize>group * w.uGroup;
    const own = bias == p.zeros ? bias : bias + <usize>(group * ocg) * 4;
    if (w.uPanels) transformed(w, p, v, m, u, own, table, g.od * count, scratch, anew);
    else products(w, p, v, m, u, own, false, table, g.od * count);
  }
  p.panels = panels;
  p.bias = bias;
}

/**
 * Tiles [begin, end), numbered image, y, x (each with all planes), of the channels-last image `x` into `y` of either layout; `addend` is laid out
 * as y, or 0. Nothing is padded beforehand. p: see `multiply`; its panels are U, or what it is made from.
 */
export function convWinograd(w: Winograd, g: Geometry, p: Product, x: usize, y: usize, addend: usize, begin: i32, end: i32, scratch: usize): void {
  let blocks = (end - begin + w.blockTiles - 1) / w.blockTiles;
  for (let from = begin; blocks > 0; blocks--) {
    // whole register tiles, whether of four rows or six
    const count = blocks == 1 ? end - from : min(w.blockTiles, ((end - from) / blocks + 11) / 12 * 12);
    inputTiles(w, g, x, from, count, scratch);
    multiply(w, g, p, count, scratch, from == begin);
    outputTiles(w, g, y, addend, from, count, scratch);
    from += count;
  }
}
