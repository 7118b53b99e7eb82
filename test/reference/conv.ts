import type { WindowOptions } from './axes.js';
import { biasGrad, type EpilogueOptions, finishField, masked } from './epilogue.js';
import { forwardSum, leftGrad, rightGrad, type Terms } from './sums.js';
import {
  checkShape,
  type Field,
  field,
  isChannelsLast,
  type Layout,
  makeField,
  type Operand,
  type Result,
  spatialOf,
  volume,
} from './tensor.js';
import { forEachTap, type Windows, windowsOver } from './windows.js';

export interface ConvOptions extends WindowOptions, EpilogueOptions {
  readonly groups?: number;
  readonly flipKernel?: boolean;
  readonly layout?: Layout;
}

/**
 * Flat offset of the weight between an output channel and an input channel of its group, for a tap and an output
 * position.
 */
export type WeightAt = (oc: number, icOfGroup: number, tap: number, position: number) => number;

/** Where weights lie: OIHW [oc, ic / groups, ...kernel], or HWIO [...kernel, ic / groups, oc]. */
export function weightField(
  shape: readonly number[],
  layout: Layout | undefined,
): { oc: number; icg: number; kernel: number[]; at: WeightAt } {
  if (isChannelsLast(layout)) {
    const [icg, oc] = shape.slice(-2);
    return { oc, icg, kernel: shape.slice(0, -2), at: (o, i, tap) => (tap * icg + i) * oc + o };
  }
  const [oc, icg] = shape;
  const kernel = shape.slice(2);
  const taps = volume(kernel);
  return { oc, icg, kernel, at: (o, i, tap) => (o * icg + i) * taps + tap };
}

/** y[b, oc, position] += x[b, ic, cell] * weight[oc, ic of the group, tap], over everything that is not padding. */
export function convTerms(windows: Windows, x: Field, y: Field, groups: number, weightAt: WeightAt): Terms {
  const icg = x.channels / groups;
  const ocg = y.channels / groups;
  return (visit) => {
    forEachTap(windows, (position, tap, cell) => {
      if (cell === null) return;
      for (let b = 0; b < x.batch; b += 1) {
        for (let oc = 0; oc < y.channels; oc += 1) {
          const group = Math.floor(oc / ocg);
          for (let i = 0; i < icg; i += 1) {
            visit(y.at(b, oc, position), x.at(b, group * icg + i, cell), weightAt(oc, i, tap, position));
          }
        }
      }
    });
  };
}

/** Weight offsets with the taps read backwards where the kernel is flipped (true convolution). */
export function flipped(at: WeightAt, kernel: readonly number[], flip: boolean | undefined): WeightAt {
  const last = volume(kernel) - 1;
  return flip ? (o, i, tap, position) => at(o, i, last - tap, position) : at;
}

interface Shapes {
  readonly terms: Terms;
  readonly yShape: number[];
}

function setUp(xShape: readonly number[], weightShape: readonly number[], options: ConvOptions): Shapes {
  const x = field(xShape, options.layout);
  const { oc, icg, kernel, at } = weightField(weightShape, options.layout);
  const groups = options.groups ?? 1;
  if (icg * groups !== x.channels || oc % groups !== 0) {
    throw new Error(`x [${xShape}] and weight [${weightShape}] do not fit ${groups} groups`);
  }
  const windows = windowsOver(spatialOf(x.grid, x.rank), kernel, options);
  const y = makeField(x.batch, oc, spatialOf(windows.output, x.rank), options.layout);
  return { terms: convTerms(windows, x, y, groups, flipped(at, kernel, options.flipKernel)), yShape: y.shape };
}

/** y = activation(x * weight + bias + add) */
export function conv(x: Operand, weight: Operand, options: ConvOptions = {}): Result {
  const { terms, yShape } = setUp(x.shape, weight.shape, options);
  return finishField(forwardSum(terms, x, weight, yShape), options);
}

export function convInputGrad(
  gradY: Operand,
  weight: Operand,
  xShape: readonly number[],
  options: ConvOptions = {},
): Result {
  const { terms, yShape } = setUp(xShape, weight.shape, options);
  checkShape('gradY', gradY, yShape);
  return leftGrad(terms, masked(gradY, options), weight, xShape);
}

export function convWeightGrad(
  x: Operand,
  gradY: Operand,
  weightShape: readonly number[],
  options: ConvOptions = {},
): Result {
  const { terms, yShape } = setUp(x.shape, weightShape, options);
  checkShape('gradY', gradY, yShape);
  return rightGrad(terms, masked(gradY, options), x, weightShape);
}

export interface ConvGrads {
  readonly gradX: Result;
  readonly gradWeight: Result;
  readonly gradBias: Result;
}

export function convBackward(gradY: Operand, x: Operand, weight: Operand, options: ConvOptions = {}): ConvGrads {
  return {
    gradX: convInputGrad(gradY, weight, x.shape, options),
    gradWeight: convWeightGrad(x, gradY, weight.shape, options),
    gradBias: biasGrad(gradY, options),
  };
}
