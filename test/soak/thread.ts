import { parentPort, workerData } from 'node:worker_threads';
import type { MemoryUsage } from 'stridewise';
import * as alone from 'stridewise';
import * as threaded from 'stridewise/threads';
import { random } from '../support/data.js';
import { checkLine } from './lines.js';
import type { OpenHandle } from './owners.js';
import { drawPool, type Pool } from './pool.js';
import { newTally, Session, type Tally } from './session.js';

/** One thread: phases of random load, each on a fresh instance, until the calls are made or the time is up. */

/** What a thread is asked to do. */
export interface Task {
  readonly seed: number;
  /** Threads of an instance. */
  readonly shared: number;
  readonly calls: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Cases of every operator. */
  readonly cases: number;
  /** Heap the thread may gain between its first phase and its last, in bytes. */
  readonly heapGrowth: number;
}

export type Message = { readonly tally: Tally; readonly build: string } | { readonly failure: string };

/** Steps of a phase. */
const STEPS = 2000;

/** Long lines at the end of a phase that has memory for them. */
const LINES = 2;

/** Handles that outlive the instance they were made in. */
const SURVIVORS = 3;

const task = workerData as Task;
const stridewise = task.shared > 1 ? threaded : alone;
const team = task.shared > 1 ? { threads: task.shared, leastFloats: 0 } : {};
const next = random(task.seed);
const tally = newTally();

/**
 * What phases have in turn. The first two give every build its first results, in memory enough for all of them; then
 * memory grows again and again, in several instances one after another, or it is too small for many calls.
 */
const phases = [
  { simd: 'strict', maxMemory: 2 ** 28, starved: false, instances: 1 },
  { simd: 'auto', maxMemory: 2 ** 28, starved: false, instances: 1 },
  { simd: 'strict', maxMemory: 2 ** 21, starved: true, instances: 10 },
  { simd: 'auto', maxMemory: 2 ** 17, starved: true, instances: 1 },
  { simd: 'auto', maxMemory: 2 ** 21, starved: true, instances: 10 },
  { simd: 'strict', maxMemory: 2 ** 19, starved: true, instances: 1 },
] as const;

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Waits until handles that were dropped have been collected, and usage is what it was before. */
async function collected({ used, kept }: MemoryUsage): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    (globalThis as { gc?: () => void }).gc?.();
    await turn();
    const now = stridewise.memoryUsage();
    if (now.used === used && now.kept === kept) return;
  }
  const now = stridewise.memoryUsage();
  const found = `${now.used} bytes in use and ${now.kept} kept`;
  throw new Error(`a leak: ${found} after everything was closed or dropped, expected ${used} and ${kept}`);
}

/** A phase on fresh instances; `old` are handles of the one before, which still work. */
async function run(pool: Pool, phase: number, old: readonly OpenHandle[]): Promise<readonly OpenHandle[]> {
  const { starved, instances, ...options } = phases[phase % phases.length];
  for (let instance = 1; ; instance++) {
    await stridewise.init({ ...options, ...team });
    tally.calls += pool.check();
    const session = new Session(stridewise, pool, next, tally, starved);
    const survivors = session.survivors(SURVIVORS);
    const base = stridewise.memoryUsage();
    for (let step = 0; step < STEPS / instances && tally.calls < task.calls; step++) {
      if (step % 100 === 0 && Date.now() > task.deadline) break;
      session.step();
      if (step % 500 === 0) for (const survivor of old) session.runSurvivor(survivor);
    }
    session.close();
    if (task.shared > 1 && threaded.features().sharedMs === 0) throw new Error('no call was shared');
    for (let line = 0; !starved && line < LINES; line++, tally.calls += 2) checkLine(stridewise, next);
    if (instance < instances) continue;
    for (const { handle } of old) handle.dispose();
    session.repeat();
    await collected(base);
    pool.checkOperands();
    return survivors;
  }
}

async function soak(): Promise<void> {
  const pool = drawPool(stridewise, task.cases, task.seed);
  let old: readonly OpenHandle[] = [];
  let heap = 0;
  for (let phase = 0; tally.calls < task.calls && Date.now() < task.deadline; phase++) {
    old = await run(pool, phase, old);
    if (phase === phases.length) heap = process.memoryUsage().heapUsed;
    parentPort?.postMessage({ tally, build: stridewise.features().build } satisfies Message);
  }
  for (const { handle } of old) handle.dispose();
  await collected({ used: 0, kept: 0, reserved: 0 });
  const gained = process.memoryUsage().heapUsed - heap;
  if (heap > 0 && gained > task.heapGrowth) throw new Error(`a leak: the heap gained ${gained} bytes`);
}

soak().catch((error: Error) => parentPort?.postMessage({ failure: `${error.stack}` } satisfies Message));
