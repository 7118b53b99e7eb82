import { backwardJob, type Part, part } from '../algorithms/backward.js';
import { biasGrad } from '../algorithms/bias-grad.js';
import type { Clamp, Maps } from '../further.js';
import { backwardOptions, maskOf, type Saved } from '../shape/backward.js';
import { checkOptions } from '../shape/options.js';
import { checkShaped, sizeOf } from '../shape/tensor.js';
import type { Gradients, Tensor, WantedOr } from '../types.js';
import { runJob } from '../wasm/crew.js';
import type { Host } from '../wasm/host.js';
import type { ActivatedGradientOptions } from './backward-options.js';
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
function runOptions(name: string, options: BackwardRunOptions | undefined, bias: boolean) {
  const given = checkOptions(name, options, ['y', 'preActivation', 'wanted', 'out', 'accumulate']);
  const wanted = { x: true, weight: true, bias };
  const { forward, ...read } = backwardOptions(name, { wanted, ...given }, ['out'], wantedNames);
  return { out: forward.out, ...read };
}

/** Of the gradients of x, weights and bias, whether they are added to what is there; undefined: not wanted. */
type Keeps = readonly (boolean | undefined)[];

/** A layer with weights and a bias, by what its gradients need to know of it. */
export interface Layer {
  readonly clamp: Clamp;
  readonly shapes: Readonly<Record<'x' | 'y' | 'weight', readonly number[]>>;
  /** Batch, channels and cells per plane of the result. */
  readonly maps: Maps;
  /** Whether the parts have the weights as an operand. */
  readonly readsWeight: boolean;
  /**
   * Gradients of x and weights, of operands gradY, y, x, weight and gradients of x, weight and bias. `dispose` gives
   * back what they hold for one run.
   */
  parts(keeps: Keeps, weight: Tensor): { readonly parts: readonly Part[]; readonly dispose?: (() => void) | undefined };
}

/** Gradients of a layer, bound to its shapes and options. */
export class PreparedBackward extends Handle {
  readonly #host: Host;
  readonly #name: string;
  readonly #layer: Layer;
  readonly #bias: boolean;

  /** @internal */
  constructor(on: Host, name: string, layer: Layer, bias: boolean, dispose: () => void) {
    super(name, dispose);
    this.#host = on;
    this.#name = name;
    this.#layer = layer;
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
    const [on, layer] = [this.#host, this.#layer];
    const { clamp, shapes, maps } = layer;
    checkShaped('gradY', gradY, shapes.y);
    checkShaped('x', x, shapes.x);
    checkShaped('weight', weight, shapes.weight);
    const y = maskOf(rest.saved, clamp, shapes.y);
    const given = { gradY, x, weight, y };
    const gradShapes = { ...shapes, bias: [maps.c] };
    const { outputs, named } = gradientOutputs(gradOf, wanted, gradShapes, rest.out, accumulate, given);
    const keeps = outputs.map((output) => output?.accumulate);
    const { parts, dispose } = layer.parts(keeps, weight);
    try {
      const biasPart = (keep: boolean) =>
        part(biasGrad(on, maps, keep), ([, , , , , , gradBias], gradY) => [gradY, gradBias]);
      const all = [...parts, ...(keeps[2] === undefined ? [] : [biasPart(keeps[2])])];
      const mask = y && { size: sizeOf(shapes.y), clamp, maps };
      const operands = [gradY, y, wanted.weight ? x : undefined, layer.readsWeight && wanted.x ? weight : undefined];
      return named(runJob(on, backwardJob(on, mask, all), operands, outputs));
    } finally {
      dispose?.();
    }
  }
}
