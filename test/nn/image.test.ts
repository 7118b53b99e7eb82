import { afterEach, describe, expect, it } from 'vitest';
import type { Layout2d } from '../../src/types.js';
import { expectExact } from '../support/bounds.js';
import { integers, realTensor } from '../support/data.js';
import { builds, load } from './builds.js';

interface Image {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** Any levels; alpha is none of the colours. */
const drawn = (width: number, height: number, seed = 1): Image => ({
  data: Uint8ClampedArray.from(integers(4 * width * height, seed, 0, 255)),
  width,
  height,
});

const layouts = ['NCHW', 'NHWC'] as const;
const channelCounts = [1, 3, 4] as const;
/** Less than a vector, odd ones, whole vectors, and more pixels than are taken at once. */
const sizes = [
  [1, 1],
  [3, 1],
  [5, 3],
  [2, 7],
  [8, 2],
  [67, 131],
] as const;

const f = Math.fround;
const shapeOf = ({ width, height }: Image, channels: number, layout: Layout2d) =>
  layout === 'NHWC' ? [1, height, width, channels] : [1, channels, height, width];
const placeOf = (pixel: number, c: number, pixels: number, channels: number, layout: Layout2d) =>
  layout === 'NHWC' ? pixel * channels + c : c * pixels + pixel;
const each = (value: number | number[], c: number) => f(Array.isArray(value) ? value[c] : value);

type Scale = number | number[];

/** Pixel by pixel, each step rounded to f32. */
function asTensor(image: Image, channels: number, layout: Layout2d, mean: Scale = 0, std: Scale = 1) {
  const pixels = image.width * image.height;
  const data = new Float32Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    const levels = image.data.subarray(4 * i, 4 * i + 4);
    for (let c = 0; c < channels; c++) {
      const level = channels === 1 ? (299 * levels[0] + 587 * levels[1] + 114 * levels[2]) / 1000 : levels[c];
      data[placeOf(i, c, pixels, channels, layout)] = f(f(f(level / 255) - each(mean, c)) / each(std, c));
    }
  }
  return { data, shape: shapeOf(image, channels, layout) };
}

/** `Uint8ClampedArray` clamps and rounds as we do. */
function asPixels(x: ArrayLike<number>, pixels: number, channels: number, layout: Layout2d, mean: Scale, std: Scale) {
  const data = new Uint8ClampedArray(4 * pixels).fill(255);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < Math.max(3, channels); c++) {
      const own = channels === 1 ? 0 : c;
      const value = x[placeOf(i, own, pixels, channels, layout)];
      data[4 * i + c] = f(255 * f(f(value * each(std, own)) + each(mean, own)));
    }
  }
  return data;
}

const statistics = {
  1: { mean: [0.449], std: [0.226] },
  3: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  4: { mean: [0.485, 0.456, 0.406, 0.5], std: [0.229, 0.224, 0.225, -2] },
};

afterEach(() => {
  delete (globalThis as { ImageData?: unknown }).ImageData;
});

