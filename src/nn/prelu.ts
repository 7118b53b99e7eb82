import { checkOptions } from '../shape/options.js';
import { checkShaped, checkTensor, checkVector } from '../shape/tensor.js';
import type { Layout, Tensor } from '../types.js';
import { PRELU, PRELU_GRAD, SLOPE_GRAD } from './boundary.js';
import { channelsOf } from './channels.js';
import { elementwise } from './elementwise.js';
import type { PerChannel } from './norm.js';
import type { OutOption } from './run.js';
import { sumTo } from './sum.js';

/** Options of `prelu`. */
export interface PreluOptions extends OutOption {
  /** Default channels first. */
  readonly layout?: Layout | undefined;
}

/** Gradients of `prelu`. */
export interface PreluGradients {
  readonly gradX: Tensor;
  readonly gradSlopes: Tensor;
}

function read(name: string, x: Tensor, slopes: PerChannel, options: PreluOptions | undefined) {
  const o = checkOptions(name, options, ['layout', 'out']);
  const { shape } = checkTensor('x', x);
  const one = (slopes as Float32Array)?.length === 1 || (slopes as Tensor)?.data?.length === 1;
  if (one) return { slopes: { data: checkVector('slopes', slopes, 1), shape: [] as number[] }, out: o.out };
  const { c, last } = channelsOf('x', shape, o.layout);
  const data = checkVector('slopes', slopes, c);
  return { slopes: { data, shape: last ? [c] : [c, ...shape.slice(2).map(() => 1)] }, out: o.out };
}

/**
 * `x > 0 ? x : slope · x`, with a slope for all or one for each channel. `out` may be `x`.
 * @param slopes one number, or one per channel of x
 * @throws ShapeError
 * @example
 * console.log(prelu(tensor([-2, 2, -2, 2], [1, 2, 2]), Float32Array.of(0.5, 3)).data); // -1, 2, -6, 2
 */
export function prelu(x: Tensor, slopes: PerChannel, options?: PreluOptions): Tensor {
  const p = read('prelu', x, slopes, options);
  return elementwise(
    PRELU,
    [
      ['x', x],
      ['slopes', p.slopes],
    ],
    p.out,
  );
}

/**
 * Gradients of `prelu`. `out` takes that of x.
 * @example
 * const [gradY, x] = [tensor([1, 1], [1, 1, 2]), tensor([-2, 2], [1, 1, 2])];
 * const { gradX, gradSlopes } = preluBackward(gradY, x, Float32Array.of(0.5));
 * console.log(gradX.data, gradSlopes.data); // 0.5, 1; -2
 */
export function preluBackward(gradY: Tensor, x: Tensor, slopes: PerChannel, options?: PreluOptions): PreluGradients {
  const p = read('preluBackward', x, slopes, options);
  checkShaped('gradY', gradY, x.shape);
  const parts = [
    ['x', x],
    ['slopes', p.slopes],
    ['gradY', gradY],
  ] as const;
  const products = elementwise(SLOPE_GRAD, parts, undefined);
  const { data } = sumTo(products, p.slopes.shape, undefined);
  return { gradX: elementwise(PRELU_GRAD, parts, p.out), gradSlopes: { data, shape: [data.length] } };
}
