import { describe, expect, it } from 'vitest';
import { integerTensor, realTensor } from '../support/data.js';
import { centralDifferences } from '../support/derivative.js';
import { builds, load } from './builds.js';
import { at, indices, placeOf, type Values } from './reference.js';

describe.each(builds)('%s', async (build) => {
  const nn = await load(build);
  const close = (found: ArrayLike<number>, expected: ArrayLike<number>, bound = 3e-6) => {
    expect(found.length).toBe(expected.length);
    for (let i = 0; i < expected.length; i++)
      if (!(Math.abs(found[i] - expected[i]) <= bound)) throw new Error(`${i}: ${found[i]}, expected ${expected[i]}`);
  };

  it('mse and bceWithLogits, with their gradients', () => {
    const x = { data: realTensor([3, 37], 1).data.map((v) => 8 * v), shape: [3, 37] };
    const t = { data: realTensor([3, 37], 2).data.map((v) => (v + 1) / 2), shape: [3, 37] };
    const formulas = {
      mse: (a: number, b: number) => (a - b) ** 2,
      bceWithLogits: (a: number, b: number) => Math.log(1 + Math.exp(a)) - a * b,
    };
    for (const name of ['mse', 'bceWithLogits'] as const) {
      const each = (data: ArrayLike<number>) => Array.from(data, (v, i) => formulas[name](v, t.data[i]));
      const sum = (data: ArrayLike<number>) => each(data).reduce((s, v) => s + v, 0);
      const { loss, gradX } = nn[name](x, t, { wanted: { x: true } });
      close(loss.data, [sum(x.data) / 111], 1e-5);
      close(
        gradX?.data ?? [],
        centralDifferences((data) => sum(data) / 111, x.data),
        1e-6,
      );
      close(nn[name](x, t, { reduction: 'sum' }).loss.data, [sum(x.data)], 1e-2);
      const none = nn[name](x, t, { reduction: 'none' });
      close(none.loss.data, each(x.data), 2e-5);
      expect(none.gradX).toBeUndefined();
    }
    expect(() => nn.mse(x, realTensor([37, 3], 1))).toThrow(nn.ShapeError);
    expect(() => nn.mse(x, t, { wanted: { y: true } } as never)).toThrow(nn.OptionError);
  });

  it('bceWithLogits with weights, of positive targets or of all, one, per class, or broadcast', () => {
    const shape = [2, 3, 5];
    const x = { data: realTensor(shape, 1).data.map((v) => 8 * v), shape };
    const t = { data: realTensor(shape, 2).data.map((v) => (v + 1) / 2), shape };
    for (const own of [[], [1], [5], [3, 1], [2, 1, 5], shape]) {
      const posWeight = { ...realTensor(own, 3), shape: own };
      posWeight.data.forEach((v, i) => {
        posWeight.data[i] = 2 * v + 2.5;
      });
      const each = (data: ArrayLike<number>) =>
        indices(shape).map((i) => {
          const [a, b] = [at({ data, shape } as Values, i), at(t, i)];
          const p = 1 / (1 + Math.exp(-a));
          return -at(posWeight, i) * b * Math.log(p) - (1 - b) * Math.log(1 - p);
        });
      const sum = (data: ArrayLike<number>) => each(data).reduce((s, v) => s + v, 0);
      const { loss, gradX } = nn.bceWithLogits(x, t, { posWeight, wanted: { x: true } });
      close(loss.data, [sum(x.data) / 30], 1e-5);
      close(
        gradX?.data ?? [],
        centralDifferences((data) => sum(data) / 30, x.data),
        1e-6,
      );
      close(nn.bceWithLogits(x, t, { posWeight, reduction: 'none' }).loss.data, each(x.data), 4e-5);
      if (own.length === 1) {
        const { data } = nn.bceWithLogits(x, t, { posWeight: posWeight.data, reduction: 'none' }).loss;
        expect(data).toEqual(nn.bceWithLogits(x, t, { posWeight, reduction: 'none' }).loss.data);
      }
    }
    for (const [own, other] of [
      [[], [5]],
      [[5], [3, 1]],
      [[3, 1], []],
      [shape, shape],
    ]) {
      const weight = { ...realTensor(own, 4), shape: own };
      const posWeight = { ...realTensor(other, 5), shape: other };
      const plain = nn.bceWithLogits(x, t, { posWeight, reduction: 'none', wanted: { x: true } });
      const found = nn.bceWithLogits(x, t, { weight, posWeight, reduction: 'none', wanted: { x: true } });
      const times = (values: ArrayLike<number>) =>
        indices(shape).map((i) => at({ data: values, shape } as Values, i) * at(weight, i));
      close(found.loss.data, times(plain.loss.data), 1e-5);
      close(found.gradX?.data ?? [], times(plain.gradX?.data ?? []), 1e-6);
      const sum = found.loss.data.reduce((s, v) => s + v, 0);
      const options = { weight, posWeight, wanted: { x: true } } as const;
      close(nn.bceWithLogits(x, t, { ...options, reduction: 'sum' }).loss.data, [sum], 1e-4);
      const mean = nn.bceWithLogits(x, t, options);
      close(mean.loss.data, [sum / 30], 1e-5);
      close(
        mean.gradX?.data ?? [],
        times(plain.gradX?.data ?? []).map((v) => v / 30),
        1e-6,
      );
      expect(nn.bceWithLogits(x, t, { weight, reduction: 'none' }).loss.data).toEqual(
        nn.bceWithLogits(x, t, { weight, posWeight: Float32Array.of(1), reduction: 'none' }).loss.data,
      );
    }
    expect(() => nn.bceWithLogits(x, t, { weight: new Float32Array(4) })).toThrow(/weight/);
    expect(() => nn.bceWithLogits(x, t, { posWeight: new Float32Array(4) })).toThrow(nn.ShapeError);
    expect(() => nn.bceWithLogits(x, t, { posWeight: realTensor([2, 2, 3, 5], 1) })).toThrow(nn.ShapeError);
    expect(() => nn.mse(x, t, { posWeight: new Float32Array(5) } as never)).toThrow(nn.OptionError);
  });

  it.each([[[7, 5]], [[2, 5, 3]], [[3, 4, 2, 5]]])('crossEntropy of %j', (shape) => {
    const x = { data: realTensor(shape, 1).data.map((v) => 5 * v), shape };
    const [n, c, ...rest] = shape;
    const own = [n, ...rest];
    const classes = integerTensor(own, 2, 0, c - 1).data;
    const target = { data: Int32Array.from(classes, (v, i) => (i % 4 === 3 ? 1 : v)), shape: own };
    const weight = realTensor([c], 3).data.map((v) => v + 1.5);
    for (const o of [{}, { weight }, { labelSmoothing: 0.25 }, { weight, labelSmoothing: 0.125, ignoreIndex: 1 }]) {
      const w = 'weight' in o ? weight : new Float32Array(c).fill(1);
      const smooth = ('labelSmoothing' in o && o.labelSmoothing) || 0;
      const each = (data: ArrayLike<number>) =>
        indices(own).map((i) => {
          const t = target.data[placeOf(i, own)];
          if ('ignoreIndex' in o && t === o.ignoreIndex) return 0;
          const logit = (k: number) => at({ data, shape } as Values, [i[0], k, ...i.slice(1)]);
          const log = Math.log([...Array(c).keys()].reduce((s, k) => s + Math.exp(logit(k)), 0));
          const all = [...Array(c).keys()].reduce((s, k) => s + w[k] * (log - logit(k)), 0);
          return (1 - smooth) * w[t] * (log - logit(t)) + (smooth / c) * all;
        });
      const sum = (data: ArrayLike<number>) => each(data).reduce((s, v) => s + v, 0);
      const counted = [...target.data].filter((t) => !('ignoreIndex' in o) || t !== o.ignoreIndex);
      const all = counted.reduce((s, t) => s + w[t], 0);
      const { loss, gradX } = nn.crossEntropy(x, target, { ...o, wanted: { x: true } });
      close(loss.data, [sum(x.data) / all], 1e-5);
      close(
        gradX?.data ?? [],
        centralDifferences((data) => sum(data) / all, x.data),
        2e-6,
      );
      close(nn.crossEntropy(x, target, { ...o, reduction: 'none' }).loss.data, each(x.data), 2e-5);
    }
    expect(() => nn.crossEntropy(x, { data: new Int32Array(target.data.length).fill(c), shape: own })).toThrow(
      /target\[0\] is \d+, expected a class from 0/,
    );
  });

  it('dropout zeros its share, by the seed, and its gradient the same places', () => {
    const x = { data: new Float32Array(100_003).fill(1), shape: [100_003] };
    const y = nn.dropout(x, { p: 0.25, seed: 7 });
    const zeros = y.data.filter((v) => v === 0).length;
    expect(Math.abs(zeros / x.data.length - 0.25)).toBeLessThan(0.006);
    expect(new Set(y.data)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(nn.dropoutInputGrad(x, { p: 0.25, seed: 7 }).data).toEqual(y.data);
    const other = nn.dropout(x, { p: 0.25, seed: 8 });
    const both = other.data.filter((v, i) => v === 0 && y.data[i] === 0).length;
    expect(Math.abs(both / x.data.length - 0.0625)).toBeLessThan(0.004);
    expect(new Set(nn.dropout(x, { p: 1, seed: 0 }).data)).toEqual(new Set([0]));
    expect(new Set(nn.dropout(x, { p: 0, seed: 0 }).data)).toEqual(new Set([1]));
    expect(() => nn.dropout(x, { p: 0.5 } as never)).toThrow(/seed is required/);
    expect(() => nn.dropout(x, { p: 2, seed: 1 })).toThrow(nn.OptionError);
  });

  it.each([
    { lr: 0.1 },
    { lr: 0.1, weightDecay: 0.01 },
    { lr: 0.1, momentum: 0.9 },
    { lr: 0.1, momentum: 0.9, dampening: 0.5, weightDecay: 0.1 },
    { lr: 0.1, momentum: 0.9, nesterov: true },
  ])('sgd %j', (options) => {
    const {
      lr,
      momentum = 0,
      dampening = 0,
      weightDecay = 0,
      nesterov = false,
    } = options as unknown as Record<string, never>;
    const p = realTensor([3, 7], 1);
    const buffer = { data: new Float32Array(21).fill(Number.NaN), shape: [3, 7] };
    const expected = Float64Array.from(p.data);
    const kept = new Float64Array(21);
    for (let step = 0; step < 3; step++) {
      const g = realTensor([3, 7], 10 + step);
      expect(nn.sgd(p, g, options, buffer)).toBe(p);
      for (let i = 0; i < 21; i++) {
        let d = g.data[i] + weightDecay * expected[i];
        if (momentum) {
          kept[i] = step === 0 ? d : momentum * kept[i] + (1 - dampening) * d;
          d = nesterov ? d + momentum * kept[i] : kept[i];
        }
        expected[i] -= lr * d;
      }
    }
    close(p.data, expected, 1e-6);
  });

  it.each([{}, { lr: 0.01, betas: [0.8, 0.99] as const, eps: 1e-6, weightDecay: 0.1 }])('adam %j', (options) => {
    const {
      lr = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
    } = options as unknown as Record<string, never>;
    const arena = nn.arena();
    const p = arena.from(realTensor([5, 3], 1).data, [5, 3]);
    const state = { mean: arena.tensor([5, 3]), square: nn.tensor(new Float32Array(15), [5, 3]) };
    const expected = Float64Array.from(p.data);
    const [m, v] = [new Float64Array(15), new Float64Array(15)];
    for (let step = 1; step <= 3; step++) {
      const g = realTensor([5, 3], 10 + step);
      nn.adam(p, g, state, { step, ...options });
      for (let i = 0; i < 15; i++) {
        const d = g.data[i] + weightDecay * expected[i];
        m[i] = betas[0] * m[i] + (1 - betas[0]) * d;
        v[i] = betas[1] * v[i] + (1 - betas[1]) * d * d;
        const root = Math.sqrt(v[i] / (1 - betas[1] ** step)) + eps;
        expected[i] -= ((lr / (1 - betas[0] ** step)) * m[i]) / root;
      }
    }
    close(p.data, expected, 1e-6);
    close(state.mean.data, m, 1e-6);
    arena.dispose();
  });

  it('prelu with one slope and one for each channel, in both layouts', () => {
    const x = integerTensor([2, 3, 5], 1);
    const g = integerTensor([2, 3, 5], 2);
    const slopes = Float32Array.of(0.5, -2, 0.25);
    const y = nn.prelu(x, slopes);
    for (const [k, i] of indices(x.shape).entries())
      expect(y.data[k]).toBe(at(x, i) > 0 ? at(x, i) : at(x, i) * slopes[i[1]] + 0);
    const { gradX, gradSlopes } = nn.preluBackward(g, x, slopes);
    const expected = [0, 0, 0];
    indices(x.shape).forEach((i, k) => {
      expect(gradX.data[k]).toBe(at(x, i) > 0 ? at(g, i) : at(g, i) * slopes[i[1]] + 0);
      expected[i[1]] += at(x, i) > 0 ? 0 : at(x, i) * at(g, i);
    });
    expect([...gradSlopes.data].map((v) => v + 0)).toEqual(expected);
    const last = nn.prelu(nn.permute(x, [0, 2, 1]), slopes, { layout: 'NLC' });
    expect([...nn.permute(last, [0, 2, 1]).data].map((v) => v + 0)).toEqual([...y.data].map((v) => v + 0));
    expect(nn.prelu(x, Float32Array.of(0.5)).data[0]).toBe(x.data[0] > 0 ? x.data[0] : x.data[0] / 2);
  });
});
