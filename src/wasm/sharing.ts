import type { ConvProblem } from '../types.js';
import type { Address } from './arena.js';
import { round64 } from './block.js';
import type { Crew, Job, Step } from './crew.js';
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

/** The same host, where nobody helps; what is made there can still be part of what threads share. */
const alone = (host: Host, crew: Crew): Host => ({ ...host, crew: Object.create(crew, { threads: { value: 1 } }) });

/** What a row says of itself, and how it makes a job. */
interface Maker {
  prepare(host: Host, ...given: readonly unknown[]): Job;
}

/**
 * Fits a row to a problem: its jobs know how many products they are, and what one thread will run is cut for one
 * (in parts conv_ic8ih16iw16_oc8kh3kw3_ph1pw1 took 1.08 times as long).
 */
export function fitted<R extends object>(row: R, problem: object): R {
  const { pointwise = problem } = problem as { readonly pointwise?: object };
  const { n, oc, od, oh, ow, ic, groups, kd, kh, kw, xShape, yShape } = pointwise as ConvProblem;
  // a pool has none, and no shapes
  const products = groups ? (n * oc * od * oh * ow * ic * kd * kh * kw) / groups : 0;
  const work = groups
    ? floatsOf([{ shape: xShape }, { shape: yShape }]) + products / PRODUCTS
    : Number.POSITIVE_INFINITY;
  const { prepare } = row as unknown as Maker;
  return {
    ...row,
    prepare(host: Host, ...given: readonly unknown[]) {
      const { crew } = host;
      return ofProducts(prepare(crew && work < crew.leastFloats ? alone(host, crew) : host, ...given), products);
    },
  };
}

/** Parts for each thread: when one is late, the others do what it has not begun. */
const PARTS_EACH = 2;

/** Whether so many units are too few for all threads to have enough of them: where there are threads, one is. */
export const tooFew = ({ crew }: Host, units: number): boolean =>
  crew !== undefined && crew.threads > 1 && units < PARTS_EACH * crew.threads;

/**
 * How much of `all` a part has that threads share: `size`, or less, so that every thread has enough parts, and as many
 * as the others, but not less than `least`.
 */
export function partSize({ crew }: Host, all: number, size: number, least: number): number {
  if (!crew || crew.threads === 1 || all === 0) return size;
  const { threads } = crew;
  let parts = Math.ceil(Math.max(all / size, PARTS_EACH * threads) / threads);
  while (parts > 1 && all / (parts * threads) < least) parts--;
  return Math.min(size, Math.max(least, Math.ceil(all / (parts * threads))));
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
