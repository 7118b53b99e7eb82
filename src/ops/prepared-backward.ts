import { accumulating, adding, backwardJob, type Part, part } from '../algorithms/backward.js';
import { biasGrad } from '../algorithms/bias-grad.js';
import type { ConvRow, WeightGradOperands } from '../algorithms/row.js';
import { choose } from '../plan/choose.js';
import { weightGradTable } from '../plan/weight-grad.js';
import { backwardOptions, maskOf, type Saved } from '../shape/backward.js';
import { checkOptions } from '../shape/options.js';
import { checkShaped, sizeOf } from '../shape/tensor.js';
import type { ConvProblem, Gradients, Tensor, WantedOr } from '../types.js';
import { type Job, runJob } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import { attempt, fromView } from '../wasm/view.js';
import type { ActivatedGradientOptions } from './backward-options.js';
import { type Direction, gradTableOf, linear } from './direction.js';
import { gradientOutputs } from './gradients.js';
import { Handle } from './handle.js';

/** Gradients of a convolution; those that were wanted are there. */
export interface ConvGradients {
  readonly gradX?: Tensor | undefined;
  readonly gradWeight?: Tensor | undefined;
  readonly gradBias?: Tensor | undefined;
}

/** What a backward call takes besides its operands and the options of the forward call. */
export interface BackwardRunOptions extends ActivatedGradientOptions<'x' | 'weight' | 'bias', ConvGradients> {}

/** Names under `wanted`, and of the gradients. */
export const wantedNames = ['x', 'weight', 'bias'] as const;
export const gradOf = { x: 'gradX', weight: 'gradWeight', bias: 'gradBias' } as const;

type Name = (typeof wantedNames)[number];

/** Gradients of a convolution as `wanted` asks for them: without it `x`, `weight`, and `bias` as `Unasked` says. */
export type WantedGradients<W, Unasked = boolean> = Gradients<
  typeof gradOf,
  WantedOr<W, { x: true; weight: true; bias: Unasked }>
>;

/** A backward call whose options are read. */
export interface BackwardCall {
  readonly gradY: Tensor;
  readonly x: Tensor;
  readonly weight: Tensor;
  readonly saved: Saved;
  readonly wanted: Readonly<Record<Name, boolean>>;
  readonly out: unknown;
  readonly accumulate: boolean;
}

/** Reads the options of a prepared run. `bias`: whether its gradient is wanted unless they say otherwise. */
export function runOptions(name: string, options: BackwardRunOptions | undefined, bias: boolean) {
  const given = checkOptions(name, options, ['y', 'preActivation', 'wanted', 'out', 'accumulate']);
  const wanted = { x: true, weight: true, bias };
  const { forward, ...read } = backwardOptions(name, { wanted, ...given }, ['out'], wantedNames);
  return { out: forward.out, ...read };
}

/**
 * Gradients of a convolution, direct or transposed, bound to its shapes and options: records and workspaces are reused
 * from run to run. Owns wasm memory until `dispose()`.
 */
export class PreparedConvBackward extends Handle {
  /** Rows of the two tables that serve the gradients of input and weight. */
  readonly algorithms: { readonly x: string; readonly weight: string };
  readonly #host: Host;
  readonly #name: string;
  readonly #direction: Direction;
  readonly #problem: ConvProblem;
  readonly #bias: boolean;
  readonly #inputGrad: ConvRow;
  readonly #weightGrad: Job<WeightGradOperands>;

  /** @internal */
  constructor(on: Host, name: string, direction: Direction, problem: ConvProblem, bias: boolean) {
    const { row: inputGrad } = choose(gradTableOf(direction), linear(problem));
    const { row } = choose(weightGradTable, problem);
    const weightGrad = attempt(on, () => row.prepare(on, problem));
    super(name, () => weightGrad.dispose());
    this.algorithms = { x: inputGrad.name, weight: row.name };
    this.#host = on;
    this.#name = name;
    this.#direction = direction;
    this.#problem = problem;
    this.#bias = bias;
    this.#inputGrad = inputGrad;
    this.#weightGrad = weightGrad;
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
    const problem = this.#problem;
    const shapes = this.#direction.shapes(problem);
    const maps = { ...this.#direction.result(problem), channelsLast: problem.channelsLast, n: problem.n };
    const inputs = [
      { operand: 'gradY', data: checkShaped('gradY', gradY, shapes.y).data },
      { operand: 'x', data: checkShaped('x', x, shapes.x).data },
      { operand: 'weight', data: checkShaped('weight', weight, problem.weightShape).data },
    ];
    const y = maskOf(rest.saved, problem.clamp, shapes.y);
    if (y) inputs.push({ operand: 'y', data: y.data });
    const gradShapes = { x: shapes.x, weight: problem.weightShape, bias: [maps.c] };
    const { outputs, named } = gradientOutputs(gradOf, wanted, gradShapes, rest.out, accumulate, inputs);
    const [on, direction] = [this.#host, this.#direction];
    const [keepsX, keepsWeight, keepsBias] = outputs.map((output) => output?.accumulate ?? false);
    const parts: Part[] = [];
    const inputGrad =
      wanted.x && problem.n > 0
        ? fromView(on, weight.data, (values) => this.#inputGrad.prepare(on, linear(problem), values, undefined))
        : undefined;
    try {
      if (inputGrad) {
        const job = keepsX ? adding(inputGrad) : inputGrad;
        parts.push(part(job, ([, , , gradX], gradY) => [gradY, 0, gradX]));
      }
      if (wanted.weight) {
        const job = accumulating(this.#weightGrad, keepsWeight);
        parts.push(part(job, ([, , x, , gradWeight], gradY) => [...direction.ordered(x, gradY), gradWeight]));
      }
      if (wanted.bias) {
        parts.push(part(biasGrad(on, maps, keepsBias), ([, , , , , gradBias], gradY) => [gradY, gradBias]));
      }
      const mask = y && { size: sizeOf(shapes.y), clamp: problem.clamp, maps };
      return named(runJob(on, backwardJob(on, mask, parts), [gradY, y, wanted.weight ? x : undefined], outputs));
    } finally {
      inputGrad?.dispose();
    }
  }
}
