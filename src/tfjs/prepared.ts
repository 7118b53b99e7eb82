import type { Job } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';

/** A job with weights in it, and the shape of its result. */
export interface Bound {
  readonly job: Job;
  readonly shape: readonly number[];
}

interface Entry extends Bound {
  /** The bias that it holds. */
  readonly bias: object | undefined;
  readonly bytes: number;
}

/** Most bytes of packed weights. */
const MOST = 2 ** 29;

/** Packed weights by filter tensor and geometry, the least recently used first. */
export class Prepared {
  readonly #on: Host;
  readonly #filters = new Map<object, Map<string, Entry>>();
  #bytes = 0;

  constructor(on: Host) {
    this.#on = on;
  }

  /** What was made of a filter for `key` and this bias, or what `make` makes; undefined when it makes nothing. */
  recall(filter: object, key: string, bias: object | undefined, make: () => Bound | undefined): Bound | undefined {
    const known = this.#filters.get(filter) ?? new Map<string, Entry>();
    this.#filters.delete(filter);
    this.#filters.set(filter, known);
    const found = known.get(key);
    if (found?.bias === bias && found) return found;
    if (found) this.#drop(known, key, found);
    const before = this.#on.arena.usage.kept;
    const made = make();
    if (!made) return undefined;
    const entry = { ...made, bias, bytes: this.#on.arena.usage.kept - before };
    known.set(key, entry);
    this.#bytes += entry.bytes;
    for (const other of this.#filters.keys()) {
      if (this.#bytes <= MOST || other === filter) break;
      this.forget(other);
    }
    return entry;
  }

  /** Gives back what was made of a filter. */
  forget(filter: object): void {
    const known = this.#filters.get(filter);
    this.#filters.delete(filter);
    if (known) for (const [key, entry] of known) this.#drop(known, key, entry);
  }

  /** Gives everything back. */
  clear(): void {
    for (const filter of [...this.#filters.keys()]) this.forget(filter);
  }

  #drop(known: Map<string, Entry>, key: string, { job, bytes }: Entry): void {
    known.delete(key);
    this.#bytes -= bytes;
    job.dispose();
  }
}
