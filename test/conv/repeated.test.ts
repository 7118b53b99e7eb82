import { beforeAll, describe, expect, it } from 'vitest';
import {
  conv1d,
  conv2d,
  convTranspose2d,
  init,
  OptionError,
  ShapeError,
  type Tensor,
  UnsupportedError,
} from '../../src/index.js';
import { expectExact } from '../support/bounds.js';
import { integerTensor } from '../support/data.js';

/**
 * What a call makes of shapes and options is remembered: an equal call must mean the same, and another one may not take
 * its place.
 */

const x = integerTensor([1, 4, 8, 9], 1);
const weight = integerTensor([4, 4, 3, 3], 2);
const convolve = (options: unknown, on: Tensor = x, by: Tensor = weight) =>
  conv2d(on, by, options as { stride: number });
const shapeOf = (options: unknown) => convolve(options).shape.slice(2);

beforeAll(async () => void (await init()));

describe('repeated calls', () => {
  it('read new numbers', () => {
    const [other, kernel] = [integerTensor(x.shape, 3), integerTensor(weight.shape, 4)];
    const twice = (t: Tensor) => ({ data: t.data.map((value) => 2 * value), shape: t.shape });
    const [first, second] = [convolve({ padding: 1 }), convolve({ padding: 1 }, other, kernel)];
    expectExact(convolve({ padding: 1 }, x, twice(weight)), twice(first));
    expectExact(convolve({ padding: 1 }, twice(other), kernel), twice(second));
  });

  it('tell a bias, a residual and neither from each other, and read them anew', () => {
    const plain = convolve({});
    for (let i = 1; i < 4; i++) {
      const bias = new Float32Array(4).fill(i);
      const plus = (y: Tensor, by: (at: number) => number) => ({
        data: y.data.map((value, at) => value + by(at)),
        shape: y.shape,
      });
      const add = integerTensor(plain.shape, i);
      expectExact(
        convolve({ bias }),
        plus(plain, () => i),
      );
      expectExact(
        convolve({ add }),
        plus(plain, (at) => add.data[at]),
      );
      expectExact(
        convolve({ bias, add }),
        plus(plain, (at) => i + add.data[at]),
      );
      expectExact(convolve({}), plain);
    }
  });

  it('follow options and shapes that were changed in place', () => {
    const padding = [
      [0, 1],
      [1, 0],
    ];
    const options: Record<string, unknown> = { padding };
    expect(shapeOf(options)).toEqual([7, 8]);
    padding[0][1] = 3;
    expect(shapeOf(options)).toEqual([9, 8]);
    options.dilation = [1, 2];
    expect(shapeOf(options)).toEqual([9, 6]);
    const turned = { data: x.data, shape: [1, 4, 9, 8] };
    expect(convolve(options, turned).shape).toEqual([1, 4, 10, 5]);
    turned.shape.splice(2, 2, 12, 6);
    expect(convolve(options, turned).shape).toEqual([1, 4, 13, 3]);
    expect(convolve(options, turned, integerTensor([2, 4, 2, 1], 5)).shape).toEqual([1, 2, 14, 7]);
  });

  it('are checked as the first one was', () => {
    expect(shapeOf({ stride: 2 })).toEqual([3, 4]);
    const wrong: [unknown, unknown][] = [
      [{ stride: '2' }, OptionError],
      [{ stride: 2, extra: undefined }, OptionError],
      [Object.assign(Object.create({ stride: 1 }), { stride: 2 }), OptionError],
      [{ stride: 2, bias: new Float32Array(3) }, ShapeError],
      [{ stride: 2, bias: null }, ShapeError],
      [{ stride: 2, add: x }, ShapeError],
      [{ stride: 2, out: x }, ShapeError],
      [{ stride: 2, algorithm: 'pointwise' }, UnsupportedError],
    ];
    for (const [options, error] of [...wrong, ...wrong])
      expect(() => convolve(options), String(error)).toThrow(error as typeof ShapeError);
    expect(shapeOf({ stride: 2, bias: new Float32Array(4) })).toEqual([3, 4]);
    expect(() => convolve({ stride: 2, bias: new Float32Array(3) })).toThrow(ShapeError);
  });

  it('with the same extents otherwise divided between operands are other calls', () => {
    const one = (...shape: number[]): Tensor => ({ data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape });
    expect(conv1d(one(1, 1, 4), one(1, 1, 2)).shape).toEqual([1, 1, 3]);
    expect(() => conv1d(one(1, 1, 4, 1), one(1, 2))).toThrow(ShapeError);
    expect(() => conv1d(one(1, 1), one(4, 1, 1, 2))).toThrow(ShapeError);
    expect(conv2d(one(1, 1, 4, 1), one(1, 1, 2, 1)).shape).toEqual([1, 1, 3, 1]);
  });

  it('of transposed convolutions are as much their own', () => {
    const stride: [number, number] = [1, 1];
    const sizeOf = (bias?: Float32Array) =>
      convTranspose2d(x, weight, { stride, ...(bias && { bias }) }).shape.slice(2);
    expect(sizeOf()).toEqual([10, 11]);
    stride[1] = 2;
    expect(sizeOf()).toEqual([10, 19]);
    expect(sizeOf(new Float32Array(4))).toEqual([10, 19]);
    expect(() => sizeOf(new Float32Array(3))).toThrow(ShapeError);
    expect(convTranspose2d(x, integerTensor([4, 1, 2, 2], 5), { stride }).shape).toEqual([1, 1, 9, 18]);
    expect(() => convTranspose2d(x, integerTensor([3, 4, 3, 3], 5), { stride })).toThrow(ShapeError);
  });
});
