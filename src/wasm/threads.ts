import { MemoryError, UnsupportedError } from '../errors.js';
import { configure, features } from './host.js';
import { type Instance, onlyLater } from './instance.js';
import { sources } from './modules.js';
import type { Features, InitOptions, Settings } from './settings.js';
import { startTeam } from './start-team.js';
import type { AnyWorker, Team } from './team.js';

/** Options of `init` from `stridewise/threads`. */
export interface ThreadsOptions extends InitOptions {
  /** Threads that work, this one among them: 1 to 64, or `'auto'` (default): the cores the host reports, at most 16. */
  readonly threads?: 'auto' | number;
  /** Makes a worker from the file `stridewise/worker`, where the host does not find it beside the entry. */
  readonly worker?: () => AnyWorker;
  /** Floats of all operands of a call below which it stays on this thread; default 16384. */
  readonly leastFloats?: number;
}

/** What `features()` from `stridewise/threads` reports. */
export interface ThreadsFeatures extends Features {
  /** Threads that work, this one among them. */
  readonly threads: number;
  /** Why so many. */
  readonly threadsReason: string;
  /** Milliseconds so far in which all of them worked on calls: in the rest of a call only this one does. */
  readonly sharedMs: number;
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
function obstacle({ module, worker }: ThreadsOptions): string | undefined {
  if (module) return 'a module given to init works in a memory that is not shared: leave out `module`';
  if (!worker && !nodeModule('node:worker_threads') && typeof Worker === 'undefined') return 'this host has no workers';
  const headers = globalThis.crossOriginIsolated
    ? 'this host shares no memory, although the page is isolated'
    : 'memory cannot be shared here: a page needs the headers Cross-Origin-Opener-Policy: same-origin and ' +
      'Cross-Origin-Embedder-Policy: require-corp; edge functions have no threads';
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

/** The team of the instance that serves, if it has one, and why or why not. */
let team: Team | undefined;
let reason = 'init was not called';
/** Settings of the last init that worked. */
let working: { readonly settings: Settings; readonly reason: string } = { settings: {}, reason };

/** Resolves when all workers are there, or with what went wrong. */
async function whole(started: Team): Promise<string | undefined> {
  const end = performance.now() + START;
  while (started.present < started.threads && started.trouble === undefined) {
    if (performance.now() > end) started.stop(`workers did not start within ${START / 1000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return started.trouble;
}

/** Ends the workers of the instance before, if there are any: handles made in it run on one thread from now on. */
function leave(next?: Team): void {
  team?.stop('init was called again');
  team = next;
}

/** Settings that start `threads` threads, and start them anew after a trap. */
const threaded = (chosen: InitOptions, threads: number, worker: () => AnyWorker, leastFloats?: number): Settings => ({
  ...chosen,
  threaded(build) {
    const module = sources.shared?.(build);
    if (!module) return undefined;
    const instance = startTeam(module, threads, worker, chosen.maxMemory, leastFloats);
    leave(instance.crew);
    return instance;
  },
});

function settle(settings: Settings, why: string, instance?: Instance): void {
  configure(settings, instance);
  working = { settings, reason: why };
  reason = why;
}

/**
 * `configure` with threads: starts them and waits until they are there. Leaves everything as it was when it throws.
 * `instance`: what serves where there can be no others.
 */
export async function configureThreads(
  chosen: InitOptions,
  wanted: 'auto' | number,
  worker: (() => AnyWorker) | undefined,
  leastFloats: number | undefined,
  instance: Instance | undefined,
): Promise<ThreadsFeatures> {
  const threads = wanted === 'auto' ? Math.min(MOST_CORES, cores()) : wanted;
  const alone = (why: string) => {
    leave();
    settle(chosen, why, instance);
    return threadsFeatures();
  };
  if (threads === 1) return alone(wanted === 'auto' ? 'this host reports one core' : 'asked for');
  const trouble = obstacle({ ...chosen, ...(worker && { worker }) }) ?? (await start());
  if (trouble === undefined) return threadsFeatures();
  if (wanted === 'auto') return alone(trouble);
  throw new UnsupportedError(`${threads} threads cannot be had: ${trouble}; ask for threads "auto" or 1`);

  async function start(): Promise<string | undefined> {
    const before = working;
    let problem: string | undefined;
    try {
      settle(
        threaded(chosen, threads, worker ?? workerBeside, leastFloats),
        wanted === 'auto' ? 'cores this host reports' : 'asked for',
      );
      problem = team && (await whole(team));
    } catch (error) {
      settle(before.settings, before.reason);
      if (error instanceof MemoryError || onlyLater(error)) return error.message;
      throw error;
    }
    if (problem !== undefined) settle(before.settings, before.reason);
    return problem;
  }
}

/**
 * `features()` with threads.
 * @example
 * await init({ threads: 2 });
 * console.log(features().threads); // 2
 */
export function threadsFeatures(): ThreadsFeatures {
  const running = features();
  return {
    ...running,
    threads: team?.present ?? 1,
    threadsReason: team?.trouble ?? reason,
    sharedMs: team?.sharedMs ?? 0,
  };
}
