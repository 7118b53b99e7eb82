import { activated } from '../algorithms/activated.js';
import { type LinearWeights, packLinear } from '../algorithms/linear.js';
import type { Clamp } from '../further.js';
import { biasOf } from '../shape/conv.js';
import { linearAsConvShape, linearProblem } from '../shape/linear.js';
import { checkOptions, optionNames } from '../shape/options.js';
import { checkTensor, sizeOf } from '../shape/tensor.js';
import type { Result, Tensor } from '../types.js';
import { runJob } from '../wasm/crew.js';
import { type Host, host } from '../wasm/host.js';
import type { LinearOptions } from './gemm.js';
import { Handle } from './handle.js';
import { outOf } from './result.js';

/** A job and the shape that it is for, in text. */
interface Binding {
  readonly key: string;
  readonly yShape: readonly number[];
  readonly job: ReturnType<LinearWeights['job']>;
}

/** A linear layer whose weights are packed once. Owns wasm memory until `dispose()`. */
export class PreparedLinear extends Handle {
  readonly #host: Host;
  readonly #activation: LinearOptions['activation'];
  readonly #shape: readonly number[];
  readonly #weights: LinearWeights;
  /** What the last run did, for a shape of x. */
  #last: Binding | undefined;

  /** @internal */
  constructor(on: Host, weight: Tensor, { bias, activation }: LinearOptions, clamp: Clamp) {
    const [n, k] = weight.shape;
    const weights = packLinear(on, n, k, weight.data, biasOf(bias, n), clamp);
    super('prepareLinear', weights.dispose);
    this.#host = on;
    this.#activation = activation;
    this.#shape = [n, k];
    this.#weights = weights;
  }

  /**
   * `y = activation(x · weightᵀ + bias)`.
   * @param x [..., in], any number of rows
   * @param out written and returned instead of a new tensor; may not overlap `x`
   * @throws ShapeError for another number of features, MemoryError after `dispose()` or when the host refuses workspace
   */
  run<Out extends Tensor | undefined = undefined>(x: Tensor, out?: Out): Result<Out> {
    this.alive();
    const { job, yShape } = this.#boundTo(checkTensor('x', x).shape);
    outOf(out, yShape, { x });
    if (sizeOf(yShape) === 0) return (out ?? { data: new Float32Array(0), shape: yShape }) as Result<Out>;
    return runJob(this.#host, job, [x], [{ shape: yShape, out }])[0] as Result<Out>;
  }

  #boundTo(xShape: readonly number[]): Binding {
    const key = String(xShape);
    if (this.#last?.key !== key) {
      const { m, clamp, yShape } = linearProblem(xShape, this.#shape, { activation: this.#activation });
      const maps = { channelsLast: true, n: m, c: this.#shape[0], cells: 1 };
      this.#last = { key, yShape, job: activated(this.#host, clamp, maps, () => this.#weights.job(m)) };
    }
    return this.#last;
  }
}

/**
 * Packs the weights of a `linear` once, for inputs of any number of rows.
 * @param weight [out, in]; copied
 * @param options `bias` and `activation` as in `linear`
 * @throws as `linear`
 * @example
 * const layer = prepareLinear(tensor([1, 10, 2, 20], [2, 2]));
 * console.log(layer.run(tensor([1, 2], [1, 2])).data); // 21, 42
 */
export function prepareLinear(weight: Tensor, options: Omit<LinearOptions, 'out'> = {}): PreparedLinear {
  const names = optionNames.linear.filter((name) => name !== 'out');
  checkOptions('prepareLinear', options, names);
  const { shape } = checkTensor('weight', weight, 2);
  const { clamp } = linearProblem([1, shape[1]], shape, options, 'prepareLinear');
  return new PreparedLinear(host(), weight, options, clamp);
}

/**
 * The weights of a linear layer over a flattened map as those of a convolution whose kernel is the whole map: the same
 * numbers in another shape.
 * @param weight [out, c · h · w]
 * @param map [c, h, w], or [c, l] or [c, d, h, w]
 * @returns [out, c, h, w], sharing the numbers of `weight`
 * @throws ShapeError when the map has another number of cells than `weight` has input features
 * @example
 * console.log(linearAsConv(tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 8]), [2, 2, 2]).shape); // [1, 2, 2, 2]
 */
export function linearAsConv(weight: Tensor, map: readonly number[]): Tensor {
  const { data, shape } = checkTensor('weight', weight);
  return { data, shape: linearAsConvShape(shape, map) };
}
