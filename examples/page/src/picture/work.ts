import { prepareConv2d, type Tensor } from 'stridewise';
import { samePadding } from 'stridewise/arithmetic';
import { layersFor } from '../../../picture/layers.js';
import { plainConv2d } from '../../../picture/plain-loop.js';
import { network } from './network.js';

/** What can be done to a picture, by its name in the address. */
export const filters = {
  blur: 'Gaussian blur, 9 × 9',
  edges: 'Sobel edges',
  bank: 'Gabor bank, 32 filters of 9 × 9',
  half: 'Half size',
  network: 'A stack of three layers',
} as const;
export type FilterName = keyof typeof filters;

/** Order of the filters in the example that they come from. */
const order: readonly FilterName[] = ['blur', 'edges', 'bank', 'half'];

/** A convolution as both sides know it: padding is `same`. */
export interface Step {
  readonly weight: Tensor;
  readonly options: {
    readonly padding: 'same';
    readonly paddingMode: 'reflect' | 'replicate';
    readonly stride?: number;
    readonly groups?: number;
    readonly bias?: Float32Array;
  };
  /** Negative sums become 0. */
  readonly relu: boolean;
}

export interface Filter {
  readonly steps: readonly Step[];
  /** The result as one or three planes of samples from 0 to 1. */
  toPicture(y: Tensor): Tensor;
}

/** @param picture [1, 3, height, width] */
export function filterFor(name: FilterName, picture: Tensor): Filter {
  if (name === 'network') return network();
  const { weight, options, toPicture } = layersFor(picture)[order.indexOf(name)];
  return { steps: [{ weight, options, relu: false }], toPicture };
}

const outputOf = ([, , h, w]: readonly number[], { weight, options: { stride = 1 } }: Step) => [
  1,
  weight.shape[0],
  Math.ceil(h / stride),
  Math.ceil(w / stride),
];

/** Floating-point operations, a multiplication and an addition per tap. */
export function operationsOf({ steps }: Filter, shape: readonly number[]): number {
  let sum = 0;
  let x = shape;
  for (const step of steps) {
    x = outputOf(x, step);
    const [, depth, kh, kw] = step.weight.shape;
    sum += 2 * x[1] * x[2] * x[3] * depth * kh * kw;
  }
  return sum;
}

/** Each step finds as many pixels as it mirrors beyond an edge of so many. */
const fits = ({ steps }: Filter, extent: number): boolean =>
  steps.every(({ weight, options: { stride = 1, paddingMode } }) => {
    const { begin, end } = samePadding(extent, { kernelSize: weight.shape[2], stride, padding: 'same' });
    const isFound = paddingMode !== 'reflect' || Math.max(begin, end) < extent;
    extent = Math.ceil(extent / stride);
    return isFound;
  });

/** @throws {Error} in words, when a picture of this shape is too small for the filter */
export function checkSize(filter: Filter, [, , height, width]: readonly number[]): void {
  if (fits(filter, height) && fits(filter, width)) return;
  let least = 1;
  while (!fits(filter, least)) least++;
  throw new Error(
    `The picture is ${width} × ${height} pixels at this width, and the filter needs at least ${least} each way: ` +
      'at the edges it mirrors what lies inside. Take a larger picture or another filter.',
  );
}

/** A filter that is ready to run on pictures of one shape. */
export interface Runner {
  readonly algorithms: readonly string[];
  run(x: Tensor): Tensor;
  dispose(): void;
}

/** By the package: weights are packed here, once. */
export function byKernels({ steps }: Filter, shape: readonly number[]): Runner {
  let x = shape;
  const layers = steps.map((step) => {
    const layer = prepareConv2d(step.weight, { ...step.options, ...(step.relu && { activation: 'relu' as const }) }, x);
    x = outputOf(x, step);
    return layer;
  });
  return {
    algorithms: layers.map(({ algorithm }) => algorithm),
    run: (input) => layers.reduce((y: Tensor, layer) => layer.run(y), input),
    dispose() {
      for (const layer of layers) layer.dispose();
    },
  };
}

/** By loops that one would write by hand. */
export function byLoops({ steps }: Filter): Runner {
  const one = (x: Tensor, { weight, options, relu }: Step): Tensor => {
    const y = plainConv2d(x, weight, options);
    if (relu) for (let i = 0; i < y.data.length; i++) if (y.data[i] < 0) y.data[i] = 0;
    return y;
  };
  return { algorithms: [], run: (x) => steps.reduce(one, x), dispose() {} };
}
