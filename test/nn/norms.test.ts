import { describe, expect, it } from 'vitest';
import { channelsFirst, channelsLast } from '../support/algebra.js';
import { realTensor } from '../support/data.js';
import { centralDifferences } from '../support/derivative.js';
import { builds, load } from './builds.js';
import { at, indices, made, placeOf, type Values } from './reference.js';

const EPS = 1e-3;

/** Normalised in groups of indices that `key` tells apart. */
function normalised(
  x: Values,
  key: (i: number[]) => number,
  line: (i: number[]) => readonly [number, number],
  eps = EPS,
) {
  const groups = new Map<number, number[]>();
  const all = indices(x.shape);
  for (const i of all) groups.set(key(i), [...(groups.get(key(i)) ?? []), at(x, i)]);
  const found = new Map(
    [...groups].map(([k, values]) => {
      const mean = values.reduce((s, v) => s + v, 0) / values.length;
      const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
      return [k, { mean, variance }] as const;
    }),
  );
  return made(x.shape, (i) => {
    const { mean, variance } = found.get(key(i)) ?? { mean: 0, variance: 0 };
    const [w, b] = line(i);
    return ((at(x, i) - mean) / Math.sqrt(variance + eps)) * w + b;
  });
}

function close(found: Values, expected: Values, bound = 3e-6) {
  expect([...found.shape]).toEqual([...expected.shape]);
  for (let i = 0; i < expected.data.length; i++) {
    const [v, e] = [found.data[i], expected.data[i]];
    if (!(Math.abs(v - e) <= bound * Math.max(1, Math.abs(e)))) throw new Error(`${i}: ${v}, expected ${e}`);
  }
}

const f64 = ({ data, shape }: Values) => ({ data: Float64Array.from(data), shape });
const loss = (y: Values, g: Values) => Array.from(y.data).reduce((s, v, i) => s + v * g.data[i], 0);

