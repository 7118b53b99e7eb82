// Winograd's minimal filtering: every tile of the image is transformed, channels are multiplied point by point (one matrix product per point, on
// the register tile, which reads the transformed tiles in place), and the products are transformed back. Kernel planes along d are slices of
// k, found through the segment table; so are runs of taps where one axis alone is transformed.
import { Product, multiplyRows } from "../../gemm/product";
import { Geometry, sourceOf } from "../geometry";
import { winogradInput4, winogradInput6, winogradInput8 } from "./input";
import { winogradOutput4, winogradOutput6, winogradOutput8 } from "./output";
import { Winograd } from "./record";

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

/** Copies a patch of `plane` (0: a plane of zeros) that reaches over an edge, its cells as the padding says; zeros past the padding's end. */
function gather(w: Winograd, g: Geometry, plane: usize, y0: i32, x0: i32, to: usize): void {
  const pixel = <usize>g.ic * 4, row = <usize>g.iw * pixel;
  const height = w.pointsH * g.dh, width = w.pointsW * g.dw;
  for (let y = y0; y < y0 + height; y += g.dh) {
    const sourceY = plane && y < g.ih + g.phEnd ? sourceOf(y, g.ih, g.paddingMode) : -1;
    for (let x = x0; x < x0 + width; x += g.dw, to += pixel) {
      const sourceX = sourceY >= 0 && x < g.iw + g.pwEnd ? sourceOf(x, g.iw, g.paddingMode) : -1;
      if (sourceX < 0) memory.fill(to, 0, pixel);
      else memory.copy(to, plane + <usize>sourceY * row + <usize>sourceX * pixel, pixel);
    }
  }
}

/** V of `count` tiles from tile `begin` on. */
function inputTiles(w: Winograd, g: Geometry, image: usize, begin: i32, count: i32, scratch: usize): void {
  const lastY = (w.pointsH - 1) * g.dh, lastX = (w.pointsW - 1) * g.dw, points = max(w.pointsH, w.pointsW), patch = scratch + w.patchAt;
  const pixel = <usize>g.ic * 4, row = <usize>g.iw * pixel, channelBytes = (pixel + 15) & ~15;
  const runY = w.pointsH > 1 ? w.tapsH * g.dh : 0, runX = w.pointsW > 1 ? w.tapsW * g.dw : 0;
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
          gather(w, g, plane, y0, x0, patch);
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

/** M = V U at every point. p: one segment per slice of k, no clamp. */
function multiply(w: Winograd, g: Geometry, p: Product, count: i32, scratch: usize): void {
  const table = scratch + w.tableAt, panels = p.panels, bias = p.bias, icg = g.ic / g.groups, ocg = g.oc / g.groups;
  // the point 1 along both axes, the second of each
  const one = (w.pointsH > 1 ? w.pointsW : 0) + (w.pointsW > 1 ? 1 : 0);
  let row = table;
  for (let z = 0; z < g.od; z++) {
    for (let t = 0; t < count; t++, row += 8) {
      store<u32>(row, <usize>(z * g.sd * w.blockTiles + t) * w.vTile);
      store<u32>(row, <usize>(z * w.blockTiles + t) * w.mTile, 4);
    }
  }
  for (let point = 0; point < w.pointsH * w.pointsW; point++) {
    for (let group = 0; group < g.groups; group++) {
      p.a = scratch + w.vAt + <usize>point * w.vPoint + <usize>(group * icg) * 4;
      p.c = scratch + w.mAt + <usize>point * w.mPoint + <usize>(group * ocg) * 4;
      p.panels = panels + <usize>point * w.uPoint + <usize>group * w.uGroup;
      p.bias = point != one || bias == p.zeros ? p.zeros : bias + <usize>(group * ocg) * 4;
      multiplyRows(p, table, g.od * count);
    }
  }
  p.panels = panels;
  p.bias = bias;
}

/**
 * Tiles [begin, end), numbered image, y, x (each with all planes), of the channels-last image `x` into `y` of either layout; `addend` is laid out
 * as y, or 0. Nothing is padded beforehand. p: see `multiply`; its panels are U.
 */
export function convWinograd(w: Winograd, g: Geometry, p: Product, x: usize, y: usize, addend: usize, begin: i32, end: i32, scratch: usize): void {
  let blocks = (end - begin + w.blockTiles - 1) / w.blockTiles;
  for (let from = begin; blocks > 0; blocks--) {
    // whole register tiles, whether of four rows or six
    const count = blocks == 1 ? end - from : min(w.blockTiles, ((end - from) / blocks + 11) / 12 * 12);
    inputTiles(w, g, x, from, count, scratch);
    multiply(w, g, p, count, scratch);
    outputTiles(w, g, y, addend, from, count, scratch);
    from += count;
  }
}
