import { describe, expect, it } from 'vitest';
import { realTensor } from '../support/data.js';
import { builds, load } from './builds.js';
import { erf } from './reference.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => (x > 20 ? x : Math.log1p(Math.exp(x)));
const clamp = (x: number, lo: number, hi: number) => (x > hi ? hi : x < lo ? lo : x);
const elu = (x: number, a: number) => (x > 0 ? x : a * Math.expm1(x));

const formulas = {
  relu: (x) => clamp(x, 0, Infinity),
  relu6: (x) => clamp(x, 0, 6),
  clamp: (x) => clamp(x, -Infinity, Infinity),
  hardTanh: (x) => clamp(x, -1, 1),
  leakyRelu: (x) => (x > 0 ? x : Math.fround(0.01) * x),
  elu: (x) => elu(x, 1),
  selu: (x) => 1.0507009873554805 * elu(x, 1.6732632423543772),
  sigmoid,
  tanh: Math.tanh,
  hardSigmoid: (x) => clamp(x + 3, 0, 6) / 6,
  hardSwish: (x) => (x * clamp(x + 3, 0, 6)) / 6,
  silu: (x) => x * sigmoid(x),
  mish: (x) => x * Math.tanh(softplus(x)),
  softplus,
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  geluTanh: (x) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
} satisfies Record<string, (x: number) => number>;

type Name = keyof typeof formulas;
const names = Object.keys(formulas) as Name[];
/** Those whose gradient is made from x. */
const fromX = ['leakyRelu', 'hardSwish', 'silu', 'mish', 'softplus', 'gelu', 'geluTanh'];

const bounded = ['sigmoid', 'tanh', 'hardSigmoid', 'hardTanh', 'relu6'];

/** From -12 to 12, unevenly, none of them a kink. */
const kinks = [-3, -1, 0, 1, 3, 6];
const points = Float32Array.from(realTensor([4001], 7).data, (v) => 12 * v * Math.abs(v)).filter((p) =>
  kinks.every((kink) => Math.abs(p - kink) > 1e-4),
);

describe.each(builds)('%s', async (build) => {
  const nn = await load(build);
  const x = { data: points, shape: [points.length] };

  describe.each(names)('%s', (name) => {
    it('is within 2e-7 of float64 where it is bounded, else 3e-7 of the larger of 1 and |x|', () => {
      const y = nn[name](x);
      y.data.forEach((v, i) => {
        const e = formulas[name](points[i]);
        const isBounded = bounded.includes(name) || (name === 'elu' && points[i] < 0);
        if (!(Math.abs(v - e) <= (isBounded ? 2e-7 : 3e-7 * Math.max(1, Math.abs(points[i])))))
          throw new Error(`${name}(${points[i]}) is ${v}, expected ${e}`);
      });
    });

    it('has the gradient of central differences', () => {
      const g = realTensor(x.shape, 3);
      const saved = fromX.includes(name) ? x : nn[name](x);
      const grad = nn[`${name}InputGrad`](g, saved);
      const f = formulas[name];
      grad.data.forEach((v, i) => {
        const p = points[i];
        const e = (g.data[i] * (f(p + 1e-5) - f(p - 1e-5))) / 2e-5;
        if (!(Math.abs(v - e) <= 3e-6)) throw new Error(`${name}'(${p}) times ${g.data[i]} is ${v}, expected ${e}`);
      });
    });

    it('keeps NaN, takes infinities, and leaves what is behind its end alone', () => {
      const special = nn.tensor([Number.NaN, Infinity, -Infinity, 0, -0], [5]);
      const [nan, up, down, zero] = nn[name](special).data;
      expect(nan).toBeNaN();
      expect(up).toBe(Math.fround(formulas[name](1e30)) > 1e29 ? Infinity : formulas[name](1e30));
      // -Infinity times 0, as in PyTorch
      const atEnd = ['hardSwish', 'silu', 'mish', 'gelu', 'geluTanh'].includes(name)
        ? Number.NaN
        : Math.fround(formulas[name](-Infinity));
      expect(down).toEqual(atEnd + 0);
      expect(zero).toBeCloseTo(formulas[name](0), 6);
      for (const count of [0, 1, 2, 3, 5, 17]) {
        const arena = nn.arena();
        const inside = arena.tensor([count + 4]);
        inside.data.fill(-7);
        const view = { data: inside.data.subarray(0, count), shape: [count] };
        nn[name](view, { out: view });
        expect([...inside.data.subarray(count)]).toEqual([-7, -7, -7, -7]);
        expect([...inside.data.subarray(0, count)]).toEqual([
          ...nn[name](nn.tensor(Array(count).fill(-7), [count])).data,
        ]);
        arena.dispose();
      }
    });
  });

  it('takes softplus block by block, in place as elsewhere, and keeps what is small', () => {
    const arena = nn.arena();
    for (const count of [1023, 1024, 1025, 3070, 4001]) {
      const part = { data: points.slice(0, Math.min(count, points.length)), shape: [Math.min(count, points.length)] };
      const { data } = nn.softplus(part);
      const inside = arena.from(part.data, part.shape);
      expect(nn.softplus(inside, { out: inside }).data).toEqual(data);
    }
    arena.dispose();
    const small = Float32Array.from({ length: 800 }, (_, i) => -i / 10);
    nn.softplus({ data: small, shape: [800] }).data.forEach((v, i) => {
      expect(Math.abs(v / softplus(small[i]) - 1)).toBeLessThan(4e-7 + 1e-7 * Math.abs(small[i]));
    });
  });

  it('takes options', () => {
    const t = nn.tensor([-2, -1, 0, 1, 2], [5]);
    expect([...nn.clamp(t, { min: -1.5, max: 0.5 }).data]).toEqual([-1.5, -1, 0, 0.5, 0.5]);
    expect([
      ...nn.clampInputGrad(nn.tensor([1, 1, 1], [3]), nn.tensor([0, 0.25, 1], [3]), { min: 0, max: 1 }).data,
    ]).toEqual([0, 1, 0]);
    expect([...nn.leakyRelu(t, { slope: 0.5 }).data]).toEqual([-1, -0.5, 0, 1, 2]);
    expect(nn.elu(t, { alpha: 2 }).data[0]).toBeCloseTo(2 * Math.expm1(-2), 6);
    expect(() => nn.clamp(t, { min: 2, max: 1 })).toThrow(nn.OptionError);
    expect(() => nn.relu(t, { slope: 1 } as never)).toThrow(/unknown option "slope"/);
    expect(() => nn.siluInputGrad(nn.tensor([1], [1]), t)).toThrow(nn.ShapeError);
  });

  it('gives the gradients of PyTorch at kinks', () => {
    const g = nn.tensor([1, 1], [2]);
    expect([...nn.reluInputGrad(g, nn.tensor([0, 1], [2])).data]).toEqual([0, 1]);
    expect([...nn.relu6InputGrad(g, nn.tensor([0, 6], [2])).data]).toEqual([0, 0]);
    expect([...nn.hardSwishInputGrad(g, nn.tensor([-3, 3], [2])).data]).toEqual([0, 1]);
  });
});
