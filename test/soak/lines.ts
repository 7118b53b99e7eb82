import type { Package } from './pool.js';

/** Long lines: pools of 10^5 to 10^7 cells by windows of up to thousands, held against sums and maxima of their own. */

/** Cells of the windows of one call at most, so that a call takes a fraction of a second. */
const MOST_WORK = 2e8;

const between = (next: () => number, low: number, high: number) => Math.floor(low * (high / low) ** next());

/** Makes one call; throws when a result is wrong, or memory did not come back. */
export function checkLine(api: Package, next: () => number): void {
  const length = between(next, 1e5, 1e7);
  const kernelSize = between(next, 2, 5000);
  const stride = Math.max(between(next, 1, 2 * kernelSize), Math.ceil((length * kernelSize) / MOST_WORK));
  const channelsLast = next() < 0.5;
  const shape = channelsLast ? [1, length, 1] : [1, 1, length];
  const options = { kernelSize, stride, layout: channelsLast ? 'NLC' : 'NCL' } as const;
  const title = `a line of ${length}, kernel ${kernelSize}, stride ${stride}`;
  const data = Float32Array.from({ length }, () => Math.floor(next() * 9) - 4);
  const totals = new Float64Array(length + 1);
  for (let i = 0; i < length; i++) totals[i + 1] = totals[i] + data[i];
  const { used } = api.memoryUsage();
  const average = api.avgPool1d({ data, shape }, options);
  const { output, indices } = api.maxPool1d({ data, shape }, { ...options, returnIndices: true });
  for (let o = 0; o < average.data.length; o++) {
    const begin = o * stride;
    const mean = Math.fround((totals[begin + kernelSize] - totals[begin]) / kernelSize);
    if (average.data[o] !== mean) throw new Error(`${title}: average ${o} is ${average.data[o]}, expected ${mean}`);
    let most = begin;
    for (let i = begin; data[most] < 4 && i < begin + kernelSize; i++) if (data[i] > data[most]) most = i;
    if (output.data[o] !== data[most] || indices.data[o] !== most)
      throw new Error(
        `${title}: maximum ${o} is ${output.data[o]} at ${indices.data[o]}, expected ${data[most]} at ${most}`,
      );
  }
  if (api.memoryUsage().used !== used) throw new Error(`${title}: memory was not given back`);
}
