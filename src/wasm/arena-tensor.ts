import { MemoryError } from '../errors.js';
import type { Tensor } from '../types.js';
import type { Address } from './arena.js';
import type { Host } from './host.js';

/** Where a tensor stands, until its arena takes that back. */
interface Place {
  address: Address | undefined;
}

/** What must live as long as something else does: the arena of a tensor, the tensor of a view. */
const owners = new WeakMap<object, object>();

/** A tensor that lives in wasm memory. */
export class ArenaTensor implements Tensor {
  readonly shape: readonly number[];
  readonly #host: Host;
  readonly #length: number;
  readonly #place: Place;
  #view: Float32Array | undefined;

  /** `arena`: kept from being collected while the tensor is in use. @internal */
  constructor(arena: object, host: Host, place: Place, shape: readonly number[], length: number) {
    owners.set(this, arena);
    this.#host = host;
    this.#place = place;
    this.shape = Object.freeze([...shape]);
    this.#length = length;
    // its own and enumerable, for spread, JSON, structuredClone and postMessage
    const data = Object.getOwnPropertyDescriptor(ArenaTensor.prototype, 'data');
    Object.defineProperty(this, 'data', { ...data, enumerable: true });
  }

  /**
   * A view of the numbers, made anew when memory has grown, which detaches the one from before, or leaves it in a
   * buffer of the past.
   */
  get data(): Float32Array {
    const { address } = this.#place;
    if (address === undefined) throw new MemoryError('a tensor was used after its arena was reset or disposed');
    this.#host.intact();
    // making one takes as long as a run of a small layer
    const { arena } = this.#host;
    if (!this.#view || arena.addressOf(this.#view) === undefined) {
      this.#view = arena.f32(address, this.#length);
      owners.set(this.#view, this);
    }
    return this.#view;
  }
}

/**
 * The places of an arena's tensors. Not the tensors: what gives the places back after the arena was dropped may not
 * hold them, who hold the arena.
 */
export class Places {
  readonly #host: Host;
  readonly #places: Place[] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  /** A tensor of `arena` at a place of its own, its numbers yet unwritten. */
  tensor(arena: object, shape: readonly number[]): ArenaTensor {
    this.#host.intact();
    const length = shape.reduce((product, extent) => product * extent, 1);
    const place = { address: this.#host.arena.keep(length * 4) };
    this.#places.push(place);
    return new ArenaTensor(arena, this.#host, place, shape, length);
  }

  /** Takes all places back. */
  release(): void {
    for (const place of this.#places.splice(0)) {
      this.#host.arena.release(place.address as Address);
      place.address = undefined;
    }
  }
}
