import type { Address } from './arena.js';
import { round64 } from './block.js';
import type { Job, Step } from './crew.js';
import type { Host } from './host.js';
import type { Recorder } from './recorder.js';

// What a thread does so that others can help it. Entries without threads are bundled with `sharing.none.ts` instead.

/** Where a step is being written down for other threads. */
export const recorderOf = ({ crew }: Host): Recorder | undefined => (crew?.recorder.on ? crew.recorder : undefined);

type Shaped = { readonly shape: readonly number[] } | undefined;

/** Floats of some operands. Loops, because every call comes here. */
export function floatsOf(operands: readonly Shaped[]): number {
  let sum = 0;
  for (const values of operands) {
    if (!values) continue;
    let size = 1;
    for (const extent of values.shape) size *= extent;
    sum += size;
  }
  return sum;
}

/** Tasks into which a step can be cut. */
export const mostTasks = ({ units, least = 1 }: Step<never>): number => Math.floor(units / least);

/** Threads that a run of a job takes, on operands of so many floats. */
export const threadsOf = ({ crew }: Host, { steps }: Job<never>, floats: number): number =>
  !crew || floats < crew.leastFloats ? 1 : Math.min(crew.threads, Math.max(1, ...steps.map(mostTasks)));

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
