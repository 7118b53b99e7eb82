import type { Pool } from '../algorithms/pool/piece.js';
import type { PoolOperands, PoolProblem } from '../algorithms/pool/rows.js';
import { holdingAxes, slidingAxes, withDivisor } from '../algorithms/pool/spans.js';
import { choose } from '../plan/choose.js';
import { poolTable } from '../plan/pool.js';
import { poolProblem } from '../shape/pool.js';
import { sizeOf } from '../shape/tensor.js';
import type { PoolProblem as Window } from '../types.js';
import { type Job, oneStep, stepsOf } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { Jobs, readable, type Serve, type Surroundings } from './kernel.js';
import { maxGradJob, maxJob } from './max-pool.js';
import type { Call, WindowInfo } from './tf.js';
import { sameShape, windowOf } from './window.js';

const jobs = new Jobs();

/** A pool and how TensorFlow.js sees it. */
interface Checked {
  readonly window: Window;
  readonly info: WindowInfo;
}

/** The pool of a call; undefined where its result would be another than TensorFlow.js's. */
function poolOf(
  { util }: Surroundings,
  rank: 2 | 3,
  xShape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode, dataFormat }: Call['attrs'],
): Checked | undefined {
  if (dataFormat !== undefined && dataFormat !== 'NHWC' && dataFormat !== 'NDHWC') return undefined;
  const compute = rank === 2 ? util.computePool2DInfo : util.computePool3DInfo;
  const info = compute(xShape, filterSize, strides, 1, pad, dimRoundingMode);
  const options = windowOf(info, rank);
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

const keyOf = (name: string, shape: readonly number[], attrs: Call['attrs']) =>
  `${name}${shape}${JSON.stringify(attrs)}`;

/** A job with the shape of its result. */
type PoolJob = Job & { readonly shape: readonly number[] };

/** Serves a pool of one input by a job that `make` makes. */
const pooling =
  (name: string, rank: 2 | 3, make: (on: Host, checked: Checked) => Job | undefined): Serve =>
  (around, { inputs: { x }, attrs }) => {
    if (!readable(around, x)) return undefined;
    const made = jobs.recall(around, keyOf(`${name}${rank}`, x.shape, attrs), () => {
      const checked = poolOf(around, rank, x.shape, attrs);
      const job = checked && make(around.place.on, checked);
      if (!checked || !job) return undefined;
      return Object.assign(job, { shape: checked.window.yShape });
    });
    return made && around.place.run(made, [x], (made as PoolJob).shape);
  };

const mapsOf = ({ channelsLast, n, c }: Window) => ({ channelsLast, n, c });

/** Largest value of each window; NaN never wins, but in windows of one cell that leave everything as it is. */
export const maxPool = (rank: 2 | 3): Serve =>
  pooling('max', rank, (on, { window }) => {
    const { kd, kh, kw, xShape, yShape } = window;
    const size = sizeOf(xShape);
    if (rank === 2 && kd * kh * kw === 1 && sameShape(xShape, yShape))
      return oneStep({ run: ([x, y]: readonly number[]) => on.arena.f32(y, size).set(on.arena.f32(x, size)) });
    const pool = plainJob(on, { ...mapsOf(window), kind: 'max', axes: slidingAxes(window) });
    return maxJob(on, pool, size, sizeOf(yShape));
  });

/** Average over the cells of each window that are in the input. */
export const avgPool = (rank: 2 | 3): Serve =>
  pooling('avg', rank, (on, { window }) => {
    const axes = slidingAxes(window);
    // TensorFlow.js divides nothing by 0 in two dimensions
    const isEmpty = axes.some((axis) => Array.from({ length: axis.count }, (_, o) => axis.window(o)[1]).includes(0));
    return isEmpty && rank === 2 ? undefined : plainJob(on, { ...mapsOf(window), kind: 'sum', axes });
  });

/** Serves the gradient of a pool. */
const poolGrad =
  (name: string, rank: 2 | 3, inputs: 1 | 2, make: (on: Host, window: Window) => Job): Serve =>
  (around, { inputs: { dy, input }, attrs }) => {
    if (!readable(around, dy) || !readable(around, input)) return undefined;
    const job = jobs.recall(around, keyOf(`${name}${rank}${dy.shape};`, input.shape, attrs), () => {
      // the average's kernels of TensorFlow.js do not look at how it rounds
      const asked = name === 'avg' ? { ...attrs, dimRoundingMode: undefined } : attrs;
      const checked = poolOf(around, rank, input.shape, asked);
      return checked && sameShape(checked.window.yShape, dy.shape) ? make(around.place.on, checked.window) : undefined;
    });
    return job && around.place.run(job, inputs === 2 ? [dy, input] : [dy], input.shape);
  };

/** The gradient of an average: every window shares among all of its cells, those of the padding, too. */
export const avgPoolGrad = (rank: 2 | 3): Serve =>
  poolGrad('avg', rank, 1, (on, window) => {
    const axes = withDivisor(holdingAxes(window), window.kd * window.kh * window.kw);
    return plainJob(on, { ...mapsOf(window), kind: 'sum', axes });
  });

/** The gradient of a maximum goes to the first cell that has it. */
export const maxPoolGrad: Serve = poolGrad('max', 2, 2, (on, window) => {
  const pool = poolJob(on, { ...mapsOf(window), kind: 'argmax', axes: slidingAxes(window) });
  return maxGradJob(on, pool, window);
});
