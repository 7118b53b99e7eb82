import type { Axis, Range } from './axes.js';

/**
 * Some windows of an axis, counted from `origin`: window o holds the cells first[o], first[o] + step, ... of which
 * there are taps[o].
 */
export interface Spans {
  readonly count: number;
  /** Cells from the first to the last that they hold. */
  readonly input: number;
  readonly origin: number;
  /** 0 where taps is 0. */
  readonly first: Int32Array;
  readonly taps: Int32Array;
  readonly share: Int32Array;
  readonly step: number;
  readonly period: number;
}

/** The windows of a range. `whole`: all of an axis keep the whole input, used or not. */
export function cut(axis: Axis, [begin, end]: Range, whole = false): Spans {
  const count = end - begin;
  const first = new Int32Array(count);
  const taps = new Int32Array(count);
  const share = new Int32Array(count);
  const { step, period } = axis;
  const keeps = whole && count === axis.count;
  let origin = keeps ? 0 : axis.input;
  let last = keeps ? axis.input : 0;
  for (let o = 0; o < count; o++) {
    [first[o], taps[o], share[o]] = axis.window(begin + o);
    if (keeps || taps[o] === 0) continue;
    origin = Math.min(origin, first[o]);
    last = Math.max(last, first[o] + (taps[o] - 1) * step + 1);
  }
  // windows without cells still want one
  if (last === 0) origin = 0;
  for (let o = 0; o < count; o++) first[o] = taps[o] === 0 ? 0 : first[o] - origin;
  return { count, input: Math.max(1, last - origin), origin, first, taps, share, step, period };
}

export const mostTaps = ({ taps }: Spans): number => taps.reduce((most, t) => Math.max(most, t), 1);
