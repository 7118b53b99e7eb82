import { choose } from '../plan/conv.js';
import { inputGradTable } from '../plan/input-grad.js';
import { biasOf, convTransposeProblem } from '../shape/conv.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { checkOut, checkShape, checkShaped, checkTensor } from '../shape/tensor.js';
import type { ConvProblem, Layout, PerAxis, Rank, Tensor, TransposedWeightLayout } from '../types.js';
import { type Host, host } from '../wasm/host.js';
import { fromView } from '../wasm/view.js';
import type { ConvOptions } from './conv.js';
import { type Binding, PreparedConv, runOnce } from './prepared-conv.js';
import { Recall } from './recall.js';

/** Options of a transposed convolution. Its padding is zeros: what the direct convolution would add is cut off here. */
export interface ConvTransposeOptions<L extends Layout = Layout> extends Omit<ConvOptions<L>, 'paddingMode' | 'weightLayout'> {
  /** Order of axes of `weight` and its gradient: inputs first or last; default: as `layout` has the channels. */
  readonly weightLayout?: TransposedWeightLayout;
  readonly paddingMode?: 'zeros';
  /** Cells the end of the output has more, less than the larger of stride and dilation; default 0. */
  readonly outputPadding?: PerAxis;
  /** Extents of the output, instead of `outputPadding`: from the natural size to stride - 1 more. */
  readonly outputSize?: PerAxis;
}

/** Options of `prepareConvTranspose…`: those of the call without `add` and `out`, which `run` takes. */
export type PrepareConvTransposeOptions<L extends Layout = Layout> = Omit<ConvTransposeOptions<L>, 'add' | 'out'>;

const problems = new Recall<ConvProblem>();

/** Chooses the row of the input-gradient table and packs the weights. */
function bind(on: Host, problem: ConvProblem, weight: Tensor, bias: Float32Array | undefined): Binding {
  const { row, refused } = choose(inputGradTable, problem);
  // a copy, because growing memory detaches the view of a bias that stands in it
  const own = bias?.slice();
  const kernel = fromView(on.arena, weight.data, (values) => row.prepare(on, problem, values, own, problem.clamp));
  return { algorithm: row.name, refused, kernel, xShape: problem.yShape, yShape: problem.xShape };
}

function convTranspose(rank: Rank, x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  const operator = `convTranspose${rank}d`;
  const input = checkTensor('x', x);
  const shapes = [input.shape, checkTensor('weight', weight).shape] as const;
  const problem = problems.recall(operator, shapes, options, () => convTransposeProblem(rank, ...shapes, options, operator));
  const bias = biasOf(options.bias, problem.ic);
  const { add, out } = options;
  const inputs = [
    { operand: 'x', data: input.data },
    { operand: 'weight', data: weight.data },
  ];
  if (bias) inputs.push({ operand: 'bias', data: bias });
  if (add !== undefined) inputs.push({ operand: 'add', data: checkShaped('add', add, problem.xShape).data });
  if (out !== undefined) checkOut(out, problem.xShape, inputs);
  const on = host();
  return runOnce(on, bind(on, problem, weight, bias), x, out, add);
}

/** `add` and `out` belong to `run`. */
const preparedOptions = optionNames.convTranspose.filter((name) => name !== 'add' && name !== 'out');

function prepare(rank: Rank, weight: Tensor, options: PrepareConvTransposeOptions, xShape: readonly number[]): PreparedConv {
  const operator = `prepareConvTranspose${rank}d`;
  checkOptions(operator, options, preparedOptions);
  checkShape('xShape', xShape);
  const problem = {
    ...convTransposeProblem(rank, xShape, checkTensor('weight', weight).shape, options, operator),
    prepared: true,
  };
  const on = host();
  return new PreparedConv(on, operator, bind(on, problem, weight, biasOf(options?.bias, problem.ic)));
}

/**
 * Two-dimensional transposed convolution, as `torch.nn.functional.conv_transpose2d`: the input gradient of the convolution with the same weights,
 * stride, padding and dilation. Every cell of `x` adds its multiple of the kernel to the output, `stride` cells apart.
 *
 * y[n][o][i][j] = clamp(bias[o] + add[n][o][i][j] + sum over c, a, b, p, q with i = p sh + a dh - ph and j = q sw + b dw - pw of
 * x[n][c][p][q] · weight[c][o][a][b])
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param weight [ic, oc / groups, kh, kw]; with layout `'NHWC'` or weightLayout `'HWOI'` [kh, kw, oc / groups, ic]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], with o = (i - 1) s - p0 - p1 + d (k - 1) + 1 + outputPadding per axis
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown, MemoryError when the host refuses
 *   memory, UnsupportedError when `algorithm` refuses the problem
 * @see V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016, chapter 4
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options?: ConvTransposeOptions<'NCHW' | 'NHWC'>): Tensor {
  return convTranspose(2, x, weight, options);
}

/**
 * One-dimensional transposed convolution: as `convTranspose2d` with one spatial axis.
 * @param x [n, ic, l]; with layout `'NLC'` [n, l, ic]
 * @param weight [ic, oc / groups, k]; with layout `'NLC'` or weightLayout `'LOI'` [k, oc / groups, ic]
 * @returns [n, oc, ol] or [n, ol, oc]
 * @throws as `convTranspose2d`
 */
export function convTranspose1d(x: Tensor, weight: Tensor, options?: ConvTransposeOptions<'NCL' | 'NLC'>): Tensor {
  return convTranspose(1, x, weight, options);
}

/**
 * Three-dimensional transposed convolution: as `convTranspose2d` with three spatial axes.
 * @param x [n, ic, d, h, w]; with layout `'NDHWC'` [n, d, h, w, ic]
 * @param weight [ic, oc / groups, kd, kh, kw]; with layout `'NDHWC'` or weightLayout `'DHWOI'` [kd, kh, kw, oc / groups, ic]
 * @returns [n, oc, od, oh, ow] or [n, od, oh, ow, oc]
 * @throws as `convTranspose2d`
 */
export function convTranspose3d(x: Tensor, weight: Tensor, options?: ConvTransposeOptions<'NCDHW' | 'NDHWC'>): Tensor {
  return convTranspose(3, x, weight, options);
}

/**
 * Packs the weights of a `convTranspose2d` once and chooses its algorithm, for many runs on one input shape.
 * @param weight as in `convTranspose2d`; copied
 * @param options as in `convTranspose2d`, without `add` and `out`
 * @param xShape shape of every `x` to come
 * @throws as `convTranspose2d`
 */
export function prepareConvTranspose2d(
  weight: Tensor,
  options: PrepareConvTransposeOptions<'NCHW' | 'NHWC'>,
  xShape: readonly number[],
): PreparedConv {
  return prepare(2, weight, options, xShape);
}

/** As `prepareConvTranspose2d`, for `convTranspose1d`. @throws as `convTranspose1d` */
export function prepareConvTranspose1d(
  weight: Tensor,
  options: PrepareConvTransposeOptions<'NCL' | 'NLC'>,
  xShape: readonly number[],
): PreparedConv {
  return prepare(1, weight, options, xShape);
}

/** As `prepareConvTranspose2d`, for `convTranspose3d`. @throws as `convTranspose3d` */
export function prepareConvTranspose3d(
  weight: Tensor,
  options: PrepareConvTransposeOptions<'NCDHW' | 'NDHWC'>,
  xShape: readonly number[],
): PreparedConv {
  return prepare(3, weight, options, xShape);
}
