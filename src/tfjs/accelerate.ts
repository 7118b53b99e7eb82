import { OptionError, UnsupportedError } from '../errors.js';
import { kernelsIn } from '../nn/kernels.js';
import { checkOptions, oneOf } from '../shape/options.js';
import { threadNames, threadOptions } from '../shape/threads.js';
import type { MemoryUsage } from '../wasm/arena.js';
import { configure, load } from '../wasm/host.js';
import type { BuildName } from '../wasm/sources.js';
import type { AnyWorker } from '../wasm/team.js';
import type { ThreadOptions, Wanted } from '../wasm/workers.js';
import { kernels, replacedIn } from './kernels.js';
import { placeOf } from './place.js';
import { Prepared } from './prepared.js';
import { replace, watch } from './replace.js';
import type { Backend, BackendUtil, Kernel, TensorFlow } from './tf.js';
import { warmKernels } from './warm.js';

/** Options of `accelerate`. */
export interface AccelerateOptions extends ThreadOptions {
  /**
   * `strict`: same bits on every machine; `relaxed`: fused multiply-add where the engine has it; `auto` (default):
   * relaxed where it runs.
   */
  readonly simd?: 'auto' | 'strict' | 'relaxed';
  /** `'high'`: only algorithms with the error of direct summation; default `'standard'`. */
  readonly accuracy?: 'standard' | 'high';
  /** Names of TensorFlow.js's kernels to replace; default all of which there is one here. */
  readonly kernels?: readonly string[];
}

/** What `accelerate` did. */
export interface Acceleration {
  /** Backend whose kernels are replaced: `wasm` or `cpu`. */
  readonly backend: string;
  /** Build of our kernels that runs. */
  readonly build: BuildName | 'custom';
  /** Threads that our kernels use now. */
  readonly threads: number;
  /** Why so many. */
  readonly threadsReason: string;
  /** Names of the kernels that are replaced. */
  readonly kernels: readonly string[];
  /** Bytes that packed weights take, and scratch of calls that are running. */
  memoryUsage(): MemoryUsage;
  /** Puts everything back, gives the packed weights back and ends the workers. A second call does nothing. */
  undo(): void;
}

const active = new WeakMap<object, Promise<Acceleration>>();

const functions = ['getBackend', 'backend', 'getKernel', 'registerKernel', 'unregisterKernel'] as const;
const computed = ['computeConv2DInfo', 'computeConv3DInfo', 'computePool2DInfo', 'computePool3DInfo'] as const;

/** Says what of TensorFlow.js is missing, before anything is changed. */
function checkModule(tf: TensorFlow): void {
  const missing =
    functions.find((name) => typeof tf?.[name] !== 'function') ??
    computed.find((name) => typeof (tf.backend_util as Partial<BackendUtil>)?.[name] !== 'function');
  if (missing) throw new UnsupportedError(`tf has no function ${missing}: expected TensorFlow.js 4.x`);
}

function namesOf(value: unknown): readonly string[] {
  if (value === undefined) return Object.keys(kernels);
  const isList = Array.isArray(value);
  const unknown = isList ? value.find((name) => !Object.hasOwn(kernels, name)) : value;
  if (!isList || unknown !== undefined)
    throw new OptionError(`kernels has ${unknown}, expected names out of ${Object.keys(kernels).join(', ')}`);
  return [...new Set<string>(value)];
}

/** Options, checked. */
interface Chosen {
  readonly simd: 'auto' | 'strict' | 'relaxed';
  readonly accuracy: 'standard' | 'high';
  readonly asked: readonly string[];
  readonly wanted: Wanted;
}

/** What `accelerate` does, in a backend that has none of it yet. */
async function start(
  tf: TensorFlow,
  name: string,
  backend: Backend,
  { simd, accuracy, asked, wanted }: Chosen,
): Promise<Acceleration> {
  const instance = await load({ simd });
  configure({ simd }, instance);
  const place = await placeOf(name, backend, wanted);
  const { on, team } = place;
  const names = replacedIn(name, asked, (team?.present ?? 1) > 1);
  warmKernels(on, accuracy);
  const prepared = new Prepared(on);
  const kernel = (kernelName: string) => (tf.getKernel(kernelName, name) ?? undefined) as Kernel | undefined;
  const around = {
    name,
    backend,
    place,
    prepared,
    nn: kernelsIn(on),
    util: tf.backend_util as BackendUtil,
    accuracy,
    kernel,
  };
  const ends = [replace(tf, name, backend, names, around), ...watch(backend, prepared, place)];
  return {
    ...{ backend: name, build: on.build, kernels: names },
    get threads() {
      return team?.present ?? 1;
    },
    get threadsReason() {
      return team?.trouble ?? place.threadsReason;
    },
    memoryUsage: () => on.arena.usage,
    undo() {
      if (ends.length > 0) active.delete(backend);
      for (const end of ends.splice(0)) end();
      prepared.clear();
      team?.stop('undo was called');
    },
  };
}

/**
 * Replaces kernels of the TensorFlow.js backend in use, `wasm` or `cpu`, by those of this package, until `undo()`. What
 * they do not serve (other types, layouts, broadcasts) goes to the kernel that was there before. In the `wasm` backend
 * they work in its own memory, on several threads where that is shared, and bring the gradients that it lacks. Calling
 * it again for the same backend changes nothing and returns the same.
 *
 * @param tf the module `@tensorflow/tfjs` or `@tensorflow/tfjs-core`, of 4.x, with its backend set and ready
 * @param options.simd build of the kernels; default `'auto'`
 * @param options.accuracy default `'standard'`
 * @param options.kernels names of kernels to replace; default all of which there is one here
 * @param options.threads threads that work, this one among them: 1 to 64, or `'auto'` (default): the cores that the
 *   host reports, at most 16, where the heap of the backend is shared memory, and else one
 * @param options.worker makes a worker from the file `stridewise/worker`; default the file beside this entry
 * @param options.leastFloats floats of all operands of a call, and a quarter of its products of two numbers, below
 *   which it stays on this thread; default 131072
 * @returns what runs: `backend`, `build`, `threads` and why so many, `kernels`, `memoryUsage()`, and `undo()`
 * @throws UnsupportedError for another backend, or when something of TensorFlow.js that is needed is not there, named
 * in the message, or where a number of threads cannot be had; nothing has changed then
 * @throws OptionError for an option unknown or out of range
 * @example
 * await tf.setBackend('wasm');
 * const { threads, undo } = await accelerate(tf);
 */
export async function accelerate(tf: TensorFlow, options?: AccelerateOptions): Promise<Acceleration> {
  const o = checkOptions('accelerate', options, ['simd', 'accuracy', 'kernels', ...threadNames]);
  const chosen = {
    simd: oneOf('simd', o.simd, ['auto', 'strict', 'relaxed'], 'auto'),
    accuracy: oneOf('accuracy', o.accuracy, ['standard', 'high'], 'standard'),
    asked: namesOf(o.kernels),
    wanted: threadOptions<AnyWorker>(o),
  };
  checkModule(tf);
  const name = tf.getBackend();
  const backend = tf.backend() as Backend;
  const known = active.get(backend);
  if (known) return known;
  const started = start(tf, name, backend, chosen);
  active.set(backend, started);
  started.catch(() => active.delete(backend));
  return started;
}
