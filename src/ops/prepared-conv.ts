import { checkOut, checkShaped, sizeOf } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import type { Host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { Handle } from './handle.js';

/** What a row of a plan table made of a problem and its weights, direct or transposed. */
export interface Kernel {
  readonly scratchBytes: number;
  run(x: Address, y: Address, addend: Address, scratch: Address): void;
  dispose(): void;
}

/** A kernel with the shapes it was made for and the row that made it. */
export interface Binding {
  readonly algorithm: string;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  readonly kernel: Kernel;
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
}

/** One run on operands that were checked. */
function run(on: Host, { kernel, yShape }: Binding, x: Tensor, out?: Tensor, add?: Tensor): Tensor {
  if (sizeOf(yShape) === 0) return out ?? { data: new Float32Array(0), shape: yShape };
  return runOn(on, [x, add], [{ shape: yShape, out }], kernel.scratchBytes, ([from, addend], [to], scratch) =>
    kernel.run(from, to, addend, scratch),
  )[0] as Tensor;
}

/** The only run of a kernel: what it owns is given back. */
export function runOnce(on: Host, binding: Binding, x: Tensor, out?: Tensor, add?: Tensor): Tensor {
  try {
    return run(on, binding, x, out, add);
  } finally {
    binding.kernel.dispose();
  }
}

/** Most bytes of a run that warms its row up (3x3 64@56 takes 3 MB); what is larger runs long enough for the engine's compilers not to count. */
const WARM_BYTES = 4 * 1024 * 1024;

/**
 * Runs the first layer of every row once, on zeros: engines compile a kernel when it is called, and well when it has run for a while. 3x3 64@56 in a fresh
 * process: the first run takes 1.7 times as long as later ones instead of 5 times, and `prepareConv2d` 16 ms instead of 6.
 */
function warmUp({ arena, warm }: Host, { algorithm, kernel, xShape, yShape }: Binding): void {
  const [x, y] = [xShape, yShape].map((shape) => Math.ceil(sizeOf(shape) / 16) * 64);
  const bytes = x + y + kernel.scratchBytes;
  if (warm.has(algorithm) || y === 0 || bytes > WARM_BYTES) return;
  warm.add(algorithm);
  try {
    arena.scratch(bytes, (at) => {
      arena.f32(at, x / 4).fill(0);
      kernel.run(at, at + x, 0, at + x + y);
    });
  } catch {
    // the layer is ready all the same, and its first run says what is amiss: too little memory, or a trap
  }
}

/** A convolution, direct or transposed, bound to its weights, which are packed once, and to an input shape. Owns wasm memory until `dispose()`. */
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
    super(name, () => binding.kernel.dispose());
    this.algorithm = binding.algorithm;
    this.refused = binding.refused;
    this.shape = binding.yShape;
    this.workspaceBytes = binding.kernel.scratchBytes + 4 * (sizeOf(binding.xShape) + sizeOf(binding.yShape));
    this.#host = on;
    this.#binding = binding;
    warmUp(on, binding);
  }

  /**
   * Convolves `x`.
   * @param x tensor of the shape given to `prepare…`
   * @param out written and returned instead of a new tensor; may not overlap `x` or `add`
   * @param add tensor of the result's shape, added before the activation
   * @throws ShapeError for another shape, OptionError for an overlap, MemoryError after `dispose()` or when the host refuses workspace
   */
  run(x: Tensor, out?: Tensor, add?: Tensor): Tensor {
    this.alive();
    const { xShape, yShape } = this.#binding;
    const inputs = [{ operand: 'x', data: checkShaped('x', x, xShape).data }];
    if (add !== undefined) inputs.push({ operand: 'add', data: checkShaped('add', add, yShape).data });
    if (out !== undefined) checkOut(out, yShape, inputs);
    return run(this.#host, this.#binding, x, out, add);
  }
}
