import type { ConvProblem } from '../../types.js';

/**
 * The windows along one axis of `cells` cells: where the first one begins, and how far apart they and their taps are.
 */
export interface Windows {
  readonly cells: number;
  readonly begin: number;
  readonly count: number;
  readonly stride: number;
  readonly taps: number;
  readonly dilation: number;
}

/**
 * Whether a window may lie wholly in padding. Its sum is of zeros, but a tile also holds windows that do not, and would
 * leave their rounding in it. Not asked along an axis of one tap, where all windows of a tile are alike.
 */
export const meetsNothing = ({ cells, begin, count, stride, taps, dilation }: Windows): boolean =>
  taps > 1 &&
  (begin + (taps - 1) * dilation < 0 || begin + (count - 1) * stride >= cells || (cells < dilation && begin < 0));

/** Why tiles would write rounding where only the bias belongs, or null. */
export function refusesPadding(p: ConvProblem): string | null {
  if (p.paddingMode !== 'zeros') return null;
  const axes = [
    { cells: p.ih, begin: -p.ph, count: p.oh, stride: p.sh, taps: p.kh, dilation: p.dh },
    { cells: p.iw, begin: -p.pw, count: p.ow, stride: p.sw, taps: p.kw, dilation: p.dw },
  ];
  return axes.some(meetsNothing) ? 'windows that lie wholly in padding' : null;
}
