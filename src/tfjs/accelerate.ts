import { OptionError, StridewiseError, UnsupportedError } from '../errors.js';
import { kernelsIn } from '../nn/kernels.js';
import { checkOptions, oneOf } from '../shape/options.js';
import type { MemoryUsage } from '../wasm/arena.js';
import { configure, load } from '../wasm/host.js';
import type { BuildName } from '../wasm/sources.js';
import type { Surroundings } from './kernel.js';
import { kernels, replacedIn } from './kernels.js';
import { placeOf } from './place.js';

import { Prepared } from './prepared.js';
import type { Backend, BackendUtil, Call, Kernel, TensorFlow } from './tf.js';
import { warmKernels } from './warm.js';

/** Options of `accelerate`. */
export interface AccelerateOptions {
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
  /** Threads that our kernels use: 1. */
  readonly threads: number;
  /** Names of the kernels that are replaced. */
  readonly kernels: readonly string[];
  /** Bytes that packed weights take, and scratch of calls that are running. */
  memoryUsage(): MemoryUsage;
  /** Puts everything back, and gives the packed weights back. A second call does nothing. */
  undo(): void;
}

const active = new WeakMap<object, Acceleration>();

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

/** Replaces kernels of a backend; the result puts them back. */
function replace(tf: TensorFlow, name: string, backend: Backend, names: readonly string[], around: Surroundings) {
  const previous = names.map((kernelName) => {
    const before = around.kernel(kernelName);
    const serve = kernels[kernelName];
    const kernelFunc = (call: Call) => {
      try {
        const served = call.backend === backend && !around.place.on.trapped() ? serve(around, call) : undefined;
        if (served) return served;
      } catch (error) {
        if (!before || !(error instanceof StridewiseError)) throw error;
      }
      if (!before) throw new UnsupportedError(`${kernelName} with these operands has no kernel in the ${name} backend`);
      return before.kernelFunc(call);
    };
    if (before) tf.unregisterKernel(kernelName, name);
    tf.registerKernel({ ...before, kernelName, backendName: name, kernelFunc } as never);
    return [kernelName, before] as const;
  });
  return () => {
    for (const [kernelName, before] of previous) {
      tf.unregisterKernel(kernelName, name);
      if (before) tf.registerKernel(before as never);
    }
  };
}

/** Gives packed weights back when the backend disposes of their filter; the result ends that. */
function watch(backend: Backend, prepared: Prepared): () => void {
  const { disposeData } = backend;
  const own = Object.hasOwn(backend, 'disposeData');
  backend.disposeData = function (this: Backend, dataId, force) {
    const isGone = disposeData.call(this, dataId, force);
    if (isGone) prepared.forget(dataId);
    return isGone;
  };
  return () => {
    if (own) backend.disposeData = disposeData;
    else delete (backend as Partial<Backend>).disposeData;
  };
}

/**
 * Replaces kernels of the TensorFlow.js backend in use, `wasm` or `cpu`, by those of this package, until `undo()`. What
 * they do not serve (other types, layouts, broadcasts) goes to the kernel that was there before. In the `wasm` backend
 * they work in its own memory, and bring the gradients that it lacks. Calling it again for the same backend changes
 * nothing and returns the same.
 *
 * @param tf the module `@tensorflow/tfjs` or `@tensorflow/tfjs-core`, of 4.x, with its backend set and ready
 * @param options `simd` (`'auto'`), `accuracy` (`'standard'`), `kernels` (all)
 * @throws UnsupportedError for another backend, or when something of TensorFlow.js that is needed is not there, named
 * in the message; nothing has changed then
 * @throws OptionError for an option unknown or out of range
 * @example
 * await tf.setBackend('wasm');
 * const { undo } = await accelerate(tf);
 */
export async function accelerate(tf: TensorFlow, options?: AccelerateOptions): Promise<Acceleration> {
  const o = checkOptions('accelerate', options, ['simd', 'accuracy', 'kernels']);
  const simd = oneOf('simd', o.simd, ['auto', 'strict', 'relaxed'], 'auto');
  const accuracy = oneOf('accuracy', o.accuracy, ['standard', 'high'], 'standard');
  const asked = namesOf(o.kernels);
  checkModule(tf);
  const name = tf.getBackend();
  const names = replacedIn(name, asked);
  const backend = tf.backend() as Backend;
  const known = active.get(backend);
  if (known) return known;
  const instance = await load({ simd });
  // another call may have been first
  const meanwhile = active.get(backend);
  if (meanwhile) return meanwhile;
  configure({ simd }, instance);
  const place = placeOf(name, backend);
  warmKernels(place.on, accuracy);
  const prepared = new Prepared(place.on);
  const kernel = (kernelName: string) => (tf.getKernel(kernelName, name) ?? undefined) as Kernel | undefined;
  const around = {
    name,
    backend,
    place,
    prepared,
    nn: kernelsIn(place.on),
    util: tf.backend_util as BackendUtil,
    accuracy,
    kernel,
  };
  const ends = [replace(tf, name, backend, names, around), watch(backend, prepared)];
  const acceleration: Acceleration = {
    ...{ backend: name, build: place.on.build, threads: 1, kernels: names },
    memoryUsage: () => place.on.arena.usage,
    undo() {
      if (active.get(backend) !== acceleration) return;
      active.delete(backend);
      for (const end of ends) end();
      prepared.clear();
    },
  };
  active.set(backend, acceleration);
  return acceleration;
}
