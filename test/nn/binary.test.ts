import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot } from '../support/algebra.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { integerTensor, realTensor } from '../support/data.js';
import { builds, load } from './builds.js';
import { at, made, placeOf, summed } from './reference.js';

const cases = [
  ['[2,3,5,7]', '[2,3,5,7]'],
  ['[2,3,5,7]', '[3,1,1]'],
  ['[2,3,5,7]', '[7]'],
  ['[2,3,5,7]', '[5,1]'],
  ['[2,1,5,1]', '[3,1,7]'],
  ['[]', '[2,19]'],
  ['[4,33]', '[]'],
  ['[0,3]', '[1,3]'],
  ['[3,1,2,1,5]', '[1,4,1,6,1]'],
];

const names = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const;
const formulas = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => Math.fround(a / b),
  maximum: Math.max,
  minimum: Math.min,
};
/** [d a, d b] at a, b. */
const slopes = {
  add: () => [1, 1],
  sub: () => [1, -1],
  mul: (a: number, b: number) => [b, a],
  div: (a: number, b: number) => [1 / b, -a / b / b],
  maximum: (a: number, b: number) => (a === b ? [0.5, 0.5] : a > b ? [1, 0] : [0, 1]),
  minimum: (a: number, b: number) => (a === b ? [0.5, 0.5] : a < b ? [1, 0] : [0, 1]),
};
const broadcast = (a: number[], b: number[]) => {
  const rank = Math.max(a.length, b.length);
  const extent = (s: number[], i: number) => s[i - rank + s.length] ?? 1;
  return Array.from({ length: rank }, (_, i) => (extent(a, i) === 1 ? extent(b, i) : extent(a, i)));
};

describe.each(builds)('%s', async (build) => {
  const nn = await load(build);

  describe.each(names)('%s', (name) => {
    it.each(cases)('%s and %s', (one, other) => {
      const a = integerTensor(JSON.parse(one), 1, -4, 4);
      // powers of two, so that quotients are exact, too
      const signs = integerTensor(JSON.parse(other), 2, -3, 3);
      const b = { ...signs, data: signs.data.map((v) => (name === 'div' ? Math.sign(v || 1) * 2 ** Math.abs(v) : v)) };
      const shape = broadcast(a.shape, b.shape);
      const y = nn[name](a, b);
      expectExact(
        y,
        made(shape, (i) => formulas[name](at(a, i), at(b, i))),
      );
      const g = integerTensor(shape, 3);
      const { gradA, gradB } = nn[`${name}Backward`](g, a, b);
      const parts = [0, 1].map((k) =>
        summed(
          k ? b.shape : a.shape,
          shape,
          (i) => placeOf(i, k ? b.shape : a.shape),
          (i) => at(g, i) * slopes[name](at(a, i), at(b, i))[k],
        ),
      );
      expectExact(gradA, parts[0]);
      expectExact(gradB, parts[1]);
    });
  });

  it('writes into out, which may be an operand of the shape of the result', () => {
    const a = integerTensor([3, 21], 1);
    const b = integerTensor([3, 1], 2);
    const expected = made([3, 21], (i) => at(a, i) - at(b, i));
    const arena = nn.arena();
    const inside = arena.from(a.data, a.shape);
    expect(nn.sub(inside, b, { out: inside })).toBe(inside);
    expectExact(inside, expected);
    nn.sub(a, b, { out: a });
    expectExact(a, expected);
    expect(() => nn.sub(a, b, { out: b })).toThrow(nn.ShapeError);
    expect(() => nn.sub(a, { data: a.data.subarray(0, 3), shape: [3, 1] }, { out: a })).toThrow(nn.OptionError);
    arena.dispose();
    expect(nn.memoryUsage().used).toBe(0);
  });

  it('keeps NaN and infinities', () => {
    const x = nn.tensor([Number.NaN, 1, Infinity, -Infinity, 0], [5]);
    const y = nn.tensor([1, Number.NaN, -Infinity, -Infinity, 0], [5]);
    expect([...nn.maximum(x, y).data]).toEqual([Number.NaN, Number.NaN, Infinity, -Infinity, 0]);
    expect([...nn.minimum(x, y).data]).toEqual([Number.NaN, Number.NaN, -Infinity, -Infinity, 0]);
    expect([...nn.add(x, y).data]).toEqual([Number.NaN, Number.NaN, Number.NaN, -Infinity, 0]);
    expect(nn.div(x, y).data[4]).toBeNaN();
  });

  it('refuses shapes that do not go together', () => {
    const x = realTensor([2, 3], 1);
    expect(() => nn.add(x, realTensor([2], 1))).toThrow(/b has 2 at axis 1 of the result, expected 1 or 3/);
    expect(() => nn.add(x, realTensor([0, 3], 1))).toThrow(nn.ShapeError);
    expect(() => nn.add(x, x, { in: x } as never)).toThrow(nn.OptionError);
    expect(() => nn.add(x, [1] as never)).toThrow(nn.ShapeError);
    expect(() => nn.mulBackward(realTensor([2, 2], 1), x, x)).toThrow(nn.ShapeError);
  });

  it('sum and mean over any axes', () => {
    const lists = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lists, fc.nat(31), fc.boolean(), (shape, bits, keepDims) => {
        const axes = shape.flatMap((_, axis) => (bits & (1 << axis) ? [axis] : []));
        const x = integerTensor(shape, bits + 1);
        const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
        const expected = summed(
          kept,
          shape,
          (i) => placeOf(i, kept),
          (i) => at(x, i),
        );
        const result = keepDims ? kept : shape.filter((_, axis) => !axes.includes(axis));
        expectExact(nn.sum(x, { axes, keepDims }), { data: expected.data, shape: result });
        const count = axes.reduce((product, axis) => product * shape[axis], 1);
        expectExact(nn.mean(x, { axes, keepDims }), { data: expected.data.map((v) => v / count), shape: result });
      }),
    );
  });

  it('sums long ones as well as short ones', () => {
    const x = realTensor([3, 100003], 5);
    const magnitude = new Float64Array(3).fill(100003);
    const expected = summed(
      [3],
      x.shape,
      ([i]) => i,
      (i) => at(x, i),
    );
    expectWithin(nn.sum(x, { axes: -1 }), expected, magnitude, 16);
    expect(nn.sum(nn.tensor([], [0, 2])).data[0]).toBe(0);
    expect(nn.mean(nn.tensor([], [0, 2])).data[0]).toBeNaN();
    expect(() => nn.sum(x, { axes: 2 })).toThrow(/axes\[0\] is 2, expected an integer from -2 to 1/);
    expect(() => nn.sum(x, { axes: [0, -2] })).toThrow(nn.OptionError);
  });

  it('works beside convolutions, on tensors in memory', () => {
    const arena = nn.arena();
    const x = arena.from(integerTensor([1, 2, 4, 4], 1).data, [1, 2, 4, 4]);
    const w = integerTensor([3, 2, 3, 3], 2);
    const y = arena.tensor([1, 3, 2, 2]);
    nn.conv2d(x, w, { out: y });
    const before = [...y.data];
    nn.add(y, nn.tensor([1, 2, 3], [3, 1, 1]), { out: y });
    expect([...y.data]).toEqual(before.map((v, i) => v + 1 + Math.floor(i / 4)));
    expect(dot(y, y)).toBeGreaterThan(0);
    arena.dispose();
  });
});
