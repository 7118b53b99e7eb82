import type { Kernels } from './boundary.js';
import type { Crew } from './crew.js';
import type { Processor } from './engine.js';
import type { Host } from './host.js';
import type { LinearMemory } from './memory.js';
import type { BuildName } from './sources.js';

/** A `WebAssembly.Module`, which projects without the types of the DOM have no name for. */
export type CompiledModule = object;

/** Options of `init`. */
export interface InitOptions {
  /**
   * `strict`: same bits on every machine; `relaxed`: fused multiply-add where the engine has it; `auto` (default):
   * relaxed where it runs.
   */
  readonly simd?: 'auto' | 'strict' | 'relaxed' | undefined;
  /**
   * Which processors' variants of the hot loops run: `x86` for 16 vector registers, `arm` for the 32 of aarch64; `auto`
   * (default): what this one is. Strict results are the same bits with either.
   */
  readonly tune?: 'auto' | Processor | undefined;
  /** A compiled build of the kernels to use instead of the inlined ones. */
  readonly module?: CompiledModule | undefined;
  /** Most bytes of linear memory to reserve; default and limit 4 GiB. */
  readonly maxMemory?: number | undefined;
}

/** Kernels that can be called, the memory that they work in, and the threads that help. */
export interface Running {
  readonly linear: LinearMemory;
  readonly kernels: Kernels;
  readonly crew?: Crew | undefined;
  readonly join?: Host['join'];
}

/** What `configure` takes besides. */
export interface Settings extends InitOptions {
  /** For tests and benches, which measure every tile on every engine. */
  readonly tileRows?: Host['mr'] | undefined;
  /** Starts a build with threads; undefined when they cannot be had. */
  readonly threaded?: (build: BuildName) => Running | undefined;
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
  /** `arm` (aarch64: 32 vector registers, and the NaN of 0 / 0 is positive) or `x86`. */
  readonly processor: Processor;
  /** Processors that the running variants of the hot loops are tuned for: `processor` unless `init` was told. */
  readonly tune: Processor;
  /** Rows of the register tile in use; 8 stands for four rows of twice the columns. */
  readonly tileRows: number;
}
