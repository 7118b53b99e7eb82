import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelsFirst, channelsLast, dot, permuted } from '../support/algebra.js';
import { expectExact } from '../support/bounds.js';
import { integerTensor, realTensor } from '../support/data.js';
import { builds, load } from './builds.js';
import { at, made } from './reference.js';

/** Index for one beyond an axis, by stepping. */
function inside(mode: string, i: number, extent: number): number {
  if (mode === 'constant') return i;
  for (; i < 0 || i >= extent; ) {
    if (mode === 'circular') i += i < 0 ? extent : -extent;
    else if (mode === 'replicate') i += i < 0 ? 1 : -1;
    else i = i < 0 ? -i : 2 * extent - 2 - i;
  }
  return i;
}

const modes = ['constant', 'reflect', 'replicate', 'circular'] as const;

describe.each(builds)('%s', async (build) => {
  const nn = await load(build);

  it('permute: any order of up to five axes, and back', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });
    const ordered = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
    );
    fc.assert(
      fc.property(ordered, ([shape, order]) => {
        const x = integerTensor(shape, 1, -1000, 1000);
        const y = nn.permute(x, order);
        expectExact(y, permuted(x, order));
        expectExact(nn.permuteInputGrad(y, order), x);
      }),
    );
    expectExact(nn.permute(realTensor([2, 67, 131], 1), [0, 2, 1]), permuted(realTensor([2, 67, 131], 1), [0, 2, 1]));
    expect(() => nn.permute(realTensor([2, 3], 1), [0, 0])).toThrow(/expected every axis once/);
  });

  it.each([0, 1, 2, -1])('cat along axis %i, and its parts back', (axis) => {
    const extents = [3, 0, 1, 17];
    const shapes = extents.map((extent) => [2, 5, 7].map((own, a) => (a === (axis + 3) % 3 ? extent : own)));
    const parts = shapes.map((shape, i) => integerTensor(shape, i));
    const a = (axis + 3) % 3;
    const whole = [2, 5, 7].map((own, i) => (i === a ? 21 : own));
    const expected = made(whole, (index) => {
      let [part, i] = [0, index[a]];
      while (i >= extents[part]) i -= extents[part++];
      return at(
        parts[part],
        index.map((own, k) => (k === a ? i : own)),
      );
    });
    const y = nn.cat(parts, axis);
    expectExact(y, expected);
    for (const [i, part] of nn.catBackward(y, shapes, axis).entries()) expectExact(part, parts[i]);
    expect(() => nn.cat([], 0)).toThrow(nn.ShapeError);
    expect(() => nn.cat([parts[0], realTensor([9, 9, 9], 1)], axis)).toThrow(/tensors\[1\] has shape/);
  });

  describe.each(modes)('pad, %s', (mode) => {
    it.each([
      [
        [2, 3, 5, 7],
        [
          [0, 0],
          [0, 0],
          [1, 3],
          [4, 2],
        ],
      ],
      [
        [2, 5, 7, 3],
        [
          [0, 0],
          [2, 1],
          [0, 3],
          [0, 0],
        ],
      ],
      [
        [4, 6],
        [
          [-1, 2],
          [3, -2],
        ],
      ],
      [
        [3, 40],
        [
          [2, 1],
          [5, 9],
        ],
      ],
    ])('%j by %j', (shape, pads) => {
      const x = integerTensor(shape, 1, -99, 99);
      const options = mode === 'constant' ? { value: 5 } : { mode };
      const result = shape.map((extent, axis) => extent + pads[axis][0] + pads[axis][1]);
      const expected = made(result, (index) => {
        const from = index.map((i, axis) => inside(mode, i - pads[axis][0], shape[axis]));
        return from.every((i, axis) => i >= 0 && i < shape[axis]) ? at(x, from) : 5;
      });
      const y = nn.pad(x, pads as never, options);
      expectExact(y, expected);
      const g = integerTensor(result, 2);
      const back = nn.padInputGrad(g, pads as never, shape, { mode });
      expect(dot(x, back)).toBe(dot(nn.pad(x, pads as never, { mode }), g));
    });
  });

  it('refuses pads that a mode cannot make', () => {
    const x = realTensor([2, 3], 1);
    expect(() =>
      nn.pad(
        x,
        [
          [0, 0],
          [3, 0],
        ],
        { mode: 'reflect' },
      ),
    ).toThrow(/at most 2 for reflect/);
    expect(() =>
      nn.pad(
        x,
        [
          [0, 0],
          [0, 4],
        ],
        { mode: 'circular' },
      ),
    ).toThrow(nn.OptionError);
    expect(() => nn.pad(x, [[0, 0]])).toThrow(nn.OptionError);
    expect(() =>
      nn.pad(x, [
        [-1, -2],
        [0, 0],
      ]),
    ).toThrow(nn.ShapeError);
  });

  it.each([1, 2, 3])('pixelShuffle by %i in both layouts and orders, and back', (r) => {
    const [n, c, h, w] = [2, 2, 3, 5];
    const x = integerTensor([n, c * r * r, h, w], 1, -99, 99);
    for (const order of ['pytorch', 'tensorflow'] as const) {
      const expected = made([n, c, h * r, w * r], ([i, k, y, z]) => {
        const [dy, dx] = [y % r, z % r];
        const channel = order === 'pytorch' ? (k * r + dy) * r + dx : (dy * r + dx) * c + k;
        return at(x, [i, channel, Math.floor(y / r), Math.floor(z / r)]);
      });
      const y = nn.pixelShuffle(x, r, { order });
      expectExact(y, expected);
      expectExact(nn.pixelUnshuffle(y, r, { order }), x);
      const last = nn.pixelShuffle(channelsLast(x), r, { order, layout: 'NHWC' });
      expectExact(channelsFirst(last), expected);
      expectExact(nn.pixelUnshuffle(last, r, { order, layout: 'NHWC' }), channelsLast(x));
    }
    expect(() => nn.pixelShuffle(realTensor([1, 7, 2, 2], 1), 2)).toThrow(/a multiple of 2 \* 2/);
    expect(() => nn.pixelUnshuffle(realTensor([1, 7, 3, 2], 1), 2)).toThrow(nn.ShapeError);
  });

  describe.each([[[9]], [[5, 7]], [[3, 4, 6]]])('interpolate %j', (inner) => {
    const layout = (['NLC', 'NHWC', 'NDHWC'] as const)[inner.length - 1];
    const sizes = [
      inner.map((e) => 2 * e),
      inner.map((e) => e + 3),
      inner.map((e) => Math.max(1, e - 3)),
      inner.map(() => 1),
    ];
    it.each(sizes.flatMap((size) => [0, 1, 2].map((kind) => [size, kind] as const)))('to %j, kind %i', (size, kind) => {
      const x = integerTensor([2, 3, ...inner], 1);
      const mode = kind === 0 ? 'nearest' : 'bilinear';
      const options = { size, mode, alignCorners: kind === 2 } as const;
      const source = (i: number, axis: number) => {
        const [input, output] = [inner[axis], size[axis]];
        if (kind === 0) return Math.floor((i * input) / output);
        if (kind === 2) return output > 1 ? (i * (input - 1)) / (output - 1) : 0;
        return Math.min(input - 1, Math.max(0, ((i + 0.5) * input) / output - 0.5));
      };
      const y = nn.interpolate(x, options);
      const expected = made([2, 3, ...size], ([n, c, ...cell]) => {
        const places = cell.map(source);
        const [low, share] = [places.map(Math.floor), places.map((p) => p - Math.floor(p))];
        let sum = 0;
        for (let corner = 0; corner < 1 << inner.length; corner++) {
          const weight = share.reduce((all, s, axis) => all * (corner & (1 << axis) ? s : 1 - s), 1);
          if (weight > 0) sum += weight * at(x, [n, c, ...low.map((l, axis) => l + (corner & (1 << axis) ? 1 : 0))]);
        }
        return sum;
      });
      expect(y.data.findIndex((v, i) => !(Math.abs(v - expected.data[i]) < 4e-6))).toBe(-1);
      expect(y.shape).toEqual(expected.shape);
      const last = nn.interpolate(channelsLast(x), { ...options, layout });
      expectExact(channelsFirst(last), y);
      const g = integerTensor(y.shape, 2);
      const back = nn.interpolateInputGrad(g, x.shape, options);
      expect(Math.abs(dot(x, back) - dot(y, g))).toBeLessThan(1e-3);
      const lastBack = nn.interpolateInputGrad(channelsLast(g), channelsLast(x).shape, { ...options, layout });
      expect(channelsFirst(lastBack).data.findIndex((v, i) => !(Math.abs(v - back.data[i]) < 1e-4))).toBe(-1);
    });
  });

  it('interpolates by a scale, and refuses what it cannot', () => {
    const x = integerTensor([1, 1, 4, 5], 1);
    expect(nn.interpolate(x, { scale: [2, 0.5] }).shape).toEqual([1, 1, 8, 2]);
    expect(() => nn.interpolate(x, {})).toThrow(/size or scale is required/);
    expect(() => nn.interpolate(x, { size: [2, 2, 2] })).toThrow(nn.OptionError);
    expect(nn.interpolate(realTensor([0, 3, 4, 5], 1), { size: 2, mode: 'bilinear' }).shape).toEqual([0, 3, 2, 2]);
  });
});
