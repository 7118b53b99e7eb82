import { OptionError, ShapeError } from '../errors.js';
import { checkOptions, finite, oneOf } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShape, checkShaped, checkSize, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { along, gather, scatterAdd, stepsOf, type View } from './gather.js';
import { named, type OutOption, outOf } from './run.js';

/** What stands around a tensor: a value, or its own numbers mirrored, those at the edge, or those of the other end. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** Options of `pad`. */
export interface PadOptions extends OutOption {
  /** Default `'constant'`. */
  readonly mode?: PadMode | undefined;
  /** Of mode `constant`; default 0. */
  readonly value?: number | undefined;
}

/** Cells before and behind each axis; negative ones crop. */
export type Pads = readonly (readonly [begin: number, end: number])[];

/** Index of the tensor for one beyond it. */
const beyond: Record<PadMode, (i: number, extent: number) => number> = {
  constant: () => -1,
  reflect: (i, extent) => (i < 0 ? -i : 2 * (extent - 1) - i),
  replicate: (i, extent) => (i < 0 ? 0 : extent - 1),
  circular: (i, extent) => (i < 0 ? i + extent : i - extent),
};

/** Most cells that a mode can make of an axis. */
const most: Record<PadMode, (extent: number) => number> = {
  constant: () => Infinity,
  reflect: (extent) => extent - 1,
  replicate: (extent) => (extent > 0 ? Infinity : 0),
  circular: (extent) => extent,
};

/** A tensor of this shape with cells around it. */
export function padView(shape: readonly number[], pads: unknown, mode: PadMode, value: number): View {
  if (!Array.isArray(pads) || pads.length !== shape.length)
    throw new OptionError(`pads is ${show(pads)}, expected a [begin, end] for each of ${shape.length} axes`);
  const steps = stepsOf(shape);
  const indices = pads.map((pair: unknown, axis) => {
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(Number.isInteger))
      throw new OptionError(`pads[${axis}] is ${show(pair)}, expected two integers [begin, end]`);
    const [begin, end]: number[] = pair;
    const extent = shape[axis];
    const cells = extent + begin + end;
    if (cells < 0)
      throw new ShapeError(
        `axis ${axis} of the result is ${extent} + ${begin} + ${end} = ${cells}, expected at least 0`,
      );
    const limit = most[mode](extent);
    if (Math.max(begin, end) > Math.max(0, limit))
      throw new OptionError(`pads[${axis}] is ${show(pair)}, expected at most ${limit} for ${mode} of ${extent} cells`);
    return { cells, begin, extent };
  });
  const result = indices.map(({ cells }) => cells);
  checkSize('the result', result);
  const places = indices.map(({ cells, begin, extent }, axis) => {
    const index = (i: number) => (i >= 0 && i < extent ? i : beyond[mode](i, extent));
    return along(
      Array.from({ length: cells }, (_, i) => index(i - begin)),
      steps[axis],
    );
  });
  return { shape: result, places, value };
}

const modes = ['constant', 'reflect', 'replicate', 'circular'] as const;

/**
 * Puts cells before and behind every axis, or takes them off.
 *
 * @param pads [begin, end] of every axis, in their order; a negative number crops
 * @returns a tensor of extents begin + extent + end
 * @throws OptionError for more cells than the mode can make: extent - 1 for `reflect`, extent for `circular`
 * @example
 * console.log(pad(tensor([1, 2, 3], [3]), [[1, 2]], { mode: 'reflect' }).data); // 2, 1, 2, 3, 2, 1
 */
export function pad(x: Tensor, pads: Pads, options?: PadOptions): Tensor {
  const o = checkOptions('pad', options, ['mode', 'value', 'out']);
  const mode = oneOf<PadMode>('mode', o.mode, modes, 'constant');
  const value = o.value === Infinity || o.value === -Infinity ? (o.value as number) : finite('value', o.value, 0);
  const view = padView(checkTensor('x', x).shape, pads, mode, value);
  return gather(x, view, outOf(o.out, view.shape, [named('x', x)]));
}

/**
 * Gradient of `pad` for x: cells that stood several times sum theirs.
 * @param xShape the shape of x
 * @example
 * console.log(padInputGrad(tensor([1, 1, 1, 1, 1], [5]), [[1, 1]], [3], { mode: 'replicate' }).data); // 2, 1, 2
 */
export function padInputGrad(gradY: Tensor, pads: Pads, xShape: readonly number[], options?: PadOptions): Tensor {
  const o = checkOptions('padInputGrad', options, ['mode', 'value', 'out']);
  const view = padView(checkShape('xShape', xShape), pads, oneOf<PadMode>('mode', o.mode, modes, 'constant'), 0);
  checkShaped('gradY', gradY, view.shape);
  return scatterAdd(gradY, view, xShape, outOf(o.out, xShape, [named('gradY', gradY)]));
}
