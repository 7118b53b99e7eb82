import { perAxis } from './tensor.js';

export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';
export type Padding =
  | number
  | readonly number[]
  | readonly (readonly [number, number])[]
  | 'valid'
  | 'same'
  | 'same-lower'
  | 'full'
  | 'causal';

export interface WindowOptions {
  readonly kernelSize?: number | readonly number[];
  readonly stride?: number | readonly number[];
  readonly padding?: Padding;
  readonly paddingMode?: PaddingMode;
  readonly dilation?: number | readonly number[];
  readonly ceilMode?: boolean;
}

/** One axis of a sliding window. */
export interface Axis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
}

/** Total padding of `same`: what the last of the windows that start on every stride-th cell needs past the end. */
function sameTotal(extent: number, kernel: number, stride: number, dilation: number): number {
  let start = 0;
  while (start + stride < extent) start += stride;
  return Math.max(0, start + dilation * (kernel - 1) + 1 - extent);
}

/** [begin, end] of one axis. `extent` is that of the direct operator's input. */
function resolvePadding(
  padding: Padding,
  axis: number,
  extent: number,
  k: number,
  s: number,
  d: number,
): [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'full') return [d * (k - 1), d * (k - 1)];
  if (padding === 'causal') return [d * (k - 1), 0];
  if (padding === 'same' || padding === 'same-lower') {
    const total = sameTotal(extent, k, s, d);
    const less = Math.floor(total / 2);
    return padding === 'same' ? [less, total - less] : [total - less, less];
  }
  const own = typeof padding === 'number' ? padding : padding[axis];
  return typeof own === 'number' ? [own, own] : [own[0], own[1]];
}

/** The axes of an operator, one per spatial axis, with strides defaulting to `strideDefault`. */
export function resolveAxes(
  extents: readonly number[],
  kernel: readonly number[],
  options: WindowOptions,
  strideDefault: number | readonly number[],
): Axis[] {
  const rank = extents.length;
  const stride = perAxis(options.stride ?? strideDefault, rank, 1);
  const dilation = perAxis(options.dilation, rank, 1);
  const padding = options.padding ?? 0;
  if (typeof padding === 'object' && padding.length !== rank)
    throw new Error(`padding [${padding}] given for ${rank} axes`);
  return extents.map((extent, a) => {
    const [begin, end] = resolvePadding(padding, a, extent, kernel[a], stride[a], dilation[a]);
    return { kernel: kernel[a], stride: stride[a], dilation: dilation[a], begin, end };
  });
}
