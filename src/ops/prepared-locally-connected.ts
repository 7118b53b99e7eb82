import { sumBytes, sumChannels } from '../algorithms/bias-grad.js';
import { type LocalLayer, locallyForward, locallyInputGrad, locallyWeightGrad } from '../algorithms/locally/layer.js';
import { maskOf } from '../shape/backward.js';
import { checkOut, checkShaped, sizeOf } from '../shape/tensor.js';
import type { ConvProblem, Tensor } from '../types.js';
import type { Address } from '../wasm/arena.js';
import { keepBlock } from '../wasm/block.js';
import type { Host } from '../wasm/host.js';
import { runOn } from '../wasm/operands.js';
import { fromView } from '../wasm/view.js';
import { gradientOutputs } from './gradients.js';
import { Handle } from './handle.js';
import {
  type BackwardCall,
  type BackwardRunOptions,
  type ConvGradients,
  gradOf,
  runOptions,
  wantedNames,
} from './prepared-backward.js';

const round64 = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Weights and bias in kept memory, as they are: a layer reads its weights where they stand. */
function keepWeights(on: Host, weight: Float32Array, bias: Float32Array | undefined) {
  const own = bias?.slice();
  return fromView(on.arena, weight, (values) => {
    const at = keepBlock(on.arena, { weight: values.length * 4, bias: (own?.length ?? 0) * 4 });
    on.arena.f32(at.weight, values.length).set(values);
    if (own) on.arena.f32(at.bias, own.length).set(own);
    return { weight: at.weight, bias: own ? at.bias : 0, dispose: () => on.arena.release(at.block) };
  });
}

/** A locally connected layer bound to its weights, which stand in wasm memory, and to an input shape. Owns that memory until `dispose()`. */
export class PreparedLocallyConnected extends Handle {
  /** The only row of its table. */
  readonly algorithm = 'per-position';
  /** Wasm memory a run takes besides the weights, with copies of `x` and the result that are not in an arena. */
  readonly workspaceBytes: number;
  /** Shape of the result. */
  readonly shape: readonly number[];
  readonly #host: Host;
  readonly #xShape: readonly number[];
  readonly #layer: LocalLayer<readonly [Address, Address, Address, Address]>;
  readonly #kept: { readonly weight: Address; readonly bias: Address };

  /** @internal */
  constructor(on: Host, name: string, problem: ConvProblem, weight: Float32Array, bias: Float32Array | undefined) {
    const kept = keepWeights(on, weight, bias);
    super(name, kept.dispose);
    this.#layer = locallyForward(on, problem);
    this.workspaceBytes = this.#layer.scratchBytes + 4 * (sizeOf(problem.xShape) + sizeOf(problem.yShape));
    this.shape = problem.yShape;
    this.#host = on;
    this.#xShape = problem.xShape;
    this.#kept = kept;
  }

  /**
   * Computes the layer.
   * @param x tensor of the shape given to `prepare…`
   * @param out written and returned instead of a new tensor; may not overlap `x`
   * @throws ShapeError for another shape, OptionError for an overlap, MemoryError after `dispose()` or when the host refuses workspace
   */
  run(x: Tensor, out?: Tensor): Tensor {
    this.alive();
    const { shape } = this;
    const { data } = checkShaped('x', x, this.#xShape);
    if (out !== undefined) checkOut(out, shape, [{ operand: 'x', data }]);
    if (sizeOf(shape) === 0) return out ?? { data: new Float32Array(0), shape };
    const { weight, bias } = this.#kept;
    return runOn(this.#host, [x], [{ shape, out }], this.#layer.scratchBytes, ([from], [to], scratch) =>
      this.#layer.run([from, weight, bias, to], scratch),
    )[0] as Tensor;
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
   * @throws ShapeError for another shape, OptionError for an option or an overlap, MemoryError after `dispose()` or when the host refuses workspace
   */
  run(gradY: Tensor, x: Tensor, weight: Tensor, options?: BackwardRunOptions): ConvGradients {
    return this.compute({ gradY, x, weight, ...runOptions(this.#name, options, this.#bias) });
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
    const y = maskOf(rest.y, p.clamp, p.yShape);
    if (y) inputs.push({ operand: 'y', data: y.data });
    const shapes = { x: p.xShape, weight: p.weightShape, bias: [p.oc] };
    const { outputs, place, named } = gradientOutputs(gradOf, wanted, shapes, rest.out, accumulate, inputs);
    const keeps = (name: keyof typeof gradOf) => outputs[place(name)].accumulate;
    const size = sizeOf(p.yShape);
    const maskBytes = y ? round64(size * 4) : 0;
    const inputGrad = wanted.x && p.n > 0 ? locallyInputGrad(on, p, keeps('x')) : undefined;
    const weightGrad = wanted.weight && p.n > 0 ? locallyWeightGrad(on, p, keeps('weight')) : undefined;
    const biasBytes = wanted.bias ? sumBytes(p.oc) : 0;
    const scratchBytes = maskBytes + Math.max(inputGrad?.scratchBytes ?? 0, weightGrad?.scratchBytes ?? 0, biasBytes);
    const operands = [gradY, wanted.weight ? x : undefined, wanted.x ? weight : undefined, y];
    const results = runOn(on, operands, outputs, scratchBytes, ([from, x, weight, y], to, scratch) => {
      const masked = y ? scratch : from;
      const free = scratch + maskBytes;
      const [gradX, gradWeight, gradBias] = wantedNames.map((name) => to[place(name)]);
      if (y) on.exports.maskGradient(masked, from, y, size, ...p.clamp);
      inputGrad?.run([masked, weight, gradX], free);
      weightGrad?.run([x, masked, gradWeight], free);
      // without images there is nothing to add
      if (wanted.weight && !weightGrad && !keeps('weight')) on.arena.f32(gradWeight, sizeOf(p.weightShape)).fill(0);
      const maps = { channelsLast: p.channelsLast, n: p.n, c: p.oc, cells: p.oh * p.ow };
      if (wanted.bias) sumChannels(on, maps, masked, gradBias, keeps('bias'), free);
    });
    return named(results);
  }
}
