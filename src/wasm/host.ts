import { instantiateSync } from '@assemblyscript/loader';
import { MemoryError, OptionError, UnsupportedError } from '../errors.js';
import { Arena, type MemoryUsage } from './arena.js';
import type { Kernels } from './boundary.js';
import type { Crew } from './crew.js';
import { tileRows } from './engine.js';
import { type Guarded, guard } from './guard.js';
import { GrowingMemory, type LinearMemory, newMemory } from './memory.js';
import { sources } from './modules.js';
import { type BuildName, probe } from './sources.js';

/** One instance of the kernels with its memory. */
export interface Host extends Guarded {
  readonly build: BuildName | 'custom';
  readonly arena: Arena;
  /** Most rows of the register tile that run without spilling: by build and engine. */
  readonly mr: 4 | 6;
  /** Rows of plan tables that a prepared layer has run here. */
  readonly warm: Set<string>;
  /** Other threads that run units. */
  readonly crew?: Crew | undefined;
}

/** Options of `init`. */
export interface InitOptions {
  /**
   * `strict`: same bits on every machine; `relaxed`: fused multiply-add where the engine has it; `auto` (default):
   * relaxed where it runs.
   */
  readonly simd?: 'auto' | 'strict' | 'relaxed';
  /** A compiled build of the kernels to use instead of the inlined ones. */
  readonly module?: WebAssembly.Module;
  /** Most bytes of linear memory to reserve; default and limit 4 GiB. */
  readonly maxMemory?: number;
}

/** An instance of a build with the memory it works in. */
export interface Instance {
  readonly linear: LinearMemory;
  readonly kernels: Kernels;
  readonly crew?: Crew | undefined;
}

/** What `configure` takes besides. */
export interface Settings extends InitOptions {
  /** For tests and benches, which measure every tile on every engine. */
  readonly tileRows?: Host['mr'];
  /** Starts a build with threads; undefined when they cannot be had. */
  readonly threaded?: (build: BuildName) => Instance | undefined;
}

/** What `features()` reports. */
export interface Features {
  /** Build that runs: `simd` (strict) or `relaxed`; `custom` when `init` was given a module. */
  readonly build: BuildName | 'custom';
  /** Why this build. */
  readonly reason: string;
  /** The host runs 128-bit SIMD. */
  readonly simd: boolean;
  /** The host runs relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** The running build's multiply-add rounds once. False in `simd` builds, and where the engine does not fuse. */
  readonly fused: boolean;
  /** Rows of the register tile in use. */
  readonly tileRows: number;
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
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UnsupportedError(
      `this host refuses to compile WebAssembly (${message}): a page needs 'wasm-unsafe-eval' in its script-src; elsewhere resolve this ` +
        'package with the condition "workerd" or "edge-light", or pass a compiled module, init({ module })',
    );
  }
}

function instantiate(module: WebAssembly.Module, build: Host['build']): Host {
  const { memory, exports } = start(module, build);
  // one that brings a memory works in that
  if (!exports.convIndirect || exports.memory) throw new OptionError(notOurs);
  const kernels = exports as unknown as Kernels;
  return hostOf(build, { kernels, linear: new GrowingMemory(memory, settings.maxMemory) });
}

function hostOf(build: Host['build'], { linear, kernels, crew }: Instance): Host {
  return {
    build,
    ...guard(kernels),
    arena: new Arena(linear),
    crew,
    mr: settings.tileRows ?? tileRows(build),
    warm: new Set(),
  };
}

const notOurs = 'module: expected a build of these kernels';

/**
 * Ours import a memory and nothing else, and have no start function, so that whatever a host refuses besides memory is
 * none of ours.
 */
function start(module: WebAssembly.Module, build: Host['build']) {
  try {
    const memory = newMemory();
    const imports = { env: { memory } };
    // the loader takes a module of another realm, which edge runtimes hand in, for bytes
    const { exports }: { exports: WebAssembly.Exports } =
      module instanceof WebAssembly.Module
        ? instantiateSync(module, imports).instance
        : new WebAssembly.Instance(module, imports);
    return { memory, exports };
  } catch (cause) {
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
      current = instantiate(settings.module, 'custom');
    } else {
      const build = choose();
      const threaded = settings.threaded?.(build);
      current = threaded ? hostOf(build, threaded) : instantiate(compile(build), build);
    }
  }
  return current;
}

/** Fetches the build that `configure` will start, where the entry of the package does not have it at hand. */
export async function load(options: InitOptions): Promise<void> {
  if (!sources.load || options.module) return;
  const wanted = options.simd ?? 'auto';
  await sources.load(wanted !== 'strict' && runs('relaxed') ? 'relaxed' : 'simd');
}

/**
 * Starts over with other settings, or leaves everything as it was. Handles made before keep the instance they were made
 * in.
 */
export function configure(options: Settings): Features {
  const previous = { settings, current, reason };
  settings = options;
  current = undefined;
  try {
    return features();
  } catch (error) {
    ({ settings, current, reason } = previous);
    throw error;
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

/** Which build runs, what the host can do, and why. */
export function features(): Features {
  const running = host();
  return {
    build: running.build,
    reason,
    simd: true,
    relaxedSimd: probe('relaxed'),
    fused: fuses(running),
    tileRows: running.mr,
  };
}

/**
 * Bytes of linear memory in use, kept by handles, and reserved, by the instance that serves calls now; handles made
 * before `init` live in another. Zeros before the first call that needs the kernels.
 */
export function memoryUsage(): MemoryUsage {
  return current && !current.trapped() ? current.arena.usage : { used: 0, kept: 0, reserved: 0 };
}
