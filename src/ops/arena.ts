import { checkShape, checkSize, tensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { type ArenaTensor, Places } from '../wasm/arena-tensor.js';
import { host } from '../wasm/host.js';
import { Handle } from './handle.js';

/**
 * Tensors that live in wasm memory: passed to any function they are not copied, passed as `out` they are written in
 * place.
 */
export class TensorArena extends Handle {
  readonly #places: Places;

  /** @internal */
  constructor() {
    const places = new Places(host());
    super('an arena', () => places.release());
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
    this.#places.release();
  }

  #make(shape: readonly number[]): ArenaTensor {
    this.alive();
    checkShape('shape', shape);
    checkSize('shape', shape);
    return this.#places.tensor(this, shape);
  }
}

/**
 * Opens an arena of tensors in wasm memory, for zero copy. Each tensor's `data` is a view, made anew when wasm memory
 * has grown.
 * @throws UnsupportedError where the kernels cannot start
 * @example
 * const home = arena();
 * const x = home.from([1, 2, 3], [1, 3]); // copied in once
 * const weight = tensor([1, 10], [1, 1, 2]);
 * console.log(conv1d(x, weight).data); // 21, 32
 * home.dispose();
 */
export function arena(): TensorArena {
  return new TensorArena();
}
