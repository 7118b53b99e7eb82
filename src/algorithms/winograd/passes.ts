import type { ConvProblem } from '../../types.js';
import { PANEL_STEP } from '../../wasm/boundary.js';
import type { Axis, Tiling } from './tiling.js';

/**
 * Byte offsets of the slices of k in V, and the floats of each: kernel planes, runs, and where groups or odd counts
 * part them, both.
 */
export function slicesOf(p: ConvProblem, { grid, weights, block }: Tiling) {
  const joined = block.vRun === p.ic * 4 && p.groups === 1 && weights.makesU === 0;
  const runs = joined ? 1 : grid.runs;
  const offsets = Array.from({ length: p.kd * runs }, (_, slice) => {
    return Math.floor(slice / runs) * p.dd * block.blockTiles * block.vTile + (slice % runs) * block.vRun;
  });
  return { offsets, k: (p.ic / p.groups) * (joined ? grid.runs : 1) };
}

/**
 * Points of one phase of a stride along an axis. Where it lacks the second of two taps, U is the same at all of them.
 */
function pointsOf({ points, taps }: Axis, phase: number, stride: number, kernel: number) {
  const isShort = phase + (taps - 1) * stride >= kernel;
  return { points: isShort ? points - 1 : points, alone: Number(isShort && taps === 2) };
}

/**
 * The passes over k, as records: one over all slices, or where U is made of some of k at a time, one over each part of
 * a slice. `segments` counts bytes from the offset of the first slice.
 */
export function passesOf(p: ConvProblem, { grid: t, weights }: Tiling, { offsets, k }: ReturnType<typeof slicesOf>) {
  if (weights.uDepth === 0 || weights.depth <= weights.uDepth) {
    return [{ k, segments: 0, segmentCount: offsets.length, pointsY: t.y.points, pointsX: t.x.points }];
  }
  const parts = Math.ceil(k / weights.uDepth);
  return offsets.flatMap((_, slice) => {
    const phase = slice % t.runs;
    const [y, x] = [pointsOf(t.y, Math.floor(phase / p.sw), p.sh, p.kh), pointsOf(t.x, phase % p.sw, p.sw, p.kw)];
    return Array.from({ length: parts }, (_, part) => {
      const [from, to] = [part, part + 1].map((i) => Math.floor((k * i) / parts));
      return {
        ...{ k: to - from, segments: slice * 4, segmentCount: 1, v: from * 4 },
        taps: (slice * k + from) * t.y.taps * t.x.taps * PANEL_STEP,
        ...{ pointsY: y.points, pointsX: x.points, aloneY: y.alone, aloneX: x.alone },
        adds: Number(slice + part > 0),
      };
    });
  });
}
