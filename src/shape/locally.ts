import { ShapeError } from '../errors.js';
import type { ConvProblem, Rank } from '../types.js';
import { outputExtent } from './extent.js';
import { featureShape, matchChannels, readFeatures } from './features.js';
import {
  activationClamp,
  checkOptions,
  flag,
  layoutIsLast,
  optionNames,
  padding,
  paddingModeOf,
  perAxis,
} from './options.js';
import { show } from './show.js';
import { checkShape, checkSize } from './tensor.js';
import { checkPaddedSize, checkPaddingMode, windowAxes, windowExtents } from './window.js';

/**
 * Checks a locally connected layer, a convolution whose weights are not shared between positions: weights [oc,
 * ...output, ic, ...kernel], or [...output, ...kernel, ic, oc] with channels last. The output extents that the weights
 * were made for must be those of the formula. The problem differs from that of a convolution in `weightShape` alone;
 * there are no groups.
 * @throws ShapeError or OptionError
 */
export function locallyConnectedProblem(
  rank: 1 | 2,
  xShape: readonly number[],
  weightShape: readonly number[],
  options?: unknown,
  calledAs = `locallyConnected${rank}d`,
): ConvProblem {
  const o = checkOptions(calledAs, options, optionNames.locallyConnected);
  const channelsLast = layoutIsLast(o.layout, rank);
  const x = readFeatures('x', xShape, rank, channelsLast);
  const weight = readWeight(weightShape, rank, channelsLast);
  matchChannels('x', x.c, 'weight', 1, weight.ic);
  const stride = perAxis('stride', o.stride, rank, 1, 1);
  const axes = windowAxes(x.spatial, weight.kernel, stride, perAxis('dilation', o.dilation, rank, 1, 1));
  const pads = padding(o.padding, axes);
  const paddingMode = paddingModeOf(o.paddingMode);
  checkPaddingMode(paddingMode, axes, pads);
  const output = axes.map((axis, a) => {
    const extent = outputExtent(axis, pads[a]);
    if (weight.output[a] !== extent) {
      throw new ShapeError(
        `weight is for output ${axis.name} ${weight.output[a]}, expected ${extent} for x of ${axis.name} ${axis.input}`,
      );
    }
    return extent;
  });
  const yShape = featureShape({ ...x, c: weight.oc, spatial: output }, channelsLast);
  checkSize('y', yShape);
  checkPaddedSize('x', x.n, x.c, axes, pads);
  return Object.freeze({
    ...windowExtents(x.n, channelsLast, axes, pads, output),
    ic: x.c,
    oc: weight.oc,
    groups: 1,
    weightsLast: channelsLast,
    paddingMode,
    flipKernel: flag('flipKernel', o.flipKernel, false),
    accuracy: 'standard',
    algorithm: undefined,
    prepared: false,
    clamp: Object.freeze(activationClamp(o.activation)),
    xShape: Object.freeze([...xShape]),
    weightShape: Object.freeze([...weightShape]),
    yShape,
  });
}

function readWeight(shape: readonly number[], rank: Rank, channelsLast: boolean) {
  checkShape('weight.shape', shape);
  if (shape.length !== 2 * rank + 2) {
    const expected = channelsLast ? '[...output, ...kernel, ic, oc]' : '[oc, ...output, ic, ...kernel]';
    throw new ShapeError(
      `weight has rank ${shape.length} (shape ${show(shape)}), expected rank ${2 * rank + 2}: ${expected}`,
    );
  }
  const empty = shape.indexOf(0);
  if (empty >= 0)
    throw new ShapeError(`weight has extent 0 in axis ${empty} (shape ${show(shape)}), expected at least 1`);
  checkSize('weight', shape);
  return channelsLast
    ? {
        output: shape.slice(0, rank),
        kernel: shape.slice(rank, 2 * rank),
        ic: shape[2 * rank],
        oc: shape[2 * rank + 1],
      }
    : { oc: shape[0], output: shape.slice(1, rank + 1), ic: shape[rank + 1], kernel: shape.slice(rank + 2) };
}
