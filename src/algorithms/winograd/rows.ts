import type { ConvProblem } from '../../types.js';
import type { ConvRow } from '../row.js';
import { relativeCost } from './cost.js';
import { refusesPadding } from './padding.js';
import type { Points } from './points.js';
import { prepareWinograd } from './prepare.js';

/** What the tiles of a row are made for. */
export type Kernel = Pick<ConvProblem, 'kh' | 'kw' | 'sh' | 'sw' | 'dh' | 'dw'>;

/**
 * Two axes of 2 to `most` taps with stride 1; with stride 2, where `phases`, of 3 or 4 taps, or of 5 or 6. A tile of m
 * + r - 1 points has m outputs of r taps: more taps leave it too few.
 */
const plane = (most: number, phases: boolean) => (p: Kernel) => {
  const kernel = `the kernel is ${p.kh} x ${p.kw}`;
  if (phases && p.sh === 2 && p.sw === 2) {
    if (p.dh > 1 || p.dw > 1) return `stride 2 with dilation ${p.dh} x ${p.dw}`;
    const taps = Math.ceil(p.kh / 2);
    return taps === Math.ceil(p.kw / 2) && (taps === 2 || taps === 3)
      ? null
      : `${kernel} with stride 2, not 3 x 3 to 4 x 4 or 5 x 5 to 6 x 6`;
  }
  if (Math.min(p.kh, p.kw) < 2 || Math.max(p.kh, p.kw) > most) return `${kernel}, not 2 x 2 to ${most} x ${most}`;
  if (p.sh > 1 || p.sw > 1) return `stride ${p.sh} x ${p.sw}`;
  return null;
};

/** One axis of two taps or more (cut into runs), stride 1 along it. */
function line(p: Kernel): string | null {
  const [taps, stride] = p.kh > 1 ? [p.kh, p.sh] : [p.kw, p.sw];
  if ((p.kh > 1 && p.kw > 1) || taps < 2) return `the kernel is ${p.kh} x ${p.kw}, not a line of taps`;
  return stride > 1 ? `stride ${stride}` : null;
}

/**
 * Estimates err by 13 %. Of 250 timed choices with the relaxed build 97 % are within 10 % of the best row, of 65 with
 * the strict one 91 % (at 0.9: 97, 83).
 */
const slow = (cost: number) => (cost > 1 ? `it would take ${cost.toFixed(2)} of the time of the tile alone` : null);

/** A row whose results may stand elsewhere. */
export interface Winograd extends ConvRow {
  readonly points: Points;
  /** Why its tiles do not fit a kernel, or null. */
  misfit(kernel: Kernel): string | null;
  relativeCost(problem: ConvProblem, parts?: number): number;
}

const row = (name: string, points: Points, misfit: Winograd['misfit'], declines?: ConvRow['declines']): Winograd => ({
  name,
  points,
  accuracy: 'standard',
  misfit,
  refuses: (p) => misfit(p) ?? refusesPadding(p),
  declines: (p) => slow(relativeCost(p, points)) ?? declines?.(p) ?? null,
  relativeCost: (p, parts) => relativeCost(p, points, parts),
  prepare: (host, p, weight, bias) => prepareWinograd(host, p, points, weight, bias),
});

/**
 * Winograd's minimal filtering: F(4 x 4, 3 x 3) and F(2 x 2, 3 x 3), with other tiles for other kernels (6 points: F(2
 * x 2, 5 x 5); 4 points: F(3 x 3, 2 x 2)), and on kernels that are a line F(6, 3) to F(4, 5). Any dilation, groups,
 * kernel planes along d. Inputs are summed before they are multiplied: errors are of another order than direct
 * summation's (mean 1e-6 to 2e-6 of the output's RMS for F(4 x 4, 3 x 3)), and a NaN or Infinity spreads over its tile.
 * With a stride of two every phase is F(5 x 5, 2 x 2), or F(4 x 4, 3 x 3) for kernels of 5 x 5 and 6 x 6 (128 channels,
 * 3 x 3 at 56 x 56: 1.27 times as fast as the tile, 4 x 4 1.8, 5 x 5 2.3 times). F(6 x 6, 3 x 3) is no row: on 16 to
 * 512 channels and 14 to 224 pixels it takes 0.9 to 1.1 times as long as F(4 x 4, 3 x 3), at twice the error.
 */
const f2x2 = row('winograd-f2x2', 4, plane(3, false));
const f4x4 = row('winograd-f4x4', 6, plane(5, true), (p) =>
  f2x2.misfit(p) === null && relativeCost(p, 4) < relativeCost(p, 6) ? `${f2x2.name} takes less time` : null,
);

export const winograd: readonly Winograd[] = [f4x4, f2x2, row('winograd-line', 8, line)];
