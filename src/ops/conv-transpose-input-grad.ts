import { choose, convTable } from '../plan/conv.js';
import { convTransposeProblem } from '../shape/conv.js';
import { optionNames } from '../shape/options.js';
import { checkShape, checkTensor } from '../shape/tensor.js';
import type { ConvProblem, Layout, Rank, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import type { ConvTransposeOptions } from './conv-transpose.js';
import { type GradOptions, gradOptions, runGradient } from './input-grad.js';

/**
 * Options of an input gradient: those of the transposed convolution. `bias`, `add` and `activation` are accepted and change nothing: `gradY` is the
 * gradient of the sum before the activation.
 */
export interface ConvTransposeInputGradOptions<L extends Layout = Layout> extends ConvTransposeOptions<L>, GradOptions {}

const operands = { x: 'xShape', weight: 'weight' };

function inputGrad(
  rank: Rank,
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options: ConvTransposeInputGradOptions | undefined,
): Tensor {
  const operator = `convTranspose${rank}dInputGrad`;
  const { accumulate, forward } = gradOptions(operator, options, optionNames.convTranspose);
  checkShape('xShape', xShape);
  const transposed = convTransposeProblem(rank, xShape, checkTensor('weight', weight).shape, forward, operator, operands);
  const problem: ConvProblem = { ...transposed, clamp: [-Infinity, Infinity] };
  const { row } = choose(convTable, problem);
  const on = host();
  return runGradient(on, {
    ...{ gradY, weight, gradYShape: problem.xShape, xShape: problem.yShape, out: forward.out, accumulate },
    prepare: (values) => row.prepare(on, problem, values, undefined),
  });
}

/**
 * Gradient of a `convTranspose2d` with respect to its input: the direct convolution of `gradY` with the same weights.
 *
 * gradX[n][c][p][q] = sum over o, a, b of gradY[n][o][p sh + a dh - ph][q sw + b dw - pw] · weight[c][o][a][b]
 *
 * @param gradY gradient of the result, [n, oc, oh, ow]; with layout `'NHWC'` [n, oh, ow, oc]. Behind an activation: zero where that was flat
 * @param weight as in `convTranspose2d`
 * @param xShape shape of the input
 * @param options those of the `convTranspose2d` call; `accumulate` adds to what `out` holds, `algorithm` names a row of `conv2d`'s table
 * @returns gradient of shape `xShape`
 * @throws as `convTranspose2d`
 */
export function convTranspose2dInputGrad(
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options?: ConvTransposeInputGradOptions<'NCHW' | 'NHWC'>,
): Tensor {
  return inputGrad(2, gradY, weight, xShape, options);
}

/** As `convTranspose2dInputGrad`, for `convTranspose1d`. @throws as `convTranspose1d` */
export function convTranspose1dInputGrad(
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options?: ConvTransposeInputGradOptions<'NCL' | 'NLC'>,
): Tensor {
  return inputGrad(1, gradY, weight, xShape, options);
}

/** As `convTranspose2dInputGrad`, for `convTranspose3d`. @throws as `convTranspose3d` */
export function convTranspose3dInputGrad(
  gradY: Tensor,
  weight: Tensor,
  xShape: readonly number[],
  options?: ConvTransposeInputGradOptions<'NCDHW' | 'NDHWC'>,
): Tensor {
  return inputGrad(3, gradY, weight, xShape, options);
}
