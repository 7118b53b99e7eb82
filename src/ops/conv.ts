import type { ConvAlgorithm } from '../algorithms/algorithm.js';
import { type Choice, choose, convTable } from '../plan/conv.js';
import { biasOf, convProblem } from '../shape/conv.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { checkOut, checkShape, checkShaped, checkTensor } from '../shape/tensor.js';
import type {
  Accuracy,
  Activation,
  ConvProblem,
  Layout,
  Padding,
  PaddingMode,
  PerAxis,
  Rank,
  Tensor,
  WeightLayout,
} from '../types.js';
import { type Host, host } from '../wasm/host.js';
import { fromView } from '../wasm/view.js';
import { type Binding, PreparedConv, runOnce } from './prepared-conv.js';
import { Recall } from './recall.js';

/** Options of a convolution. */
export interface ConvOptions<L extends Layout = Layout> {
  /** Step of the window; default 1. */
  readonly stride?: PerAxis;
  /** Cells around the input: a number, one per axis, [begin, end] pairs, `'valid'`, `'same'`, `'same-lower'` or `'full'`; default 0. */
  readonly padding?: Padding;
  /** What those cells hold; default `'zeros'`. */
  readonly paddingMode?: PaddingMode;
  /** Distance between taps, 1 = dense (default). */
  readonly dilation?: PerAxis;
  /** Groups of channels that do not meet; divides both channel counts; default 1. */
  readonly groups?: number;
  /** One number per output channel, added before the activation. */
  readonly bias?: Float32Array | Tensor;
  /** A tensor of the result's shape, added before the activation (a residual connection). */
  readonly add?: Tensor;
  /** Applied last; default none. */
  readonly activation?: Activation;
  /** True: convolution in the strict sense, with the kernel turned round; default false (correlation). */
  readonly flipKernel?: boolean;
  /** Order of axes of `x` and the result; default channels first. It also says how `weight` is laid out, unless `weightLayout` does. */
  readonly layout?: L;
  /** Order of axes of `weight` and its gradient: outputs first or last; default: as `layout` has the channels. */
  readonly weightLayout?: WeightLayout;
  /**
   * `'high'`: only algorithms with the error of direct summation, and where a NaN or Infinity reaches no further than its windows; default `'standard'`
   * (Winograd: mean error 1e-6 to 2e-6 of the output's RMS, and non-finite inputs spread over a tile).
   */
  readonly accuracy?: Accuracy;
  /** Insists on one row of the table. */
  readonly algorithm?: string;
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor;
}

/** Options of `prepareConv…`: those of the call without `add` and `out`, which `run` takes. */
export type PrepareConvOptions<L extends Layout = Layout> = Omit<ConvOptions<L>, 'add' | 'out'>;

/** A problem and the row of the forward table that serves it. */
interface Plan extends Choice<ConvAlgorithm> {
  readonly problem: ConvProblem;
}

const plan = (problem: ConvProblem): Plan => ({ problem, ...choose<ConvAlgorithm>(convTable, problem) });

const calls = new Recall<Plan>();

/** Packs the weights. */
function bind(on: Host, { problem, row, refused }: Plan, weight: Tensor, bias: Float32Array | undefined): Binding {
  // a copy, because growing memory detaches the view of a bias that stands in it
  const own = bias?.slice();
  const kernel = fromView(on.arena, weight.data, (values) => row.prepare(on, problem, values, own));
  return { algorithm: row.name, refused, kernel, xShape: problem.xShape, yShape: problem.yShape };
}

function conv(rank: Rank, x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const operator = `conv${rank}d`;
  const input = checkTensor('x', x);
  const shapes = [input.shape, checkTensor('weight', weight).shape] as const;
  const planned = calls.recall(operator, shapes, options, () => plan(convProblem(rank, ...shapes, options, operator)));
  const { problem } = planned;
  const bias = biasOf(options.bias, problem.oc);
  const { add, out } = options;
  const inputs = [
    { operand: 'x', data: input.data },
    { operand: 'weight', data: weight.data },
  ];
  if (bias) inputs.push({ operand: 'bias', data: bias });
  if (add !== undefined) inputs.push({ operand: 'add', data: checkShaped('add', add, problem.yShape).data });
  if (out !== undefined) checkOut(out, problem.yShape, inputs);
  const on = host();
  return runOnce(on, bind(on, planned, weight, bias), x, out, add);
}

