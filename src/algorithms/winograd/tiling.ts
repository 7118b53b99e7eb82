import type { ConvProblem } from '../../types.js';
import { NR, PANEL_STEP, TALL } from '../../wasm/boundary.js';
import type { Points } from './points.js';

/**
 * Bytes of V and of M that stay in the L2 cache beside U of a point (32 channels: twice as much is up to 6 % slower).
 */
const V_BYTES = 256 * 1024;
const M_BYTES = 384 * 1024;

/**
 * Rows of a product below which making the weights, or reading them, costs more than multiplying them, in whole
 * register tiles; where all of U is held, V has to stay near (64 to 64 channels at 224 x 224, images of 56 x 56 and
 * 112 x 112: 18 to 30 rows are 1.03 to 1.06 times as fast as 64; 128 to 512 channels: 72 up to 1.02 times as 64, 36
 * 0.93).
 */
const LEAST_ROWS = 72;
const HELD_ROWS = 18;

/** Bytes of all of U that are held from one block of tiles to the next: they stay in the L2 cache. */
const HELD_BYTES = 600 * 1024;

/**
 * Bytes of a row of points of U that are made at once where that happens for every block, and the floats of k. (512
 * channels, 7x7 to 28x28 pixels: 100 and 400 KB, and 256 floats of k, are up to 7 % slower.)
 */
const SPREAD_BYTES = 200 * 1024;
const SPREAD_DEPTH = 512;

/** Bytes of a cache line. */
export const LINE = 64;

const roundUp = (count: number, to: number) => Math.ceil(count / to) * to;

/** Runs into which a line of taps is cut: least products, runs * points / outputs for each result, then fewest runs. */
function runsOf(taps: number, points: Points): number {
  let best = { runs: 0, cost: Infinity };
  for (let runs = Math.ceil(taps / 5); runs <= Math.ceil(taps / 3); runs++) {
    const cost = (runs * points) / (points + 1 - Math.ceil(taps / runs));
    if (cost < best.cost) best = { runs, cost };
  }
  return best.runs;
}

/** The same sums as the tiles see them: one axis alone is h, so that bands can cut it, and one tap has no dilation. */
export function normal(p: ConvProblem): ConvProblem {
  if (p.oh === 1 && p.kh === 1 && p.ih === 1 && p.ph + p.phEnd === 0) {
    return {
      ...p,
      ...{ ih: p.iw, oh: p.ow, kh: p.kw, sh: p.sw, dh: p.dw, ph: p.pw, phEnd: p.pwEnd },
      ...{ iw: 1, ow: 1, kw: 1, sw: 1, dw: 1, pw: 0, pwEnd: 0 },
    };
  }
  return { ...p, dh: p.kh > 1 ? p.dh : 1, dw: p.kw > 1 ? p.dw : 1 };
}

/** Output where a tile row begins, in rows of one remainder. */
export const originOf = (i: number, { outputs, whole }: Axis) => Math.min(i * outputs, i * (outputs - 1) + whole);

/** One axis of the tiles: the record of that name. */
function axisOf(points: number, taps: number, extent: number, dilation: number) {
  const outputs = points + 1 - taps;
  const each = Math.ceil(extent / (outputs * dilation));
  // of the tiles of one remainder, where the others lack an output
  const whole = Math.max(0, Math.ceil(extent / dilation) - (outputs - 1) * each);
  return { points, taps, outputs, tiles: each * dilation, whole };
}

export type Axis = ReturnType<typeof axisOf>;

/** Where the tiles lie. */
function gridOf(p: ConvProblem, points: Points) {
  const plane = p.kh > 1 && p.kw > 1;
  const runs = plane ? p.sh * p.sw : runsOf(Math.max(p.kh, p.kw), points);
  const along = (kernel: number, stride: number, extent: number, dilation: number) => {
    const parts = plane ? stride : kernel > 1 ? runs : 1;
    return axisOf(kernel > 1 ? points : 1, Math.ceil(kernel / parts), extent, dilation);
  };
  const [y, x] = [along(p.kh, p.sh, p.oh, p.dh), along(p.kw, p.sw, p.ow, p.dw)];
  const planes = (p.od - 1) * p.sd + (p.kd - 1) * p.dd + 1;
  return { plane, runs, y, x, planes, pointCount: y.points * x.points, tiles: p.n * y.tiles * x.tiles };
}

