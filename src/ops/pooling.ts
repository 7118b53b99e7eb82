import type { Pool as PlannedPool } from '../algorithms/pool/piece.js';
import type { PoolOperands, PoolProblem } from '../algorithms/pool/rows.js';
import { choose } from '../plan/choose.js';
import { poolTable } from '../plan/pool.js';
import { sizeOf } from '../shape/tensor.js';
import type { Into, Layout, Layout2d, Padding, PerAxis, Result, Tensor } from '../types.js';
import { type Job, runJob } from '../wasm/crew.js';
import { type Host, host } from '../wasm/host.js';
import { outOf } from './result.js';

/** Options that every pool with a fixed window takes. */
export interface WindowOptions<L extends Layout = Layout2d> {
  /** Cells of the window. */
  readonly kernelSize: PerAxis<L>;
  /** Step of the window; default `kernelSize`. */
  readonly stride?: PerAxis<L> | undefined;
  /**
   * Cells around the input: a number, one per axis, [begin, end] pairs, `'valid'`, `'same'`, `'same-lower'` or
   * `'full'`; default 0.
   */
  readonly padding?: Padding<L> | undefined;
  /** Distance between the cells of the window, 1 = dense (default). */
  readonly dilation?: PerAxis<L> | undefined;
  /** True: the output size is rounded up, but no window starts at or beyond input + begin padding; default false. */
  readonly ceilMode?: boolean | undefined;
  /** Order of axes of `x` and the result; default channels first. */
  readonly layout?: L | undefined;
}

/** Where a result goes. */
export interface OutOption {
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor | undefined;
}

/** A pool of one rank. */
export type Pool<Options> = <Out extends Tensor | undefined = undefined>(
  x: Tensor,
  options: Options & Into<Out>,
) => Result<Out>;

/** What a map of features in memory looks like. */
export interface Maps {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
}

/** The part of a checked problem that says so. */
export const mapsOf = ({ channelsLast, n, c }: Maps): Maps => ({ channelsLast, n, c });

/** Chooses the row of a pool; its job is made once for every instance. */
export function poolJob(pool: PlannedPool): PlannedCall['job'] {
  const problem: PoolProblem = { ...pool, accuracy: 'high', algorithm: undefined };
  const { row } = choose(poolTable, problem);
  const jobs = new WeakMap<Host, Job<PoolOperands>>();
  return (on) => {
    let made = jobs.get(on);
    if (!made) {
      made = row.prepare(on, problem);
      jobs.set(on, made);
    }
    return made;
  };
}

/** A checked pool: the shape of its result, and how it runs. */
export interface PlannedCall {
  readonly shape: readonly number[];
  /** The job of an instance. */
  readonly job: (on: Host) => Job<PoolOperands>;
  /** Adds to what `out` holds. */
  readonly accumulate?: boolean | undefined;
}

/** Runs a planned pool into `out`, which is checked here, or a new tensor. */
export function runPool<R>(
  x: Tensor,
  out: Tensor | undefined,
  { shape, job, accumulate }: PlannedCall,
  operand = 'x',
): R {
  outOf(out, shape, { [operand]: x });
  if (sizeOf(shape) === 0) return (out ?? { data: new Float32Array(0), shape }) as R;
  const on = host();
  return runJob(on, job(on), [x], [{ shape, out, accumulate }, undefined])[0] as R;
}