/** `add` and `out` belong to `run`. */
const preparedOptions = optionNames.conv.filter((name) => name !== 'add' && name !== 'out');

function prepare(rank: Rank, weight: Tensor, options: PrepareConvOptions, xShape: readonly number[]): PreparedConv {
  const operator = `prepareConv${rank}d`;
  checkOptions(operator, options, preparedOptions);
  checkShape('xShape', xShape);
  const problem = { ...convProblem(rank, xShape, checkTensor('weight', weight).shape, options, operator), prepared: true };
  const bias = biasOf(options?.bias, problem.oc);
  const on = host();
  return new PreparedConv(on, operator, bind(on, plan(problem), weight, bias));
}

/**
 * Two-dimensional convolution (cross-correlation unless `flipKernel`), as `torch.nn.functional.conv2d`.
 *
 * y[n][o][i][j] = clamp(bias[o] + add[n][o][i][j] + sum over c, a, b of x[n][c][i sh + a dh - ph][j sw + b dw - pw] · weight[o][c][a][b])
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param weight [oc, ic / groups, kh, kw]; with layout `'NHWC'` or weightLayout `'HWIO'` [kh, kw, ic / groups, oc]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], with o = floor((i + p0 + p1 - d (k - 1) - 1) / s) + 1 per axis
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown, MemoryError when the host refuses
 *   memory, UnsupportedError when `algorithm` refuses the problem
 * @see V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016
 */
export function conv2d(x: Tensor, weight: Tensor, options?: ConvOptions<'NCHW' | 'NHWC'>): Tensor {
  return conv(2, x, weight, options);
}

/**
 * One-dimensional convolution: as `conv2d` with one spatial axis.
 * @param x [n, ic, l]; with layout `'NLC'` [n, l, ic]
 * @param weight [oc, ic / groups, k]; with layout `'NLC'` or weightLayout `'LIO'` [k, ic / groups, oc]
 * @returns [n, oc, ol] or [n, ol, oc]
 * @throws as `conv2d`
 */
export function conv1d(x: Tensor, weight: Tensor, options?: ConvOptions<'NCL' | 'NLC'>): Tensor {
  return conv(1, x, weight, options);
}

/**
 * Three-dimensional convolution: as `conv2d` with three spatial axes.
 * @param x [n, ic, d, h, w]; with layout `'NDHWC'` [n, d, h, w, ic]
 * @param weight [oc, ic / groups, kd, kh, kw]; with layout `'NDHWC'` or weightLayout `'DHWIO'` [kd, kh, kw, ic / groups, oc]
 * @returns [n, oc, od, oh, ow] or [n, od, oh, ow, oc]
 * @throws as `conv2d`
 */
export function conv3d(x: Tensor, weight: Tensor, options?: ConvOptions<'NCDHW' | 'NDHWC'>): Tensor {
  return conv(3, x, weight, options);
}

/**
 * Packs the weights of a `conv2d` once and chooses its algorithm, for many runs on one input shape. The first layer of an algorithm also runs once, on zeros, so
 * that the engine has compiled its kernels before the first input comes.
 * @param weight as in `conv2d`; copied
 * @param options as in `conv2d`, without `add` and `out`
 * @param xShape shape of every `x` to come
 * @throws as `conv2d`
 */
export function prepareConv2d(
  weight: Tensor,
  options: PrepareConvOptions<'NCHW' | 'NHWC'>,
  xShape: readonly number[],
): PreparedConv {
  return prepare(2, weight, options, xShape);
}

/** As `prepareConv2d`, for `conv1d`. @throws as `conv1d` */
export function prepareConv1d(
  weight: Tensor,
  options: PrepareConvOptions<'NCL' | 'NLC'>,
  xShape: readonly number[],
): PreparedConv {
  return prepare(1, weight, options, xShape);
}

/** As `prepareConv2d`, for `conv3d`. @throws as `conv3d` */
export function prepareConv3d(
  weight: Tensor,
  options: PrepareConvOptions<'NCDHW' | 'NDHWC'>,
  xShape: readonly number[],
): PreparedConv {
  return prepare(3, weight, options, xShape);
}
