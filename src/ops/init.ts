import { OptionError } from '../errors.js';
import { checkOptions, oneOf } from '../shape/options.js';
import { show } from '../shape/show.js';
import { configure, load } from '../wasm/host.js';
import type { Features, InitOptions } from '../wasm/settings.js';

const isModule = (value: unknown): value is WebAssembly.Module =>
  // `instanceof` is false for modules of another realm
  Object.prototype.toString.call(value) === '[object WebAssembly.Module]';

/** Beyond what `integer` allows: kernels count in i32, but memory has 4 GiB. */
function memoryCap(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 65536 && value <= 2 ** 32) return value;
  throw new OptionError(`maxMemory is ${show(value)}, expected an integer from 65536 (64 KiB) to 4294967296 (4 GiB)`);
}

/** Names of the options that `chosenBuild` reads. */
export const buildOptions = ['simd', 'tune', 'module', 'maxMemory'] as const;

/** Options of `init`, checked. */
export function chosenBuild(o: Record<string, unknown>): InitOptions {
  const simd = oneOf('simd', o.simd, ['auto', 'strict', 'relaxed'], 'auto');
  const tune = oneOf('tune', o.tune, ['auto', 'x86', 'arm'], 'auto');
  if (o.module !== undefined && !isModule(o.module))
    throw new OptionError('module: expected a compiled WebAssembly.Module');
  const maxMemory = o.maxMemory === undefined ? undefined : memoryCap(o.maxMemory);
  return {
    simd,
    tune,
    ...(o.module !== undefined && { module: o.module }),
    ...(maxMemory !== undefined && { maxMemory }),
  };
}

/**
 * Chooses the build and starts the kernels now instead of at the first call. Optional: without it the first call does
 * both. Calling it again starts a fresh instance; handles made before keep theirs.
 *
 * @param options.simd `'auto'` (default): relaxed SIMD where the host runs it, else strict; `'strict'`: the same bits
 * on every machine and engine;
 *   `'relaxed'`: multiply and add may be fused
 * @param options.tune `'auto'` (default): the hot loops' variant for this processor; `'x86'`, `'arm'`: that one. Strict
 * results are the same bits with either
 * @param options.module a compiled build of the kernels to use instead of the inlined ones
 * @param options.maxMemory most bytes of wasm memory to reserve, at least 64 KiB; default and limit 4 GiB
 * @returns what `features()` returns
 * @throws OptionError for an unknown option or a module that is none of ours
 * @throws UnsupportedError where the host runs no such build
 * @example
 * const { build } = await init({ simd: 'strict' });
 * console.log(build); // simd
 */
export async function init(options?: InitOptions): Promise<Features> {
  const chosen = chosenBuild(checkOptions('init', options, buildOptions));
  return configure(chosen, await load(chosen));
}
