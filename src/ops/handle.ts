/// <reference lib="esnext.disposable" />
import { MemoryError } from '../errors.js';

/**
 * Gives back what a handle held when nobody disposed of it. A backstop: it runs late, or never where the host lacks it.
 */
const registry =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((release) => release()) : undefined;

/** Something that owns wasm memory until `dispose()`. */
export class Handle {
  #release: (() => void) | undefined;
  readonly #name: string;
  /** As `dispose()`, for `using`; present where the host has `Symbol.dispose`. */
  declare readonly [Symbol.dispose]: () => void;

  /** @internal */
  constructor(name: string, release: () => void) {
    this.#name = name;
    this.#release = release;
    registry?.register(this, release, this);
  }

  /** Gives the memory back. A second call does nothing. */
  dispose(): void {
    const release = this.#release;
    this.#release = undefined;
    registry?.unregister(this);
    release?.();
  }

  /** Throws MemoryError after `dispose()`. @internal */
  protected alive(): void {
    if (!this.#release) throw new MemoryError(`${this.#name} was used after dispose()`);
  }
}

if (typeof Symbol.dispose === 'symbol') {
  Object.defineProperty(Handle.prototype, Symbol.dispose, {
    value(this: Handle) {
      this.dispose();
    },
    configurable: true,
    writable: true,
  });
}
