import type { Row } from '../../../../bench/report.js';
import { digits, percent } from '../../../../bench/table.js';

/** How often a problem is measured at most. */
export const TRIES = 3;

/** The peak that is measured in turns with a problem, and for as long, is at least this share of the best one so far. */
const LEAST_PEAK = 0.8;

/** Shares of the peak beyond which a time cannot be right; Winograd has fewer multiplications than are counted. */
const MOST = { direct: 1.1, winograd: 3 };

/** What the machine gave at most, beside a problem and for as long; undefined where that was not measured. */
export function peakBeside({ peakGflops, steadyGflops }: Row): number | undefined {
  const peaks = [peakGflops, steadyGflops].filter((peak) => peak !== undefined);
  return peaks.length > 0 ? Math.min(...peaks) : undefined;
}

/** Why a row says nothing about the package: what else the machine did. Undefined when it is sound. */
export function spoiltBy(row: Row, bestPeak: number): string | undefined {
  const { rate, peakGflops, unit, chosen = '', threads = 1 } = row;
  const peak = peakBeside(row);
  if (rate === undefined || peak === undefined) return undefined;
  if (peak < LEAST_PEAK * bestPeak)
    return `busy machine: its peak was ${digits(peak)} beside this, ${digits(bestPeak)} GFLOP/s at best`;
  if (peakGflops === undefined) return undefined;
  const most = chosen.includes('winograd') ? MOST.winograd : MOST.direct;
  const share = rate / peakGflops / threads;
  if (unit === 'GFLOP/s' && share > most) return `busy machine: ${percent(share)} of the peak cannot be`;
  return undefined;
}

/** Of two measurements the one that was disturbed less: beside which the machine was faster. */
export const calmer = (a: Row | undefined, b: Row): Row => (a && (peakBeside(a) ?? 0) > (peakBeside(b) ?? 0) ? a : b);
