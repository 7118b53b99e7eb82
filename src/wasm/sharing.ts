import type { ConvProblem } from '../types.js';
import type { Address } from './arena.js';
import { round64 } from './block.js';
import type { Job, Step } from './crew.js';
import type { Host } from './host.js';
import type { Recorder } from './recorder.js';

// What a thread does so that others can help it. Entries without threads are bundled with `sharing.none.ts` instead.

/** Where a step is being written down for other threads. */
export const recorderOf = ({ crew }: Host): Recorder | undefined => (crew?.recorder.on ? crew.recorder : undefined);

type Shaped = { readonly shape: readonly number[] } | undefined;

/** Floats of some operands. */
function floatsOf(operands: readonly Shaped[]): number {
  let sum = 0;
  for (const values of operands) if (values) sum += values.shape.reduce((size, extent) => size * extent, 1);
  return sum;
}

/** Tasks into which a step can be cut. */
export const mostTasks = ({ units, least = 1 }: Step<never>): number => Math.floor(units / least);

/** Products that take as long as a float of an operand. */
const PRODUCTS = 4;

/** Threads that a run of a job takes; worked out once, since small layers run in a microsecond. */
export function threadsOf({ crew }: Host, job: Job<never>, ...operands: readonly (readonly Shaped[])[]): number {
  if (!crew) return 1;
  if (job.threads === undefined) {
    const work = operands.reduce((sum, some) => sum + floatsOf(some), (job.products ?? 0) / PRODUCTS);
    job.threads = work < crew.leastFloats ? 1 : Math.min(crew.threads, Math.max(1, ...job.steps.map(mostTasks)));
  }
  return job.threads;
}

/** A job that knows how many products it is. */
export const ofProducts = <J extends Job<never>>(job: J, products: number): J => ({ ...job, products });

/** What a row says of itself, and how it makes a job. */
interface Maker {
  prepare(...given: readonly unknown[]): Job;
}

/** Makes the jobs of a row of convolutions know how many products they are. */
export function weighed<R extends object>(row: R, problem: object): R {
  const { pointwise = problem } = problem as { readonly pointwise?: object };
  const { n, oc, od, oh, ow, ic, groups, kd, kh, kw } = pointwise as ConvProblem;
  // a pool has none
  if (!groups) return row;
  const products = (n * oc * od * oh * ow * ic * kd * kh * kw) / groups;
  const { prepare } = row as unknown as Maker;
  return { ...row, prepare: (...given: readonly unknown[]) => ofProducts(prepare(...given), products) };
}

/** Parts for each thread: when one is late, the others do what it has not begun. */
const PARTS_EACH = 2;

/** Whether so many units are too few for all threads to have enough of them. */
export const tooFew = ({ crew }: Host, units: number): boolean =>
  crew !== undefined && units < PARTS_EACH * crew.threads;

/**
 * How much of `all` a part has that threads share: `size`, or less, so that every thread has enough parts, and as many
 * as the others, but not less than `least`.
 */
export function partSize({ crew }: Host, all: number, size: number, least: number): number {
  if (!crew || all === 0) return size;
  const { threads } = crew;
  const parts = Math.ceil(Math.max(all / size, PARTS_EACH * threads) / threads) * threads;
  return Math.min(size, Math.max(least, Math.ceil(all / parts)));
}

/** Whether there may be threads: what is cut for any number of them alike is cut for one, too. */
export const mayShare: boolean = true;

/** A copy; V8's `slice` of shared memory goes byte by byte (80 KB: 47 us, this way 11 us). */
export function copied<View extends Float32Array | Int32Array>(view: View): View {
  if (view.buffer instanceof ArrayBuffer) return view.slice() as View;
  const copy = new (view.constructor as new (length: number) => View)(view.length);
  copy.set(view);
  return copy;
}

/** Runs a job on several threads. `scratch`: `scratchBytes` for so many. */
export function runShared<Operands extends readonly number[]>(
  host: Host,
  job: Job<Operands>,
  operands: Operands,
  threads: number,
  scratch: Address,
): void {
  const [own, ownBytes] = [scratch + round64(job.sharedBytes), round64(job.ownBytes)];
  for (const step of job.steps)
    host.crew?.run(host, step, operands, { own, ownBytes, places: threads, shared: scratch });
}
