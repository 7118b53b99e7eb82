import { checkOptions } from '../shape/options.js';
import { threadNames, threadOptions } from '../shape/threads.js';
import { load } from '../wasm/host.js';
import type { AnyWorker } from '../wasm/team.js';
import { configureThreads, type ThreadsFeatures, type ThreadsOptions } from '../wasm/threads.js';
import { buildOptions, chosenBuild } from './init.js';

/**
 * As `init` of the default entry, and starts the threads that all later calls use. Calls stay synchronous. A worker
 * that cannot be had leaves one thread, and `features()` says why.
 *
 * @param options.threads threads that work, this one among them: 1 to 64, or `'auto'` (default): the cores that the
 *   host reports, at most 16, and one where there can be no more
 * @param options.worker makes a worker from the file `stridewise/worker`, for bundlers and policies that need it
 *   otherwise; default the file beside this entry
 * @param options.leastFloats floats of all operands of a call, and a quarter of its products of two numbers, below
 *   which it stays on this thread, because waking others would take longer; at least 0, default 131072
 * @param options.simd as in the default entry
 * @param options.tune as there
 * @param options.module as there; works on one thread
 * @param options.maxMemory as there
 * @returns what `features()` returns
 * @throws OptionError for an unknown option or one out of range, UnsupportedError where the host runs no such build, or
 *   cannot have the number of threads that was asked for
 * @example
 * await init({ threads: 'auto' });
 */
export async function init(options?: ThreadsOptions): Promise<ThreadsFeatures> {
  const o = checkOptions('init', options, [...buildOptions, ...threadNames]);
  const chosen = chosenBuild(o);
  const wanted = threadOptions<AnyWorker>(o);
  return configureThreads(chosen, wanted, await load(chosen));
}
