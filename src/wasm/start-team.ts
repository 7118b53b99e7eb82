import type { Kernels } from './boundary.js';
import { GrowingMemory, type LinearMemory } from './memory.js';
import type { Recorder } from './recorder.js';
import type { Running } from './settings.js';
import { sharedMemory } from './shared.js';
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

/** Starts a build for a shared memory, with its workers. */
export function startTeam(
  module: WebAssembly.Module,
  threads: number,
  worker: () => AnyWorker,
  maxMemory?: number,
  leastFloats = LEAST_FLOATS,
): Running & { readonly crew: Team } {
  const memory = sharedMemory(maxMemory);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const linear = new GrowingMemory(memory, maxMemory);
  const crew = new Team(module, linear, threads, worker, leastFloats);
  const kernels = crew.recorder.wrap(exports as unknown as Kernels);
  return { linear: guarded(linear, crew.recorder), kernels, crew, join: (bytes) => crew.join(bytes) };
}
