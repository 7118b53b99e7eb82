import { beforeAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import {
  avgPool1d,
  avgPool1dInputGrad,
  globalAvgPool,
  maxPool1d,
  maxPool2d,
  memoryUsage,
  type Tensor,
  tensor,
} from '../../src/index.js';
import { expectExact } from '../support/bounds.js';
import { useBuild } from '../support/builds.js';
import { integerTensor, random } from '../support/data.js';

type Pool = (x: Tensor, options: object) => Tensor;
const pools = api as unknown as Record<string, Pool>;

const layouts = { 1: ['NCL', 'NLC'], 2: ['NCHW', 'NHWC'], 3: ['NCDHW', 'NDHWC'] } as const;

/** Error of an average, a global average and Lp sums of all of x, relative to those in f64. */
function errors(data: Float32Array, spatial: readonly number[], last: boolean): number[] {
  const rank = spatial.length as 1 | 2 | 3;
  const layout = layouts[rank][last ? 1 : 0];
  const x = tensor(data, last ? [1, ...spatial, 1] : [1, 1, ...spatial]);
  const sum = (of: (value: number) => number) => data.reduce((total, value) => total + of(value), 0);
  const all = { kernelSize: spatial, layout };
  const average = sum((value) => value) / data.length;
  return [
    [globalAvgPool(x, { layout }), average],
    [pools[`avgPool${rank}d`](x, all), average],
    [pools[`adaptiveAvgPool${rank}d`](x, { outputSize: 1, layout }), average],
    [pools[`lpPool${rank}d`](x, { ...all, p: 1 }), sum(Math.abs)],
    [pools[`lpPool${rank}d`](x, { ...all, p: 2 }), Math.sqrt(sum((value) => value * value))],
  ].map(([y, exact]) => Math.abs((y as Tensor).data[0] / (exact as number) - 1));
}

describe.each(['strict', 'relaxed'] as const)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each([false, true])('channels last: %s', (last) => {
    it.each([[[100]], [[10000]], [[1000000]], [[100, 100]], [[224, 224]], [[1000, 1000]], [[100, 100, 100]]])(
      'sums of %j cells',
      (spatial) => {
        const size = spatial.reduce((product, extent) => product * extent, 1);
        const next = random(7);
        for (const data of [0.1, 0.7, -1 / 3, undefined].map((value) =>
          Float32Array.from({ length: size }, () => value ?? next()),
        )) {
          for (const error of errors(data, spatial, last)) expect(error).toBeLessThanOrEqual(1e-6);
        }
      },
    );
  });

  it('an infinite cell among many', () => {
    const data = new Float32Array(5000).fill(1);
    data[700] = Number.POSITIVE_INFINITY;
    expectExact(globalAvgPool(tensor(data, [1, 1, 5000])).data, [Number.POSITIVE_INFINITY]);
    data[3000] = Number.NEGATIVE_INFINITY;
    expectExact(globalAvgPool(tensor(data, [1, 1, 5000])).data, [Number.NaN]);
  });

  it('sums of many terms that are added to something', () => {
    const gradY = tensor(new Float32Array(2000).fill(3), [1, 1, 2000]);
    const out = tensor(new Float32Array(2999).fill(5), [1, 1, 2999]);
    avgPool1dInputGrad(gradY, [1, 1, 2999], { kernelSize: 1000, stride: 1, divisorOverride: 1, accumulate: true, out });
    expectExact(
      out.data,
      Float32Array.from(out.data, (_, i) => 5 + 3 * Math.min(i + 1, 1000, 2999 - i)),
    );
  });

  it('windows of thousands along a line', () => {
    const x = integerTensor([1, 1, 130000], 1);
    const total = new Float64Array(130001);
    x.data.forEach((value, i) => {
      total[i + 1] = total[i] + value;
    });
    const { data } = avgPool1d(x, { kernelSize: 2050, stride: 1 });
    expectExact(
      data,
      Float32Array.from(data, (_, i) => (total[i + 2050] - total[i]) / 2050),
    );
  });

  it('dilated windows that reach over half of a line', () => {
    const x = { shape: [1, 1, 600000], data: Float32Array.from({ length: 600000 }, (_, i) => i % 100003) };
    const { data } = maxPool1d(x, { kernelSize: 66, dilation: 4000, stride: 1 });
    const wrong = data.findIndex((value, i) => {
      let most = 0;
      for (let t = 0; t < 66; t++) most = Math.max(most, x.data[i + t * 4000]);
      return value !== most;
    });
    expect(wrong).toBe(-1);
  });

  it('many rows, in memory for little beside the operands', () => {
    useBuild(build, 2 * 4 * 3e6 + 2 ** 18);
    const x = { shape: [1, 1, 2e6, 1], data: Float32Array.from({ length: 2e6 }, (_, i) => i) };
    const { output, indices } = maxPool2d(x, { kernelSize: [4, 1], returnIndices: true });
    expect(indices.data.every((index, i) => index === 4 * i + 3)).toBe(true);
    expectExact(output.data, Float32Array.from(indices.data));
    expect(memoryUsage().used).toBe(0);
  });
});
