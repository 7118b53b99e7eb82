import { accumulating, adding, part } from '../algorithms/backward.js';
import { choose } from '../plan/choose.js';
import { weightGradTable } from '../plan/weight-grad.js';
import type { ConvProblem, Tensor } from '../types.js';
import type { Host } from '../wasm/host.js';
import { attempt, fromView } from '../wasm/view.js';
import { type Direction, gradTableOf, linear } from './direction.js';
import { type Layer, PreparedBackward } from './prepared-gradients.js';

/**
 * Gradients of a convolution, direct or transposed, bound to its shapes and options: records and workspaces are reused
 * from run to run. Owns wasm memory until `dispose()`.
 */
export class PreparedConvBackward extends PreparedBackward {
  /** Rows of the two tables that serve the gradients of input and weight. */
  readonly algorithms: { readonly x: string; readonly weight: string };

  /** @internal */
  constructor(on: Host, name: string, direction: Direction, problem: ConvProblem, bias: boolean) {
    const { row } = choose(gradTableOf(direction), linear(problem));
    const { row: weightRow } = choose(weightGradTable, problem);
    const weightGrad = attempt(on, () => weightRow.prepare(on, problem));
    const { clamp, weightShape, channelsLast, n } = problem;
    const inputGrad = ({ data }: Tensor) =>
      fromView(on, data, (values) => row.prepare(on, linear(problem), values, undefined));
    const layer: Layer = {
      clamp,
      shapes: { ...direction.shapes(problem), weight: weightShape },
      maps: { ...direction.result(problem), channelsLast, n },
      readsWeight: false,
      parts([keepsX, keepsWeight], weight) {
        const job = keepsX !== undefined && n > 0 ? inputGrad(weight) : undefined;
        const parts = job ? [part(keepsX ? adding(job) : job, ([, , , , gradX], gradY) => [gradY, 0, gradX])] : [];
        if (keepsWeight !== undefined) {
          const job = accumulating(weightGrad, keepsWeight);
          parts.push(part(job, ([, , x, , , gradWeight], gradY) => [...direction.ordered(x, gradY), gradWeight]));
        }
        return { parts, dispose: () => job?.dispose() };
      },
    };
    super(on, name, layer, bias, () => weightGrad.dispose());
    this.algorithms = { x: row.name, weight: weightRow.name };
  }
}
