import type { Spans } from './spans.js';

/** Windows o, o + toStep, ... with equal taps and shares, whose first cells lie `step` apart. */
export interface Run {
  readonly first: number;
  readonly step: number;
  readonly taps: number;
  readonly to: number;
  readonly toStep: number;
  readonly count: number;
  readonly share: number;
}

/** With more classes than this, neighbours are as likely to be alike as windows a period apart. */
const PERIOD_LIMIT = 16;

/** Splits windows [begin, end) into runs. */
export function runsOf({ first, taps, share, period }: Spans, begin: number, end: number): Run[] {
  const toStep = period <= PERIOD_LIMIT ? period : 1;
  const runs: Run[] = [];
  for (let r = begin; r < Math.min(begin + toStep, end); r++) {
    for (let o = r; o < end; ) {
      let next = o + toStep;
      const step = next < end ? first[next] - first[o] : 0;
      const alike = () =>
        next < end && taps[next] === taps[o] && share[next] === share[o] && first[next] - first[next - toStep] === step;
      while (alike()) next += toStep;
      const count = Math.ceil((next - o) / toStep);
      runs.push({ first: first[o], step: count > 1 ? step : 0, taps: taps[o], to: o, toStep, count, share: share[o] });
      o = next;
    }
  }
  return runs;
}

/** Windows that are made together, and the cells they hold. */
export interface Strip {
  readonly column: number;
  readonly columns: number;
  readonly output: number;
  readonly outputs: number;
}

/** Cuts the windows so that the cells of a strip stay below `limit`, if its first window alone does. */
export function stripsOf({ count, first, taps, step }: Spans, limit: number): Strip[] {
  const strips: Strip[] = [];
  for (let output = 0; output < count; ) {
    let column = 0;
    let last = 0;
    let end = output;
    for (; end < count; end++) {
      if (taps[end] === 0) continue;
      const from = last === 0 ? first[end] : Math.min(column, first[end]);
      const to = Math.max(last, first[end] + (taps[end] - 1) * step + 1);
      if (end > output && to - from > limit) break;
      column = from;
      last = to;
    }
    // windows without cells still want one column
    strips.push({ column, columns: Math.max(1, last - column), output, outputs: end - output });
    output = end;
  }
  return strips;
}
