import type { Host } from '../wasm/host.js';
import { isOf, type Kind, kindOf } from './remembered.js';
import type { Call, TensorInfo } from './tf.js';

/** What holds weights. */
export interface Bound {
  /** Gives them back. */
  dispose(): void;
}

interface Entry {
  readonly kind: Kind;
  /** The bias that it holds. */
  readonly bias: object | undefined;
  readonly bound: Bound;
  readonly bytes: number;
}

/** What is kept of one filter. */
interface Filter {
  readonly entries: Entry[];
  /** When it was last used, in calls. */
  used: number;
}

/** Most bytes of packed weights. */
const MOST = 2 ** 29;

/** Packed weights by filter tensor and kind of call; beyond `most` bytes the least recently used filters go. */
export class Prepared {
  readonly #on: Host;
  readonly #most: number;
  readonly #filters = new Map<object, Filter>();
  #calls = 0;
  #bytes = 0;

  constructor(on: Host, most = MOST) {
    this.#on = on;
    this.#most = most;
  }

  /** What was made of a filter for such a call and this bias, or what `make` makes; undefined when it makes nothing. */
  recall<B extends Bound>(
    kernel: object,
    { dataId }: TensorInfo,
    shape: readonly number[],
    attrs: Call['attrs'],
    bias: TensorInfo | undefined,
    make: () => B | undefined,
  ): B | undefined {
    const filter = this.#filters.get(dataId);
    if (filter) {
      filter.used = ++this.#calls;
      for (const entry of filter.entries) {
        if (!isOf(entry.kind, kernel, shape, undefined, attrs)) continue;
        if (entry.bias === bias?.dataId) return entry.bound as B;
        filter.entries.splice(filter.entries.indexOf(entry), 1);
        this.#drop(entry);
        break;
      }
    }
    const before = this.#on.arena.usage.kept;
    const bound = make();
    if (!bound) return undefined;
    const bytes = this.#on.arena.usage.kept - before;
    const entry = { kind: kindOf(kernel, shape, undefined, attrs), bias: bias?.dataId, bound, bytes };
    if (filter) filter.entries.push(entry);
    else this.#filters.set(dataId, { entries: [entry], used: ++this.#calls });
    this.#bytes += bytes;
    this.#shrink(dataId);
    return bound;
  }

  /** Gives back what was made of a filter. */
  forget(dataId: object): void {
    const filter = this.#filters.get(dataId);
    if (!filter) return;
    this.#filters.delete(dataId);
    for (const entry of filter.entries) this.#drop(entry);
  }

  /** Gives everything back. */
  clear(): void {
    for (const dataId of [...this.#filters.keys()]) this.forget(dataId);
  }

  /** Makes room, but not at the cost of the filter that is used now. */
  #shrink(now: object): void {
    if (this.#bytes <= this.#most) return;
    const oldest = [...this.#filters].sort(([, a], [, b]) => a.used - b.used);
    for (const [dataId] of oldest) {
      if (this.#bytes <= this.#most) return;
      if (dataId !== now) this.forget(dataId);
    }
  }

  #drop({ bound, bytes }: Entry): void {
    this.#bytes -= bytes;
    bound.dispose();
  }
}
