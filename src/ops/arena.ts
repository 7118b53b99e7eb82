import { checkShape, checkSize, sizeOf, tensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { ArenaTensor, type Place } from '../wasm/arena-tensor.js';
import { type Host, host } from '../wasm/host.js';
import { Handle } from './handle.js';

function giveBack({ arena }: Host, places: Place[]): void {
  for (const place of places.splice(0)) {
    arena.release(place.address as number);
    place.address = undefined;
  }
}

/** Tensors that live in wasm memory: passed to any function they are not copied, passed as `out` they are written in place. */
export class TensorArena extends Handle {
  readonly #host: Host;
  /** Not the tensors: what is given back after the arena was dropped may not hold them, who hold the arena. */
  readonly #places: Place[];

  /** @internal */
  constructor() {
    const on = host();
    const places: Place[] = [];
    super('an arena', () => giveBack(on, places));
    this.#host = on;
    this.#places = places;
  }

  /** A tensor of zeros. @throws ShapeError for a shape that is none, MemoryError when the host refuses the bytes */
  tensor(shape: readonly number[]): Tensor {
    const made = this.#make(shape);
    made.data.fill(0);
    return made;
  }

  /** A copy of `data` in wasm memory. @throws ShapeError when `data` does not have the shape's length */
  from(data: Float32Array | readonly number[], shape: readonly number[]): Tensor {
    const source = tensor(data, shape);
    const made = this.#make(shape);
    made.data.set(source.data);
    return made;
  }

  /** Gives all tensors back; using one of them afterwards throws MemoryError. The arena itself lives on. */
  reset(): void {
    this.alive();
    giveBack(this.#host, this.#places);
  }

  #make(shape: readonly number[]): ArenaTensor {
    this.alive();
    this.#host.intact();
    checkShape('shape', shape);
    checkSize('shape', shape);
    const place = { address: this.#host.arena.keep(sizeOf(shape) * 4) };
    const made = new ArenaTensor(this, this.#host, place, shape);
    this.#places.push(place);
    return made;
  }
}

/**
 * Opens an arena of tensors in wasm memory, for zero copy. Each tensor's `data` is a view, made anew when wasm memory has grown.
 * @throws UnsupportedError where the kernels cannot start
 */
export function arena(): TensorArena {
  return new TensorArena();
}
