import type { ConvProblem } from '../../types.js';
import type { Points } from './points.js';

/** Bytes of V and of M that stay in the L2 cache beside the weights of a point (twice as much of either is up to 6 % slower for 32 channels). */
const V_BYTES = 256 * 1024;
const M_BYTES = 384 * 1024;

/**
 * Rows of a product below which making the weights, or reading them, costs more than multiplying them, in whole register tiles; where all of U is held, V has to stay near (64 to 64
 * channels at 224 x 224, images of 56 x 56 and 112 x 112: 18 to 30 rows are 1.03 to 1.06 times as fast as 64; 128 to 512 channels: 72 up to 1.02 times as 64, 36 0.93).
 */
const LEAST_ROWS = 72;
const HELD_ROWS = 18;

/** Bytes of all of U that are held from one block of tiles to the next: they stay in the L2 cache. */
const HELD_BYTES = 600 * 1024;

/**
 * Bytes of a row of points of U that are made at once where that happens for every block, and the floats of k. (512 channels, 7x7 to 28x28 pixels: 100 and 400 KB, and 256
 * floats of k, are up to 7 % slower.)
 */
const SPREAD_BYTES = 200 * 1024;
const SPREAD_DEPTH = 512;

const roundUp = (count: number, to: number) => Math.ceil(count / to) * to;

/** Counts and bytes of the record of the same name; see assembly/conv/winograd/record.ts. */
export interface Tiling {
  readonly pointsH: number;
  readonly pointsW: number;
  readonly tapsH: number;
  readonly tapsW: number;
  readonly tileH: number;
  readonly tileW: number;
  readonly tilesY: number;
  readonly tilesX: number;
  readonly wholeY: number;
  readonly wholeX: number;
  readonly runs: number;
  readonly planes: number;
  readonly blockTiles: number;
  readonly vPoint: number;
  readonly vTile: number;
  readonly vRun: number;
  readonly mPoint: number;
  readonly mTile: number;
  readonly mPanels: number;
  readonly uPoint: number;
  readonly uGroup: number;
  readonly uPanels: number;
  readonly uDepth: number;
  readonly uHeld: number;
  /** Times that a run makes U; 0 where it was made beforehand. */
  readonly spreads: number;
}

/** Runs into which a line of taps is cut: as few products as can be, runs * points / outputs for each result, and then as few runs. */
function runsOf(taps: number, points: Points): number {
  let best = { runs: 0, cost: Infinity };
  for (let runs = Math.ceil(taps / 5); runs <= Math.ceil(taps / 3); runs++) {
    const cost = (runs * points) / (points + 1 - Math.ceil(taps / runs));
    if (cost < best.cost) best = { runs, cost };
  }
  return best.runs;
}

/** The same sums, seen as the tiles see them: one axis alone is h (so that bands can cut it), and an axis with one tap has no dilation. */
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

/** Tiles with all of their outputs, of those of one remainder, where the others lack one. */
const wholeOf = (extent: number, outputs: number, dilation: number, tiles: number) =>
  Math.max(0, Math.ceil(extent / dilation) - (outputs - 1) * (tiles / dilation));

/** Output where a tile row begins, in rows of one remainder. */
export const originOf = (tile: number, outputs: number, whole: number) => Math.min(tile * outputs, tile * (outputs - 1) + whole);

/** Where the tiles of a `normal` problem lie, of `points` along every axis with more than one tap. */
export function tiling(p: ConvProblem, points: Points): Tiling {
  const [pointsH, pointsW] = [p.kh > 1 ? points : 1, p.kw > 1 ? points : 1];
  const plane = p.kh > 1 && p.kw > 1;
  const runs = plane ? p.sh * p.sw : runsOf(Math.max(p.kh, p.kw), points);
  const tapsOf = (kernel: number, stride: number) => Math.ceil(kernel / (plane ? stride : kernel > 1 ? runs : 1));
  const [tapsH, tapsW] = [tapsOf(p.kh, p.sh), tapsOf(p.kw, p.sw)];
  const [tileH, tileW] = [pointsH + 1 - tapsH, pointsW + 1 - tapsW];
  const [tilesY, tilesX] = [Math.ceil(p.oh / (tileH * p.dh)) * p.dh, Math.ceil(p.ow / (tileW * p.dw)) * p.dw];
  const planes = (p.od - 1) * p.sd + (p.kd - 1) * p.dd + 1;
  const pointCount = pointsH * pointsW;
  const octets = Math.ceil(p.oc / p.groups / 8);
  const icg = p.ic / p.groups;
  const depth = p.kd * runs * icg;
  // three by three taps, and two by two, become U in a run: a quarter of the bytes or less is read, and packing is all there is to prepare
  const isSpread = plane && points === 6 && tapsH === tapsW && tapsH <= 3;
  const isHeld = isSpread && p.groups === 1 && runs === 1 && pointCount * 32 * octets * depth <= HELD_BYTES;
  // the phases of a stride apart: some have nothing at infinity
  const uDepth = isHeld ? depth : isSpread ? Math.min(runs > 1 ? icg : depth, SPREAD_DEPTH) : 0;
  const fit = Math.max(1, Math.floor(SPREAD_BYTES / (pointsW * 32 * uDepth)));
  const channels = roundUp(p.ic, 4) * 4;
  const nearTiles = Math.floor(V_BYTES / (pointCount * planes * runs * channels) / 6) * 6;
  const tiles = Math.max(nearTiles, Math.ceil((isHeld ? HELD_ROWS : LEAST_ROWS) / p.od));
  const blockTiles = Math.min(tiles, p.n * tilesY * tilesX);
  // the runs of a line in one piece, the phases of a stride one by one: rows that lie that far apart would share few sets of the L1 cache
  const vTile = plane ? channels : runs * channels;
  const vRun = plane ? planes * blockTiles * channels : channels;
  // whole cache lines of channels are two panels
  const nearPanels = Math.floor(M_BYTES / (pointCount * p.od * blockTiles * 32));
  const step = isSpread && !isHeld ? Math.max(2, Math.min(fit, nearPanels)) : 2;
  const mPanels = Math.min(octets, Math.max(2, step * Math.max(1, Math.floor(nearPanels / step))));
  const uPanels = isSpread && !isHeld ? Math.min(mPanels, fit) : mPanels;
  const mTile = mPanels * 32;
  const spreads = isSpread ? (isHeld ? 1 : Math.ceil((p.n * tilesY * tilesX) / blockTiles)) : 0;
  const uGroup = octets * depth * 8 * 4 * (isSpread ? tapsH * tapsW : 1);
  return {
    ...{
      pointsH,
      pointsW,
      tapsH,
      tapsW,
      tileH,
      tileW,
      tilesY,
      tilesX,
      wholeY: wholeOf(p.oh, tileH, p.dh, tilesY),
      wholeX: wholeOf(p.ow, tileW, p.dw, tilesX),
      runs,
      planes,
      blockTiles,
      vTile,
      vRun,
      mTile,
      uGroup,
      mPanels,
      uPanels,
      uDepth,
      uHeld: isHeld ? 1 : 0,
      spreads,
    },
    // a line apart, so that the points of a tile do not share a set of the L1 cache
    vPoint: planes * blockTiles * runs * channels + 64,
    mPoint: p.od * blockTiles * mTile + 64,
    uPoint: (isSpread ? (isHeld ? octets : uPanels) * uDepth * 32 : p.groups * uGroup) + 64,
  };
}
