import { HEADERS } from './gathered.js';
import type { AnyWorker, Team } from './team.js';

/** Options of threads. */
export interface ThreadOptions {
  /**
   * Threads that work, this one among them: 1 to 64, or `'auto'` (default): the cores the host reports, at most 16, and
   * one where there can be no more.
   */
  readonly threads?: 'auto' | number | undefined;
  /** Makes a worker from the file `stridewise/worker`, where the host does not find it beside the entry. */
  readonly worker?: (() => AnyWorker) | undefined;
  /**
   * Floats of all operands of a call, and a quarter of its products of two numbers, below which it stays on this
   * thread; default 131072.
   */
  readonly leastFloats?: number | undefined;
}

/** The same, settled. */
export interface Wanted extends ThreadOptions {
  readonly threads: 'auto' | number;
}

const MOST_CORES = 16;
/** How long workers may take to start, in milliseconds. */
const START = 30_000;

/** What of `node:worker_threads` and `node:os` is used, wherever they are. */
interface NodeModules {
  'node:worker_threads': { Worker: new (file: URL, options: { execArgv: string[] }) => AnyWorker };
  'node:os': { availableParallelism(): number };
}

function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as NodeModules[Name] | undefined;
}

/** A worker from the file beside the entry; `new Worker(new URL(...))` is the form that bundlers know. */
function workerBeside(): AnyWorker {
  const node = nodeModule('node:worker_threads');
  // what Node was started with is not for a file that needs nothing: `--input-type` would even be refused
  if (node) return new node.Worker(new URL('./worker.js', import.meta.url), { execArgv: [] });
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

const cores = () => globalThis.navigator?.hardwareConcurrency ?? nodeModule('node:os')?.availableParallelism() ?? 1;

/** Why there can be no workers over a shared memory; undefined when there can. */
function missing(worker: Wanted['worker']): string | undefined {
  if (!worker && !nodeModule('node:worker_threads') && typeof Worker === 'undefined') return 'this host has no workers';
  const headers = globalThis.crossOriginIsolated
    ? 'this host shares no memory, though the page is isolated'
    : `memory cannot be shared here: ${HEADERS}; edge functions have no threads`;
  if (typeof SharedArrayBuffer === 'undefined' || typeof MessageChannel === 'undefined') return headers;
  const { port1, port2 } = new MessageChannel();
  try {
    // memory that can be made, but not posted, is no use
    port1.postMessage(new WebAssembly.Memory({ initial: 0, maximum: 1, shared: true }).buffer);
    return undefined;
  } catch {
    return headers;
  } finally {
    port1.close();
    port2.close();
  }
}

/** Resolves when all workers are there, or with what went wrong. */
export async function whole(started: Team): Promise<string | undefined> {
  const end = performance.now() + START;
  while (started.present < started.threads && started.trouble === undefined) {
    if (performance.now() > end) started.stop(`workers did not start within ${START / 1000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return started.trouble;
}

/**
 * Has the threads started that are wanted, and resolves with why there is only this one, if so.
 * @param start starts two or more, this one among them, and resolves with what went wrong
 */
export async function gather(
  { threads: wanted, worker }: Wanted,
  start: (threads: number, worker: () => AnyWorker) => Promise<string | undefined>,
): Promise<string | undefined> {
  const threads = wanted === 'auto' ? Math.min(MOST_CORES, cores()) : wanted;
  if (threads === 1) return 'this host reports one core';
  return missing(worker) ?? start(threads, worker ?? workerBeside);
}
