import { resolveAxes, type WindowOptions } from './axes.js';
import { perAxis, spread } from './tensor.js';
import { coveredExtent, joinAxes, scatterWindows, type Windows } from './windows.js';

export interface TransposedOptions extends WindowOptions {
  readonly outputPadding?: number | readonly number[];
  /** Spatial extents, instead of those that the windows cover. */
  readonly outputSize?: readonly number[];
}

/**
 * The windows of the direct operator whose transpose is meant: one per cell of a map of `counts`, over an input of the
 * extents that the transposed operator makes. `same` is the padding of that direct operator, over `outputSize` cells or
 * count * stride of them.
 */
export function transposedWindows(
  counts: readonly number[],
  kernel: readonly number[],
  options: TransposedOptions,
  strideDefault: number | readonly number[],
): Windows {
  const stride = perAxis(options.stride ?? strideDefault, counts.length, 1);
  const whole = options.outputSize ?? counts.map((count, a) => count * stride[a]);
  const axes = resolveAxes(whole, kernel, options, strideDefault);
  const extra = perAxis(options.outputPadding, counts.length, 0);
  const same = options.padding === 'same' || options.padding === 'same-lower';
  const covered = axes.map((axis, a) => coveredExtent(counts[a], axis) + extra[a]);
  const extents = options.outputSize ?? (same ? whole : covered);
  if (extents.some((extent) => extent < 1)) throw new Error(`an extent of [${extents}] is below 1`);
  const windows = axes.map((axis, a) => scatterWindows(counts[a], extents[a], axis));
  return joinAxes(windows, spread(extents, 1));
}
