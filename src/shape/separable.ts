import { ShapeError } from '../errors.js';
import type { SeparableProblem } from '../types.js';
import { convProblem } from './conv.js';
import { readFeatures } from './features.js';
import { checkOptions, layoutIsLast, nameOf, optionNames } from './options.js';

/**
 * Checks x [n, c, h, w] with depthwise weights [c multiplier, 1, kh, kw] and pointwise weights [oc, c multiplier, 1, 1]
 * (channels last: [kh, kw, 1, c multiplier] and [1, 1, c multiplier, oc]). Window options belong to the depthwise
 * layer, bias and activation to the pointwise one.
 * @throws ShapeError or OptionError
 */
export function separableProblem(
  xShape: readonly number[],
  depthwiseShape: readonly number[],
  pointwiseShape: readonly number[],
  options?: unknown,
  calledAs = 'separableConv2d',
): SeparableProblem {
  const o = checkOptions(calledAs, options, optionNames.separable);
  const { layout, accuracy, activation, algorithm, stride, padding, paddingMode, dilation, flipKernel, weightLayout } =
    o;
  const window = { stride, padding, paddingMode, dilation, flipKernel };
  const groups = readFeatures('x', xShape, 2, layoutIsLast(layout, 2)).c;
  const depthwiseNames = { x: 'x', weight: 'depthwise' };
  const depthwise = convProblem(
    2,
    xShape,
    depthwiseShape,
    { ...window, groups, layout, accuracy, weightLayout },
    calledAs,
    depthwiseNames,
  );
  const between = { x: 'the depthwise result', weight: 'pointwise' };
  const pointwise = convProblem(
    2,
    depthwise.yShape,
    pointwiseShape,
    { layout, accuracy, activation, weightLayout },
    calledAs,
    between,
  );
  if (pointwise.kh !== 1 || pointwise.kw !== 1) {
    throw new ShapeError(`pointwise has a kernel of ${pointwise.kh} x ${pointwise.kw}, expected 1 x 1`);
  }
  return Object.freeze({
    depthwise,
    pointwise,
    accuracy: depthwise.accuracy,
    algorithm: nameOf('algorithm', algorithm),
  });
}
