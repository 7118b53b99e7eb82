import type {
  Accuracy,
  Activation,
  Bias,
  ConvAlgorithm,
  Into,
  Layout,
  Layout1d,
  Layout2d,
  Layout3d,
  Padding,
  PaddingMode,
  PerAxis,
  Result,
  Tensor,
  WeightLayout,
} from '../types.js';
import { direct } from './direction.js';
import { forward, prepareForward } from './forward.js';
import type { PreparedConv } from './prepared-conv.js';
import { PreparedConv1d } from './stream.js';

/** Options of a convolution; in one and three dimensions `ConvOptions<Layout1d>` and `ConvOptions<Layout3d>`. */
export interface ConvOptions<L extends Layout = Layout2d> {
  /** Step of the window; default 1. */
  readonly stride?: PerAxis<L> | undefined;
  /**
   * Cells around the input: a number, one per axis, [begin, end] pairs, `'valid'`, `'same'`, `'same-lower'` or
   * `'full'`; default 0.
   */
  readonly padding?: Padding<L> | undefined;
  /** What those cells hold; default `'zeros'`. */
  readonly paddingMode?: PaddingMode | undefined;
  /** Distance between taps, 1 = dense (default). */
  readonly dilation?: PerAxis<L> | undefined;
  /** Groups of channels that do not meet; divides both channel counts; default 1. */
  readonly groups?: number | undefined;
  /** One number per output channel, added before the activation. */
  readonly bias?: Bias | undefined;
  /** A tensor of the result's shape, added before the activation (a residual connection). */
  readonly add?: Tensor | undefined;
  /** Applied last; default none. */
  readonly activation?: Activation | undefined;
  /** True: convolution in the strict sense, with the kernel flipped; default false (correlation). */
  readonly flipKernel?: boolean | undefined;
  /**
   * Order of axes of `x` and the result; default channels first. It also says how `weight` is laid out, unless
   * `weightLayout` does.
   */
  readonly layout?: L | undefined;
  /** Order of axes of `weight` and its gradient: outputs first or last; default: as `layout` has the channels. */
  readonly weightLayout?: WeightLayout | undefined;
  /**
   * `'high'`: only algorithms with the error of direct summation, and where a NaN or Infinity reaches no further than
   * its windows; default `'standard'` (Winograd: mean error 1e-6 to 2e-6 of the output's RMS, and non-finite inputs
   * spread over a tile).
   */
  readonly accuracy?: Accuracy | undefined;
  /** Insists on one row of the table. */
  readonly algorithm?: ConvAlgorithm | undefined;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor | undefined;
}

/** Options of `prepareConv…`: those of the call without `add` and `out`, which `run` takes. */
export type PrepareConvOptions<L extends Layout = Layout2d> = Omit<ConvOptions<L>, 'add' | 'out'>;

/** A convolution of one rank. */
export type Conv<L extends Layout> = <Out extends Tensor | undefined = undefined>(
  x: Tensor,
  weight: Tensor,
  options?: ConvOptions<L> & Into<Out>,
) => Result<Out>;

/** What binds a convolution of one rank to its weights. */
export type PrepareConv<L extends Layout, Layer extends PreparedConv = PreparedConv> = (
  weight: Tensor,
  options: PrepareConvOptions<L>,
  xShape: readonly number[],
) => Layer;

/**
 * Two-dimensional convolution (cross-correlation unless `flipKernel`), as `torch.nn.functional.conv2d`.
 *
 * ```text
 * y[n][o][i][j] = activation(bias[o] + add[n][o][i][j]
 *   + Σ(c, a, b) x[n][c][i·sh + a·dh - ph][j·sw + b·dw - pw] · weight[o][c][a][b])
 * ```
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param weight [oc, ic / groups, kh, kw]; with layout `'NHWC'` or weightLayout `'HWIO'` [kh, kw, ic / groups, oc]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], with `o = floor((i + p0 + p1 - d·(k - 1) - 1) / s) + 1` per axis
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown,
 * MemoryError when the host refuses
 *   memory, UnsupportedError when `algorithm` refuses the problem
 * @see V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016
 * @example
 * const x = tensor([1, 2, 3, 4], [1, 2, 2]);
 * const weight = tensor([1, 10], [1, 1, 1, 2]);
 * console.log(conv2d(x, weight).data); // 21, 43
 * console.log(conv2d(x, weight, { padding: 'same', bias: [100] }).data); // 121, 102, 143, 104
 */
