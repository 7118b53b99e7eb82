import type { ConvJob } from '../algorithms/row.js';
import { checkShape, checkShaped, sizeOf } from '../shape/tensor.js';
import type { ConvProblem, NewTensor, Result, Tensor } from '../types.js';
import { runJob, workspace } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { warmUp } from '../wasm/warm.js';
import { SharedWeights } from '../wasm/weights.js';
import { Handle } from './handle.js';
import { outOf } from './result.js';

/** A job with the shapes it was made for and the row that made it. */
export interface Binding {
  readonly algorithm: string;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  readonly job: ConvJob;
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  /** Whether the first axis of x is the batch. */
  readonly batched: boolean;
  /** That of a convolution. */
  readonly problem?: ConvProblem;
}

/** Binds a layer to a shape of x, with options that differ from its own. */
export type Bind = (xShape: readonly number[], options?: object) => Binding;

/** Bindings for other batches that a layer keeps, without the weights. */
const MOST_BINDINGS = 8;

/** One run on operands that were checked. */
function run(on: Host, { job, yShape }: Binding, x: Tensor, out?: Tensor, add?: Tensor): Tensor {
  if (sizeOf(yShape) === 0) return out ?? { data: new Float32Array(0), shape: yShape };
  return runJob(on, job, [x, add], [{ shape: yShape, out }])[0] as Tensor;
}

/** The only run of a job: what it owns is given back. */
export function runOnce(on: Host, binding: Binding, x: Tensor, out?: Tensor, add?: Tensor): Tensor {
  try {
    return run(on, binding, x, out, add);
  } finally {
    binding.job.dispose();
  }
}

/**
 * A convolution, direct or transposed, bound to its weights, which are packed once, and to an input shape of any batch.
 * Owns wasm memory until `dispose()`; a copy of the weights as they were given is kept on the JavaScript heap.
 */
export class PreparedConv extends Handle {
  /** Row of the table that serves it. */
  readonly algorithm: string;
  /** Rows before it in the table, and why they do not serve this problem. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  /** Wasm memory a run takes besides the packed weights, with copies of `x` and the result that are not in an arena. */
  readonly workspaceBytes: number;
  /** Shape of the result. */
  readonly shape: readonly number[];
  /** @internal */
  protected readonly binding: Binding;
  readonly #host: Host;
  readonly #name: string;
  readonly #bind: Bind;
  readonly #weights: SharedWeights;
  /** By shape. */
  readonly #others: Map<string, Binding>;

  /** @internal */
  constructor(
    on: Host,
    name: string,
    bind: Bind,
    xShape: readonly number[],
    weights: SharedWeights = new SharedWeights(on),
  ) {
    const binding = weights.plan(() => bind(xShape));
    const others = new Map<string, Binding>();
    weights.join();
    super(name, () => {
      for (const { job } of [binding, ...others.values()]) job.dispose();
      weights.leave();
    });
    this.algorithm = binding.algorithm;
    this.refused = binding.refused;
    this.shape = binding.yShape;
    this.workspaceBytes = workspace(on, binding.job, sizeOf(binding.xShape) + sizeOf(binding.yShape));
    this.#host = on;
    this.#name = name;
    this.#bind = bind;
    this.#weights = weights;
    this.#others = others;
    this.binding = binding;
    warmUp(on, binding.algorithm, binding.job, [sizeOf(binding.xShape), sizeOf(binding.yShape)]);
  }

  /**
   * Convolves `x`.
   * @param x tensor of the shape given to `prepare…`, of any batch
   * @param out written and returned instead of a new tensor; may not overlap `x` or `add`
   * @param add tensor of the result's shape, added before the activation
   * @throws ShapeError for another shape, OptionError for an overlap, MemoryError after `dispose()` or when the host
   * refuses workspace
   */
  run<Out extends Tensor | undefined = undefined>(x: Tensor, out?: Out, add?: Tensor): Result<Out> {
    this.alive();
    const binding = this.#forBatch(x);
    const { xShape, yShape } = binding;
    checkShaped('x', x, xShape);
    if (add !== undefined) checkShaped('add', add, yShape);
    outOf(out, yShape, { x, add });
    return run(this.#host, binding, x, out, add) as Result<Out>;
  }

  /**
   * The layer for other extents, by the row that suits them. It reads the packed weights of this one where it would
   * pack them alike; they go back with the last layer that shares them. Each is disposed of by itself.
   * @param xShape shape of every `x` to come
   * @throws as `prepare…`, MemoryError after `dispose()`
   */
  at(xShape: readonly number[]): this {
    this.alive();
    return this.over(checkShape('xShape', xShape), {}) as this;
  }

  /** Another layer over the same weights, with other options. @internal */
  protected over(xShape: readonly number[], options: object): PreparedConv {
    const bind: Bind = (shape, more) => this.#bind(shape, { ...options, ...more });
    return new (this.constructor as typeof PreparedConv)(this.#host, this.#name, bind, xShape, this.#weights);
  }

  /** Runs on a shape of its own, by the same row. @internal */
  convolve(x: Tensor): NewTensor {
    return run(this.#host, this.#boundTo(x.shape), x) as NewTensor;
  }

  #forBatch(x: Tensor): Binding {
    const { xShape, batched } = this.binding;
    const shape = x?.shape;
    // all but the batch are the same
    let same = shape?.length === xShape.length;
    for (let axis = 1; same && axis < xShape.length; axis++) same = shape[axis] === xShape[axis];
    return batched && same && shape[0] !== xShape[0] ? this.#boundTo(shape) : this.binding;
  }

  #boundTo(xShape: readonly number[]): Binding {
    const key = String(xShape);
    const others = this.#others;
    let found = others.get(key);
    if (!found) {
      const { algorithm } = this;
      found = this.#weights.plan(() => this.#bind(xShape, { algorithm }));
      if (others.size === MOST_BINDINGS) {
        for (const { job } of others.values()) job.dispose();
        others.clear();
      }
      others.set(key, found);
    }
    return found;
  }
}
