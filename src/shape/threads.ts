import { OptionError } from '../errors.js';
import { integer } from './options.js';
import { show } from './show.js';

/** Names of the options that `threadOptions` reads. */
export const threadNames = ['threads', 'worker', 'leastFloats'] as const;

/** More threads than any host has cores for. */
const MOST_THREADS = 64;

/** Options of threads, checked. `Worker`: what its function makes. */
export function threadOptions<Worker>({ threads = 'auto', worker, leastFloats }: Record<string, unknown>) {
  const wanted = threads === 'auto' ? ('auto' as const) : integer('threads', threads, 1);
  if (wanted !== 'auto' && wanted > MOST_THREADS)
    throw new OptionError(`threads is ${wanted}, expected at most ${MOST_THREADS}`);
  if (worker !== undefined && typeof worker !== 'function')
    throw new OptionError(`worker is ${show(worker)}, expected a function that makes a worker`);
  return {
    threads: wanted,
    worker: worker as (() => Worker) | undefined,
    leastFloats: leastFloats === undefined ? undefined : integer('leastFloats', leastFloats, 0),
  };
}
