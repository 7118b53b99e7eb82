/** Builds of the kernels that ship. `simd` gives the same bits everywhere; `relaxed` may fuse multiply and add. */
export type BuildName = 'simd' | 'relaxed';

/** Where an entry of the package has its builds from. Each entry is bundled with its own file `modules….ts`. */
export interface Sources {
  /** Whether this entry has that build and it runs on a host that passes its probe. */
  validates(build: BuildName): boolean;
  /** The compiled build, the same one at every call. May throw what the host throws. */
  module(build: BuildName): WebAssembly.Module;
  /** The same build for a shared memory, for the entry with threads. */
  shared?(build: BuildName): WebAssembly.Module;
  /**
   * Fetches and compiles what `module` gives, for entries and threads that cannot do so synchronously; `init` awaits
   * it.
   */
  load?(build: BuildName): Promise<void>;
}

// A module whose one function is `() => v128`: a splat through i8x16.popcnt, the youngest instruction of 128-bit SIMD
// (engines had the others before the standard settled), or three splats through f32x4.relaxed_madd.
const probes: Readonly<Record<BuildName, readonly number[]>> = {
  simd: [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
  relaxed: [
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
    ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
  ],
};

/** Whether the host validates a small module with the instructions of that build. */
export const probe = (build: BuildName): boolean =>
  // React Native has an empty one
  typeof WebAssembly === 'object' && !!WebAssembly.validate?.(Uint8Array.from(probes[build]));
