import type { ConvProblem } from '../../types.js';
import type { WeightGradRow } from '../row.js';

/** A part of a weight gradient: a problem of its own, and where it begins in x and gradY, in floats. */
export interface Band {
  readonly problem: ConvProblem;
  readonly x: number;
  readonly y: number;
}

/** Rows of a band are whole tiles of Winograd's, and so many pixels at least: each band has sums of its own. */
const ROWS = 4;
const LEAST_PIXELS = 192;
const MOST_BANDS = 16;

/** Products below which bands are not worth it: some 0.2 ms. */
const LEAST_PRODUCTS = 1 << 23;

/** Output rows [begin, end) of one image, and the input rows that they see. */
function bandOf(p: ConvProblem, begin: number, end: number): Band {
  const top = begin * p.sh - p.ph;
  const bottom = (end - 1) * p.sh - p.ph + (p.kh - 1) * p.dh + 1;
  const from = Math.min(p.ih, Math.max(0, top));
  const to = Math.max(from, Math.min(p.ih, bottom));
  const [ih, oh] = [to - from, end - begin];
  const band = { ...p, ih, oh, ph: from - top, phEnd: bottom - to };
  const [x, y] = [from * p.iw, begin * p.ow];
  if (!p.channelsLast) {
    const shapes = { xShape: [1, p.ic, ih, p.iw], yShape: [1, p.oc, oh, p.ow] };
    return { problem: { ...band, ...shapes, xPlane: p.ih * p.iw, yPlane: p.oh * p.ow }, x, y };
  }
  const shapes = { xShape: [1, ih, p.iw, p.ic], yShape: [1, oh, p.ow, p.oc] };
  return { problem: { ...band, ...shapes }, x: x * p.ic, y: y * p.oc };
}

/** Bands of rows of a single image, `most` at most; else the whole. */
export function bandsOf(row: WeightGradRow, p: ConvProblem, weights: number, most: number): Band[] {
  const whole = [{ problem: p, x: 0, y: 0 }];
  const { rank, paddingMode, oh, ow } = p;
  if (rank !== 2 || paddingMode !== 'zeros' || weights * oh * ow < LEAST_PRODUCTS) return whole;
  const least = Math.max(LEAST_PIXELS / ow, oh / Math.min(MOST_BANDS, most));
  const rows = Math.ceil(least / ROWS) * ROWS;
  // rows that are left over and no tile belong to the last one
  const count = Math.max(1, Math.floor((oh + rows - ROWS) / rows));
  const bands = Array.from({ length: count }, (_, i) => {
    return bandOf(p, i * rows, i === count - 1 ? oh : (i + 1) * rows);
  });
  return bands.every(({ problem }) => problem.ih > 0 && row.refuses(problem) === null) ? bands : whole;
}
