import type { Row } from '../../../../bench/report.js';
import { digits, percent } from '../../../../bench/table.js';

/** How often a problem is measured at most. */
export const TRIES = 3;

/** The peak that is measured in turns with a problem is at least this share of the best one so far. */
const LEAST_PEAK = 0.8;

/** Shares of the peak beyond which a time cannot be right; Winograd has fewer multiplications than are counted. */
const MOST = { direct: 1.1, winograd: 3 };

/** Why a row says nothing about the package: what else the machine did. Undefined when it is sound. */
export function spoiltBy(row: Row, bestPeak: number): string | undefined {
  const { rate, peakGflops, unit, chosen = '', threads = 1 } = row;
  if (rate === undefined || peakGflops === undefined) return undefined;
  if (peakGflops < LEAST_PEAK * bestPeak)
    return `busy machine: its peak was ${digits(peakGflops)} beside this, ${digits(bestPeak)} GFLOP/s at best`;
  const most = chosen.includes('winograd') ? MOST.winograd : MOST.direct;
  const share = rate / peakGflops / threads;
  if (unit === 'GFLOP/s' && share > most) return `busy machine: ${percent(share)} of the peak cannot be`;
  return undefined;
}

/** Of two measurements the one that was disturbed less: beside which the machine was faster. */
export const calmer = (a: Row | undefined, b: Row): Row => (a && (a.peakGflops ?? 0) > (b.peakGflops ?? 0) ? a : b);
