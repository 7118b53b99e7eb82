import { activated } from '../algorithms/activated.js';
import { locallyForward, locallyPrepared } from '../algorithms/locally/layer.js';
import { biasOf } from '../shape/conv.js';
import { locallyConnectedProblem } from '../shape/locally.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { checkShape, checkTensor } from '../shape/tensor.js';
import type { ConvProblem, Into, Layout, Layout1d, Layout2d, Result, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import type { ConvOptions } from './conv.js';
import type { Bind } from './prepared-conv.js';
import { PreparedLocallyConnected } from './prepared-locally-connected.js';
import { outOf, resultOf } from './result.js';

/** Options of a locally connected layer; the bias has one number per output channel, shared by all positions. */
export type LocallyConnectedOptions<L extends Layout = Layout2d> = Omit<
  ConvOptions<L>,
  'groups' | 'add' | 'accuracy' | 'algorithm'
>;

/** Options of `prepareLocallyConnected…`: those of the forward call. */
export type PrepareLocallyConnectedOptions<L extends Layout = Layout2d> = Omit<LocallyConnectedOptions<L>, 'out'>;

/** What an activation has to know of the result. */
const mapsOf = (p: ConvProblem) => ({ ...p, c: p.oc, cells: p.oh * p.ow });

function forward<R>(rank: 1 | 2, x: Tensor, weight: Tensor, options: LocallyConnectedOptions<Layout> = {}): R {
  const p = locallyConnectedProblem(rank, checkTensor('x', x).shape, checkTensor('weight', weight).shape, options);
  const bias = biasOf(options.bias, p.oc);
  const biases = bias && { data: bias, shape: [p.oc] };
  const out = outOf(options.out, p.yShape, { x, weight, bias: biases });
  return resultOf([x, weight, biases], { shape: p.yShape, out }, (on) =>
    activated(on, p.clamp, mapsOf(p), () => locallyForward(on, p)),
  );
}

/** `out` belongs to `run`. */
export const preparedOptions = optionNames.locallyConnected.filter((name) => name !== 'out');

function prepare(rank: 1 | 2, weight: Tensor, options: unknown, xShape: readonly number[]): PreparedLocallyConnected {
  const name = `prepareLocallyConnected${rank}d`;
  const { bias } = checkOptions(name, options, preparedOptions);
  checkShape('xShape', xShape);
  const { data, shape } = checkTensor('weight', weight);
  const problemOf = (x: readonly number[]) => locallyConnectedProblem(rank, x, shape, options, name);
  const biases = biasOf(bias, problemOf(xShape).oc)?.slice();
  const own = data.slice();
  const on = host();
  const over: Bind = (x) => {
    const p = problemOf(x);
    const job = activated(on, p.clamp, mapsOf(p), () => locallyPrepared(on, p, own, biases));
    const batched = x.length > rank + 1;
    return { algorithm: 'per-position', refused: [], job, xShape: p.xShape, yShape: p.yShape, batched };
  };
  return new PreparedLocallyConnected(on, name, over, xShape);
}

/** A locally connected layer of one rank. */
export type LocallyConnected<L extends Layout> = <Out extends Tensor | undefined = undefined>(
  x: Tensor,
  weight: Tensor,
  options?: LocallyConnectedOptions<L> & Into<Out>,
) => Result<Out>;

/** What binds it to its weights. */
export type PrepareLocallyConnected<L extends Layout> = (
  weight: Tensor,
  options: PrepareLocallyConnectedOptions<L> | undefined,
  xShape: readonly number[],
) => PreparedLocallyConnected;

/**
 * Locally connected layer in two dimensions: a convolution (cross-correlation unless `flipKernel`) whose weights are
 * not shared between positions.
 *
 * ```text
 * y[n][o][i][j] = activation(bias[o]
 *   + Σ(c, a, b) x[n][c][i·sh + a·dh - ph][j·sw + b·dw - pw] · weight[o][i][j][c][a][b])
 * ```
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param weight [oc, oh, ow, ic, kh, kw]; with layout `'NHWC'` [oh, ow, kh, kw, ic, oc]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], sizes as in `conv2d`
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown,
 * MemoryError when the host refuses memory
 * @see Y. LeCun, Generalization and network design strategies, 1989
 * @example
 * const weight = tensor([1, 1, 10, 10], [1, 1, 2, 1, 1, 2]); // one kernel for each of the two positions
 * console.log(locallyConnected2d(tensor([1, 2, 3], [1, 1, 3]), weight).data); // 3, 50
 */
export const locallyConnected2d: LocallyConnected<Layout2d> = (x, weight, options) => forward(2, x, weight, options);

/**
 * Locally connected layer in one dimension: as `locallyConnected2d` with one spatial axis.
 * @param x [n, ic, l]; with layout `'NLC'` [n, l, ic]
 * @param weight [oc, ol, ic, k]; with layout `'NLC'` [ol, k, ic, oc]
 * @returns [n, oc, ol] or [n, ol, oc]
 * @throws as `locallyConnected2d`
 * @example
 * console.log(locallyConnected1d(tensor([1, 2, 3], [1, 3]), tensor([1, 1, 10, 10], [1, 2, 1, 2])).data); // 3, 50
 */
export const locallyConnected1d: LocallyConnected<Layout1d> = (x, weight, options) => forward(1, x, weight, options);

/**
 * Keeps the weights of a `locallyConnected2d` in wasm memory, for many runs on one input shape. They are read there as
 * they are: nothing is packed, but nothing is copied in from run to run either.
 * @param weight as in `locallyConnected2d`; copied
 * @param options as in `locallyConnected2d`, without `out`
 * @param xShape shape of every `x` to come
 * @throws as `locallyConnected2d`
 * @example
 * const layer = prepareLocallyConnected2d(tensor([1, 1, 10, 10], [1, 1, 2, 1, 1, 2]), {}, [1, 1, 3]);
 * console.log(layer.run(tensor([1, 2, 3], [1, 1, 3])).data); // 3, 50
 */
export const prepareLocallyConnected2d: PrepareLocallyConnected<Layout2d> = (weight, options, xShape) =>
  prepare(2, weight, options, xShape);

/**
 * As `prepareLocallyConnected2d`, for `locallyConnected1d`.
 * @throws as `locallyConnected1d`
 * @example
 * const layer = prepareLocallyConnected1d(tensor([1, 1, 10, 10], [1, 2, 1, 2]), {}, [1, 3]);
 * console.log(layer.run(tensor([1, 2, 3], [1, 3])).data); // 3, 50
 */
export const prepareLocallyConnected1d: PrepareLocallyConnected<Layout1d> = (weight, options, xShape) =>
  prepare(1, weight, options, xShape);