describe.each(builds)('%s', async (build) => {
  const nn = await load(build);

  describe.each(layouts)('%s', (layout) => {
    describe.each(channelCounts)('%i channels', (channels) => {
      it.each(sizes)('%i by %i, there and back', (width, height) => {
        const image = drawn(width, height);
        expectExact(nn.fromImageData(image, { layout, channels }), asTensor(image, channels, layout));
        for (const { mean, std } of [statistics[channels], { mean: 0.5, std: 0.25 }]) {
          const expected = asTensor(image, channels, layout, mean, std);
          const y = nn.fromImageData(image, { layout, channels, mean, std });
          expectExact(y, expected);
          const back = nn.toImageData(y, { layout, mean, std });
          expect(back).toMatchObject({ width, height });
          expect(back.data).toEqual(asPixels(y.data, width * height, channels, layout, mean, std));
          if (channels > 1)
            expect(back.data.filter((_, i) => i % 4 < channels)).toEqual(image.data.filter((_, i) => i % 4 < channels));
        }
      });

      it('rounds to the nearest level, clamps, and takes NaN for 0', () => {
        const numbers = [Number.NaN, Infinity, -Infinity, 3e38, -3e38, 1e-45, -0, 0.5 / 255, 1.5 / 255, 254.5 / 255];
        const halves = Array.from({ length: 256 }, (_, i) => f((i + 0.5) / 255));
        const values = [...numbers, ...halves, ...realTensor([33], 1).data];
        const x = Float32Array.from({ length: values.length * channels }, (_, i) => values[(i * 7) % values.length]);
        const shape = layout === 'NHWC' ? [values.length, 1, channels] : [channels, values.length, 1];
        const { data } = nn.toImageData({ data: x, shape }, { layout });
        expect(data).toEqual(asPixels(x, values.length, channels, layout, 0, 1));
      });

      it('writes tensors of an arena in place, and pictures that are given', () => {
        const held = nn.arena();
        const image = drawn(13, 5);
        const out = held.tensor(shapeOf(image, channels, layout));
        expect(nn.fromImageData(image, { layout, channels, out })).toBe(out);
        expectExact(out, asTensor(image, channels, layout));
        const given = { data: new Uint8Array(4 * 13 * 5), width: 13, height: 5 };
        expect(nn.toImageData(out, { layout, out: given })).toBe(given);
        expect([...given.data]).toEqual([...asPixels(out.data, 65, channels, layout, 0, 1)]);
        held.dispose();
      });

      it('leaves what stands beside the result', () => {
        const held = nn.arena();
        const image = drawn(5, 1);
        const around = held.tensor([5 * channels + 8]);
        around.data.fill(7);
        const data = around.data.subarray(4, 4 + 5 * channels);
        nn.fromImageData(image, { layout, channels, out: { data, shape: shapeOf(image, channels, layout) } });
        expect([...around.data.slice(0, 4), ...around.data.slice(-4)]).toEqual(new Array(8).fill(7));
        held.dispose();
      });
    });
  });

  it('every level there and back, whatever the rest of the pixel', () => {
    const data = Uint8ClampedArray.from({ length: 1024 }, (_, i) => ((i >> 2) * (2 * (i & 3) + 1)) & 255);
    const image = { data, width: 256, height: 1 };
    const y = nn.fromImageData(image, { channels: 4 });
    expect([...y.data.subarray(0, 256)]).toEqual(Array.from({ length: 256 }, (_, level) => f(level / 255)));
    expect(nn.toImageData(y)).toEqual(image);
  });

  it('grey has its level as luminance', () => {
    const data = Uint8ClampedArray.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 9 : i >> 2));
    const y = nn.fromImageData({ data, width: 256, height: 1 }, { channels: 1 });
    expect([...y.data]).toEqual(Array.from({ length: 256 }, (_, level) => f(level / 255)));
  });

  it('takes views, and gives an ImageData where there is one', () => {
    const { data } = drawn(3, 2);
    const view = Buffer.from([0, 0, 0, ...data]).subarray(3);
    expectExact(
      nn.fromImageData({ data: view, width: 3, height: 2 }),
      asTensor({ data, width: 3, height: 2 }, 3, 'NCHW'),
    );
    class ImageData {
      constructor(
        readonly data: Uint8ClampedArray,
        readonly width: number,
        readonly height: number,
      ) {}
    }
    Object.assign(globalThis, { ImageData });
    const back = nn.toImageData(nn.fromImageData({ data: view, width: 3, height: 2 }));
    expect(back).toBeInstanceOf(ImageData);
    expect(back).toMatchObject({ width: 3, height: 2 });
  });

  it.each([
    [null, /image is null/],
    [{ data: new Uint8Array(4), width: 1 }, /image.height is undefined, expected an integer above 0/],
    [{ data: new Uint8Array(0), width: 0, height: 1 }, /image.width is 0/],
    [{ data: new Float32Array(4), width: 1, height: 1 }, /image.data is a Float32Array of 4, expected a Uint8Clamped/],
    [{ data: new Uint8Array(5), width: 1, height: 1 }, /image.data has 5 bytes, 1 by 1 pixels of 4 expect 4/],
  ])('refuses %j as a picture', (image, message) => {
    expect(() => nn.fromImageData(image as never)).toThrow(message);
    expect(() => nn.fromImageData(image as never)).toThrow(nn.ShapeError);
  });

  it.each([
    [{ channels: 2 }, /channels is 2, expected 1, 3 or 4/],
    [{ layout: 'NCL' }, /layout is "NCL"/],
    [{ mean: [0, 0] }, /mean is \[0, 0\], expected a number or one for each of 3 channels/],
    [{ mean: '0' }, /mean is "0", expected a finite number/],
    [{ mean: [0, undefined, 0] }, /mean\[1\] is null, expected a finite number/],
    [{ std: 0 }, /std of channel 0 is 0 as float32/],
    [{ std: [1, 1e-60, 1] }, /std of channel 1 is 0 as float32/],
    [{ std: [1, 1, Number.NaN] }, /std\[2\] is NaN/],
    [{ sdt: 1 }, /did you mean "std"/],
  ])('refuses the options %j', (options, message) => {
    expect(() => nn.fromImageData(drawn(1, 1), options as never)).toThrow(message);
    expect(() => nn.fromImageData(drawn(1, 1), options as never)).toThrow(nn.OptionError);
  });

  it('refuses what is no picture, and results of other extents', () => {
    const refuse = (shape: number[], options?: object) =>
      expect(() => nn.toImageData(realTensor(shape, 1), options)).toThrow(nn.ShapeError);
    refuse([2, 3, 4, 5]);
    refuse([1, 2, 4, 5]);
    refuse([3, 0, 5]);
    refuse([3, 4]);
    refuse([3, 4, 5], { layout: 'NHWC' });
    expect(() => nn.toImageData(realTensor([3, 4, 5], 1), { out: drawn(4, 5) })).toThrow(
      /out is 4 by 5 pixels, expected 5 by 4/,
    );
    expect(() => nn.toImageData(realTensor([3, 4, 5], 1), { channels: 3 } as never)).toThrow(/unknown option/);
    expect(() => nn.fromImageData(drawn(4, 5), { out: realTensor([1, 3, 4, 5], 1) })).toThrow(nn.ShapeError);
  });
});
