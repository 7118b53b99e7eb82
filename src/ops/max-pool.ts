import { type Axes, adaptiveAxes, slidingAxes } from '../algorithms/pool/axes.js';
import { checkOptions } from '../shape/options.js';
import { type AdaptivePoolProblem, adaptivePool, globalPool } from '../shape/planes.js';
import { poolProblem } from '../shape/pool.js';
import { checkIndexOut, checkTensor, sizeOf } from '../shape/tensor.js';
import type { IndexTensor, Into, Layout, Layout1d, Layout2d, Layout3d, Rank, Result, Tensor } from '../types.js';
import { runJob } from '../wasm/crew.js';
import { host } from '../wasm/host.js';
import type {
  AdaptiveMaxPoolIndicesOptions,
  AdaptiveMaxPoolOptions,
  AdaptiveWindow,
  EitherOption,
  GlobalLayout,
  IndicesOption,
  MaxPoolIndicesOptions,
  MaxPoolOptions,
  MaxPoolResult,
  MaxPoolWindow,
  NoIndicesOption,
} from './max-pool-options.js';
import { type Maps, mapsOf, type PlannedCall, poolJob, runPool } from './pooling.js';
import { Recall } from './recall.js';
import { inputsOf, outOf } from './result.js';

interface Problem extends Maps {
  readonly yShape: readonly number[];
  readonly returnIndices: boolean;
}

interface Planned extends PlannedCall {
  readonly returnIndices: boolean;
}

const calls = new Recall<Planned>();

function planned(problem: Problem, axes: Axes): Planned {
  const { yShape: shape, returnIndices } = problem;
  return { shape, returnIndices, job: poolJob({ ...mapsOf(problem), axes, kind: returnIndices ? 'argmax' : 'max' }) };
}

const run = (x: Tensor, call: Planned, out: unknown) =>
  call.returnIndices ? runWithIndices(x, call, out) : runPool<Tensor>(x, out as Tensor | undefined, call);

function runWithIndices(x: Tensor, { shape, job }: Planned, given: unknown): MaxPoolResult {
  const out = checkOptions('out', given, ['output', 'indices']);
  const output = outOf(out.output, shape, { x }, 'out.output');
  const apart = inputsOf({ x, 'out.output': output });
  const indices = out.indices === undefined ? undefined : checkIndexOut(out.indices, shape, apart, 'out.indices');
  if (sizeOf(shape) === 0) {
    return {
      output: output ?? { data: new Float32Array(0), shape },
      indices: indices ?? { data: new Int32Array(0), shape },
    };
  }
  const on = host();
  const outputs = [
    { shape, out: output },
    { shape, out: indices, type: 'i32' as const },
  ];
  const [values, positions] = runJob(on, job(on), [x], outputs);
  return { output: values as Tensor, indices: positions as IndexTensor };
}

type AnyMaxPoolOptions = MaxPoolOptions<Layout> | MaxPoolIndicesOptions<Layout>;
type AnyAdaptiveOptions = AdaptiveMaxPoolOptions<Layout> | AdaptiveMaxPoolIndicesOptions<Layout>;

function maxPool(rank: Rank, x: Tensor, options: AnyMaxPoolOptions): Tensor | MaxPoolResult {
  const { shape } = checkTensor('x', x);
  const call = calls.recall(`maxPool${rank}d`, shape, options, () => {
    const problem = poolProblem('maxPool', rank, shape, options);
    return planned(problem, slidingAxes(problem));
  });
  return run(x, call, options.out);
}

/** Windows of an adaptive or global pool. */
export const axesOf = (p: AdaptivePoolProblem): Axes => adaptiveAxes([p.id, p.ih, p.iw], [p.od, p.oh, p.ow]);

function adaptive(rank: Rank, x: Tensor, options: AnyAdaptiveOptions): Tensor | MaxPoolResult {
  const { shape } = checkTensor('x', x);
  const call = calls.recall(`adaptiveMaxPool${rank}d`, shape, options, () => {
    const problem = adaptivePool('adaptiveMaxPool', rank, shape, options);
    return planned(problem, axesOf(problem));
  });
  return run(x, call, options.out);
}

/** A max pool of one rank: with `returnIndices` the result is `{ output, indices }`. */
export interface MaxPool<L extends Layout> {
  (x: Tensor, options: MaxPoolIndicesOptions<L>): MaxPoolResult;
  <Out extends Tensor | undefined = undefined>(x: Tensor, options: MaxPoolOptions<L> & Into<Out>): Result<Out>;
  (x: Tensor, options: MaxPoolWindow<L> & EitherOption): Tensor | MaxPoolResult;
}

/** An adaptive max pool of one rank. */
export interface AdaptiveMaxPool<L extends Layout> {
  (x: Tensor, options: AdaptiveMaxPoolIndicesOptions<L>): MaxPoolResult;
  <Out extends Tensor | undefined = undefined>(x: Tensor, options: AdaptiveMaxPoolOptions<L> & Into<Out>): Result<Out>;
  (x: Tensor, options: AdaptiveWindow<L> & EitherOption): Tensor | MaxPoolResult;
}

