import { type ConvGrads, type ConvOptions, convTerms, flipped, weightField } from './conv.js';
import { biasGrad, finishField, masked } from './epilogue.js';
import { forwardSum, leftGrad, rightGrad, type Terms } from './sums.js';
import { checkShape, field, makeField, type Operand, type Result, spatialOf } from './tensor.js';
import { type TransposedOptions, transposedWindows } from './transposed-windows.js';

export interface ConvTransposeOptions extends ConvOptions, TransposedOptions {}

/**
 * y[b, oc, cell] += x[b, ic, position] * weight[ic, oc of the group, tap]: the input gradient of the convolution from y
 * to x, whose output channels are ic. Weights IOHW [ic, oc / groups, ...kernel] or HWOI [...kernel, oc / groups, ic]
 * are that convolution's OIHW or HWIO.
 */
function setUp(
  xShape: readonly number[],
  weightShape: readonly number[],
  options: ConvTransposeOptions,
): { terms: Terms; yShape: number[] } {
  const x = field(xShape, options.layout);
  const { oc: ic, icg: ocg, kernel, at } = weightField(weightShape, options.layout);
  const groups = options.groups ?? 1;
  if (ic !== x.channels || ic % groups !== 0)
    throw new Error(`x [${xShape}] and weight [${weightShape}] do not fit ${groups} groups`);

  const windows = transposedWindows(spatialOf(x.grid, x.rank), kernel, options, 1);
  const y = makeField(x.batch, ocg * groups, spatialOf(windows.input, x.rank), options.layout);
  const direction = convTerms(windows, y, x, groups, flipped(at, kernel, options.flipKernel));
  return { terms: (visit) => direction((from, to, w) => visit(to, from, w)), yShape: y.shape };
}

/** y = activation(x transposed-convolved with weight + bias + add) */
export function convTranspose(x: Operand, weight: Operand, options: ConvTransposeOptions = {}): Result {
  const { terms, yShape } = setUp(x.shape, weight.shape, options);
  return finishField(forwardSum(terms, x, weight, yShape), options);
}

export function convTransposeInputGrad(
  gradY: Operand,
  weight: Operand,
  xShape: readonly number[],
  options: ConvTransposeOptions = {},
): Result {
  const { terms, yShape } = setUp(xShape, weight.shape, options);
  checkShape('gradY', gradY, yShape);
  return leftGrad(terms, masked(gradY, options), weight, xShape);
}

export function convTransposeWeightGrad(
  x: Operand,
  gradY: Operand,
  weightShape: readonly number[],
  options: ConvTransposeOptions = {},
): Result {
  const { terms, yShape } = setUp(x.shape, weightShape, options);
  checkShape('gradY', gradY, yShape);
  return rightGrad(terms, masked(gradY, options), x, weightShape);
}

export function convTransposeBackward(
  gradY: Operand,
  x: Operand,
  weight: Operand,
  options: ConvTransposeOptions = {},
): ConvGrads {
  return {
    gradX: convTransposeInputGrad(gradY, weight, x.shape, options),
    gradWeight: convTransposeWeightGrad(x, gradY, weight.shape, options),
    gradBias: biasGrad(gradY, options),
  };
}
