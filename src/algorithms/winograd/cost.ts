import type { ConvProblem } from '../../types.js';
import type { Points } from './points.js';
import { normal, tiling } from './tiling.js';

/*
 * What the transforms cost, in multiply-adds of the register tile: fitted to 660 timings of problems of 4 to 512 channels, 1 to 32 groups, 2 x 2 to
 * 112 x 112 pixels and six kernels, each beside the tile in one run; the fit errs by 13 %, root mean square.
 */
/** A multiply-add of the products, whose sums are short. */
const PER_PRODUCT = 1.1;
/** One channel of one pixel, transformed at one point. */
const PER_INPUT = 7;
/** One channel of one product, stored and transformed back. */
const PER_RESULT = 12;
/** One weight at one point, read once. More than the fit says (1.5): weights that fit no cache come at the pace of memory. */
const PER_WEIGHT = 2.5;
/** The same, transformed for this call alone. */
const PER_NEW_WEIGHT = 26;

/** Time of Winograd with so many points, relative to the tile without it. */
export function relativeCost(problem: ConvProblem, points: Points): number {
  const p = normal(problem);
  const t = tiling(p, points);
  const icg = p.ic / p.groups;
  const columns = p.groups * Math.ceil(p.oc / p.groups / 8) * 8;
  const tiles = p.n * t.tilesY * t.tilesX;
  const weights = p.kd * t.runs * icg * columns;
  const inputs = tiles * t.planes * t.runs * p.ic;
  const results = tiles * p.od * columns;
  const perWeight = PER_WEIGHT + (p.prepared ? 0 : PER_NEW_WEIGHT);
  const cost = PER_PRODUCT * tiles * p.od * weights + PER_INPUT * inputs + PER_RESULT * results + perWeight * weights;
  const direct = p.n * p.od * p.oh * p.ow * p.kd * p.kh * p.kw * icg * columns;
  return (t.pointsH * t.pointsW * cost) / direct;
}
