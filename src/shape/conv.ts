import { OptionError, ShapeError } from '../errors.js';
import type { ConvProblem, Rank } from '../types.js';
import { outputExtent } from './extent.js';
import { featureShape, matchChannels, readFeatures, readWeights } from './features.js';
import {
  activationClamp,
  checkOptions,
  flag,
  integer,
  layoutIsLast,
  nameOf,
  oneOf,
  optionNames,
  padding,
  paddingModeOf,
  perAxis,
  weightsAreLast,
} from './options.js';
import { count } from './show.js';
import { checkSize, checkVector } from './tensor.js';
import { transposedWindow } from './transposed.js';
import { checkPaddedSize, checkPaddingMode, windowAxes, windowExtents } from './window.js';

type Options = Readonly<Record<string, unknown>>;

/** Names of the two operands in error messages. */
export interface ConvOperands {
  readonly x: string;
  readonly weight: string;
}

const usualOperands: ConvOperands = { x: 'x', weight: 'weight' };

/**
 * Checks a convolution x [n, ic, i...] with weights [oc, ic / groups, k...] (channels last: [n, i..., ic] and [k..., ic
 * / groups, oc]; `weightLayout` says so of the weights alone) and derives its extents, o = floor((i + p0 + p1 - d (k -
 * 1) - 1) / s) + 1. The values of `bias`, `add` and `out` are not looked at here.
 * @throws ShapeError or OptionError
 */
export function convProblem(
  rank: Rank,
  xShape: readonly number[],
  weightShape: readonly number[],
  options?: unknown,
  operator = `conv${rank}d`,
  operands = usualOperands,
): ConvProblem {
  const o = checkOptions(operator, options, optionNames.conv);
  const channelsLast = layoutIsLast(o.layout, rank);
  const weightsLast = weightsAreLast(o.weightLayout, rank, 'direct', channelsLast);
  const x = readFeatures(operands.x, xShape, rank, channelsLast);
  const { oc, groupIc, kernel } = readWeights(operands.weight, weightShape, rank, weightsLast, ['oc', 'ic / groups']);
  const groups = groupsOf(o.groups);
  checkGroups(groups, x.c, operands.x);
  matchChannels(operands.x, x.c, operands.weight, groups, groupIc);
  checkGroups(groups, oc, operands.weight, 'output ');

  const axes = windowAxes(
    x.spatial,
    kernel,
    perAxis('stride', o.stride, rank, 1, 1),
    perAxis('dilation', o.dilation, rank, 1, 1),
  );
  const pads = padding(o.padding, axes);
  const paddingMode = paddingModeOf(o.paddingMode);
  checkPaddingMode(paddingMode, axes, pads);
  const output = axes.map((axis, a) => outputExtent(axis, pads[a]));
  const yShape = featureShape({ ...x, c: oc, spatial: output }, channelsLast);
  checkSize('y', yShape);
  checkPaddedSize(operands.x, x.n, x.c, axes, pads);

  return Object.freeze({
    ...windowExtents(x.n, channelsLast, axes, pads, output),
    ...execution(o),
    ic: x.c,
    oc,
    groups,
    weightsLast,
    paddingMode,
    xShape: Object.freeze([...xShape]),
    weightShape: Object.freeze([...weightShape]),
    yShape,
  });
}

/**
 * Checks a transposed convolution x [n, ic, i...] with weights [ic, oc / groups, k...] (channels last: [n, i..., ic]
 * and [k..., oc / groups, ic]) and returns the direct convolution whose input gradient it is: there `x` is the result,
 * with `ic` its channels, and `y` is the operand. Sizes: o = (i - 1) s - p0 - p1 + d (k - 1) + 1 + outputPadding.
 * Padding `valid` is 0, `full` d (k - 1), `same` whatever makes o = i s or `outputSize`.
 *
 * With outputPadding >= stride (dilation being larger) the formula of the direct convolution counts more positions than
 * od, oh, ow hold; those are not computed.
 * @throws ShapeError or OptionError
 */
export function convTransposeProblem(
  rank: Rank,
  xShape: readonly number[],
  weightShape: readonly number[],
  options?: unknown,
  operator = `convTranspose${rank}d`,
  operands = usualOperands,
): ConvProblem {
  const o = checkOptions(operator, options, optionNames.convTranspose);
  const channelsLast = layoutIsLast(o.layout, rank);
  const weightsLast = weightsAreLast(o.weightLayout, rank, 'transposed', channelsLast);
  const x = readFeatures(operands.x, xShape, rank, channelsLast);
  const weights = readWeights(operands.weight, weightShape, rank, weightsLast, ['ic', 'oc / groups']);
  if (x.c !== weights.oc) {
    throw new ShapeError(`${operands.x} has ${count(x.c, 'channel')}, ${operands.weight} expects ${weights.oc}`);
  }
  const groups = groupsOf(o.groups);
  checkGroups(groups, x.c, operands.x);
  const paddingMode = oneOf('paddingMode', o.paddingMode, ['zeros'], 'zeros');

  const stride = perAxis('stride', o.stride, rank, 1, 1);
  const dilation = perAxis('dilation', o.dilation, rank, 1, 1);
  const { output, pads } = transposedWindow(windowAxes(x.spatial, weights.kernel, stride, dilation), o, () => 0);
  const channels = weights.groupIc * groups;
  const resultShape = featureShape({ ...x, c: channels, spatial: output }, channelsLast);
  checkSize('y', resultShape);
  const axes = windowAxes(output, weights.kernel, stride, dilation);
  checkPaddedSize('y', x.n, channels, axes, pads);

  return Object.freeze({
    ...windowExtents(x.n, channelsLast, axes, pads, x.spatial),
    ...execution(o),
    ic: channels,
    oc: x.c,
    groups,
    weightsLast,
    paddingMode,
    xShape: resultShape,
    weightShape: Object.freeze([...weightShape]),
    yShape: Object.freeze([...xShape]),
  });
}

/** Checks `bias` as one number per output channel; undefined when there is none. */
export function biasOf(bias: unknown, oc: number): Float32Array | undefined {
  return bias === undefined ? undefined : checkVector('bias', bias, oc);
}

/** The options that say how to compute, not what shape comes out. */
function execution(o: Options): Pick<ConvProblem, 'flipKernel' | 'accuracy' | 'algorithm' | 'prepared' | 'clamp'> {
  return {
    flipKernel: flag('flipKernel', o.flipKernel, false),
    accuracy: oneOf('accuracy', o.accuracy, ['standard', 'high'], 'standard'),
    algorithm: nameOf('algorithm', o.algorithm),
    prepared: false,
    clamp: Object.freeze(activationClamp(o.activation)),
  };
}

function groupsOf(groups: unknown): number {
  return groups === undefined ? 1 : integer('groups', groups, 1);
}

function checkGroups(groups: number, channels: number, operand: string, kind = ''): void {
  if (channels % groups !== 0) {
    throw new OptionError(`groups is ${groups}, expected a divisor of the ${channels} ${kind}channels of ${operand}`);
  }
}
