import type { Kernels } from './boundary.js';
import type { Address, LinearMemory } from './memory.js';
import type { Recorder } from './recorder.js';
import type { Running } from './settings.js';
import { type AnyWorker, Team } from './team.js';

/**
 * Less than this stays on one thread: others would have to be woken for it. One thread takes some 10 microseconds for
 * as much, from where on two are faster (gap_ic2048ih7iw7: 9 us, 1.1 times; gap_ic4096ih7iw7: 18 us, 1.4 times;
 * ic480ih7iw7_oc480kh3kw3_g480_ph1pw1: 16 us, 1.5 times; maxpool_ic64ih28iw28_kh3kw3_sh2sw2_ph1pw1: 7 us, 1.0 times).
 */
const LEAST_FLOATS = 1 << 17;

/** Memory that cannot be reached while a step is written down. A class: every call takes its buffer several times. */
class Guarded implements LinearMemory {
  readonly memory: WebAssembly.Memory;
  readonly #linear: LinearMemory;
  readonly #recorder: Recorder;

  constructor(linear: LinearMemory, recorder: Recorder) {
    this.memory = linear.memory;
    this.#linear = linear;
    this.#recorder = recorder;
  }

  get buffer(): ArrayBuffer {
    return this.#recorder.on ? this.#recorder.refuse() : this.#linear.buffer;
  }

  allocate(bytes: number): Address {
    return this.#linear.allocate(bytes);
  }

  release(at: Address, bytes: number): void {
    this.#linear.release(at, bytes);
  }
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
  return { linear: new Guarded(linear, crew.recorder), kernels, crew, join: (bytes) => crew.join(bytes) };
}
