import { offers } from '../../../../bench/peers/adapters/tfjs-problems.js';
import { isPlain } from '../../../../bench/plain.js';
import { type Problem, parseProblem } from '../../../../bench/problem.js';
import { KIND, type Processor, type Report, type Row } from '../../../../bench/report.js';
import { version } from '../../../../package.json';
import { isPackage, kindOf } from '../report/figures.js';
import { nameOf } from '../report/names.js';
import { calmer, spoiltBy, TRIES } from './busy.js';
import { machineOf } from './machine.js';
import type { Reply, Request } from './messages.js';
import { planOf, type Task } from './plan.js';
import type { Build, State, Tune } from './url.js';

/** One worker, which serves one build with one variant of its hot loops on some threads. */
class Runner {
  readonly build: Build;
  readonly wanted: Tune;
  readonly threads: number;
  /** Whose hot loops run, where it is not this processor. */
  tune: Processor | undefined;
  readonly #worker = new Worker(new URL('bench-worker.js', import.meta.url), { type: 'module' });
  #reject: (reason: Error) => void = () => {};

  constructor(build: Build, wanted: Tune, threads: number) {
    this.build = build;
    this.wanted = wanted;
    this.threads = threads;
  }

  get name(): string {
    return kindOf(this);
  }

  ask(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => resolve(data);
      this.#worker.onerror = ({ message }) => reject(new Error(message));
      this.#worker.postMessage(request);
    });
  }

  stop(): void {
    this.#worker.terminate();
    this.#reject(new Stopped());
  }
}

/** Somebody pressed stop. */
class Stopped extends Error {}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What runs now. */
  readonly now: string;
}

export interface Run {
  /** Ends also when it is stopped, with what was done until then. */
  readonly finished: Promise<{ readonly report: Report; readonly isStopped: boolean }>;
  stop(): void;
}

/** Loops take long, and TensorFlow.js has not every operator. */
function canRun(build: Build, problem: Problem): boolean {
  if (build === 'plain') return isPlain(problem);
  return build !== 'tfjs' || offers(problem);
}

/** A problem, who runs it, and what came of it. */
interface Job {
  readonly task: Task;
  readonly runner: Runner;
  row?: Row;
}

/**
 * Runs a plan: each problem in every build, one after the other, so that a slow minute of the machine slows all builds.
 * What a busy machine spoilt is measured again, at once and once more at the end; what stays spoilt is marked.
 * @param tell is called before every step
 * @param refuse is told why a build does not run here
 */
export function start(
  state: State,
  tell: (progress: Progress, report: Report) => void,
  refuse: (build: string, reason: string) => void,
): Run {
  const runners = state.builds.flatMap((build) =>
    isPackage(build)
      ? state.tunes.flatMap((tune) => state.threads.map((threads) => new Runner(build, tune, threads)))
      : [new Runner(build, 'auto', 1)],
  );
  const { layout, memory, repetitions } = state;
  const setup = { layout, memory, repetitions };
  let jobs: Job[] = [];
  let bandwidth: number | undefined;
  let processor: Processor | undefined;
  const bestPeaks = new Map<Build, number>();
  const spoiltOf = (row: Row) => spoiltBy(row, bestPeaks.get(row.build) ?? 0);
  const date = new Date().toISOString();

  function report(): Report {
    const rows = jobs.flatMap(({ row }) => (row ? [{ ...row, spoilt: spoiltOf(row) }] : []));
    return { kind: KIND, machine: machineOf(navigator), processor, date, version, bandwidth, rows };
  }

  async function open(): Promise<Runner[]> {
    const there = new Map<string, Runner>();
    for (const runner of runners) {
      const { build, wanted, threads } = runner;
      const reply = await runner.ask({ ask: 'open', build, tune: wanted, threads });
      if ('failure' in reply) refuse(runner.name, reply.failure);
      else if ('done' in reply) {
        processor = reply.processor ?? processor;
        if (reply.tune !== reply.processor) runner.tune = reply.tune;
        // `auto` and the processor's own name are the same
        if (!there.has(runner.name)) there.set(runner.name, runner);
      }
    }
    return [...there.values()];
  }

  async function measure({ task, runner }: Job): Promise<Row> {
    const { build, tune, threads } = runner;
    const reply = await runner.ask({ ask: 'run', task, setup });
    if (!('row' in reply)) {
      const failure = 'failure' in reply ? reply.failure : 'no answer';
      return { ...task, build, tune, threads, layout, memory, unit: 'GFLOP/s', failure };
    }
    const { peakGflops = 0, steadyGflops = 0 } = reply.row;
    bestPeaks.set(build, Math.max(bestPeaks.get(build) ?? 0, peakGflops, steadyGflops));
    return { ...reply.row, tune };
  }

  async function work(): Promise<void> {
    const there = await open();
    if (there.length === 0) return;
    jobs = planOf(state).flatMap((task) =>
      there.filter(({ build }) => canRun(build, parseProblem(task.problem))).map((runner) => ({ task, runner })),
    );
    const total = jobs.length + 1;
    tell({ done: 0, total, now: 'memory bandwidth' }, report());
    const measured = await there[0].ask({ ask: 'bandwidth' });
    if ('bandwidth' in measured) bandwidth = measured.bandwidth;
    const step = async (job: Job, done: number, word: string) => {
      tell({ done, total, now: `${nameOf(job.task)}, ${job.runner.name}${word}` }, report());
      job.row = calmer(job.row, await measure(job));
    };
    for (const [i, job] of jobs.entries()) {
      await step(job, i + 1, '');
      for (let turn = 2; turn <= TRIES && spoiltOf(job.row!) !== undefined; turn++)
        await step(job, i + 1, ': again, the machine was busy');
    }
    // what the first ones were held against may have been slow, too
    for (const job of jobs.filter(({ row }) => spoiltOf(row!) !== undefined))
      await step(job, total, ': once more, the machine was busy');
  }

  const finished = work()
    .then(
      () => false,
      (error: unknown) => {
        if (error instanceof Stopped) return true;
        throw error;
      },
    )
    .then((isStopped) => ({ report: report(), isStopped }))
    .finally(() => {
      for (const runner of runners) runner.stop();
    });
  return {
    finished,
    stop() {
      for (const runner of runners) runner.stop();
    },
  };
}