export const conv2d: Conv<Layout2d> = (x, weight, options) => forward(direct, 2, x, weight, options);

/**
 * One-dimensional convolution: as `conv2d` with one spatial axis.
 * @param x [n, ic, l]; with layout `'NLC'` [n, l, ic]
 * @param weight [oc, ic / groups, k]; with layout `'NLC'` or weightLayout `'LIO'` [k, ic / groups, oc]
 * @returns [n, oc, ol] or [n, ol, oc]
 * @throws as `conv2d`
 * @example
 * console.log(conv1d(tensor([1, 2, 3], [1, 3]), tensor([1, 10], [1, 1, 2])).data); // 21, 32
 */
export const conv1d: Conv<Layout1d> = (x, weight, options) => forward(direct, 1, x, weight, options);

/**
 * Three-dimensional convolution: as `conv2d` with three spatial axes.
 * @param x [n, ic, d, h, w]; with layout `'NDHWC'` [n, d, h, w, ic]
 * @param weight [oc, ic / groups, kd, kh, kw]; with layout `'NDHWC'` or weightLayout `'DHWIO'` [kd, kh, kw, ic /
 * groups, oc]
 * @returns [n, oc, od, oh, ow] or [n, od, oh, ow, oc]
 * @throws as `conv2d`
 * @example
 * console.log(conv3d(tensor([1, 2, 3], [1, 1, 1, 3]), tensor([1, 10], [1, 1, 1, 1, 2])).data); // 21, 32
 */
export const conv3d: Conv<Layout3d> = (x, weight, options) => forward(direct, 3, x, weight, options);

/**
 * Packs the weights of a `conv2d` once and chooses its algorithm, for many runs on one input shape, of any batch. The
 * first layer of an algorithm also runs once, on zeros, so that the engine has compiled its kernels before the first
 * input comes.
 * @param weight as in `conv2d`; copied
 * @param options as in `conv2d`, without `add` and `out`
 * @param xShape shape of every `x` to come, apart from the batch; `at(xShape)` of the layer is for other extents
 * @throws as `conv2d`
 * @example
 * const layer = prepareConv2d(tensor([1, 10], [1, 1, 1, 2]), {}, [1, 1, 3]);
 * console.log(layer.run(tensor([1, 2, 3], [1, 1, 3])).data); // 21, 32
 * layer.dispose();
 */
export const prepareConv2d: PrepareConv<Layout2d> = (weight, options, xShape) =>
  prepareForward(direct, 2, weight, options, xShape);

/**
 * As `prepareConv2d`, for `conv1d`; `stream()` of the layer takes a signal in chunks.
 * @throws as `conv1d`
 * @example
 * const layer = prepareConv1d(tensor([1, 10], [1, 1, 2]), {}, [1, 3]);
 * console.log(layer.run(tensor([1, 2, 3], [1, 3])).data); // 21, 32
 */
export const prepareConv1d: PrepareConv<Layout1d, PreparedConv1d> = (weight, options, xShape) =>
  prepareForward(direct, 1, weight, options, xShape, PreparedConv1d);

/**
 * As `prepareConv2d`, for `conv3d`.
 * @throws as `conv3d`
 * @example
 * const layer = prepareConv3d(tensor([1, 10], [1, 1, 1, 1, 2]), {}, [1, 1, 1, 3]);
 * console.log(layer.run(tensor([1, 2, 3], [1, 1, 1, 3])).data); // 21, 32
 */
export const prepareConv3d: PrepareConv<Layout3d> = (weight, options, xShape) =>
  prepareForward(direct, 3, weight, options, xShape);
