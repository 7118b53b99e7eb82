import { backwardJob, type Part, part } from '../algorithms/backward.js';
import { biasGrad } from '../algorithms/bias-grad.js';
import { locallyInputGrad, locallyWeightGrad } from '../algorithms/locally/grads.js';
import { maskOf } from '../shape/backward.js';
import { checkShaped, sizeOf } from '../shape/tensor.js';
import type { ConvProblem, Result, Tensor } from '../types.js';
import { runJob } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { gradientOutputs } from './gradients.js';
import { Handle } from './handle.js';
import {
  type BackwardCall,
  type BackwardRunOptions,
  type ConvGradients,
  gradOf,
  runOptions,
  type WantedGradients,
} from './prepared-backward.js';
import { PreparedConv } from './prepared-conv.js';

/**
 * A locally connected layer bound to its weights, which stand in wasm memory, and to an input shape of any batch. Owns
 * that memory until `dispose()`.
 */
export class PreparedLocallyConnected extends PreparedConv {
  /**
   * Computes the layer.
   * @param x tensor of the shape given to `prepare…`, of any batch
   * @param out written and returned instead of a new tensor; may not overlap `x`
   * @throws ShapeError for another shape, OptionError for an overlap, MemoryError after `dispose()` or when the host
   * refuses workspace
   */
  override run<Out extends Tensor | undefined = undefined>(x: Tensor, out?: Out): Result<Out> {
    return super.run(x, out);
  }
}

/** Gradients of a locally connected layer, bound to its shapes and options. */
export class PreparedLocallyConnectedBackward extends Handle {
  readonly #host: Host;
  readonly #name: string;
  readonly #problem: ConvProblem;
  readonly #bias: boolean;

  /** @internal */
  constructor(on: Host, name: string, problem: ConvProblem, bias: boolean) {
    super(name, () => {});
    this.#host = on;
    this.#name = name;
    this.#problem = problem;
    this.#bias = bias;
  }

  /**
   * Computes the gradients of one call of the forward operator.
   * @param gradY gradient of the result
   * @param x input of the forward call
   * @param weight its weights, which may have other values in every run
   * @throws ShapeError for another shape, OptionError for an option or an overlap, MemoryError after `dispose()` or
   * when the host refuses workspace
   */
  run<W extends BackwardRunOptions['wanted'] = undefined>(
    gradY: Tensor,
    x: Tensor,
    weight: Tensor,
    options?: BackwardRunOptions & { readonly wanted?: W | undefined },
  ): WantedGradients<W> {
    return this.compute({ gradY, x, weight, ...runOptions(this.#name, options, this.#bias) }) as WantedGradients<W>;
  }

  /** @internal */
  compute({ gradY, x, weight, wanted, accumulate, ...rest }: BackwardCall): ConvGradients {
    this.alive();
    const [on, p] = [this.#host, this.#problem];
    const inputs = [
      { operand: 'gradY', data: checkShaped('gradY', gradY, p.yShape).data },
      { operand: 'x', data: checkShaped('x', x, p.xShape).data },
      { operand: 'weight', data: checkShaped('weight', weight, p.weightShape).data },
    ];
    const y = maskOf(rest.saved, p.clamp, p.yShape);
    if (y) inputs.push({ operand: 'y', data: y.data });
    const shapes = { x: p.xShape, weight: p.weightShape, bias: [p.oc] };
    const { outputs, named } = gradientOutputs(gradOf, wanted, shapes, rest.out, accumulate, inputs);
    const [keepsX, keepsWeight, keepsBias] = outputs.map((output) => output?.accumulate ?? false);
    const parts: Part[] = [];
    // without images there is nothing to add
    if (wanted.x && p.n > 0) {
      parts.push(part(locallyInputGrad(on, p, keepsX), ([, , , w, gradX], gradY) => [gradY, w, gradX]));
    }
    if (wanted.weight && (p.n > 0 || !keepsWeight)) {
      parts.push(
        part(locallyWeightGrad(on, p, keepsWeight), ([, , x, , , gradWeight], gradY) => [x, gradY, gradWeight]),
      );
    }
    const maps = { channelsLast: p.channelsLast, n: p.n, c: p.oc, cells: p.oh * p.ow };
    if (wanted.bias) {
      parts.push(part(biasGrad(on, maps, keepsBias), ([, , , , , , gradBias], gradY) => [gradY, gradBias]));
    }
    const mask = y && { size: sizeOf(p.yShape), clamp: p.clamp, maps };
    const operands = [gradY, y, wanted.weight ? x : undefined, wanted.x ? weight : undefined];
    return named(runJob(on, backwardJob(on, mask, parts), operands, outputs));
  }
}
