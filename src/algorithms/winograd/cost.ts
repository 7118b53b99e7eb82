import type { ConvProblem } from '../../types.js';
import { wholePanels } from '../tile-record.js';
import type { Points } from './points.js';
import { type Axis, normal, tiling } from './tiling.js';

/*
 * What the transforms cost, in multiply-adds of the register tile: fitted to 660 timings of problems of 4 to 512
 * channels, 1 to 32 groups, 2 x 2 to 112 x 112 pixels and six kernels, each beside the tile in one run; the fit errs
 * by 13 %, root mean square.
 */
/** A multiply-add of the products, whose sums are short. */
const PER_PRODUCT = 1.1;
/** One channel of one pixel, transformed at one point. */
const PER_INPUT = 7;
/** One channel of one product, stored and transformed back. */
const PER_RESULT = 12;
/** One channel of one product, added to by one more phase of a stride. */
const PER_SUM = 4;
/**
 * One weight at one point, read once: from a cache, and at the pace of memory. Between a machine that reads 8 GB/s
 * (2.5 and 8.5) and one with a large cache, where both are next to nothing.
 */
const PER_WEIGHT = 0.5;
const PER_FAR_WEIGHT = 5;
/** Bytes of weights that no cache holds; between, the price rises evenly. */
const FAR_BYTES = 32 * 1024 * 1024;
/** The same, transformed for this call alone. */
const PER_NEW_WEIGHT = 26;
/**
 * A weight at one point that is transformed in the run, for every block of tiles that does so, and its packing for
 * this call alone. (Within 10 % of the time it takes for 64 to 512 channels at 7 x 7 to 28 x 28.)
 */
const PER_SPREAD_WEIGHT = 2.5;
const PER_NEW_SPREAD_WEIGHT = 1.5;

/**
 * Calls and records at one point, which small maps feel: 24 and 40 thousand in all with 4 x 4 and 6 x 6 points. (8
 * channels at 16 x 16 pixels take 1.27 of the tile's time, at 28 x 28 1.18, at 56 x 56 1.03.)
 */
const PER_POINT = 1100;

/**
 * Time of Winograd with so many points, relative to the tile without it. `parts`: problems like it that run in turns,
 * so that their weights share the caches.
 */
export function relativeCost(problem: ConvProblem, points: Points, parts = 1): number {
  const p = normal(problem);
  const { grid: t, weights: u, block } = tiling(p, points);
  const icg = p.ic / p.groups;
  const columns = p.groups * wholePanels(p.oc / p.groups);
  const weights = p.kd * t.runs * icg * columns;
  const inputs = t.tiles * t.planes * t.runs * p.ic;
  const results = t.tiles * p.od * columns * (PER_RESULT + (t.x.points > 1 ? PER_SUM * (t.runs - 1) : 0));
  // phases of a stride that lack a tap have nothing at infinity, and tiles that lack an output do not ask for it
  const share = ({ points, taps, whole, tiles }: Axis, phases: number, kernel: number, dilation: number) =>
    points > 1 ? (points - 1 + Math.min(1, kernel / phases - taps + 1) * ((whole * dilation) / tiles)) / points : 1;
  const shares = share(t.y, p.sh, p.kh, p.dh) * share(t.x, p.sw, p.kw, p.dw);
  const far = Math.min(1, (4 * parts * t.pointCount * weights) / FAR_BYTES);
  const held = PER_WEIGHT + far * (PER_FAR_WEIGHT - PER_WEIGHT) + (p.prepared ? 0 : PER_NEW_WEIGHT);
  const spreads = u.makesU === 2 ? Math.ceil(t.tiles / block.blockTiles) : 1;
  const spread = PER_SPREAD_WEIGHT * spreads + (p.prepared ? 0 : PER_NEW_SPREAD_WEIGHT);
  const perWeight = u.makesU ? spread : held;
  const cost = PER_PRODUCT * shares * t.tiles * p.od * weights + PER_INPUT * inputs + results + perWeight * weights;
  const direct = p.n * p.od * p.oh * p.ow * p.kd * p.kh * p.kw * icg * columns;
  return (t.pointCount * (cost + PER_POINT)) / direct;
}
