import { choose } from '../plan/conv.js';
import { inputGradTable } from '../plan/input-grad.js';
import { convProblem } from '../shape/conv.js';
import { optionNames } from '../shape/options.js';
import { checkShape, checkTensor } from '../shape/tensor.js';
import type { Layout, Rank, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import type { ConvOptions } from './conv.js';
import { type GradOptions, gradOptions, runGradient } from './input-grad.js';

/**
 * Options of an input gradient: those of the convolution. `bias`, `add` and `activation` are accepted and change nothing: `gradY` is the gradient of the
 * sum before the activation.
 */
export interface ConvInputGradOptions<L extends Layout = Layout> extends ConvOptions<L>, GradOptions {}

const operands = { x: 'xShape', weight: 'weight' };

function inputGrad(
  rank: Rank,
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options: ConvInputGradOptions | undefined,
): Tensor {
  const operator = `conv${rank}dInputGrad`;
  const { accumulate, forward } = gradOptions(operator, options, optionNames.conv);
  checkShape('xShape', xShape);
  const problem = convProblem(rank, xShape, checkTensor('weight', weight).shape, forward, operator, operands);
  const { row } = choose(inputGradTable, problem);
  const on = host();
  return runGradient(on, {
    ...{ gradY, weight, gradYShape: problem.yShape, xShape: problem.xShape, out: forward.out, accumulate },
    prepare: (values) => row.prepare(on, problem, values, undefined, [-Infinity, Infinity]),
  });
}

/**
 * Gradient of a `conv2d` with respect to its input, as `torch.nn.grad.conv2d_input`: with zero padding, the transposed convolution of `gradY`.
 *
 * gradX[n][c][i][j] = sum over o, a, b, p, q whose tap reads that cell of gradY[n][o][p][q] · weight[o][c][a][b]
 *
 * @param gradY gradient of the result, [n, oc, oh, ow]; with layout `'NHWC'` [n, oh, ow, oc]. Behind an activation: zero where that was flat
 * @param weight as in `conv2d`
 * @param xShape shape of the input, which `gradY` alone does not tell where the stride is above 1
 * @param options those of the `conv2d` call; `accumulate` adds to what `out` holds
 * @returns gradient of shape `xShape`
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown, MemoryError when the host refuses
 *   memory, UnsupportedError when `algorithm` refuses the problem
 * @see V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016, chapter 4
 */
export function conv2dInputGrad(
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options?: ConvInputGradOptions<'NCHW' | 'NHWC'>,
): Tensor {
  return inputGrad(2, gradY, weight, xShape, options);
}

/** As `conv2dInputGrad`, for `conv1d`. @throws as `conv2dInputGrad` */
export function conv1dInputGrad(
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options?: ConvInputGradOptions<'NCL' | 'NLC'>,
): Tensor {
  return inputGrad(1, gradY, weight, xShape, options);
}

/** As `conv2dInputGrad`, for `conv3d`. @throws as `conv2dInputGrad` */
export function conv3dInputGrad(
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options?: ConvInputGradOptions<'NCDHW' | 'NDHWC'>,
): Tensor {
  return inputGrad(3, gradY, weight, xShape, options);
}
