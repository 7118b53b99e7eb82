import { OptionError } from '../errors.js';
import { checkOptions, finite } from '../shape/options.js';
import { show } from '../shape/show.js';
import { checkShaped, checkTensor } from '../shape/tensor.js';
import type { Tensor } from '../types.js';
import * as K from './boundary.js';
import { inParts, named, type OutOption, outOf, type Plan, run } from './run.js';

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

/** A kind applied to each of `count` numbers. */
export const activatePlan = (kind: number, count: number, p: number, q: number): Plan => ({
  ...inParts(count, ({ kernels, from: [x], to: [y] }, at, floats, own) => {
    kernels.activate(kind, y + at, x + at, floats, p, q, own);
  }),
  ownBytes: K.ACTIVATE_SCRATCH,
});

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
    const plan = isGrad
      ? inParts(data.length, ({ kernels, from: [saved, g], to: [x] }, at, floats) => {
          kernels.activateGrad(kind, x + at, g + at, saved + at, floats, p, q);
        })
      : activatePlan(kind, data.length, p, q);
    return run([from, isGrad ? first : undefined], [{ shape, out }], plan)[0];
  };

export const activation = (kind: Kind) => made(kind, false) as Activate<object>;
export const inputGrad = (kind: Kind) => made(kind, true) as ActivateInputGrad<object>;

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
