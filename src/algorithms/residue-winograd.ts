import type { ConvProblem } from '../types.js';
import { col2imCost, residueCost } from './input-grad-cost.js';
import { byClass } from './residue.js';
import { forTiles, isDepthwise } from './residue-class.js';
import { axesOf, classesOf, type Residues, residuesOf } from './residues.js';
import type { ConvRow } from './row.js';
import { transposedProblem } from './transposed-problem.js';
import { meetsNothing } from './winograd/padding.js';
import type { Points } from './winograd/points.js';
import { winograd } from './winograd/rows.js';

/** Whether cells of a class hear from nothing: only the bias belongs there. */
const hasSilence = ({ id, ih, iw }: ConvProblem, residues: Residues): boolean =>
  residues.some(({ taps, origin, count, step }, axis) =>
    meetsNothing({ cells: [id, ih, iw][axis], begin: origin, count, stride: 1, taps: taps.length, dilation: step }),
  );

/**
 * The points of Winograd's with which a class takes least time, relative to the tile's; undefined where no row fits.
 */
function best(whole: ConvProblem, residues: Residues, classes: number): { points: Points; cost: number } | undefined {
  if (hasSilence(whole, residues)) return undefined;
  const seen = forTiles(whole, residues);
  const fit = winograd.filter((row) => row.misfit(seen) === null);
  return fit
    .map((row) => ({ points: row.points, cost: row.relativeCost(seen, classes) }))
    .sort((a, b) => a.cost - b.cost)[0];
}

/**
 * Products below which a plain call does without the estimate, which takes 34 us: 0.5 ms in the tile. (It tripled the
 * time of convT_ic8ih4iw4_oc8kh4kw4_sh2sw2_ph1pw1.)
 */
const FEW_PRODUCTS = 15e6;

/** Whether a row of Winograd's fits some class. */
function fits(p: ConvProblem): boolean {
  const [ys, xs] = axesOf(p)
    .slice(1)
    .map((axis) => new Set(residuesOf(axis).map(({ taps }) => taps.length)));
  return [...ys].some((kh) =>
    [...xs].some((kw) => winograd.some((row) => row.misfit({ kh, kw, sh: 1, sw: 1, dh: 1, dw: 1 }) === null)),
  );
}

/** Time of all classes, relative to the tile's. */
function share(p: ConvProblem): number {
  const whole = transposedProblem(p);
  const all = classesOf(p);
  let [sums, cost] = [0, 0];
  for (const residues of all) {
    const products = residues.reduce((product, { count, taps }) => product * count * taps.length, 1);
    const found = products > 0 ? best(whole, residues, all.length) : undefined;
    sums += products;
    cost += products * (found?.cost ?? 1);
  }
  return cost / sums;
}

/**
 * By residue class, too, with Winograd's tiles for the classes that they suit: 4x4/2 has four of 2 x 2 taps (256 to 128
 * channels on 16 x 16 pixels 1.8 times as fast as the tile, 512 to 256 on 8 x 8 1.25), 3x3/2 one, and two of 2 x 1 (64
 * to 128 channels on 56 x 56 and 112 x 112 pixels 1.1 to 1.3).
 */
export const residueWinograd: ConvRow = {
  name: 'residue-winograd',
  accuracy: 'standard',
  refuses: (p) =>
    !isDepthwise(p) && fits(p) ? null : 'no class of cells hears from two positions or more along an axis',
  declines(p) {
    if (!p.prepared && p.n * p.od * p.oh * p.ow * p.kd * p.kh * p.kw * p.oc * (p.ic / p.groups) < FEW_PRODUCTS)
      return 'few products';
    // estimates err by 13 % (convT_ic96ih112iw112_oc16kh3kw3_sh2sw2_ph1pw1: 0.93 expected, 1.27 measured)
    const times = (1.1 * residueCost(p, share(p))) / Math.min(residueCost(p), col2imCost(p));
    return times <= 1 ? null : `it would take ${times.toFixed(1)} times as long as another row`;
  },
  prepare: (...operands) => byClass((...seen) => best(...seen)?.points, ...operands),
};
