import type { ConvProblem } from '../../types.js';
import { NR } from '../../wasm/boundary.js';
import type { Host } from '../../wasm/host.js';
import { partSize } from '../../wasm/sharing.js';
import { rangesOf } from '../ranges.js';
import { passesOf, slicesOf } from './passes.js';
import type { Points } from './points.js';
import { normal, tiling } from './tiling.js';

/** Output channels of a part at least: every part transforms all of the input. */
const LEAST_CHANNELS = 64;

/** A part of the output channels as a problem of its own. */
export interface ChannelPart {
  readonly problem: ConvProblem;
  readonly first: number;
}

/** Of what every sum consists: parts of k, which a part has to have as the whole. */
const sums = (problem: ConvProblem, points: Points) => {
  const p = normal(problem);
  const t = tiling(p, points);
  return passesOf(p, t, slicesOf(p, t))
    .map(({ k, adds }: { k: number; adds?: number }) => `${k} ${adds}`)
    .join();
};

/**
 * Parts of the output channels of one image that has fewer `units` of tiles than there are threads, or where every unit
 * would make more weights than it transforms of the input; else one. A part sums as the whole does, so that it gives
 * the same bits.
 */
export function channelParts(host: Host, p: ConvProblem, points: Points, units: number): readonly ChannelPart[] {
  const octets = Math.ceil(p.oc / NR);
  const most = Math.ceil(octets / partSize(host, octets, octets, LEAST_CHANNELS / NR));
  const { grid, weights } = tiling(normal(p), points);
  const least = weights.makesU === 2 && p.oc > grid.tiles * grid.planes ? 1 : Math.max(1, units);
  for (let count = p.n > 1 || p.groups > 1 ? 1 : most; count > least; count--) {
    const parts = rangesOf(octets, Math.ceil(octets / count)).map(([begin, end]): ChannelPart => {
      const first = begin * NR;
      return { problem: { ...p, oc: Math.min(p.oc, end * NR) - first }, first };
    });
    if (parts.every(({ problem }) => sums(problem, points) === sums(p, points))) return parts;
  }
  return [{ problem: p, first: 0 }];
}

/** The weights of a part, as they are laid out for all channels. */
export function weightsOfPart(
  p: ConvProblem,
  { problem: { oc }, first }: ChannelPart,
  weight: Float32Array,
): Float32Array {
  const rows = weight.length / p.oc;
  if (!p.weightsLast) return weight.subarray(first * rows, (first + oc) * rows);
  const part = new Float32Array(rows * oc);
  for (let row = 0; row < rows; row++) {
    part.set(weight.subarray(row * p.oc + first, row * p.oc + first + oc), row * oc);
  }
  return part;
}
