// M = V U: one matrix product at every point, on the register tile, which reads the transformed tiles in place.
import { PANEL_STEP, Product, ROW_BYTES, multiplyRows } from "../../gemm/product";
import { Geometry } from "../geometry";
import { Pass, State, Winograd, openState } from "./record";
import { winogradSpread2, winogradSpread3 } from "./weights";

/**
 * Lists where the tiles of the block stand in V and M, for all planes. Short tiles, which lack an output, have nothing
 * to multiply at infinity: those short along w alone come first, then whole ones, those short along h alone, and both.
 */
export function listRows(w: Winograd, g: Geometry, s: State): void {
  const table = s.scratch + w.tableAt;
  let row = table;
  for (let kind = 0; kind < 4; kind++) {
    const shortY = kind > 1, shortX = (kind & 1) == (kind >> 1);
    for (let t = 0, x = s.begin % w.x.tiles, y = s.begin / w.x.tiles % w.y.tiles; t < s.count; t++) {
      if (shortX == x >= w.x.whole * g.dw && shortY == y >= w.y.whole * g.dh) {
        for (let z = 0; z < g.od; z++, row += ROW_BYTES) {
          store<u32>(row, <usize>(z * g.sd * w.blockTiles + t) * w.vTile);
          store<u32>(row, <usize>(z * w.blockTiles + t) * w.mTile, 4);
        }
      }
      if (++x == w.x.tiles) {
        x = 0;
        if (++y == w.y.tiles) y = 0;
      }
    }
    const rows = <i32>(row - table) / ROW_BYTES;
    if (kind == 0) s.fromX = rows;
    if (kind == 1) s.endY = rows;
    if (kind == 2) s.endX = rows;
  }
  s.rows = g.od * s.count;
}

/** Makes the row `i` of points of U, for `count` panels from `panel` on. */
function makeRow(w: Winograd, s: State, pass: Pass, i: i32, panel: i32, count: i32, u: usize): void {
  const depth = pass.k * pass.segmentCount;
  let taps = s.weights + <usize>panel * w.weightPanel + pass.taps;
  for (let j = 0; j < count; j++, taps += w.weightPanel, u += <usize>depth * PANEL_STEP) {
    if (w.y.taps == 3) winogradSpread3(i, taps, u, w.uPoint, depth, s.scratch);
    else winogradSpread2(i, taps, u, w.uPoint, depth, pass.aloneX, s.scratch);
  }
}

/** Panels [begin, end) of U, all of which is at `u`, for runs that it is given to: w.makesU is 1. */
export function winogradHeld(
  w: Winograd, product: Product, u: usize, begin: i32, end: i32, scratch: usize,
): void {
  const s = openState(product, scratch), pass = changetype<Pass>(w.passes);
  s.weights = product.panels;
  u += <usize>begin * w.uPanel;
  for (let i = 0; i < pass.pointsY; i++, u += <usize>w.x.points * w.uPoint) {
    makeRow(w, s, pass, i, begin, end - begin, u);
  }
}

/**
 * Multiplies at the row `i` of points those tiles that need it. (With all tiles at all points 256 channels take 1.14
 * times as long at 14x14, 1.23 times at 13x13.)
 */
function multiplyRow(w: Winograd, s: State, pass: Pass, i: i32, u: usize, bias: usize, m: usize): void {
  const p = s.product, uStep: usize = pass.aloneX ? 0 : w.uPoint;
  // the bias comes in at the point 1 along both axes, the second of each
  const one = (w.y.points > 1 ? w.x.points : 0) + (w.x.points > 1 ? 1 : 0), lastY = i > 0 && i == w.y.points - 1;
  for (let j = 0; j < pass.pointsX; j++, u += uStep) {
    const point = i * w.x.points + j, lastX = j > 0 && j == w.x.points - 1;
    p.a = s.v + pass.v + <usize>point * w.vPoint;
    p.c = m + <usize>point * w.mPoint;
    p.panels = u;
    p.bias = pass.adds || point != one ? p.zeros : bias;
    p.addend = pass.adds ? p.c : 0;
    const from = lastX ? s.fromX : 0, end = lastY ? s.endY : lastX ? s.endX : s.rows;
    if (end > from) multiplyRows(p, s.scratch + w.tableAt + <usize>from * ROW_BYTES, end - from);
  }
}

/** M of `count` panels of the group from `panel` on, all passes. */
export function multiply(w: Winograd, s: State, panel: i32, count: i32, m: usize): void {
  const p = s.product, makes = w.makesU == 2 || (w.makesU == 1 && s.first), isWhole = w.makesU < 2;
  const start = (w.makesU ? s.u : s.weights) + (isWhole ? <usize>panel * w.uPanel : 0);
  p.n = count * 8;
  for (let at = w.passes; at < w.passesEnd; at += offsetof<Pass>()) {
    const pass = changetype<Pass>(at);
    p.k = pass.k;
    p.segments = pass.segments;
    p.segmentCount = pass.segmentCount;
    for (let i = 0, u = start; i < pass.pointsY; i++) {
      if (makes && !(i && pass.aloneY)) makeRow(w, s, pass, i, panel, count, u);
      multiplyRow(w, s, pass, i, u, s.bias + <usize>panel * PANEL_STEP, m);
      if (isWhole) u += <usize>w.x.points * w.uPoint;
    }
  }
}