type Grid = ReturnType<typeof gridOf>;

/** How U comes about, and its sizes. `uDepth`: floats of k that are made at once. */
function weightsOf(p: ConvProblem, { plane, runs, y, x, pointCount }: Grid) {
  const icg = p.ic / p.groups;
  const octets = Math.ceil(p.oc / p.groups / NR);
  const depth = p.kd * runs * icg;
  // 3 x 3 and 2 x 2 taps become U in a run: a quarter of the bytes or less is read, and preparing is packing alone
  const isMade = plane && y.points === 6 && y.taps === x.taps && y.taps <= 3;
  const isHeld = isMade && p.groups === 1 && runs === 1 && pointCount * PANEL_STEP * octets * depth <= HELD_BYTES;
  const makesU = isHeld ? 1 : isMade ? 2 : 0;
  // the phases of a stride apart: some have nothing at infinity
  const uDepth = isHeld ? depth : isMade ? Math.min(runs > 1 ? icg : depth, SPREAD_DEPTH) : 0;
  const weightPanel = depth * PANEL_STEP * (isMade ? y.taps * x.taps : 1);
  return { octets, depth, makesU, uDepth, uPanel: depth * PANEL_STEP, weightPanel, weightGroup: octets * weightPanel };
}

type Weights = ReturnType<typeof weightsOf>;

/** The tiles of a block, as many as keep V near, and V of them. */
function blockOf(p: ConvProblem, { plane, runs, planes, pointCount, tiles }: Grid, { makesU }: Weights) {
  const channels = roundUp(p.ic, 4) * 4;
  const near = Math.floor(V_BYTES / (pointCount * planes * runs * channels) / TALL) * TALL;
  const blockTiles = Math.min(tiles, Math.max(near, Math.ceil((makesU === 1 ? HELD_ROWS : LEAST_ROWS) / p.od)));
  return {
    blockTiles,
    // a line apart, so that the points of a tile do not share a set of the L1 cache
    vPoint: planes * blockTiles * runs * channels + LINE,
    // the runs of a line in one piece, the phases one by one: rows so far apart would share few sets of the L1 cache
    vTile: plane ? channels : runs * channels,
    vRun: plane ? planes * blockTiles * channels : channels,
  };
}

/** The panels that are multiplied before they are transformed back, as many as keep M near, and M and U of them. */
function panelsOf(p: ConvProblem, { x, pointCount }: Grid, w: Weights, blockTiles: number) {
  const near = Math.floor(M_BYTES / (pointCount * p.od * blockTiles * PANEL_STEP));
  const fit = Math.max(1, Math.floor(SPREAD_BYTES / (x.points * PANEL_STEP * w.uDepth)));
  const isMade = w.makesU === 2;
  // whole cache lines of channels are two panels
  const step = isMade ? Math.max(2, Math.min(fit, near)) : 2;
  const mPanels = Math.min(w.octets, Math.max(2, step * Math.max(1, Math.floor(near / step))));
  const uPanels = isMade ? Math.min(mPanels, fit) : mPanels;
  const uBytes = isMade ? uPanels * w.uDepth * PANEL_STEP : p.groups * w.octets * w.uPanel;
  const mTile = mPanels * PANEL_STEP;
  return { mPanels, uPanels, mTile, mPoint: p.od * blockTiles * mTile + LINE, uPoint: uBytes + LINE };
}

/**
 * Tiles and transforms of a `normal` problem, `points` along each axis with more than one tap: together the record
 * `Winograd`. (Parts, not spread into one: a plain call has this worked out for each row that may serve it.)
 */
export function tiling(p: ConvProblem, points: Points) {
  const grid = gridOf(p, points);
  const weights = weightsOf(p, grid);
  const block = blockOf(p, grid, weights);
  return { grid, weights, block, panels: panelsOf(p, grid, weights, block.blockTiles) };
}

export type Tiling = ReturnType<typeof tiling>;