describe.each(builds)('%s', async (build) => {
  const nn = await load(build);
  const shapes = [
    [3, 4],
    [2, 6, 7],
    [3, 4, 5, 3],
    [2, 4, 2, 3, 5],
  ];

  describe.each(shapes.map((shape) => ({ shape })))('$shape', ({ shape }) => {
    const x = realTensor(shape, 1);
    const g = realTensor(shape, 2);
    const c = shape[1];
    const weight = realTensor([c], 3);
    const bias = realTensor([c], 4);
    const layout = ([undefined, 'NLC', 'NHWC', 'NDHWC'] as const)[shape.length - 2];
    const kinds = {
      batch: { key: (i: number[]) => i[1], y: nn.batchNorm, back: nn.batchNormBackward, more: { training: true } },
      instance: { key: (i: number[]) => i[0] * c + i[1], y: nn.instanceNorm, back: nn.instanceNormBackward, more: {} },
      group: {
        key: (i: number[]) => i[0] * 2 + Math.floor(i[1] / (c / 2)),
        y: (a: typeof x, o: object) => nn.groupNorm(a, 2, o),
        back: (d: typeof x, a: typeof x, o: object) => nn.groupNormBackward(d, a, 2, o),
        more: {},
      },
    };

    it.each(['batch', 'instance', 'group'] as const)('%sNorm and its gradients, in both layouts', (kind) => {
      const { key, y: run, back, more } = kinds[kind];
      const options = { weight, bias, eps: EPS, ...more };
      const of = (a: Values, w: Values, b: Values) => normalised(a, key, (i) => [w.data[i[1]], b.data[i[1]]]);
      const y = run(x, options);
      close(y, of(x, weight, bias));
      const grads = back(g, x, options);
      const over = (a: Values, f: (data: Float64Array) => Values) => ({
        data: centralDifferences((data) => loss(f(data), g), a.data),
        shape: a.shape,
      });
      close(
        grads.gradX,
        over(x, (data) => of({ data, shape }, f64(weight), f64(bias))),
        2e-5,
      );
      close(
        grads.gradWeight,
        over(weight, (data) => of(x, { data, shape: [c] }, bias)),
        2e-5,
      );
      close(
        grads.gradBias,
        over(bias, (data) => of(x, weight, { data, shape: [c] })),
        2e-5,
      );
      if (!layout) return;
      const last = { ...options, layout };
      close(channelsFirst(run(channelsLast(x), last)), y);
      const lastGrads = back(channelsLast(g), channelsLast(x), last);
      close(channelsFirst(lastGrads.gradX), grads.gradX, 1e-5);
      close(lastGrads.gradWeight, grads.gradWeight, 1e-5);
      const inPlace = { data: x.data.slice(), shape };
      run(inPlace, { ...options, out: inPlace });
      close(inPlace, y, 0);
    });

    it('batchNorm in evaluation reads the running statistics, and in training brings them up to date', () => {
      const mean = realTensor([c], 5);
      const variance = { ...mean, data: realTensor([c], 6).data.map((v) => v * v + 0.1) };
      const y = nn.batchNorm(x, { mean, variance, weight, bias });
      const factor = (k: number) => weight.data[k] / Math.sqrt(variance.data[k] + 1e-5);
      close(
        y,
        made(shape, (i) => (at(x, i) - mean.data[i[1]]) * factor(i[1]) + bias.data[i[1]]),
      );
      const { gradX } = nn.batchNormBackward(g, x, { mean, variance, weight });
      close(
        gradX,
        made(shape, (i) => at(g, i) * factor(i[1])),
      );
      const running = { mean: mean.data.slice(), variance: variance.data.slice() };
      nn.batchNorm(x, { ...running, training: true, momentum: 0.25 });
      for (let k = 0; k < c; k++) {
        const values = indices(shape)
          .filter((i) => i[1] === k)
          .map((i) => at(x, i));
        const m = values.reduce((s, v) => s + v, 0) / values.length;
        const unbiased = values.reduce((s, v) => s + (v - m) ** 2, 0) / (values.length - 1);
        expect(running.mean[k]).toBeCloseTo(0.75 * mean.data[k] + 0.25 * m, 5);
        expect(running.variance[k]).toBeCloseTo(0.75 * variance.data[k] + 0.25 * unbiased, 5);
      }
    });

    it('layerNorm and its gradients', () => {
      const tail = shape.slice(1);
      const [w, b] = [realTensor(tail, 3), realTensor(tail, 4)];
      const of = (a: Values, ww: Values, bb: Values) =>
        normalised(
          a,
          (i) => i[0],
          (i) => [at(ww, i.slice(1)), at(bb, i.slice(1))],
        );
      close(nn.layerNorm(x, tail, { weight: w, bias: b, eps: EPS }), of(x, w, b));
      const ones = { data: new Float64Array(w.data.length).fill(1), shape: tail };
      const zeros = { ...ones, data: ones.data.map(() => 0) };
      close(
        nn.layerNorm(x, tail),
        normalised(
          x,
          (i) => i[0],
          () => [1, 0],
          1e-5,
        ),
      );
      const grads = nn.layerNormBackward(g, x, tail, { weight: w, eps: EPS });
      const over = (a: Values, f: (data: Float64Array) => Values) => ({
        data: centralDifferences((data) => loss(f(data), g), a.data),
        shape: a.shape,
      });
      close(
        grads.gradX,
        over(x, (data) => of({ data, shape }, w, zeros)),
        2e-5,
      );
      close(
        grads.gradWeight,
        over(w, (data) => of(x, { data, shape: tail }, zeros)),
        2e-5,
      );
      close(
        grads.gradBias,
        over(b, (data) => of(x, ones, { data, shape: tail })),
        2e-5,
      );
    });

    it.each([...shape.keys()])('softmax along axis %i, and its gradient', (axis) => {
      const scaled = { data: x.data.map((v) => 30 * v), shape };
      const of = (a: Values, isLog: boolean) => {
        const sums = new Map<number, number>();
        const key = (i: number[]) =>
          placeOf(
            i.map((own, k) => (k === axis ? 0 : own)),
            shape,
          );
        for (const i of indices(shape)) sums.set(key(i), (sums.get(key(i)) ?? 0) + Math.exp(at(a, i)));
        const log = (i: number[]) => at(a, i) - Math.log(sums.get(key(i)) ?? 0);
        return made(shape, (i) => (isLog ? log(i) : Math.exp(log(i))));
      };
      for (const isLog of [false, true]) {
        const [run, back] = isLog ? [nn.logSoftmax, nn.logSoftmaxInputGrad] : [nn.softmax, nn.softmaxInputGrad];
        const y = run(scaled, { axis });
        close(y, of(scaled, isLog), 1e-6);
        const grad = back(g, y, { axis });
        const estimate = centralDifferences((data) => loss(of({ data, shape }, isLog), g), scaled.data);
        close(grad, { data: estimate, shape }, 1e-5);
        const inPlace = { data: scaled.data.slice(), shape };
        run(inPlace, { axis, out: inPlace });
        close(inPlace, y, 0);
      }
    });
  });

  it('softmax takes e^x to 4 units in the last place, two more for the sum and the quotient', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => -i / 34.5);
    const y = nn.softmax(
      nn.tensor(
        rows.flatMap((v) => [0, v]),
        [rows.length, 2],
      ),
    ).data;
    rows.map(Math.fround).forEach((v, i) => {
      const e = Math.exp(v) / (1 + Math.exp(v));
      const unit = 2 ** (Math.floor(Math.log2(e)) - 23);
      if (!(Math.abs(y[2 * i + 1] - e) <= 6 * unit)) throw new Error(`${y[2 * i + 1]} of ${v}, expected ${e}`);
    });
    expect([...nn.softmax(nn.tensor([0, -88, 0, -1000], [2, 2])).data]).toEqual([1, 0, 1, 0]);
  });

  it('softmax of what is not finite', () => {
    const row = (...values: number[]) => [...nn.softmax(nn.tensor(values, [1, values.length])).data];
    expect(row(-Infinity, -Infinity)).toEqual([Number.NaN, Number.NaN]);
    expect(row(-Infinity, 3)).toEqual([0, 1]);
    expect(row(1, Number.NaN, 2)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(row(1000, 1000)).toEqual([0.5, 0.5]);
    expect(nn.softmax(nn.tensor([], [0, 4])).shape).toEqual([0, 4]);
  });

  it('keeps a large mean from hiding a small variance', () => {
    const x = { data: realTensor([2, 3, 50], 1).data.map((v) => 1000 + v), shape: [2, 3, 50] };
    close(
      nn.instanceNorm(x),
      normalised(
        x,
        (i) => i[0] * 3 + i[1],
        () => [1, 0],
        1e-5,
      ),
      2e-4,
    );
  });

  it('refuses what does not fit', () => {
    const x = realTensor([2, 6, 3], 1);
    expect(() => nn.batchNorm(x, {})).toThrow(/mean is required/);
    expect(() => nn.groupNorm(x, 4)).toThrow(/a divisor of 6 channels/);
    expect(() => nn.layerNorm(x, [2])).toThrow(/expected it to end in \[2\]/);
    expect(() => nn.instanceNorm(realTensor([3], 1))).toThrow(nn.ShapeError);
    expect(() => nn.batchNorm(x, { training: true, weight: new Float32Array(5) })).toThrow(nn.ShapeError);
    expect(() => nn.softmax(x, { axis: 3 })).toThrow(nn.OptionError);
  });

  it('foldBatchNorm gives what the norm after the convolution gives', () => {
    const x = realTensor([2, 3, 5, 4], 1);
    const w = realTensor([4, 3, 3, 3], 2);
    const bias = realTensor([4], 3).data;
    const statistics = { mean: realTensor([4], 4).data, variance: realTensor([4], 5).data.map((v) => v * v + 0.2) };
    const parameters = { weight: realTensor([4], 6).data, bias: realTensor([4], 7).data };
    const expected = nn.batchNorm(nn.conv2d(x, w, { bias }), { ...statistics, ...parameters });
    const folded = nn.foldBatchNorm(w, bias, { ...statistics, ...parameters });
    close(nn.conv2d(x, folded.weight, { bias: folded.bias }), expected, 1e-5);
    const hwio = nn.permute(w, [2, 3, 1, 0]);
    const last = nn.foldBatchNorm(hwio, bias, { ...statistics, ...parameters, axis: -1 });
    close(nn.permute(last.weight, [3, 2, 0, 1]), folded.weight, 0);
  });
});
