import { type ConvGrads, type ConvOptions, convTerms, flipped, type WeightAt } from './conv.js';
import { biasGrad, finishField, masked } from './epilogue.js';
import { forwardSum, leftGrad, rightGrad, type Terms } from './sums.js';
import {
  checkShape,
  field,
  isChannelsLast,
  type Layout,
  makeField,
  type Operand,
  type Result,
  spatialOf,
  volume,
} from './tensor.js';
import { windowsOver } from './windows.js';

interface LocalWeight {
  readonly oc: number;
  readonly output: number[];
  readonly kernel: number[];
  readonly at: WeightAt;
}

/** Weights of their own at every position: [oc, ...output, ic, ...kernel], or [...output, ...kernel, ic, oc]. */
function localWeight(shape: readonly number[], rank: number, layout: Layout | undefined): LocalWeight {
  if (isChannelsLast(layout)) {
    const [output, kernel] = [shape.slice(0, rank), shape.slice(rank, 2 * rank)];
    const [ic, oc] = shape.slice(2 * rank);
    const taps = volume(kernel);
    return { oc, output, kernel, at: (o, i, tap, position) => ((position * taps + tap) * ic + i) * oc + o };
  }
  const oc = shape[0];
  const output = shape.slice(1, 1 + rank);
  const ic = shape[1 + rank];
  const kernel = shape.slice(2 + rank);
  const [positions, taps] = [volume(output), volume(kernel)];
  return { oc, output, kernel, at: (o, i, tap, position) => ((o * positions + position) * ic + i) * taps + tap };
}

function setUp(
  xShape: readonly number[],
  weightShape: readonly number[],
  options: ConvOptions,
): { terms: Terms; yShape: number[] } {
  const x = field(xShape, options.layout);
  const weight = localWeight(weightShape, x.rank, options.layout);
  const windows = windowsOver(spatialOf(x.grid, x.rank), weight.kernel, options);
  const extents = spatialOf(windows.output, x.rank);
  if (
    volume(weightShape) !== weight.oc * volume(extents) * x.channels * volume(weight.kernel) ||
    weight.output.join() !== extents.join()
  ) {
    throw new Error(`weight [${weightShape}] does not fit x [${xShape}] and an output of [${extents}]`);
  }
  const y = makeField(x.batch, weight.oc, extents, options.layout);
  return { terms: convTerms(windows, x, y, 1, flipped(weight.at, weight.kernel, options.flipKernel)), yShape: y.shape };
}

/** y[b, oc, position] += x[b, ic, cell] * weight[oc, position, ic, tap], then bias [oc] and activation. */
export function locallyConnected(x: Operand, weight: Operand, options: ConvOptions = {}): Result {
  const { terms, yShape } = setUp(x.shape, weight.shape, options);
  return finishField(forwardSum(terms, x, weight, yShape), options);
}

export function locallyConnectedBackward(
  gradY: Operand,
  x: Operand,
  weight: Operand,
  options: ConvOptions = {},
): ConvGrads {
  const { terms, yShape } = setUp(x.shape, weight.shape, options);
  checkShape('gradY', gradY, yShape);
  const g = masked(gradY, options);
  return {
    gradX: leftGrad(terms, g, weight, x.shape),
    gradWeight: rightGrad(terms, g, x, weight.shape),
    gradBias: biasGrad(gradY, options),
  };
}
