import type { ConvProblem } from '../../types.js';
import type { Address } from '../../wasm/arena.js';
import type { Axis, Tiling } from './tiling.js';

/** Byte offsets of the slices of k in V, and the floats of each. */
export interface Slices {
  readonly offsets: readonly number[];
  readonly k: number;
}

/** Slices are kernel planes, runs, and where groups or odd counts part them, both. */
export function slices(p: ConvProblem, t: Tiling): Slices {
  const joined = t.vRun === p.ic * 4 && p.groups === 1 && t.makesU === 0;
  const offsets: number[] = [];
  for (let z = 0; z < p.kd; z++) {
    for (let run = 0; run < (joined ? 1 : t.runs); run++) offsets.push(z * p.dd * t.blockTiles * t.vTile + run * t.vRun);
  }
  return { offsets, k: (p.ic / p.groups) * (joined ? t.runs : 1) };
}

/** Points of one phase of a stride along an axis. With two taps, a phase that lacks the second has one of them at every point. */
function pointsOf({ points, taps }: Axis, phase: number, stride: number, kernel: number) {
  const isShort = phase + (taps - 1) * stride >= kernel;
  return { points: isShort ? points - 1 : points, alone: Number(isShort && taps === 2) };
}

/**
 * The passes over k, as records: one over all slices, or where U is made of some of k at a time, one over each part of a
 * slice. `segments`: where the offsets of the slices stand.
 */
export function passesOf(p: ConvProblem, t: Tiling, { offsets, k }: Slices, segments: Address) {
  if (t.uDepth === 0 || t.depth <= t.uDepth) {
    return [{ k, segments, segmentCount: offsets.length, pointsY: t.y.points, pointsX: t.x.points }];
  }
  const parts = Math.ceil(k / t.uDepth);
  return offsets.flatMap((_, slice) => {
    const phase = slice % t.runs;
    const [y, x] = [pointsOf(t.y, Math.floor(phase / p.sw), p.sh, p.kh), pointsOf(t.x, phase % p.sw, p.sw, p.kw)];
    return Array.from({ length: parts }, (_, part) => {
      const [from, to] = [part, part + 1].map((i) => Math.floor((k * i) / parts));
      return {
        ...{ k: to - from, segments: segments + slice * 4, segmentCount: 1, v: from * 4 },
        taps: (slice * k + from) * t.y.taps * t.x.taps * 32,
        ...{ pointsY: y.points, pointsX: x.points, aloneY: y.alone, aloneX: x.alone },
        adds: Number(slice + part > 0),
      };
    });
  });
}
