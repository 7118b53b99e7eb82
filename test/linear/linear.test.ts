import { beforeAll, describe, expect, it } from 'vitest';
import {
  arena,
  conv2d,
  linear,
  linearAsConv,
  MemoryError,
  OptionError,
  prepareLinear,
  ShapeError,
} from '../../src/index.js';
import * as reference from '../reference/index.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { integers, integerTensor, reals, realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';

describe.each(builds)('prepared linear layer, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each([
    [[7], 5],
    [[1, 7], 9],
    [[13, 7], 16],
    [[2, 3, 7], 1],
    [[0, 7], 4],
    [[3, 0], 4],
    [[3, 600], 21],
    [[1, 1100], 77],
    [[5, 1100], 77],
    [[12, 1100], 77],
  ])('over %j into %d', (shape, outputs) => {
    const features = shape[shape.length - 1];
    const weight = integerTensor([outputs, features], 1);
    const options = { bias: integers(outputs, 2), activation: 'relu' as const };
    leavesNothing(() => {
      const layer = prepareLinear(weight, options);
      for (const seed of [3, 4]) {
        const x = integerTensor(shape, seed);
        const expected = reference.linear(x, weight, options);
        const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
        expect(layer.run(x, out)).toBe(out);
        checkFence(out.data);
        expectExact(out, expected);
        expectExact(layer.run(x), expected);
      }
      layer.dispose();
    });
  });

  it.each([1, 2])('computes %d rows over many outputs as over few, to the bit', (rows) => {
    const x = realTensor([rows, 601], 1);
    const weight = realTensor([69, 601], 2);
    const bias = reals(69, 3);
    const all = prepareLinear(weight, { bias });
    const y = all.run(x);
    for (let from = 0; from < 69; from += 3) {
      const few = { data: weight.data.subarray(from * 601, (from + 3) * 601), shape: [3, 601] };
      const layer = prepareLinear(few, { bias: bias.subarray(from, from + 3) });
      const part = layer.run(x);
      for (let row = 0; row < rows; row++) {
        expectExact(y.data.subarray(row * 69 + from, row * 69 + from + 3), part.data.subarray(row * 3, row * 3 + 3));
      }
      layer.dispose();
    }
    all.dispose();
  });

  it('takes x of other shapes in turn', () => {
    const weight = integerTensor([77, 9], 1);
    const layer = prepareLinear(weight, { bias: integers(77, 2) });
    for (const shape of [[2, 9], [9], [3, 2, 9], [2, 9], [6, 9], [0, 9], [2, 9]]) {
      const x = integerTensor(shape, shape.length);
      const y = layer.run(x);
      const expected = reference.linear(x, weight, { bias: integers(77, 2) });
      expect(y.shape).toEqual(expected.shape);
      expectExact(y, expected);
    }
    expect(() => layer.run(integerTensor([2, 8], 3))).toThrow(ShapeError);
    layer.dispose();
  });

  it('copies the weights, wherever they stand', () => {
    const weight = integerTensor([4, 6], 1);
    const x = integerTensor([3, 6], 2);
    const expected = linear(x, weight);
    const a = arena();
    const inside = a.from(weight.data, weight.shape);
    const layer = prepareLinear(inside);
    a.dispose();
    expectExact(layer.run(x), expected);
    layer.dispose();
  });
});

describe('linear layers', () => {
  it('refuse what does not fit', () => {
    const weight = integerTensor([4, 6], 1);
    expect(() => prepareLinear(integerTensor([4, 6, 1], 1))).toThrow(/weight has rank 3/);
    expect(() => prepareLinear(weight, { bias: new Float32Array(3) })).toThrow(/bias has 3 elements, expected 4/);
    expect(() => prepareLinear(weight, { out: weight } as never)).toThrow(OptionError);
    const layer = prepareLinear(weight);
    expect(() => layer.run(integerTensor([2, 5], 1))).toThrow(/x has 5 features in its last axis, weight expects 6/);
    layer.dispose();
    layer.dispose();
    expect(() => layer.run(integerTensor([2, 6], 1))).toThrow(MemoryError);
  });

  it('over a flattened map are convolutions with a kernel as large as the map', () => {
    const weight = integerTensor([5, 3 * 4 * 2], 1);
    const maps = integerTensor([2, 3, 4, 2], 2);
    const flat = { data: maps.data, shape: [2, 24] };
    const kernel = linearAsConv(weight, [3, 4, 2]);
    expect(kernel.shape).toEqual([5, 3, 4, 2]);
    expect(kernel.data).toBe(weight.data);
    expectExact(conv2d(maps, kernel).data, linear(flat, weight).data);
    expect(() => linearAsConv(weight, [3, 4, 3])).toThrow(ShapeError);
  });
});
