import { multiplyPacked, type Product, packB, packedScratchBytes, sumBytes } from '../algorithms/product.js';
import { linearAsConvShape, linearProblem } from '../shape/gemm.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { checkOut, checkTensor, checkVector, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import { type Host, host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { type LinearOptions, linear } from './gemm.js';
import { Handle } from './handle.js';

/** A linear layer whose weights are packed once. Owns wasm memory until `dispose()`. */
export class PreparedLinear extends Handle {
  readonly #host: Host;
  readonly #options: LinearOptions;
  readonly #weight: Tensor;
  /** Records, panels and row table; nothing in it depends on the number of rows. */
  readonly #block: number;
  readonly #bias: Float32Array | undefined;

  /** @internal */
  constructor(on: Host, weight: Tensor, options: LinearOptions) {
    const [n, k] = weight.shape;
    const problem = productOf(0, n, k, [-Infinity, Infinity]);
    const bias = options.bias === undefined ? undefined : checkVector('bias', options.bias, n).slice();
    // a copy: taking the block may grow the memory that weights of an arena stand in
    const own = { data: weight.data.slice(), shape: [n, k] };
    const block = on.arena.keep(packedScratchBytes(problem));
    super('prepareLinear', () => on.arena.release(block));
    try {
      on.arena.scratch(own.data.length * 4, (staged) => {
        on.arena.f32(staged, own.data.length).set(own.data);
        packB(on, problem, staged, block);
      });
    } catch (error) {
      this.dispose();
      throw error;
    }
    this.#host = on;
    this.#options = options;
    this.#weight = own;
    this.#block = block;
    this.#bias = bias;
  }

  /**
   * y = activation(x weightᵀ + bias).
   * @param x [..., in], any number of rows
   * @param out written and returned instead of a new tensor; may not overlap `x`
   * @throws ShapeError for another number of features, MemoryError after `dispose()` or when the host refuses workspace
   */
  run(x: Tensor, out?: Tensor): Tensor {
    this.alive();
    const { activation } = this.#options;
    const read = checkTensor('x', x);
    const { m, n, k, clamp, yShape } = linearProblem(read.shape, this.#weight.shape, { activation });
    if (out !== undefined) checkOut(out, yShape, [{ operand: 'x', data: read.data }]);
    // without features there is nothing packed
    if (k === 0 || sizeOf(yShape) === 0) return linear(x, this.#weight, { activation, bias: this.#bias, out });
    const bias = this.#bias && { data: this.#bias, shape: [n] };
    const product = productOf(m, n, k, clamp);
    return runOn(this.#host, [x, bias], [{ shape: yShape, out }], sumBytes(product), ([a, biases], [y], scratch) =>
      multiplyPacked(this.#host, product, { a, c: 0, bias: biases, y }, this.#block, scratch),
    )[0] as Tensor;
  }
}

const productOf = (m: number, n: number, k: number, clamp: readonly [number, number]): Product => ({
  ...{ m, n, k, clamp },
  ...{ transposeA: false, transposeB: true, alpha: 1, beta: 0 },
});

/**
 * Packs the weights of a `linear` once, for inputs of any number of rows.
 * @param weight [out, in]; copied
 * @param options `bias` and `activation` as in `linear`
 * @throws as `linear`
 */
export function prepareLinear(weight: Tensor, options: Omit<LinearOptions, 'out'> = {}): PreparedLinear {
  const names = optionNames.linear.filter((name) => name !== 'out');
  checkOptions('prepareLinear', options, names);
  const { shape } = checkTensor('weight', weight, 2);
  linearProblem([1, shape[1]], shape, options, 'prepareLinear');
  return new PreparedLinear(host(), weight, options);
}

/**
 * The weights of a linear layer over a flattened map as those of a convolution whose kernel is the whole map: the same numbers in another shape.
 * @param weight [out, c · h · w]
 * @param map [c, h, w], or [c, l] or [c, d, h, w]
 * @returns [out, c, h, w], sharing the numbers of `weight`
 * @throws ShapeError when the map has another number of cells than `weight` has input features
 */
export function linearAsConv(weight: Tensor, map: readonly number[]): Tensor {
  const { data, shape } = checkTensor('weight', weight);
  return { data, shape: linearAsConvShape(shape, map) };
}