/**
 * Largest value of each window, as `torch.nn.functional.max_pool2d`. Padding never wins; NaN does. Of equal cells the
 * first in row-major order has the index, of NaN the first (PyTorch: the last). A window that holds no cell of the
 * input gives -Infinity and index -1.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `kernelSize`, and where wanted `stride` (default `kernelSize`), `padding` (any, 0), `dilation` (1),
 * `ceilMode` (false),
 *   `returnIndices` (false), `layout`, `out`
 * @returns [n, c, oh, ow] or [n, oh, ow, c], with `o = floor((i + p0 + p1 - d·(k - 1) - 1) / s) + 1` per axis, rounded
 * up with `ceilMode`; with `returnIndices` `{ output, indices }`, both of that shape
 * @throws ShapeError for operands that do not fit, OptionError for an option out of range or unknown, MemoryError when
 * the host refuses memory
 * @example
 * console.log(maxPool2d(tensor([1, 2, 3, 4], [1, 2, 2]), { kernelSize: 2 }).data); // 4
 */
export const maxPool2d = ((x: Tensor, options: AnyMaxPoolOptions) => maxPool(2, x, options)) as MaxPool<Layout2d>;

/**
 * As `maxPool2d` with one spatial axis.
 * @param x [n, c, l]; with layout `'NLC'` [n, l, c]
 * @throws as `maxPool2d`
 * @example
 * console.log(maxPool1d(tensor([1, 2, 3, 4], [1, 4]), { kernelSize: 2 }).data); // 2, 4
 */
export const maxPool1d = ((x: Tensor, options: AnyMaxPoolOptions) => maxPool(1, x, options)) as MaxPool<Layout1d>;

/**
 * As `maxPool2d` with three spatial axes.
 * @param x [n, c, d, h, w]; with layout `'NDHWC'` [n, d, h, w, c]
 * @throws as `maxPool2d`
 * @example
 * console.log(maxPool3d(tensor([1, 2, 3, 4], [1, 1, 2, 2]), { kernelSize: [1, 2, 2] }).data); // 4
 */
export const maxPool3d = ((x: Tensor, options: AnyMaxPoolOptions) => maxPool(3, x, options)) as MaxPool<Layout3d>;

/**
 * Max pool to a given output size, as `torch.nn.functional.adaptive_max_pool2d`: window i of an axis is
 * `[floor(i · in / out), ceil((i + 1) · in / out))`.
 *
 * @param x [n, c, h, w]; with layout `'NHWC'` [n, h, w, c]
 * @param options `outputSize`, and where wanted `returnIndices` (false), `layout`, `out`
 * @returns [n, c, ...outputSize] or [n, ...outputSize, c]; with `returnIndices` `{ output, indices }`
 * @throws as `maxPool2d`
 * @example
 * console.log(adaptiveMaxPool2d(tensor([1, 2, 3, 4], [1, 2, 2]), { outputSize: 1 }).data); // 4
 */
export const adaptiveMaxPool2d = ((x: Tensor, options: AnyAdaptiveOptions) =>
  adaptive(2, x, options)) as AdaptiveMaxPool<Layout2d>;

/**
 * As `adaptiveMaxPool2d` with one spatial axis.
 * @throws as `maxPool2d`
 * @example
 * console.log(adaptiveMaxPool1d(tensor([1, 2, 3, 4], [1, 4]), { outputSize: 1 }).data); // 4
 */
export const adaptiveMaxPool1d = ((x: Tensor, options: AnyAdaptiveOptions) =>
  adaptive(1, x, options)) as AdaptiveMaxPool<Layout1d>;

/**
 * As `adaptiveMaxPool2d` with three spatial axes.
 * @throws as `maxPool2d`
 * @example
 * console.log(adaptiveMaxPool3d(tensor([1, 2, 3, 4], [1, 1, 2, 2]), { outputSize: 1 }).data); // 4
 */
export const adaptiveMaxPool3d = ((x: Tensor, options: AnyAdaptiveOptions) =>
  adaptive(3, x, options)) as AdaptiveMaxPool<Layout3d>;

/** A global max pool. */
export interface GlobalMaxPool {
  (x: Tensor, options: GlobalLayout & IndicesOption): MaxPoolResult;
  <Out extends Tensor | undefined = undefined>(
    x: Tensor,
    options?: GlobalLayout & NoIndicesOption & Into<Out>,
  ): Result<Out>;
  (x: Tensor, options: GlobalLayout & EitherOption): Tensor | MaxPoolResult;
}

/**
 * Largest value of each channel plane.
 * @param x [n, c, ...spatial] of one to three spatial axes; with a channels-last layout [n, ...spatial, c]
 * @param options `layout`, which also says how many spatial axes there are, `returnIndices` (false), `out`
 * @returns [n, c, 1...] or [n, 1..., c]; with `returnIndices` `{ output, indices }`
 * @throws as `maxPool2d`
 * @example
 * console.log(globalMaxPool(tensor([1, 2, 3, 4], [1, 1, 2, 2]), { layout: 'NCHW' }).data); // 4
 */
export const globalMaxPool = ((x: Tensor, options: GlobalLayout & EitherOption = {}) => {
  const { shape } = checkTensor('x', x);
  const call = calls.recall('globalMaxPool', shape, options, () => {
    const problem = globalPool('globalMaxPool', shape, options);
    return planned(problem, axesOf(problem));
  });
  return run(x, call, options.out);
}) as GlobalMaxPool;
