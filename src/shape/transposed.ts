import { OptionError } from '../errors.js';
import type { Rank } from '../types.js';
import { naturalExtent, type Pair, samePair, transposedExtent, type WindowAxis } from './extent.js';
import { padding, sameWord } from './padding.js';
import { perAxis } from './values.js';

/**
 * What a transposed window settles: extents of its output, and the padding of the direct window that goes the other
 * way.
 */
export interface TransposedWindow {
  readonly output: readonly number[];
  readonly pads: readonly Pair[];
}

/**
 * Output and padding of a window that goes from few cells (`axes[a].input`) to many. `same` makes i s cells, or the
 * `outputSize` asked for, from (i - 1) s + 1 to i s: all the sizes that a direct `same` window takes to i.
 * @param below how far under the natural size `outputSize` may go
 */
export function transposedWindow(
  axes: readonly WindowAxis[],
  options: Readonly<Record<string, unknown>>,
  below: (axis: WindowAxis) => number,
): TransposedWindow {
  const rank = axes.length as Rank;
  const extra = perAxis('outputPadding', options.outputPadding, rank, 0, 0);
  if (options.outputPadding !== undefined && options.outputSize !== undefined) {
    throw new OptionError('outputPadding and outputSize are both given, expected one of them');
  }
  const size =
    options.outputSize === undefined ? undefined : perAxis('outputSize', options.outputSize, rank, undefined, 1);
  const word = options.padding;
  if (sameWord(word)) {
    const output = axes.map((axis, a) => sameOutput(axis, size?.[a], extra[a]));
    return { output, pads: axes.map((axis, a) => samePair({ ...axis, input: output[a] }, word === 'same-lower')) };
  }
  const pads = padding(word, axes);
  const output = axes.map((axis, a) => {
    checkOutputPadding(axis, extra[a]);
    if (size === undefined) return transposedExtent(axis, pads[a], extra[a]);
    const natural = naturalExtent(axis, pads[a]);
    return checkOutputSize(axis, size[a], natural - below(axis), natural + axis.stride - 1);
  });
  return { output, pads };
}

function sameOutput(axis: WindowAxis, size: number | undefined, extra: number): number {
  const most = axis.input * axis.stride;
  if (extra > 0) {
    throw new OptionError(
      `outputPadding of ${axis.name} is ${extra}, expected 0: padding "same" fixes the output at ${most}; give outputSize`,
    );
  }
  return size === undefined ? most : checkOutputSize(axis, size, most - axis.stride + 1, most);
}

function checkOutputPadding({ name, stride, dilation }: WindowAxis, extra: number): void {
  const limit = Math.max(stride, dilation);
  if (extra >= limit) {
    const bound = `expected less than ${limit}, the larger of stride ${stride} and dilation ${dilation}`;
    throw new OptionError(`outputPadding of ${name} is ${extra}, ${bound}`);
  }
}

function checkOutputSize(axis: WindowAxis, size: number, least: number, most: number): number {
  if (size < least || size > most) {
    const range = most < 1 ? 'none fits' : `expected from ${Math.max(1, least)} to ${most}`;
    const from = `input ${axis.input}, kernel ${axis.kernel}, stride ${axis.stride}, dilation ${axis.dilation}`;
    throw new OptionError(`outputSize of ${axis.name} is ${size}, ${range} (${from})`);
  }
  return size;
}
