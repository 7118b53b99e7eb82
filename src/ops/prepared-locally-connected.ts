import { type Part, part } from '../algorithms/backward.js';
import { locallyInputGrad, locallyWeightGrad } from '../algorithms/locally/grads.js';
import type { ConvProblem, Result, Tensor } from '../types.js';
import type { Host } from '../wasm/host.js';
import { PreparedConv } from './prepared-conv.js';
import { type Layer, PreparedBackward } from './prepared-gradients.js';

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
export class PreparedLocallyConnectedBackward extends PreparedBackward {
  /** @internal */
  constructor(on: Host, name: string, p: ConvProblem, bias: boolean) {
    const { clamp, xShape, yShape, weightShape, channelsLast, n, oc, oh, ow } = p;
    const layer: Layer = {
      clamp,
      shapes: { x: xShape, y: yShape, weight: weightShape },
      maps: { channelsLast, n, c: oc, cells: oh * ow },
      readsWeight: true,
      parts([keepsX, keepsWeight]) {
        const parts: Part[] = [];
        // without images there is nothing to add
        if (keepsX !== undefined && n > 0) {
          const job = locallyInputGrad(on, p, keepsX);
          parts.push(part(job, ([, , , weight, gradX], gradY) => [gradY, weight, gradX]));
        }
        if (keepsWeight !== undefined && (n > 0 || !keepsWeight)) {
          const job = locallyWeightGrad(on, p, keepsWeight);
          parts.push(part(job, ([, , x, , , gradWeight], gradY) => [x, gradY, gradWeight]));
        }
        return { parts };
      },
    };
    super(on, name, layer, bias, () => {});
  }
}
