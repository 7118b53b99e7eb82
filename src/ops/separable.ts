import { activated } from '../algorithms/activated.js';
import { choose } from '../plan/choose.js';
import { separableTable } from '../plan/separable.js';
import { biasOf } from '../shape/conv.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { separableProblem } from '../shape/separable.js';
import { checkShape, checkTensor } from '../shape/tensor.js';
import type { Into, Result, SeparableAlgorithm, SeparableProblem, Tensor } from '../types.js';
import { type Host, host } from '../wasm/host.js';
import { attempt } from '../wasm/view.js';
import type { ConvOptions } from './conv.js';
import { type Bind, type Binding, PreparedConv, runOnce } from './prepared-conv.js';
import { outOf } from './result.js';

/**
 * Options of a separable convolution: window options belong to the depthwise layer, bias and activation to the
 * pointwise one.
 */
export interface SeparableConvOptions extends Omit<ConvOptions, 'groups' | 'add' | 'algorithm'> {
  /** Insists on one row of the table. */
  readonly algorithm?: SeparableAlgorithm | undefined;
}

/** Binds both layers to their weights. */
function bind(
  on: Host,
  problem: SeparableProblem,
  weights: Readonly<Record<'depthwise' | 'pointwise', Tensor>>,
  bias: Float32Array | undefined,
): Binding {
  const { row, refused } = choose(separableTable, problem);
  const own = bias?.slice();
  const { pointwise } = problem;
  const maps = { ...pointwise, c: pointwise.oc, cells: pointwise.oh * pointwise.ow };
  const job = activated(on, pointwise.clamp, maps, () =>
    attempt(on, () => row.prepare(on, problem, (layer) => checkTensor(layer, weights[layer]).data, own)),
  );
  const { xShape } = problem.depthwise;
  const batched = xShape.length > 3;
  return { algorithm: row.name, refused, job, xShape, yShape: pointwise.yShape, batched };
}

/**
 * Depthwise separable convolution: every channel by its own kernel, then a 1x1 convolution over all channels.
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param depthwise [ic · multiplier, 1, kh, kw]; with layout `'NHWC'` or weightLayout `'HWIO'` [kh, kw, 1, ic ·
 * multiplier]
 * @param pointwise [oc, ic · multiplier, 1, 1]; with layout `'NHWC'` or weightLayout `'HWIO'` [1, 1, ic · multiplier,
 * oc]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], sizes as in `conv2d`
 * @throws as `conv2d`
 * @see F. Chollet, Xception: deep learning with depthwise separable convolutions, 2017
 * @example
 * const x = tensor([1, 2, 3, 4], [2, 1, 2]);
 * const depthwise = tensor([1, 1, 10, 10], [2, 1, 1, 2]); // a kernel for each channel
 * const pointwise = tensor([1, 100], [1, 2, 1, 1]);
 * console.log(separableConv2d(x, depthwise, pointwise).data); // 7003
 */
export function separableConv2d<Out extends Tensor | undefined = undefined>(
  x: Tensor,
  depthwise: Tensor,
  pointwise: Tensor,
  options: SeparableConvOptions & Into<Out> = {},
): Result<Out> {
  const shapes = [
    checkTensor('x', x).shape,
    checkTensor('depthwise', depthwise).shape,
    checkTensor('pointwise', pointwise).shape,
  ] as const;
  const problem = separableProblem(...shapes, options);
  const bias = biasOf(options.bias, problem.pointwise.oc);
  outOf(options.out, problem.pointwise.yShape, { x, depthwise, pointwise, bias: bias && { data: bias } });
  const on = host();
  return runOnce(on, bind(on, problem, { depthwise, pointwise }, bias), x, options.out) as Result<Out>;
}

/** `out` belongs to `run`. */
const preparedOptions = optionNames.separable.filter((name) => name !== 'out');

/**
 * Packs both weights of a `separableConv2d` once, for many runs on one input shape.
 * @param options as in `separableConv2d`, without `out`
 * @param xShape shape of every `x` to come
 * @throws as `separableConv2d`
 * @example
 * const [depthwise, pointwise] = [tensor([1, 1, 10, 10], [2, 1, 1, 2]), tensor([1, 100], [1, 2, 1, 1])];
 * const layer = prepareSeparableConv2d(depthwise, pointwise, {}, [2, 1, 2]);
 * console.log(layer.run(tensor([1, 2, 3, 4], [2, 1, 2])).data); // 7003
 */
export function prepareSeparableConv2d(
  depthwise: Tensor,
  pointwise: Tensor,
  options: Omit<SeparableConvOptions, 'out'> | undefined,
  xShape: readonly number[],
): PreparedConv {
  const name = 'prepareSeparableConv2d';
  const checked = checkOptions(name, options, preparedOptions);
  checkShape('xShape', xShape);
  const own = { depthwise: copyOf('depthwise', depthwise), pointwise: copyOf('pointwise', pointwise) };
  const shapes = [own.depthwise.shape, own.pointwise.shape] as const;
  const problemOf = (x: readonly number[], more?: object) =>
    separableProblem(x, ...shapes, { ...options, ...more }, name);
  const bias = biasOf(checked.bias, problemOf(xShape).pointwise.oc)?.slice();
  const on = host();
  const over: Bind = (x, more) => bind(on, problemOf(x, more), own, bias);
  return new PreparedConv(on, name, over, xShape);
}

function copyOf(operand: string, t: Tensor): Tensor {
  const { data, shape } = checkTensor(operand, t);
  return { data: data.slice(), shape };
}
