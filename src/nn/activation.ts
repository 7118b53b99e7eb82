import { OptionError } from '../errors.js';
import { checkOptions, finite } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShaped, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import * as K from './boundary.js';
import { named, type OutOption, outOf, run } from './run.js';

/** A function of each number. `out` may be `x`. */
export type Activate<Options = OutOption> = (x: Tensor, options?: Options) => Tensor;

/**
 * Its gradient: of x, from that of y and what the name of the second operand says. `out` may be either operand.
 */
export type ActivateInputGrad<Options = OutOption> = (gradY: Tensor, saved: Tensor, options?: Options) => Tensor;

/** Options of `clamp` and `hardTanh`. */
export interface ClampOptions extends OutOption {
  /** Least value; default that of the function. */
  readonly min?: number | undefined;
  /** Largest value. */
  readonly max?: number | undefined;
}

/** Options of `leakyRelu`. */
export interface LeakyReluOptions extends OutOption {
  /** Factor of negative numbers; default 0.01. */
  readonly slope?: number | undefined;
}

/** Options of `elu`. */
export interface EluOptions extends OutOption {
  /** What it goes to; default 1. */
  readonly alpha?: number | undefined;
}

/** The two numbers of a kind, from its options. */
type Read = (o: Record<string, unknown>) => readonly [number, number];

/** A function of each number. */
export interface Kind {
  readonly name: string;
  readonly kind: number;
  /** Operand that the gradient is made from. */
  readonly saved: 'x' | 'y';
  readonly known?: readonly string[];
  readonly read?: Read;
}

const none: Read = () => [0, 0];

/** A function of x, or its gradient of gradY and what is saved. */
const made =
  ({ name, kind, saved, known = [], read = none }: Kind, isGrad: boolean) =>
  (first: Tensor, ...[second, third]: readonly (Tensor | object | undefined)[]): Tensor => {
    const o = checkOptions(isGrad ? `${name}InputGrad` : name, isGrad ? third : second, [...known, 'out']);
    const [p, q] = read(o);
    const from = (isGrad ? second : first) as Tensor;
    const operand = isGrad ? saved : 'x';
    const { data, shape } = checkTensor(operand, from);
    const inputs = [named(operand, from)];
    if (isGrad) inputs.push(named('gradY', checkShaped('gradY', first, shape)));
    const out = outOf(o.out, shape, inputs, true);
    return run([from, isGrad ? first : undefined], [{ shape, out }], K.ACTIVATE_SCRATCH, (work) => {
      const { kernels, from, to, scratch } = work;
      if (isGrad) kernels.activateGrad(kind, to[0], from[1], from[0], data.length, p, q);
      else kernels.activate(kind, to[0], from[0], data.length, p, q, scratch);
    })[0];
  };

const activation = (kind: Kind) => made(kind, false) as Activate<object>;
const inputGrad = (kind: Kind) => made(kind, true) as ActivateInputGrad<object>;

function bound(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new OptionError(`${name} is ${show(value)}, expected a number`);
  return value;
}

function bounds(o: Record<string, unknown>, lo: number, hi: number): readonly [number, number] {
  const [min, max] = [bound('min', o.min, lo), bound('max', o.max, hi)];
  if (min > max) throw new OptionError(`min is ${min}, expected at most max, which is ${max}`);
  return [min, max];
}

const within =
  (lo: number, hi: number): Read =>
  () => [lo, hi];
const SELU = [1.6732632423543772, 1.0507009873554805] as const;

/** The functions, by name. */
export const kinds = {
  relu: { name: 'relu', kind: K.CLAMP, saved: 'y', read: within(0, Infinity) },
  relu6: { name: 'relu6', kind: K.CLAMP, saved: 'y', read: within(0, 6) },
  clamp: {
    name: 'clamp',
    kind: K.CLAMP,
    saved: 'y',
    known: ['min', 'max'],
    read: (o) => bounds(o, -Infinity, Infinity),
  },
  hardTanh: { name: 'hardTanh', kind: K.CLAMP, saved: 'y', known: ['min', 'max'], read: (o) => bounds(o, -1, 1) },
  leakyRelu: {
    name: 'leakyRelu',
    kind: K.LEAKY,
    saved: 'x',
    known: ['slope'],
    read: (o) => [finite('slope', o.slope, 0.01), 0],
  },
  elu: { name: 'elu', kind: K.ELU, saved: 'y', known: ['alpha'], read: (o) => [finite('alpha', o.alpha, 1), 1] },
  selu: { name: 'selu', kind: K.ELU, saved: 'y', read: () => SELU },
  sigmoid: { name: 'sigmoid', kind: K.SIGMOID, saved: 'y' },
  tanh: { name: 'tanh', kind: K.TANH, saved: 'y' },
  hardSigmoid: { name: 'hardSigmoid', kind: K.HARD_SIGMOID, saved: 'y' },
  hardSwish: { name: 'hardSwish', kind: K.HARD_SWISH, saved: 'x' },
  silu: { name: 'silu', kind: K.SILU, saved: 'x' },
  mish: { name: 'mish', kind: K.MISH, saved: 'x' },
  softplus: { name: 'softplus', kind: K.SOFTPLUS, saved: 'x' },
  gelu: { name: 'gelu', kind: K.GELU, saved: 'x' },
  geluTanh: { name: 'geluTanh', kind: K.GELU_TANH, saved: 'x' },
} satisfies Record<string, Kind>;

