import { convProblem } from '../shape/conv.js';
import type { ConvProblem } from '../types.js';
import type { WindowInfo } from './tf.js';

/** Options of our operators for one window. */
export interface WindowOptions {
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly kernelSize: readonly number[];
}

const axisNames = { 2: ['Height', 'Width'], 3: ['Depth', 'Height', 'Width'] } as const;
const beginNames = { Depth: 'front', Height: 'top', Width: 'left' } as const;

/**
 * The window of a call as TensorFlow.js works it out. The padding behind is what the extents of its result ask for,
 * which is how it rounds. Undefined where it has no extents or a negative padding.
 */
export function windowOf(info: WindowInfo, rank: 2 | 3): WindowOptions | undefined {
  const axes = axisNames[rank].map((name) => {
    const of = (what: string) => info[what + name] as number;
    const [i, o, k, s, d] = ['in', 'out', 'filter', 'stride', 'dilation'].map(of);
    const begin = info.padInfo[beginNames[name]];
    return { o, k, s, d, begin, end: Math.max(0, (o - 1) * s + d * (k - 1) + 1 - i - begin) };
  });
  if (axes.some(({ o, begin }) => !(o >= 1) || !(begin >= 0))) return undefined;
  return {
    stride: axes.map(({ s }) => s),
    dilation: axes.map(({ d }) => d),
    padding: axes.map(({ begin, end }) => [begin, end] as const),
    kernelSize: axes.map(({ k }) => k),
  };
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** What a convolution of TensorFlow.js has beyond its window. */
export interface ConvParticulars {
  readonly rank: 2 | 3;
  readonly channelsLast: boolean;
  readonly depthwise: boolean;
  readonly accuracy: 'standard' | 'high';
  readonly activation?: 'relu' | 'relu6' | undefined;
}

/** The problem of a convolution; undefined where its result would be another than TensorFlow.js's. */
export function problemOf(
  info: WindowInfo,
  filterShape: readonly number[],
  { rank, channelsLast, depthwise, accuracy, activation }: ConvParticulars,
): ConvProblem | undefined {
  const window = windowOf(info, rank);
  if (!window) return undefined;
  const { kernelSize, ...options } = window;
  const [ic, multiplier] = filterShape.slice(rank);
  const layouts = rank === 2 ? (['NCHW', 'NHWC', 'HWIO'] as const) : (['NCDHW', 'NDHWC', 'DHWIO'] as const);
  const problem = convProblem(rank, info.inShape, depthwise ? [...kernelSize, 1, ic * multiplier] : filterShape, {
    ...options,
    layout: layouts[channelsLast ? 1 : 0],
    weightLayout: layouts[2],
    ...(depthwise && { groups: ic }),
    ...(activation && { activation }),
    accuracy,
  });
  return sameShape(problem.yShape, info.outShape) ? { ...problem, prepared: true } : undefined;
}
