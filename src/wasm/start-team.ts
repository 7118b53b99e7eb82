import type { Kernels } from './boundary.js';
import type { LinearMemory } from './memory.js';
import type { Recorder } from './recorder.js';
import type { Running } from './settings.js';
import { type AnyWorker, Team } from './team.js';

/** Operands of fewer floats stay on one thread: others would have to be woken for them. */
const LEAST_FLOATS = 1 << 14;

/** Memory that cannot be reached while a step is written down. */
function guarded(linear: LinearMemory, recorder: Recorder): LinearMemory {
  return {
    memory: linear.memory,
    get buffer() {
      return recorder.on ? recorder.refuse() : linear.buffer;
    },
    allocate: (bytes) => linear.allocate(bytes),
    release: (at, bytes) => linear.release(at, bytes),
  };
}

/** Starts a build over a shared memory, with its workers. */
export function startTeam(
  module: WebAssembly.Module,
  linear: LinearMemory,
  threads: number,
  worker: () => AnyWorker,
  leastFloats = LEAST_FLOATS,
): Running & { readonly crew: Team } {
  const { exports } = new WebAssembly.Instance(module, { env: { memory: linear.memory } });
  const crew = new Team(module, linear, threads, worker, leastFloats);
  const kernels = crew.recorder.wrap(exports as unknown as Kernels);
  return { linear: guarded(linear, crew.recorder), kernels, crew, join: (bytes) => crew.join(bytes) };
}