/**
 * `max(x, 0)`; NaN stays.
 * @example
 * console.log(relu(tensor([-1, 2], [2])).data); // 0, 2
 */
export const relu: Activate = /* @__PURE__ */ activation(kinds.relu);
/**
 * `min(max(x, 0), 6)`.
 * @example
 * console.log(relu6(tensor([-1, 2, 9], [3])).data); // 0, 2, 6
 */
export const relu6: Activate = /* @__PURE__ */ activation(kinds.relu6);
/**
 * `min(max(x, min), max)`.
 * @throws OptionError for min > max
 * @example
 * console.log(clamp(tensor([-1, 2, 9], [3]), { min: 0, max: 5 }).data); // 0, 2, 5
 */
export const clamp: Activate<ClampOptions> = /* @__PURE__ */ activation(kinds.clamp);
/**
 * As `clamp`, from -1 to 1.
 * @example
 * console.log(hardTanh(tensor([-3, 0.5, 3], [3])).data); // -1, 0.5, 1
 */
export const hardTanh: Activate<ClampOptions> = /* @__PURE__ */ activation(kinds.hardTanh);
/**
 * `x > 0 ? x : slope · x`.
 * @example
 * console.log(leakyRelu(tensor([-2, 2], [2]), { slope: 0.5 }).data); // -1, 2
 */
export const leakyRelu: Activate<LeakyReluOptions> = /* @__PURE__ */ activation(kinds.leakyRelu);
/**
 * `x > 0 ? x : alpha · (e^x - 1)`.
 * @example
 * console.log(elu(tensor([-100, 2], [2]), { alpha: 3 }).data); // -3, 2
 */
export const elu: Activate<EluOptions> = /* @__PURE__ */ activation(kinds.elu);
/**
 * 1.0507 elu of alpha 1.6733.
 * @example
 * console.log(selu(tensor([1], [1])).data[0].toFixed(4)); // 1.0507
 */
export const selu: Activate = /* @__PURE__ */ activation(kinds.selu);
/**
 * `1 / (1 + e^-x)`, within 2e-7.
 * @example
 * console.log(sigmoid(tensor([0, 100], [2])).data); // 0.5, 1
 */
export const sigmoid: Activate = /* @__PURE__ */ activation(kinds.sigmoid);
/**
 * `(e^x - e^-x) / (e^x + e^-x)`, within 2e-7.
 * @example
 * console.log(tanh(tensor([-100, 0, 100], [3])).data); // -1, 0, 1
 */
export const tanh: Activate = /* @__PURE__ */ activation(kinds.tanh);
/**
 * `relu6(x + 3) / 6`.
 * @example
 * console.log(hardSigmoid(tensor([-3, 0, 3], [3])).data); // 0, 0.5, 1
 */
export const hardSigmoid: Activate = /* @__PURE__ */ activation(kinds.hardSigmoid);
/**
 * `x · relu6(x + 3) / 6`.
 * @example
 * console.log(hardSwish(tensor([-3, 3], [2])).data); // 0, 3
 */
export const hardSwish: Activate = /* @__PURE__ */ activation(kinds.hardSwish);
/**
 * `x · sigmoid(x)`.
 * @example
 * console.log(silu(tensor([0, 100], [2])).data); // 0, 100
 */
export const silu: Activate = /* @__PURE__ */ activation(kinds.silu);
/**
 * `x · tanh(softplus(x))`.
 * @example
 * console.log(mish(tensor([1], [1])).data[0].toFixed(4)); // 0.8651
 */
export const mish: Activate = /* @__PURE__ */ activation(kinds.mish);
/**
 * `log(1 + e^x)`; x above 20.
 * @example
 * console.log(softplus(tensor([0], [1])).data[0].toFixed(4)); // 0.6931
 */
export const softplus: Activate = /* @__PURE__ */ activation(kinds.softplus);
/**
 * `x · (1 + erf(x / √2)) / 2`.
 * @example
 * console.log(gelu(tensor([1], [1])).data[0].toFixed(4)); // 0.8413
 */
