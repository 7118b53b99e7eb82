import type { ConvProblem } from '../../types.js';
import type { ConvAlgorithm } from '../algorithm.js';
import type { Points } from './points.js';
import { prepareWinograd } from './prepare.js';

/** Most taps of a run: more leave a tile too few outputs. */
const MOST_TAPS = 5;

/** Two axes with taps, strides 1. */
function refusesPlane(p: ConvProblem): string | null {
  if (p.kh < 2 || p.kw < 2 || p.kh > MOST_TAPS || p.kw > MOST_TAPS) return `the kernel is ${p.kh} x ${p.kw}`;
  if (p.sh !== 1 || p.sw !== 1) return `stride ${p.sh} x ${p.sw}`;
  return null;
}

/** One axis with taps, stride 1 along it. */
function refusesLine(p: ConvProblem): string | null {
  if (p.kh > 1 && p.kw > 1) return `the kernel is ${p.kh} x ${p.kw}, not one line`;
  const [taps, stride] = p.kh > 1 ? [p.kh, p.sh] : [p.kw, p.sw];
  if (taps < 2) return `${taps} taps`;
  if (stride !== 1) return `stride ${stride}`;
  return null;
}

const row = (name: string, points: Points, refuses: ConvAlgorithm['refuses']): ConvAlgorithm => ({
  name,
  accuracy: 'standard',
  refuses,
  prepare: (host, p, weight, bias) => prepareWinograd(host, p, points, weight, bias),
});

/**
 * Winograd's minimal filtering F(m x m, 3 x 3) and, along one axis, F(m, 3). A tile's inputs are summed before they are multiplied: errors are of
 * another order than direct summation's (mean 1e-6 to 2e-6 of the output's RMS for 4 x 4), and a NaN or Infinity spreads over its tile.
 */
export const winograd: readonly ConvAlgorithm[] = [
  row('winograd-f4x4', 6, refusesPlane),
  row('winograd-f2x2', 4, (p) => (p.kh > 3 || p.kw > 3 ? 'too many taps' : refusesPlane(p))),
  row('winograd-line', 8, refusesLine),
];
