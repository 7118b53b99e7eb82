import type { ConvProblem } from '../types.js';
import { type InputGradAlgorithm, turned } from './input-grad.js';
import { col2imCost, residueCost } from './input-grad-cost.js';
import { byClass } from './residue.js';
import { isDepthwise } from './residue-class.js';
import { classesOf, type Residues } from './residues.js';
import { tileless } from './transformed-class.js';
import type { Points } from './winograd/points.js';
import { winograd } from './winograd/rows.js';

/** The points of Winograd's with which a class takes least time, relative to the tile's; undefined where no row fits. */
function best(whole: ConvProblem, residues: Residues, classes: number): { points: Points; cost: number } | undefined {
  const seen = tileless(whole, residues);
  const fit = winograd.filter((row) => row.refuses(seen) === null);
  return fit.map((row) => ({ points: row.points, cost: row.relativeCost(seen, classes) })).sort((a, b) => a.cost - b.cost)[0];
}

/** Time of all classes, relative to the tile's; undefined where none fits. */
function share(p: ConvProblem): number | undefined {
  const whole = turned(p, p.clamp);
  const all = isDepthwise(p) ? [] : classesOf(p);
  let [sums, cost, fit] = [0, 0, false];
  for (const residues of all) {
    const products = residues.reduce((product, { count, taps }) => product * count * taps.length, 1);
    const found = products > 0 ? best(whole, residues, all.length) : undefined;
    sums += products;
    cost += products * (found?.cost ?? 1);
    fit ||= found !== undefined;
  }
  return fit ? cost / sums : undefined;
}

/**
 * By residue class, too, with Winograd's tiles for the classes that they suit: 4x4/2 has four of 2 x 2 taps (256 to 128 channels on 16 x 16 pixels 1.8 times as
 * fast as the tile, 512 to 256 on 8 x 8 1.25), 3x3/2 one, and two of 2 x 1 (64 to 128 channels on 56 x 56 and 112 x 112 pixels 1.1 to 1.3).
 */
export const residueWinograd: InputGradAlgorithm = {
  name: 'residue-winograd',
  accuracy: 'standard',
  refuses: (p) => (share(p) ? null : 'no class of cells hears from two positions or more along an axis'),
  declines(p) {
    // estimates err by 13 % (3x3/2 96-16@112: 0.93 expected, 1.27 measured)
    const times = (1.1 * residueCost(p, share(p))) / Math.min(residueCost(p), col2imCost(p));
    return times <= 1 ? null : `it would take ${times.toFixed(1)} times as long as another row`;
  },
  ...byClass((...seen) => best(...seen)?.points),
};
