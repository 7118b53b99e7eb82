import { MemoryError } from '../errors.js';
import type { Tensor } from '../types.js';
import type { Address } from './arena.js';
import type { Host } from './host.js';

/** A tensor that lives in wasm memory. */
export class ArenaTensor implements Tensor {
  readonly shape: readonly number[];
  readonly #host: Host;
  readonly #length: number;
  #address: Address | undefined;
  #view: Float32Array | undefined;

  /** @internal */
  constructor(host: Host, address: Address, shape: readonly number[]) {
    this.#host = host;
    this.#address = address;
    this.shape = Object.freeze([...shape]);
    this.#length = shape.reduce((product, extent) => product * extent, 1);
    // its own and enumerable, for spread, JSON, structuredClone and postMessage
    const data = Object.getOwnPropertyDescriptor(ArenaTensor.prototype, 'data');
    Object.defineProperty(this, 'data', { ...data, enumerable: true });
  }

  /** A view of the numbers, made anew when memory has grown, which detaches the one from before. */
  get data(): Float32Array {
    if (this.#address === undefined) throw new MemoryError('a tensor was used after its arena was reset or disposed');
    this.#host.intact();
    // making one takes as long as a run of a small layer
    if (!this.#view?.length) this.#view = this.#host.arena.f32(this.#address, this.#length);
    return this.#view;
  }

  /** Gives the block back. @internal */
  release(): void {
    if (this.#address !== undefined) this.#host.arena.release(this.#address);
    this.#address = undefined;
  }
}
