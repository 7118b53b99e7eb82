import { holdingAxes, slidingAxes, withDivisor } from '../algorithms/pool/axes.js';
import type { Pool } from '../algorithms/pool/piece.js';
import type { PoolOperands, PoolProblem } from '../algorithms/pool/rows.js';
import { choose } from '../plan/choose.js';
import { poolTable } from '../plan/pool.js';
import { poolProblem } from '../shape/pool.js';
import { sizeOf } from '../shape/tensor.js';
import type { PoolProblem as Window } from '../types.js';
import { type Job, oneStep, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { readable, type Serve, type Surroundings } from './kernel.js';
import { lastMaxGradJob } from './last-max.js';
import { maxGradJob, maxJob, maxPlacesJob } from './max-pool.js';
import { Remembered } from './remembered.js';
import type { Call, WindowInfo } from './tf.js';
import { sameShape, windowOf } from './window.js';

/** A job with the shape of its result. */
interface Shaped {
  readonly job: Job;
  readonly shape: readonly number[];
}

const jobs = new Remembered<Shaped>();

/** A pool and how TensorFlow.js sees it. */
interface Checked {
  readonly window: Window;
  readonly info: WindowInfo;
}

/**
 * In two dimensions TensorFlow.js passes on what has windows of one cell and its own shape again, wherever the windows
 * are.
 */
const isIdentity = ({ filterHeight, filterWidth, inShape, outShape }: WindowInfo): boolean =>
  filterHeight === 1 && filterWidth === 1 && sameShape(inShape, outShape);

/** The pool of a call; undefined where its result would be another than TensorFlow.js's. */
function poolOf(
  { util }: Surroundings,
  rank: 2 | 3,
  xShape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode, dataFormat }: Call['attrs'],
  forward = false,
): Checked | undefined {
  if (dataFormat !== undefined && dataFormat !== 'NHWC' && dataFormat !== 'NDHWC') return undefined;
  const compute = rank === 2 ? util.computePool2DInfo : util.computePool3DInfo;
  const info = compute(xShape, filterSize, strides, 1, pad, dimRoundingMode);
  const options = forward && rank === 2 && isIdentity(info) ? { kernelSize: 1, stride: 1 } : windowOf(info, rank);
  if (!options) return undefined;
  const window = poolProblem('maxPool', rank, xShape, { ...options, layout: rank === 2 ? 'NHWC' : 'NDHWC' });
  return sameShape(window.yShape, info.outShape) ? { window, info } : undefined;
}

/** A job of the table. */
export function poolJob(on: Host, pool: Pool): Job<PoolOperands> {
  const problem: PoolProblem = { ...pool, accuracy: 'high', algorithm: undefined };
  return choose(poolTable, problem).row.prepare(on, problem);
}

/** The same without indices. */
const plainJob = (on: Host, pool: Pool): Job => {
  const job = poolJob(on, pool);
  return { ...job, steps: stepsOf(job, ([x, y]: readonly number[]) => [x, y, 0] as const) } as unknown as Job;
};

/** Serves a pool of one input by a job that `make` makes. */
const pooling = (rank: 2 | 3, make: (on: Host, checked: Checked) => Job | undefined): Serve => {
  const kernel = {};
  return (around, { inputs: { x }, attrs }) => {
    if (!readable(around, x)) return undefined;
    const { place } = around;
    const made = jobs.recall(place, kernel, x.shape, undefined, attrs, () => {
      const checked = poolOf(around, rank, x.shape, attrs, true);
      const job = checked && make(place.on, checked);
      return job && { job, shape: checked.window.yShape };
    });
    return made && place.run(made.job, [x], made.shape);
  };
};

const mapsOf = ({ channelsLast, n, c }: Window) => ({ channelsLast, n, c });

/** Maxima that are not NaN, from operands x and y. */
export const maxPoolJob = (on: Host, window: Window): Job => {
  const pool = poolJob(on, { ...mapsOf(window), kind: 'max', axes: slidingAxes(window) });
  return maxJob(on, pool, sizeOf(window.xShape), sizeOf(window.yShape));
};

