import { describe, expect, it } from 'vitest';
import { fit, fromLevels, toLevels, toPixels, toTensor } from '../../examples/page/src/picture/pixels.js';
import {
  byKernels,
  byLoops,
  checkSize,
  type FilterName,
  filterFor,
  filters,
  operationsOf,
} from '../../examples/page/src/picture/work.js';
import { paintLandscape } from '../../examples/picture/painting.js';
import { type Tensor, tensor } from '../../src/index.js';
import { conv } from '../reference/index.js';
import { expectExact, expectWithinTiles } from '../support/bounds.js';

const { data, shape } = paintLandscape(48, 32);
const picture = tensor(data, shape);

describe('a picture', () => {
  it('goes from pixels to planes and back', () => {
    const pixels = {
      width: 2,
      height: 3,
      data: Uint8ClampedArray.from({ length: 24 }, (_, i) => (i % 4 === 3 ? 255 : i * 10)),
    };
    const planes = toTensor(pixels);
    expect(planes.shape).toEqual([1, 3, 3, 2]);
    expect(planes.data[6]).toBeCloseTo(10 / 255, 6);
    expect(toPixels(planes)).toEqual(pixels);
  });

  it('goes from pixels to levels and back, rounded and clamped', () => {
    const data = Uint8ClampedArray.from({ length: 24 }, (_, i) => (i % 4 === 3 ? 255 : i * 10));
    const levels = toLevels({ width: 2, height: 3, data });
    expect(levels.shape).toEqual([1, 3, 2, 3]);
    expect([...levels.data.subarray(3, 6)]).toEqual([40, 50, 60]);
    expect(fromLevels(levels)).toEqual({ width: 2, height: 3, data });
    expect([...fromLevels(tensor([-1, 2.6, 300], [1, 1, 1, 3])).data]).toEqual([0, 3, 255, 255]);
  });

  it('is grey where there is one plane, and clamped', () => {
    const { data: pixels } = toPixels(tensor([-1, 2], [1, 1, 1, 2]));
    expect([...pixels]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  });

  it('is made to fit, never larger', () => {
    expect(fit(4000, 3000, 320)).toEqual({ width: 320, height: 240 });
    expect(fit(10, 4000, 320)).toEqual({ width: 1, height: 320 });
    expect(fit(100, 50, 320)).toEqual({ width: 100, height: 50 });
  });
});

describe('a filter', () => {
  it.each(Object.keys(filters) as FilterName[])('%s is the definition, by kernels and by loops', (name) => {
    const { steps, toPicture } = filterFor(name, picture);
    let x: Tensor = picture;
    for (const step of steps) {
      const one = { steps: [step], toPicture };
      const kernels = byKernels(one, x.shape);
      expect(kernels.algorithms).toHaveLength(1);
      const found = kernels.run(x);
      const expected = conv(x, step.weight, { ...step.options, activation: step.relu ? 'relu' : undefined });
      expectWithinTiles(found, expected);
      expectWithinTiles(byLoops(one).run(x), expected);
      kernels.dispose();
      x = found;
    }
    const [, channels] = toPicture(x).shape;
    expect([1, 3]).toContain(channels);
  });

  it.each(Object.keys(filters) as FilterName[])('%s works on the smallest picture, or says what it needs', (name) => {
    for (const [height, width] of [
      [1, 1],
      [1, 9],
      [4, 9],
      [9, 4],
      [5, 5],
      [5, 7],
    ]) {
      const { data: pixels, shape: size } = paintLandscape(width, height);
      const x = tensor(pixels, size);
      const filter = filterFor(name, x);
      const run = () => {
        const kernels = byKernels(filter, x.shape);
        const y = filter.toPicture(kernels.run(x));
        kernels.dispose();
        return y;
      };
      if (name === 'network' && Math.min(height, width) < 5) {
        expect(() => checkSize(filter, x.shape)).toThrow(
          `The picture is ${width} × ${height} pixels at this width, and the filter needs at least 5 each way`,
        );
        expect(run).toThrow();
      } else {
        checkSize(filter, x.shape);
        expect(run().data.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('runs its steps one after the other', () => {
    const filter = filterFor('network', picture);
    const kernels = byKernels(filter, picture.shape);
    let x: Tensor = picture;
    for (const step of filter.steps) {
      const one = byKernels({ ...filter, steps: [step] }, x.shape);
      x = one.run(x);
      one.dispose();
    }
    expectExact(kernels.run(picture), x);
    kernels.dispose();
  });

  it('counts a multiplication and an addition per tap', () => {
    expect(operationsOf(filterFor('half', picture), [1, 3, 32, 48])).toBe(2 * 3 * 16 * 24 * 16);
    const { steps } = filterFor('network', picture);
    expect(operationsOf({ steps, toPicture: (y) => y }, [1, 3, 32, 48])).toBe(
      2 * (32 * 32 * 48 * 3 * 81 + 32 * 16 * 24 * 32 * 9 + 3 * 16 * 24 * 32 * 9),
    );
  });
});
