import { OptionError, ShapeError } from '../errors.js';
import { checkOptions, finite, layoutIsLast } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkSize, checkTensor } from '../shape/tensor.js';
import type { Layout2d, Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { type OutOption, outOf, run, type Work } from './run.js';

/** A picture: red, green, blue and alpha of each pixel, row by row. An `ImageData` is one. */
export interface Pixels {
  /** [4 width height] levels from 0 to 255. */
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** `ImageData` where the types of the project have it. */
export type HostImageData = typeof globalThis extends { ImageData: { prototype: infer Found } } ? Found : Pixels;

/** What levels of 0 to 1 become: (level - mean) / std. */
export interface ImageScale {
  /** One number, or one per channel; default 0. */
  readonly mean?: number | readonly number[] | undefined;
  /** One number, or one per channel, none 0; default 1. */
  readonly std?: number | readonly number[] | undefined;
  /** Default channels first. */
  readonly layout?: Layout2d | undefined;
}

/** Options of `fromImageData`. */
export interface FromImageDataOptions extends ImageScale, OutOption {
  /** 3 (default): red, green, blue; 4: and alpha; 1: luminance (ITU-R BT.601). */
  readonly channels?: 1 | 3 | 4 | undefined;
}

/** Options of `toImageData`. */
export interface ToImageDataOptions extends ImageScale {
  /** A picture of that width and height to be written and returned instead of a new one. */
  readonly out?: Pixels | undefined;
}

const scaleNames = ['mean', 'std', 'layout', 'out'];

/** Bytes of a vector's means and deviations, of four of them and room for four pixels, and floats of each. */
const SCALE_BYTES = 32;
const SCALES_BYTES = 4 * SCALE_BYTES + 64;

type Read = Record<string, unknown>;

/** One number per channel. */
function perChannel(name: string, value: unknown, channels: number, fallback: number): number[] {
  if (!Array.isArray(value)) return new Array<number>(channels).fill(finite(name, value, fallback));
  if (value.length !== channels)
    throw new OptionError(`${name} is ${show(value)}, expected a number or one for each of ${channels} channels`);
  return Array.from(value, (entry: unknown, c) => finite(`${name}[${c}]`, entry ?? null, 0));
}

/** Writes what the kernels add and multiply: for each vector of four pixels, the numbers of its four lanes. */
function scalesOf(o: Read, channels: number, last: boolean) {
  const mean = perChannel('mean', o.mean, channels, 0);
  const std = perChannel('std', o.std, channels, 1).map(Math.fround);
  const c = std.findIndex((value) => value === 0 || !Number.isFinite(value));
  if (c >= 0) throw new OptionError(`std of channel ${c} is ${std[c]} as float32, expected a finite number but 0`);
  const lanes = [0, 1, 2, 3];
  const numbers = lanes.slice(0, channels).flatMap((vector) => {
    const channelOf = (lane: number) => (last ? (4 * vector + lane) % channels : vector);
    return [mean, std].flatMap((list) => lanes.map((lane) => list[channelOf(lane)]));
  });
  return ({ arena, scratch }: Work): Address => {
    arena.f32(scratch, numbers.length).set(numbers);
    return scratch;
  };
}

const pixelsAt = ({ arena, scratch }: Work, bytes: number) =>
  new Uint8Array(arena.i32(scratch, 0).buffer, scratch + SCALES_BYTES, bytes);

const isBytes = (value: unknown): value is Pixels['data'] =>
  ArrayBuffer.isView(value) && /^Uint8(Clamped)?Array$/.test((value as Uint8Array)[Symbol.toStringTag]);

const isExtent = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;

/** Checks a picture, and returns what it is made of; each part is read once. */
function checkPixels(operand: string, image: unknown): Pixels {
  if (typeof image !== 'object' || image === null)
    throw new ShapeError(`${operand} is ${show(image)}, expected { data, width, height } as ImageData has them`);
  const { data, width, height } = image as Pixels;
  for (const [name, extent] of Object.entries({ width, height }))
    if (!isExtent(extent)) throw new ShapeError(`${operand}.${name} is ${show(extent)}, expected an integer above 0`);
  if (!isBytes(data))
    throw new ShapeError(`${operand}.data is ${show(data)}, expected a Uint8ClampedArray or a Uint8Array`);
  checkSize(operand, [height, width, 4]);
  if (data.length !== 4 * width * height)
    throw new ShapeError(
      `${operand}.data has ${data.length} bytes, ${width} by ${height} pixels of 4 expect ${4 * width * height}`,
    );
  return { data, width, height };
}

/**
 * A picture as a tensor: `(level / 255 - mean) / std`, each step rounded to float32, as torchvision's `ToTensor` and
 * `Normalize` do. Alpha is left out, not multiplied in, unless `channels` is 4. Luminance of `channels: 1` is
 * `(0.299 r + 0.587 g + 0.114 b) / 255`, rounded once.
 *
 * @param image `ImageData`, or anything with the same `data` (4 bytes a pixel), `width` and `height`
 * @returns [1, channels, height, width], or [1, height, width, channels] with `layout: 'NHWC'`
 * @throws ShapeError when `image` is none, OptionError
 * @see ITU-R BT.601-7, 2.5.1
 * @example
 * const pixel = { data: Uint8ClampedArray.of(255, 0, 255, 255), width: 1, height: 1 };
 * const x = fromImageData(pixel);
 * console.log(x.shape, x.data); // [1, 3, 1, 1]; 1, 0, 1
 */
export function fromImageData(image: Pixels, options?: FromImageDataOptions): Tensor {
  const o = checkOptions('fromImageData', options, ['channels', ...scaleNames]);
  const { data, width, height } = checkPixels('image', image);
  const channels = (o.channels ?? 3) as number;
  if (![1, 3, 4].includes(channels)) throw new OptionError(`channels is ${show(channels)}, expected 1, 3 or 4`);
  const last = layoutIsLast(o.layout, 2);
  const write = scalesOf(o, channels, last);
  const shape = last ? [1, height, width, channels] : [1, channels, height, width];
  const out = outOf(o.out, shape, []);
  // whole vectors are read
  return run([], [{ shape, out }], {
    bytes: SCALES_BYTES + data.length + 16,
    run(work) {
      pixelsAt(work, data.length).set(data);
      const { pixelsToFloats, pixelsToPlanes } = work.kernels;
      const call = last && channels > 1 ? pixelsToFloats : pixelsToPlanes;
      call(work.to[0], work.scratch + SCALES_BYTES, width * height, channels, write(work));
    },
  })[0];
}

/** A picture of the host's class where it has one. */
function imageOf(data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): Pixels {
  type Class = new (data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number) => Pixels;
  const { ImageData } = globalThis as { ImageData?: Class };
  return ImageData ? new ImageData(data, width, height) : { data, width, height };
}

/**
 * A tensor as a picture, the inverse of `fromImageData`: the level nearest to `255 (x · std + mean)`, of two the even
 * one, within 0 and 255; NaN is 0. One channel becomes grey, and alpha is 255 unless there are four.
 *
 * @param x [1, channels, height, width] or [channels, height, width] of 1, 3 or 4 channels, or channels last
 * @returns an `ImageData` where the host has the class, else its `data` (a Uint8ClampedArray), `width` and `height`
 * @throws ShapeError for other shapes, OptionError
 * @example
 * console.log(toImageData(tensor([1, 0, 1], [1, 3, 1, 1])).data); // 255, 0, 255, 255
 */
export function toImageData(x: Tensor, options?: ToImageDataOptions): HostImageData {
  const o = checkOptions('toImageData', options, scaleNames);
  const { shape } = checkTensor('x', x);
  const last = layoutIsLast(o.layout, 2);
  const own = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  const [channels, height, width] = last ? [own[2], own[0], own[1]] : own;
  if (own.length !== 3 || ![1, 3, 4].includes(channels) || !isExtent(width) || !isExtent(height)) {
    const expected = last ? '[1, height, width, channels]' : '[1, channels, height, width]';
    throw new ShapeError(`x has shape ${show(shape)}, expected one picture ${expected} of 1, 3 or 4 channels`);
  }
  const bytes = 4 * width * height;
  const write = scalesOf(o, channels, last);
  const out = o.out === undefined ? undefined : checkPixels('out', o.out);
  if (out && (out.width !== width || out.height !== height))
    throw new ShapeError(`out is ${out.width} by ${out.height} pixels, expected ${width} by ${height}`);
  const data = out?.data ?? new Uint8ClampedArray(bytes);
  run([x], [], {
    bytes: SCALES_BYTES + bytes + 16,
    run(work) {
      const { floatsToPixels, planesToPixels } = work.kernels;
      const call = last && channels > 1 ? floatsToPixels : planesToPixels;
      call(work.scratch + SCALES_BYTES, work.from[0], width * height, channels, write(work));
      data.set(pixelsAt(work, bytes));
    },
  });
  return (out ? o.out : imageOf(data as Uint8ClampedArray<ArrayBuffer>, width, height)) as HostImageData;
}
