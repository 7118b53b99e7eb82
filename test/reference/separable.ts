import { type ConvOptions, conv, convInputGrad, convWeightGrad } from './conv.js';
import { biasGrad, masked } from './epilogue.js';
import { field, type Layout, type Operand, type Result } from './tensor.js';

/**
 * The window, the padding and the flip belong to the depthwise part; bias, residual and activation follow the pointwise
 * part.
 */
function parts(x: readonly number[], options: ConvOptions): { depth: ConvOptions; point: ConvOptions } {
  const { bias, add, activation, y, layout, ...window } = options;
  return {
    depth: { ...window, layout, groups: field(x, layout).channels },
    point: { bias, add, activation, y, layout },
  };
}

/**
 * y = activation(pointwise(depthwise(x)) + bias), depthwise [c * multiplier, 1, ...kernel], pointwise [oc, c *
 * multiplier, 1...] (or HWIO).
 */
export function separableConv(x: Operand, depthwise: Operand, pointwise: Operand, options: ConvOptions = {}): Result {
  const { depth, point } = parts(x.shape, options);
  return conv(conv(x, depthwise, depth), pointwise, point);
}

export interface SeparableGrads {
  readonly gradX: Result;
  readonly gradDepthwise: Result;
  readonly gradPointwise: Result;
  readonly gradBias: Result;
}

export function separableConvBackward(
  gradY: Operand,
  x: Operand,
  depthwise: Operand,
  pointwise: Operand,
  options: ConvOptions = {},
): SeparableGrads {
  const { depth, point } = parts(x.shape, options);
  const layout: { layout?: Layout } = { layout: options.layout };
  const between = conv(x, depthwise, depth);
  const g = masked(gradY, point);
  const gradBetween = convInputGrad(g, pointwise, between.shape, layout);
  return {
    gradX: convInputGrad(gradBetween, depthwise, x.shape, depth),
    gradDepthwise: convWeightGrad(x, gradBetween, depthwise.shape, depth),
    gradPointwise: convWeightGrad(between, g, pointwise.shape, layout),
    gradBias: biasGrad(g, layout),
  };
}
