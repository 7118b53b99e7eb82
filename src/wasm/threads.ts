import { MemoryError } from '../errors.js';
import { gathered } from './gathered.js';
import { configure, features, host } from './host.js';
import { type Instance, onlyLater } from './instance.js';
import { GrowingMemory } from './memory.js';
import { sources } from './modules.js';
import { offerHost } from './offered.js';
import type { Features, InitOptions, Settings } from './settings.js';
import { sharedMemory } from './shared.js';
import { startTeam } from './start-team.js';
import type { AnyWorker, Team } from './team.js';
import { gather, type ThreadOptions, type Wanted, whole } from './workers.js';

/** Options of `init` from `stridewise/threads`. */
export interface ThreadsOptions extends InitOptions, ThreadOptions {}

/** What `features()` from `stridewise/threads` reports. */
export interface ThreadsFeatures extends Features {
  /** Threads that work, this one among them. */
  readonly threads: number;
  /** Why so many. */
  readonly threadsReason: string;
  /** Milliseconds so far in which all of them worked on calls: in the rest of a call only this one does. */
  readonly sharedMs: number;
}

/** The team of the instance that serves, if it has one, and why or why not. */
let team: Team | undefined;
/** Settings of the last init that worked. */
let working: { readonly settings: Settings; readonly reason: string } = {
  settings: {},
  reason: 'init was not called',
};

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
    const linear = new GrowingMemory(sharedMemory(chosen.maxMemory), chosen.maxMemory);
    const instance = startTeam(module, linear, threads, worker, leastFloats);
    leave(instance.crew);
    return instance;
  },
});

function settle(settings: Settings, reason: string, instance?: Instance): void {
  configure(settings, instance);
  offerHost(host);
  working = { settings, reason };
}

/**
 * `configure` with threads: starts them and waits until they are there. Leaves everything as it was when it throws.
 * `instance`: what serves where there can be no others.
 */
export async function configureThreads(
  chosen: InitOptions,
  wanted: Wanted,
  instance: Instance | undefined,
): Promise<ThreadsFeatures> {
  const obstacle = chosen.module && 'a module of your own shares no memory: leave out `module`';
  const start = async (threads: number, worker: () => AnyWorker) => {
    const before = working;
    let problem: string | undefined;
    try {
      settle(threaded(chosen, threads, worker, wanted.leastFloats), '');
      problem = team && (await whole(team));
    } catch (error) {
      settle(before.settings, before.reason);
      if (error instanceof MemoryError || onlyLater(error)) return error.message;
      throw error;
    }
    if (problem !== undefined) settle(before.settings, before.reason);
    return problem;
  };
  const found = gathered(wanted.threads, obstacle || (await gather(wanted, start)));
  if (found.alone) {
    leave();
    settle(chosen, found.reason, instance);
  }
  working = { ...working, reason: found.reason };
  return threadsFeatures();
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
    threadsReason: team?.trouble ?? working.reason,
    sharedMs: team?.sharedMs ?? 0,
  };
}
