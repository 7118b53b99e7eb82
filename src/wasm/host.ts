import { MemoryError, OptionError, UnsupportedError } from '../errors.js';
import { Arena, type MemoryUsage } from './arena.js';
import type { Kernels, LOW, TALL, WIDE } from './boundary.js';
import type { Crew } from './crew.js';
import { type Processor, tileRows } from './engine.js';
import { type Guarded, guard } from './guard.js';
import { type Instance, initFirst, instantiate, instantiateLater, onlyLater } from './instance.js';
import { GrowingMemory } from './memory.js';
import { sources } from './modules.js';
import type { Features, InitOptions, Running, Settings } from './settings.js';
import { type BuildName, probe } from './sources.js';

/** One instance of the kernels with its memory. */
export interface Host extends Guarded {
  readonly build: BuildName | 'custom';
  readonly arena: Arena;
  /** What this host's processor is, and what the kernels are tuned for. */
  readonly processor: Processor;
  readonly tune: Processor;
  /** Most rows of the register tile that run without spilling: by build, engine and `tune`. */
  readonly mr: typeof WIDE | typeof TALL | typeof LOW;
  /** Rows of plan tables that a prepared layer has run here. */
  readonly warm: Set<string>;
  /** Other threads that run units. */
  readonly crew?: Crew | undefined;
  /** Starts another module of kernels, of these bytes, where the memory is shared. */
  readonly join?: ((bytes: Uint8Array) => object) | undefined;
}

let settings: Settings = {};
let current: Host | undefined;
let reason = '';

const runs = (build: BuildName) => probe(build) && sources.validates(build);

function choose(): BuildName {
  const wanted = settings.simd ?? 'auto';
  if (wanted !== 'strict' && runs('relaxed')) {
    reason = wanted === 'relaxed' ? 'asked for' : 'this host runs relaxed SIMD';
    return 'relaxed';
  }
  const without = probe('relaxed') ? 'this entry has no relaxed build' : 'this host does not run relaxed SIMD';
  if (wanted === 'relaxed') throw new UnsupportedError(`${without}: ask for simd "strict" or "auto"`);
  if (!runs('simd')) throw new UnsupportedError('this host does not run WebAssembly with 128-bit SIMD');
  reason = wanted === 'strict' ? 'asked for' : without;
  return 'simd';
}

function compile(build: BuildName): WebAssembly.Module {
  try {
    return sources.module(build);
  } catch (cause) {
    if (cause instanceof UnsupportedError) throw cause;
    if (onlyLater(cause)) throw initFirst(cause);
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UnsupportedError(
      `this host refuses to compile WebAssembly (${message}): a page needs 'wasm-unsafe-eval' in its script-src; elsewhere resolve this ` +
        'package with the condition "workerd" or "edge-light", or pass a compiled module, init({ module })',
    );
  }
}

/** A build on this thread alone. */
function single(module: WebAssembly.Module, build: Host['build']): Running {
  const { memory, exports } = start(module, build);
  // one that brings a memory works in that
  if (typeof exports.convIndirect !== 'function' || exports.memory) throw new OptionError(notOurs);
  return { kernels: exports as unknown as Kernels, linear: new GrowingMemory(memory, settings.maxMemory) };
}

/** A host of kernels that run. */
export function hostOf(build: Host['build'], { linear, kernels, crew, join }: Running): Host {
  const processor = kernels.negativeNaN(0) ? 'x86' : 'arm';
  const tune = settings.tune === undefined || settings.tune === 'auto' ? processor : settings.tune;
  return {
    build,
    ...guard(kernels),
    arena: new Arena(linear),
    crew,
    join,
    processor,
    tune,
    mr: settings.tileRows ?? tileRows(build, tune),
    warm: new Set(),
  };
}

const notOurs = 'module: expected a build of these kernels';

/** What `init` made, for the `start` that it causes. */
let ready: Instance | undefined;

/** Whatever a host refuses besides memory is none of ours. */
function start(module: WebAssembly.Module, build: Host['build']): Instance {
  try {
    return ready ?? instantiate(module);
  } catch (cause) {
    if (onlyLater(cause)) throw initFirst(cause);
    // Hosts bound the number of memories and their sum, and their errors for that differ.
    if (build !== 'custom' || cause instanceof RangeError)
      throw new MemoryError(`the host refuses another wasm memory (${cause instanceof Error ? cause.message : cause})`);
    throw new OptionError(notOurs);
  }
}

/** The instance every call uses; made at the first call, and after a trap. */
export function host(): Host {
  if (!current || current.trapped()) {
    if (settings.module) {
      reason = 'given to init';
      current = hostOf('custom', single(settings.module as WebAssembly.Module, 'custom'));
    } else {
      const build = choose();
      current = hostOf(build, settings.threaded?.(build) ?? single(compile(build), build));
    }
  }
  return current;
}

/**
 * Makes beforehand what `configure` starts, asynchronously where it must be. What else a host refuses, `configure`
 * tells.
 */
export async function load(options: InitOptions): Promise<Instance | undefined> {
  const build = options.simd !== 'strict' && runs('relaxed') ? 'relaxed' : 'simd';
  if (!options.module && runs(build)) await sources.load?.(build);
  let module = options.module as WebAssembly.Module | undefined;
  try {
    module ??= sources.module(build);
    return instantiate(module);
  } catch (cause) {
    return module && onlyLater(cause) ? instantiateLater(module) : undefined;
  }
}

/**
 * Starts over with other settings, or leaves everything as it was. Handles made before keep the instance they were made
 * in.
 */
export function configure(options: Settings, instance?: Instance): Features {
  const previous = { settings, current, reason };
  settings = options;
  current = undefined;
  ready = instance;
  try {
    return features();
  } catch (error) {
    ({ settings, current, reason } = previous);
    throw error;
  } finally {
    ready = undefined;
  }
}

/**
 * Whether a multiply-add rounds once: (1 + 2^-12)² - (1 + 2^-11) is 2^-24 when fused, 0 when the square was rounded
 * first.
 */
function fuses({ exports, arena }: Host): boolean {
  return arena.scratch(64, (at) => {
    const f = arena.f32(at, 3);
    f.set([1 + 2 ** -12, 1 + 2 ** -12, -(1 + 2 ** -11)]);
    return exports.multiplyAdd(at, at + 4, at + 8) !== 0;
  });
}

/**
 * Which build runs, what the host can do, and why.
 * @example
 * console.log(features().simd); // true
 */
export function features(): Features {
  const running = host();
  return {
    build: running.build,
    reason,
    simd: true,
    relaxedSimd: probe('relaxed'),
    fused: fuses(running),
    processor: running.processor,
    tune: running.tune,
    tileRows: running.mr,
  };
}

/**
 * Bytes of linear memory in use, kept by handles, and reserved, by the instance that serves calls now; handles made
 * before `init` live in another. Zeros before the first call that needs the kernels.
 * @example
 * const home = arena();
 * home.tensor([1000]); // 4000 bytes
 * console.log(memoryUsage().kept >= 4000); // true
 * home.dispose();
 */
export function memoryUsage(): MemoryUsage {
  return current && !current.trapped() ? current.arena.usage : { used: 0, kept: 0, reserved: 0 };
}
