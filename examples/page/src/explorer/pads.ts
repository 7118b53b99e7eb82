import { samePadding } from 'stridewise/arithmetic';
import type { Config, Pair } from './config.js';

/** Cells [begin, end] on each axis. */
export type Pads = readonly [Pair, Pair];

/** Cells between the first and the last tap of a window, d (k − 1). */
export const reach = ({ kernel, dilation, operator }: Config, axis: 0 | 1): number =>
  (operator === 'avg' ? 1 : dilation[axis]) * (kernel[axis] - 1);

/**
 * The padding of an axis in numbers. A transposed convolution has `same` of the convolution that goes back: over i · s
 * cells.
 */
export function padOf(config: Config, axis: 0 | 1): Pair {
  const { rule, padding, operator, input, kernel, stride, dilation } = config;
  if (rule === 'number') return [padding[axis], padding[axis]];
  if (rule === 'valid') return [0, 0];
  if (rule === 'full') return [reach(config, axis), reach(config, axis)];
  const extent = operator === 'transposed' ? input[axis] * stride[axis] : input[axis];
  const { begin, end } = samePadding(extent, {
    kernelSize: kernel[axis],
    stride: stride[axis],
    dilation: operator === 'avg' ? 1 : dilation[axis],
    padding: rule,
  });
  return [begin, end];
}

export const padsOf = (config: Config): Pads => [padOf(config, 0), padOf(config, 1)];
