import { type PoolPlan, poolJob } from '../algorithms/pool/plan.js';
import { checkOut, type Input, sizeOf } from '../shape/tensor.js';
import type { Layout, Padding, PerAxis, Tensor } from '../types.js';
import { runJob } from '../wasm/crew.js';
import { type Host, host } from '../wasm/host.js';
import { type Output, runOn } from '../wasm/operands.js';
import { mayShare } from '../wasm/sharing.js';

/** Options that every pool with a fixed window takes. */
export interface WindowOptions<L extends Layout = Layout> {
  /** Cells of the window. */
  readonly kernelSize: PerAxis;
  /** Step of the window; default `kernelSize`. */
  readonly stride?: PerAxis;
  /** Cells around the input: a number, one per axis, [begin, end] pairs, `'valid'`, `'same'`, `'same-lower'` or `'full'`; default 0. */
  readonly padding?: Padding;
  /** True: the output size is rounded up, but no window starts at or beyond input + begin padding; default false. */
  readonly ceilMode?: boolean;
  /** Order of axes of `x` and the result; default channels first. */
  readonly layout?: L;
}

/** Where a result goes. */
export interface OutOption {
  /** Written and returned instead of a new tensor; may not overlap an operand. */
  readonly out?: Tensor;
}

/** A pool of one rank. */
export type Pool<Options> = (x: Tensor, options: Options) => Tensor;

/** What a map of features in memory looks like. */
export interface Maps {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
}

/** The part of a checked problem that says so. */
export const mapsOf = ({ channelsLast, n, c }: Maps): Maps => ({ channelsLast, n, c });

/** An operand with the name it has in messages. */
export const named = (operand: string, { data }: Tensor): Input => ({ operand, data });

/** A checked pool: the shape of its result, and how it runs. */
export interface PlannedCall {
  readonly shape: readonly number[];
  readonly plan: PoolPlan;
  /** Adds to what `out` holds. */
  readonly accumulate?: boolean;
}

/** Runs a plan: as a job only where other threads may help, since making one takes a twentieth of a small pool. */
export function runPlan(on: Host, plan: PoolPlan, x: Tensor, outputs: readonly Output[]): ReturnType<typeof runOn> {
  if (mayShare && on.crew) return runJob(on, poolJob(on, plan), [x], outputs);
  return runOn(on, [x], outputs, plan.scratchBytes, ([from], [to, indices = 0], scratch) =>
    plan.open(on, scratch)(from, to, indices, 0, plan.units),
  );
}

/** Runs a planned pool into `out`, which is checked here, or a new tensor. */
export function runPool(x: Tensor, out: Tensor | undefined, { shape, plan, accumulate }: PlannedCall, operand = 'x'): Tensor {
  if (out !== undefined) checkOut(out, shape, [named(operand, x)]);
  if (sizeOf(shape) === 0) return out ?? { data: new Float32Array(0), shape };
  const on = host();
  const outputs = [{ shape, out, accumulate }];
  return runPlan(on, plan, x, outputs)[0] as Tensor;
}