export const gelu: Activate = /* @__PURE__ */ activation(kinds.gelu);
/**
 * `gelu` with PyTorch's approximation by tanh.
 * @example
 * console.log(geluTanh(tensor([1], [1])).data[0].toFixed(4)); // 0.8412
 */
export const geluTanh: Activate = /* @__PURE__ */ activation(kinds.geluTanh);

/**
 * Gradient of `relu` from its result `y`: 0 at 0.
 * @example
 * console.log(reluInputGrad(tensor([8, 8], [2]), tensor([0, 2], [2])).data); // 0, 8
 */
export const reluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.relu);
/**
 * Gradient of `relu6` from `y`: 0 at both ends.
 * @example
 * console.log(relu6InputGrad(tensor([8, 8, 8], [3]), tensor([0, 2, 6], [3])).data); // 0, 8, 0
 */
export const relu6InputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.relu6);
/**
 * Gradient of `clamp` from `y`: 0 at both ends.
 * @example
 * console.log(clampInputGrad(tensor([8, 8, 8], [3]), tensor([0, 2, 5], [3]), { min: 0, max: 5 }).data); // 0, 8, 0
 */
export const clampInputGrad: ActivateInputGrad<ClampOptions> = /* @__PURE__ */ inputGrad(kinds.clamp);
/**
 * Gradient of `hardTanh` from `y`.
 * @example
 * console.log(hardTanhInputGrad(tensor([8, 8, 8], [3]), tensor([-1, 0.5, 1], [3])).data); // 0, 8, 0
 */
export const hardTanhInputGrad: ActivateInputGrad<ClampOptions> = /* @__PURE__ */ inputGrad(kinds.hardTanh);
/**
 * Gradient of `leakyRelu` from `x`; with a slope above 0 `y` does as well.
 * @example
 * console.log(leakyReluInputGrad(tensor([8, 8], [2]), tensor([-2, 2], [2]), { slope: 0.5 }).data); // 4, 8
 */
export const leakyReluInputGrad: ActivateInputGrad<LeakyReluOptions> = /* @__PURE__ */ inputGrad(kinds.leakyRelu);
/**
 * Gradient of `elu` from `y`.
 * @example
 * console.log(eluInputGrad(tensor([8, 8], [2]), tensor([-0.5, 2], [2])).data); // 4, 8
 */
export const eluInputGrad: ActivateInputGrad<EluOptions> = /* @__PURE__ */ inputGrad(kinds.elu);
/**
 * Gradient of `selu` from `y`.
 * @example
 * console.log(seluInputGrad(tensor([8], [1]), tensor([1], [1])).data[0].toFixed(4)); // 8.4056
 */
export const seluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.selu);
/**
 * Gradient of `sigmoid` from `y`.
 * @example
 * console.log(sigmoidInputGrad(tensor([8, 8], [2]), tensor([0.5, 1], [2])).data); // 2, 0
 */
export const sigmoidInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.sigmoid);
/**
 * Gradient of `tanh` from `y`.
 * @example
 * console.log(tanhInputGrad(tensor([8, 8], [2]), tensor([0, 0.5], [2])).data); // 8, 6
 */
export const tanhInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.tanh);
/**
 * Gradient of `hardSigmoid` from `y`.
 * @example
 * console.log(hardSigmoidInputGrad(tensor([8, 8], [2]), tensor([0, 1], [2])).data); // 0, 0
 */
export const hardSigmoidInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.hardSigmoid);
/**
 * Gradient of `hardSwish` from `x`.
 * @example
 * console.log(hardSwishInputGrad(tensor([8, 8], [2]), tensor([-4, 4], [2])).data); // 0, 8
 */
export const hardSwishInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.hardSwish);
/**
 * Gradient of `silu` from `x`.
 * @example
 * console.log(siluInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const siluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.silu);
/**
 * Gradient of `mish` from `x`.
 * @example
 * console.log(mishInputGrad(tensor([8], [1]), tensor([100], [1])).data); // 8
 */
export const mishInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.mish);
/**
 * Gradient of `softplus` from `x`.
 * @example
 * console.log(softplusInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const softplusInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.softplus);
/**
 * Gradient of `gelu` from `x`.
 * @example
 * console.log(geluInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const geluInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.gelu);
/**
 * Gradient of `geluTanh` from `x`.
 * @example
 * console.log(geluTanhInputGrad(tensor([8], [1]), tensor([0], [1])).data); // 4
 */
export const geluTanhInputGrad: ActivateInputGrad = /* @__PURE__ */ inputGrad(kinds.geluTanh);
