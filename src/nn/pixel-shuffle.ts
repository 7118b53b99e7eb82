import { ShapeError } from '../errors.js';
import { checkOptions, integer, layoutIsLast, oneOf } from '../shape/options.js';
import { checkTensor } from '../shape/tensor.js';
import type { Layout2d, Tensor } from '../types.js';
import { reordered } from './permute.js';
import { named, type OutOption, outOf } from './run.js';

/** Options of `pixelShuffle` and `pixelUnshuffle`. */
export interface PixelShuffleOptions extends OutOption {
  /** Default channels first. */
  readonly layout?: Layout2d | undefined;
  /** Order of the channels that go together: c, dy, dx (`'pytorch'`, default) or dy, dx, c. */
  readonly order?: 'pytorch' | 'tensorflow' | undefined;
}

function read(name: string, x: Tensor, r: unknown, options: PixelShuffleOptions | undefined) {
  const o = checkOptions(name, options, ['layout', 'order', 'out']);
  const { shape } = checkTensor('x', x, 4);
  const last = layoutIsLast(o.layout, 2);
  const torch = oneOf('order', o.order, ['pytorch', 'tensorflow'], 'pytorch') === 'pytorch';
  const [n, c, h, w] = last ? [shape[0], shape[3], shape[1], shape[2]] : shape;
  return { r: integer('r', r, 1), last, torch, n, c, h, w, out: o.out };
}

/** Names of the parts of the axes. */
type Part = 'n' | 'c' | 'y' | 'dy' | 'x' | 'dx';

/** The order of the parts with few pixels of many channels, and with many pixels. */
function orders(last: boolean, torch: boolean): { deep: Part[]; wide: Part[] } {
  const channels: Part[] = torch ? ['c', 'dy', 'dx'] : ['dy', 'dx', 'c'];
  return last
    ? { deep: ['n', 'y', 'x', ...channels], wide: ['n', 'y', 'dy', 'x', 'dx', 'c'] }
    : { deep: ['n', ...channels, 'y', 'x'], wide: ['n', 'c', 'y', 'dy', 'x', 'dx'] };
}

const shaped = (last: boolean, n: number, c: number, h: number, w: number) => (last ? [n, h, w, c] : [n, c, h, w]);

/**
 * Channels become pixels: [n, c r², h, w] gives [n, c, h r, w r].
 *
 * @param x channel c r² + dy r + dx holds pixel (dy, dx) of channel c, unless `order` is `'tensorflow'`
 * @param r pixels along each axis that one becomes
 * @throws ShapeError unless r² divides the channels
 * @example
 * console.log(pixelShuffle(tensor([1, 2, 3, 4], [1, 4, 1, 1]), 2).shape); // [1, 1, 2, 2]
 */
export function pixelShuffle(x: Tensor, r: number, options?: PixelShuffleOptions): Tensor {
  const s = read('pixelShuffle', x, r, options);
  const { deep, wide } = orders(s.last, s.torch);
  const c = s.c / (s.r * s.r);
  if (!Number.isInteger(c)) throw new ShapeError(`x has ${s.c} channels, expected a multiple of ${s.r} * ${s.r}`);
  const extents: Record<Part, number> = { n: s.n, c, y: s.h, dy: s.r, x: s.w, dx: s.r };
  const result = shaped(s.last, s.n, c, s.h * s.r, s.w * s.r);
  const out = outOf(s.out, result, [named('x', x)]);
  const order = wide.map((part) => deep.indexOf(part));
  return reordered(
    x,
    deep.map((part) => extents[part]),
    order,
    result,
    out,
  );
}

/**
 * Pixels become channels: [n, c, h r, w r] gives [n, c r², h, w], the inverse of `pixelShuffle`.
 * @throws ShapeError unless r divides height and width
 * @example
 * console.log(pixelUnshuffle(tensor([1, 2, 3, 4], [1, 1, 2, 2]), 2).shape); // [1, 4, 1, 1]
 */
export function pixelUnshuffle(x: Tensor, r: number, options?: PixelShuffleOptions): Tensor {
  const s = read('pixelUnshuffle', x, r, options);
  const { deep, wide } = orders(s.last, s.torch);
  const [h, w] = [s.h / s.r, s.w / s.r];
  if (!Number.isInteger(h) || !Number.isInteger(w))
    throw new ShapeError(`x is ${s.h} by ${s.w}, expected multiples of ${s.r}`);
  const extents: Record<Part, number> = { n: s.n, c: s.c, y: h, dy: s.r, x: w, dx: s.r };
  const result = shaped(s.last, s.n, s.c * s.r * s.r, h, w);
  const out = outOf(s.out, result, [named('x', x)]);
  const order = deep.map((part) => wide.indexOf(part));
  return reordered(
    x,
    wide.map((part) => extents[part]),
    order,
    result,
    out,
  );
}
