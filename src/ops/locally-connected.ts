import { sumChannels } from '../algorithms/bias-grad.js';
import { locallyForward, locallyInputGrad, locallyWeightGrad } from '../algorithms/locally/layer.js';
import { backwardOptions, maskOf } from '../shape/backward.js';
import { biasOf } from '../shape/conv.js';
import { locallyConnectedProblem } from '../shape/locally.js';
import { optionNames } from '../shape/options.js';
import { checkOut, checkShaped, checkTensor, sizeOf } from '../shape/tensor.js';
import type { Layout, Tensor } from '../types.js';
import { host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { fromView } from '../wasm/view.js';
import type { ConvOptions } from './conv.js';
import { gradientOutputs } from './gradients.js';
import { type BackwardRunOptions, type ConvGradients, wantedNames } from './prepared-backward.js';

/** Options of a locally connected layer; the bias has one number per output channel, shared by all positions. */
export type LocallyConnectedOptions<L extends Layout = Layout> = Omit<
  ConvOptions<L>,
  'groups' | 'add' | 'accuracy' | 'algorithm'
>;

/** Options of the backward call: those of the forward call (`bias` by its presence alone), and what is wanted. */
export interface LocallyConnectedBackwardOptions<L extends Layout = Layout>
  extends Omit<LocallyConnectedOptions<L>, 'out'>,
    BackwardRunOptions {}

function forward(rank: 1 | 2, x: Tensor, weight: Tensor, options: LocallyConnectedOptions = {}): Tensor {
  const p = locallyConnectedProblem(rank, checkTensor('x', x).shape, checkTensor('weight', weight).shape, options);
  const bias = biasOf(options.bias, p.oc);
  const { out } = options;
  const inputs = [
    { operand: 'x', data: x.data },
    { operand: 'weight', data: weight.data },
    ...(bias ? [{ operand: 'bias', data: bias }] : []),
  ];
  if (out !== undefined) checkOut(out, p.yShape, inputs);
  if (p.n === 0) return out ?? { data: new Float32Array(0), shape: p.yShape };
  const on = host();
  const own = bias?.slice();
  const layer = fromView(on.arena, weight.data, (values) => locallyForward(on, p, values, own));
  try {
    return runOn(on, [x], [{ shape: p.yShape, out }], layer.scratchBytes, ([from], [to], scratch) =>
      layer.run(from, to, scratch),
    )[0] as Tensor;
  } finally {
    layer.dispose();
  }
}

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

const gradOf = { x: 'gradX', weight: 'gradWeight', bias: 'gradBias' } as const;

function backward(
  rank: 1 | 2,
  gradY: Tensor,
  x: Tensor,
  weight: Tensor,
  options: LocallyConnectedBackwardOptions = {},
): ConvGradients {
  const operator = `locallyConnected${rank}dBackward`;
  const read = backwardOptions(operator, options, optionNames.locallyConnected, wantedNames);
  const { out, ...rest } = read.forward;
  const { wanted, accumulate } = read;
  const p = locallyConnectedProblem(rank, checkTensor('x', x).shape, checkTensor('weight', weight).shape, rest, operator);
  biasOf(rest.bias, p.oc);
  const inputs = [
    { operand: 'gradY', data: checkShaped('gradY', gradY, p.yShape).data },
    { operand: 'x', data: x.data },
    { operand: 'weight', data: weight.data },
  ];
  const y = maskOf(read.y, p.clamp, p.yShape);
  if (y) inputs.push({ operand: 'y', data: y.data });
  const shapes = { x: p.xShape, weight: p.weightShape, bias: [p.oc] };
  const { outputs, place, named } = gradientOutputs(gradOf, wanted, shapes, out, accumulate, inputs);
  const keeps = (name: keyof typeof gradOf) => outputs[place(name)].accumulate;
  const on = host();
  const size = sizeOf(p.yShape);
  const maskBytes = y ? round64(size * 4) : 0;
  const inputGrad =
    wanted.x && p.n > 0 ? fromView(on.arena, weight.data, (values) => locallyInputGrad(on, p, values)) : undefined;
  try {
    const weightGrad = wanted.weight ? locallyWeightGrad(on, p) : undefined;
    try {
      const scratchBytes = maskBytes + Math.max(inputGrad?.scratchBytes ?? 0, weightGrad?.scratchBytes ?? 0);
      const operands = [gradY, wanted.weight ? x : undefined, y];
      const results = runOn(on, operands, outputs, scratchBytes, ([from, x, y], to, scratch) => {
        const masked = y ? scratch : from;
        const free = scratch + maskBytes;
        const [gradX, gradWeight, gradBias] = wantedNames.map((name) => to[place(name)]);
        if (y) on.exports.maskGradient(masked, from, y, size, ...p.clamp);
        inputGrad?.run(masked, gradX, keeps('x') ? gradX : 0, free);
        weightGrad?.run(x, masked, gradWeight, keeps('weight') ? 1 : 0, free);
        const maps = { channelsLast: p.channelsLast, n: p.n, c: p.oc, cells: p.oh * p.ow };
        if (wanted.bias) sumChannels(on, maps, masked, gradBias, keeps('bias'));
      });
      return named(results);
    } finally {
      weightGrad?.dispose();
    }
  } finally {
    inputGrad?.dispose();
  }
}

/**
 * Locally connected layer in two dimensions: a convolution (cross-correlation unless `flipKernel`) whose weights are not shared between positions.
 *
 * y[n][o][i][j] = clamp(bias[o] + sum over c, a, b of x[n][c][i sh + a dh - ph][j sw + b dw - pw] · weight[o][i][j][c][a][b])
 *
 * @param x [n, ic, h, w]; with layout `'NHWC'` [n, h, w, ic]
 * @param weight [oc, oh, ow, ic, kh, kw]; with layout `'NHWC'` [oh, ow, kh, kw, ic, oc]
 * @returns [n, oc, oh, ow] or [n, oh, ow, oc], sizes as in `conv2d`
 * @throws ShapeError when operands do not fit each other, OptionError for an option out of range or unknown, MemoryError when the host refuses memory
 * @see Y. LeCun, Generalization and network design strategies, 1989
 */
export function locallyConnected2d(x: Tensor, weight: Tensor, options?: LocallyConnectedOptions<'NCHW' | 'NHWC'>): Tensor {
  return forward(2, x, weight, options);
}

/**
 * Locally connected layer in one dimension: as `locallyConnected2d` with one spatial axis.
 * @param x [n, ic, l]; with layout `'NLC'` [n, l, ic]
 * @param weight [oc, ol, ic, k]; with layout `'NLC'` [ol, k, ic, oc]
 * @returns [n, oc, ol] or [n, ol, oc]
 * @throws as `locallyConnected2d`
 */
export function locallyConnected1d(x: Tensor, weight: Tensor, options?: LocallyConnectedOptions<'NCL' | 'NLC'>): Tensor {
  return forward(1, x, weight, options);
}

/**
 * Gradients of `locallyConnected2d`: of the input, the weights, and the bias where `bias` is given or `wanted` says so.
 * @param gradY gradient of the result
 * @param options as in the forward call; with an activation, the saved result `y`
 * @returns those of `gradX`, `gradWeight`, `gradBias` that were asked for, in the shapes of `x`, `weight` and [oc]
 * @throws as `locallyConnected2d`
 */
export function locallyConnected2dBackward(
  gradY: Tensor,
  x: Tensor,
  weight: Tensor,
  options?: LocallyConnectedBackwardOptions<'NCHW' | 'NHWC'>,
): ConvGradients {
  return backward(2, gradY, x, weight, options);
}

/** As `locallyConnected2dBackward`, for `locallyConnected1d`. @throws as `locallyConnected1d` */
export function locallyConnected1dBackward(
  gradY: Tensor,
  x: Tensor,
  weight: Tensor,
  options?: LocallyConnectedBackwardOptions<'NCL' | 'NLC'>,
): ConvGradients {
  return backward(1, gradY, x, weight, options);
}