/** Largest value of each window; NaN never wins, but in windows of one cell that leave everything as it is. */
export const maxPool = (rank: 2 | 3): Serve =>
  pooling(rank, (on, { window }) => {
    const { kd, kh, kw, xShape, yShape } = window;
    const size = sizeOf(xShape);
    if (rank === 2 && kd * kh * kw === 1 && sameShape(xShape, yShape))
      return oneStep({ run: ([x, y]: readonly number[]) => on.arena.f32(y, size).set(on.arena.f32(x, size)) });
    return maxPoolJob(on, window);
  });

/** Maxima by where they stand is counted: in their image, or in all of them. */
const places = [{}, {}];

/** Largest value of each window, and where its first one stands; -1 where there is none. */
export const maxPoolWithArgmax: Serve = (around, { inputs: { x }, attrs }) => {
  if (!readable(around, x)) return undefined;
  const { place } = around;
  const all = attrs.includeBatchInIndex === true;
  const made = jobs.recall(place, places[+all], x.shape, undefined, attrs, () => {
    const checked = poolOf(around, 2, x.shape, attrs);
    if (!checked) return undefined;
    const { window } = checked;
    const pool = poolJob(place.on, { ...mapsOf(window), kind: 'argmax', axes: slidingAxes(window) });
    return { job: maxPlacesJob(place.on, pool, window, all), shape: window.yShape };
  });
  return made && place.runBoth(made.job, [x], made.shape);
};

/** Average over the cells of each window that are in the input. */
export const avgPool = (rank: 2 | 3): Serve =>
  pooling(rank, (on, { window }) => {
    const axes = slidingAxes(window);
    // TensorFlow.js divides nothing by 0 in two dimensions
    const isEmpty = axes.some((axis) => Array.from({ length: axis.count }, (_, o) => axis.window(o)[1]).includes(0));
    return isEmpty && rank === 2 ? undefined : plainJob(on, { ...mapsOf(window), kind: 'sum', axes });
  });

/** Serves the gradient of a pool by a job on dy and so many inputs. */
const poolGrad = (
  rank: 2 | 3,
  inputs: 1 | 2,
  attrsOf: (attrs: Call['attrs']) => Call['attrs'],
  make: (on: Host, window: Window) => Job,
): Serve => {
  const kernel = {};
  return (around, { inputs: { dy, input }, attrs }) => {
    if (!readable(around, dy) || !readable(around, input)) return undefined;
    const { place } = around;
    const made = jobs.recall(place, kernel, dy.shape, input.shape, attrs, () => {
      const checked = poolOf(around, rank, input.shape, attrsOf(attrs));
      if (!checked || !sameShape(checked.window.yShape, dy.shape)) return undefined;
      return { job: make(place.on, checked.window), shape: input.shape };
    });
    return made && place.run(made.job, inputs === 2 ? [dy, input] : [dy], made.shape);
  };
};

/** The average's gradients of TensorFlow.js do not look at how it rounds. */
const unrounded = (attrs: Call['attrs']) => ({ ...attrs, dimRoundingMode: undefined });

/** The gradient of an average: every window shares among all of its cells, those of the padding, too. */
export const avgPoolGrad = (rank: 2 | 3): Serve =>
  poolGrad(rank, 1, unrounded, (on, window) => {
    const axes = withDivisor(holdingAxes(window), window.kd * window.kh * window.kw);
    return plainJob(on, { ...mapsOf(window), kind: 'sum', axes });
  });

/** In three dimensions the gradient of a maximum goes to the last cell that has it. */
export const maxPoolGrad3d: Serve = poolGrad(3, 2, (attrs) => attrs, lastMaxGradJob);

/** The gradient of a maximum goes to the first cell that has it. */
export const maxPoolGrad: Serve = poolGrad(
  2,
  2,
  (attrs) => attrs,
  (on, window) => {
    const pool = poolJob(on, { ...mapsOf(window), kind: 'argmax', axes: slidingAxes(window) });
    return maxGradJob(on, pool, window);
  },
);
