import type { ConvJob } from '../algorithms/row.js';
import { checkOut, checkShaped, sizeOf } from '../shape/tensor.js';
import type { Result, Tensor } from '../types.js';
import { runJob, workspace } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { warmUp } from '../wasm/warm.js';
import { Handle } from './handle.js';

/** A job with the shapes it was made for and the row that made it. */
export interface Binding {
  readonly algorithm: string;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  readonly job: ConvJob;
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
}

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
 * A convolution, direct or transposed, bound to its weights, which are packed once, and to an input shape. Owns wasm
 * memory until `dispose()`.
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
  readonly #host: Host;
  readonly #binding: Binding;

  /** @internal */
  constructor(on: Host, name: string, binding: Binding) {
    super(name, () => binding.job.dispose());
    this.algorithm = binding.algorithm;
    this.refused = binding.refused;
    this.shape = binding.yShape;
    this.workspaceBytes = workspace(on, binding.job, sizeOf(binding.xShape) + sizeOf(binding.yShape));
    this.#host = on;
    this.#binding = binding;
    warmUp(on, binding.algorithm, binding.job, [sizeOf(binding.xShape), sizeOf(binding.yShape)]);
  }

  /**
   * Convolves `x`.
   * @param x tensor of the shape given to `prepare…`
   * @param out written and returned instead of a new tensor; may not overlap `x` or `add`
   * @param add tensor of the result's shape, added before the activation
   * @throws ShapeError for another shape, OptionError for an overlap, MemoryError after `dispose()` or when the host
   * refuses workspace
   */
  run<Out extends Tensor | undefined = undefined>(x: Tensor, out?: Out, add?: Tensor): Result<Out> {
    this.alive();
    const { xShape, yShape } = this.#binding;
    const inputs = [{ operand: 'x', data: checkShaped('x', x, xShape).data }];
    if (add !== undefined) inputs.push({ operand: 'add', data: checkShaped('add', add, yShape).data });
    if (out !== undefined) checkOut(out, yShape, inputs);
    return run(this.#host, this.#binding, x, out, add) as Result<Out>;
  }
}
