import type { IndexTensor, Tensor } from '../types.js';
import type { Address } from './arena.js';
import { round64 } from './block.js';
import type { Host } from './host.js';
import { type Output, runOn } from './operands.js';
import type { Recorder } from './recorder.js';
import { runShared, threadsOf } from './sharing.js';

/**
 * A part of a job whose units do not depend on each other. `Operands` are addresses, 0 for one that is not there, and
 * flags.
 */
export interface Step<Operands> {
  /** Number of units. */
  readonly units: number;
  /** Units of a task at least, where threads share them; default 1. */
  readonly least?: number | undefined;
  /**
   * Runs units [begin, end).
   * @param own scratch of the one who runs them
   * @param shared scratch of the whole run, which passes from step to step
   */
  run(operands: Operands, begin: number, end: number, own: Address, shared: Address): void;
}

/**
 * Prepared work as data: what it keeps in memory is only read while it runs, and what moves stands in the scratch of
 * who runs it. Its steps follow each other, and a step may be cut into any ranges of units.
 */
export interface Job<Operands extends readonly number[] = readonly number[]> {
  /** Scratch that everyone who runs units needs, in bytes. */
  readonly ownBytes: number;
  /** Scratch of a run that its steps share, in bytes. */
  readonly sharedBytes: number;
  readonly steps: readonly Step<Operands>[];
  /** Products of numbers, where there are many for each number of the operands. */
  readonly products?: number | undefined;
  /** Threads that share it, once that was worked out. */
  threads?: number;
  /** Gives back what is kept. */
  dispose(): void;
}

/** What a job of one step is made of. */
export interface OneStep<Operands extends readonly number[]> extends Pick<Step<Operands>, 'run'> {
  readonly ownBytes?: number;
  readonly sharedBytes?: number;
  /** Default 1. */
  readonly units?: number;
  readonly least?: number;
  dispose?(): void;
}

/** Other threads, which help this one to run units. */
export interface Crew {
  /** All threads, this one too. */
  readonly threads: number;
  /** Floats of all operands, and products as `threadsOf` counts them, below which a run stays on one thread. */
  readonly leastFloats: number;
  /** Where a step is written down instead of run, as long as that goes on. */
  readonly recorder: Recorder;
  /** Runs all units of a step. */
  run<Operands extends readonly number[]>(host: Host, step: Step<Operands>, operands: Operands, scratch: Scratch): void;
}

/** Scratch of a run on several threads. */
export interface Scratch {
  /** That of this thread; that of the others is behind it, `ownBytes` apart. */
  readonly own: Address;
  readonly ownBytes: number;
  /** Threads that have a place there. */
  readonly places: number;
  readonly shared: Address;
}

const nothing = () => {};

/** A job of one step. */
export const oneStep = <Operands extends readonly number[]>(step: OneStep<Operands>): Job<Operands> => ({
  ownBytes: step.ownBytes ?? 0,
  sharedBytes: step.sharedBytes ?? 0,
  steps: [{ units: step.units ?? 1, least: step.least, run: step.run }],
  dispose: step.dispose ?? nothing,
});

/**
 * The steps of a job inside another one.
 * @param operands its operands, from those of the whole and its shared scratch
 * @param at where its own shared scratch begins in that of the whole
 */
export const stepsOf = <Outer, Inner extends readonly number[] | []>(
  job: Job<Inner>,
  operands: (outer: Outer, shared: Address) => Inner,
  at = 0,
): Step<Outer>[] =>
  job.steps.map(({ run, ...step }) => ({
    ...step,
    run: (outer, begin, end, own, shared) => run(operands(outer, shared), begin, end, own, shared + at),
  }));

/** Scratch of a run, in bytes. */
export const scratchBytes = ({ ownBytes, sharedBytes }: Pick<Job, 'ownBytes' | 'sharedBytes'>, threads = 1): number =>
  round64(sharedBytes) + (threads - 1) * round64(ownBytes) + ownBytes;

/** Bytes that a run takes, with operands of so many floats outside of the kernels' memory. */
export const workspace = (host: Host, job: Job<never>, floats: number): number =>
  scratchBytes(job, threadsOf(host, job, [{ shape: [floats] }])) + 4 * floats;

/** Runs all of a job on this thread. `scratch`: `scratchBytes` of it. */
export function runAll<Operands extends readonly number[]>(
  job: Job<Operands>,
  operands: Operands,
  scratch: Address,
): void {
  const own = scratch + round64(job.sharedBytes);
  for (const { units, run } of job.steps) run(operands, 0, units, own, scratch);
}

/** Runs all of a job on some threads. `scratch`: `scratchBytes` of it for so many. */
export function runOnThreads<Operands extends readonly number[]>(
  host: Host,
  job: Job<Operands>,
  operands: Operands,
  threads: number,
  scratch: Address,
): void {
  if (threads > 1) runShared(host, job, operands, threads, scratch);
  else runAll(job, operands, scratch);
}

/** Runs a job on tensors: its operands are the inputs, then the outputs, in the order of both lists. */
export function runJob<Operands extends readonly number[]>(
  host: Host,
  job: Job<Operands>,
  inputs: readonly (Tensor | IndexTensor | undefined)[],
  outputs: readonly (Output | undefined)[],
): (Tensor | IndexTensor | undefined)[] {
  const threads = threadsOf(host, job, inputs, outputs);
  return runOn(host, inputs, outputs, scratchBytes(job, threads), (operands, scratch) => {
    runOnThreads(host, job, operands as unknown as Operands, threads, scratch);
  });
}
