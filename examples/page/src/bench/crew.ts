import { KIND, type Report, type Row } from '../../../../bench/report.js';
import { machineOf } from './machine.js';
import type { Reply, Request } from './messages.js';
import { planOf } from './plan.js';
import type { Build, State } from './url.js';

/** One worker, which serves one build. */
class Runner {
  readonly build: Build;
  readonly #worker = new Worker(new URL('bench-worker.js', import.meta.url), { type: 'module' });
  #reject: (reason: Error) => void = () => {};

  constructor(build: Build) {
    this.build = build;
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

/**
 * Runs a plan: each problem in every build, one after the other, so that a slow minute of the machine slows all builds.
 * @param tell is called before every step
 * @param refuse is told why a build does not run here
 */
export function start(
  state: State,
  tell: (progress: Progress, report: Report) => void,
  refuse: (build: Build, reason: string) => void,
): Run {
  const runners = state.builds.map((build) => new Runner(build));
  const rows: Row[] = [];
  let bandwidth: number | undefined;
  const report = (): Report => ({ kind: KIND, machine: machineOf(navigator), bandwidth, rows: [...rows] });

  async function open(): Promise<Runner[]> {
    const there: Runner[] = [];
    for (const runner of runners) {
      const reply = await runner.ask({ ask: 'open', build: runner.build });
      if ('failure' in reply) refuse(runner.build, reply.failure);
      else there.push(runner);
    }
    return there;
  }

  async function work(): Promise<void> {
    const there = await open();
    if (there.length === 0) return;
    const tasks = planOf(state);
    const { layout, memory, repetitions } = state;
    const setup = { layout, memory, repetitions };
    const total = tasks.length * there.length + 1;
    tell({ done: 0, total, now: 'memory bandwidth' }, report());
    const measured = await there[0].ask({ ask: 'bandwidth' });
    if ('bandwidth' in measured) bandwidth = measured.bandwidth;
    let done = 1;
    for (const task of tasks) {
      for (const runner of there) {
        const { build } = runner;
        tell({ done, total, now: `${task.title}, ${build}` }, report());
        const reply = await runner.ask({ ask: 'run', task, setup });
        if ('row' in reply) rows.push(reply.row);
        else if ('failure' in reply) {
          rows.push({ ...task, build, layout, memory, unit: 'GFLOP/s', failure: reply.failure });
        }
        done++;
      }
    }
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
