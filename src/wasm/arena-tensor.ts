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

  /** @internal */
  constructor(host: Host, address: Address, shape: readonly number[]) {
    this.#host = host;
    this.#address = address;
    this.shape = Object.freeze([...shape]);
    this.#length = shape.reduce((product, extent) => product * extent, 1);
  }

  /** A view of the numbers, made anew at each access: a view kept from earlier is detached when memory grows. */
  get data(): Float32Array {
    if (this.#address === undefined) throw new MemoryError('a tensor was used after its arena was reset or disposed');
    this.#host.intact();
    return this.#host.arena.f32(this.#address, this.#length);
  }

  /** Gives the block back. @internal */
  release(): void {
    if (this.#address !== undefined) this.#host.arena.release(this.#address);
    this.#address = undefined;
  }
}
