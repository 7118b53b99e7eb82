import type {
  ConvTransposeAlgorithm,
  Into,
  Layout,
  Layout1d,
  Layout2d,
  Layout3d,
  PerAxis,
  Result,
  Tensor,
  TransposedWeightLayout,
} from '../types.js';
import type { ConvOptions } from './conv.js';
import { transposed } from './direction.js';
import { forward, prepareForward } from './forward.js';
import type { PreparedConv } from './prepared-conv.js';

/** Options of a transposed convolution. Its padding is zeros: what the direct convolution would add is cut off here. */
export interface ConvTransposeOptions<L extends Layout = Layout2d>
  extends Omit<ConvOptions<L>, 'paddingMode' | 'weightLayout' | 'algorithm'> {
  /** Order of axes of `weight` and its gradient: inputs first or last; default: as `layout` has the channels. */
  readonly weightLayout?: TransposedWeightLayout | undefined;
  /** The only one. */
  readonly paddingMode?: 'zeros' | undefined;
  /** Insists on one row of the table. */
  readonly algorithm?: ConvTransposeAlgorithm | undefined;
  /** Cells the end of the output has more, less than the larger of stride and dilation; default 0. */
  readonly outputPadding?: PerAxis<L> | undefined;
  /** Extents of the output, instead of `outputPadding`: from the natural size to stride - 1 more. */
  readonly outputSize?: PerAxis<L> | undefined;
}

/** Options of `prepareConvTranspose…`: those of the call without `add` and `out`, which `run` takes. */
export type PrepareConvTransposeOptions<L extends Layout = Layout2d> = Omit<ConvTransposeOptions<L>, 'add' | 'out'>;

/** A transposed convolution of one rank. */
export type ConvTranspose<L extends Layout> = <Out extends Tensor | undefined = undefined>(
  x: Tensor,
  weight: Tensor,
  options?: ConvTransposeOptions<L> & Into<Out>,
) => Result<Out>;

/** What binds a transposed convolution of one rank to its weights. */
export type PrepareConvTranspose<L extends Layout> = (
  weight: Tensor,
  options: PrepareConvTransposeOptions<L>,
  xShape: readonly number[],
) => PreparedConv;

/**
 * Two-dimensional transposed convolution, as `torch.nn.functional.conv_transpose2d`: the input gradient of the
 * convolution with the same weights, stride, padding and dilation. Every cell of `x` adds its multiple of the kernel to
 * the output, `stride` cells apart.
 *
 * ```text
 * y[n][o][i][j] = activation(bias[o] + add[n][o][i][j] + Σ(c, a, b, p, q) x[n][c][p][q] · weight[c][o][a][b])
 *   over those with i = p·sh + a·dh - ph and j = q·sw + b·dw - pw
 * ```
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param weight [ic, oc / groups, kh, kw]; with layout `'NHWC'` or weightLayout `'HWOI'` [kh, kw, oc / groups, ic]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], with `o = (i - 1)·s - p0 - p1 + d·(k - 1) + 1 + outputPadding` per axis
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown,
 * MemoryError when the host refuses
 *   memory, UnsupportedError when `algorithm` refuses the problem
 * @see V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016, chapter 4
 * @example
 * const x = tensor([1, 2], [1, 1, 2]);
 * const weight = tensor([1, 10], [1, 1, 1, 2]);
 * console.log(convTranspose2d(x, weight).data); // 1, 12, 20
 * console.log(convTranspose2d(x, weight, { stride: [1, 2] }).data); // 1, 10, 2, 20
 */
export const convTranspose2d: ConvTranspose<Layout2d> = (x, weight, options) =>
  forward(transposed, 2, x, weight, options);

/**
 * One-dimensional transposed convolution: as `convTranspose2d` with one spatial axis.
 * @param x [n, ic, l]; with layout `'NLC'` [n, l, ic]
 * @param weight [ic, oc / groups, k]; with layout `'NLC'` or weightLayout `'LOI'` [k, oc / groups, ic]
 * @returns [n, oc, ol] or [n, ol, oc]
 * @throws as `convTranspose2d`
 * @example
 * console.log(convTranspose1d(tensor([1, 2], [1, 2]), tensor([1, 10], [1, 1, 2])).data); // 1, 12, 20
 */
export const convTranspose1d: ConvTranspose<Layout1d> = (x, weight, options) =>
  forward(transposed, 1, x, weight, options);

/**
 * Three-dimensional transposed convolution: as `convTranspose2d` with three spatial axes.
 * @param x [n, ic, d, h, w]; with layout `'NDHWC'` [n, d, h, w, ic]
 * @param weight [ic, oc / groups, kd, kh, kw]; with layout `'NDHWC'` or weightLayout `'DHWOI'` [kd, kh, kw, oc /
 * groups, ic]
 * @returns [n, oc, od, oh, ow] or [n, od, oh, ow, oc]
 * @throws as `convTranspose2d`
 * @example
 * console.log(convTranspose3d(tensor([1, 2], [1, 1, 1, 2]), tensor([1, 10], [1, 1, 1, 1, 2])).data); // 1, 12, 20
 */
export const convTranspose3d: ConvTranspose<Layout3d> = (x, weight, options) =>
  forward(transposed, 3, x, weight, options);

/**
 * Packs the weights of a `convTranspose2d` once and chooses its algorithm, for many runs on one input shape.
 * @param weight as in `convTranspose2d`; copied
 * @param options as in `convTranspose2d`, without `add` and `out`
 * @param xShape shape of every `x` to come
 * @throws as `convTranspose2d`
 * @example
 * const layer = prepareConvTranspose2d(tensor([1, 10], [1, 1, 1, 2]), {}, [1, 1, 2]);
 * console.log(layer.run(tensor([1, 2], [1, 1, 2])).data); // 1, 12, 20
 */
export const prepareConvTranspose2d: PrepareConvTranspose<Layout2d> = (weight, options, xShape) =>
  prepareForward(transposed, 2, weight, options, xShape);

/**
 * As `prepareConvTranspose2d`, for `convTranspose1d`.
 * @throws as `convTranspose1d`
 * @example
 * const layer = prepareConvTranspose1d(tensor([1, 10], [1, 1, 2]), {}, [1, 2]);
 * console.log(layer.run(tensor([1, 2], [1, 2])).data); // 1, 12, 20
 */
export const prepareConvTranspose1d: PrepareConvTranspose<Layout1d> = (weight, options, xShape) =>
  prepareForward(transposed, 1, weight, options, xShape);

/**
 * As `prepareConvTranspose2d`, for `convTranspose3d`.
 * @throws as `convTranspose3d`
 * @example
 * const layer = prepareConvTranspose3d(tensor([1, 10], [1, 1, 1, 1, 2]), {}, [1, 1, 1, 2]);
 * console.log(layer.run(tensor([1, 2], [1, 1, 1, 2])).data); // 1, 12, 20
 */
export const prepareConvTranspose3d: PrepareConvTranspose<Layout3d> = (weight, options, xShape) =>
  prepareForward(transposed, 3, weight, options, xShape);
