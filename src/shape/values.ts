import { OptionError } from '../errors.js';
import { type Clamp, readFurther } from '../further.js';
import type { PaddingMode, Rank } from '../types.js';
import { axisNames } from './extent.js';
import { show } from './show.js';

/** Kernels count in i32. */
const largest = 2 ** 31 - 1;

/** An integer from `minimum` to 2^31 - 1. */
export function integer(name: string, value: unknown, minimum: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum) {
    throw new OptionError(`${name} is ${show(value)}, expected an integer of at least ${minimum}`);
  }
  if (value > largest) throw new OptionError(`${name} is ${value}, expected at most ${largest}`);
  return value + 0; // -0 becomes 0
}

/**
 * One integer per spatial axis, from one number for all or a list as long as the rank.
 * @param fallback what an absent value means; `undefined` makes the option required.
 */
export function perAxis(
  name: string,
  value: unknown,
  rank: Rank,
  fallback: number | readonly number[] | undefined,
  minimum: number,
): number[] {
  const given = value === undefined ? fallback : value;
  if (given === undefined) throw new OptionError(`${name} is required: one integer, or ${listForm(rank)}`);
  if (!Array.isArray(given)) return new Array<number>(rank).fill(integer(name, given, minimum));
  if (given.length !== rank) {
    throw new OptionError(
      `${name} is ${show(given)}, a list of ${given.length}, expected one integer or ${listForm(rank)}`,
    );
  }
  // Array.from visits holes too.
  return Array.from(given, (entry: unknown, axis) =>
    integer(`${name}[${axis}] (${axisNames[rank][axis]})`, entry, minimum),
  );
}

/** How a list over the axes of this rank is written: `[height, width]`. */
export function listForm(rank: Rank): string {
  return `[${axisNames[rank].join(', ')}]`;
}

/** One of a few words. */
export function oneOf<T extends string>(name: string, value: unknown, choices: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw new OptionError(`${name} is ${show(value)}, expected ${choices.map((choice) => `"${choice}"`).join(' or ')}`);
  }
  return found;
}

/** true or false, nothing that merely behaves like one. */
export function flag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw new OptionError(`${name} is ${show(value)}, expected true or false`);
  return value;
}

/** A number that is neither NaN nor infinite. */
export function finite(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new OptionError(`${name} is ${show(value)}, expected a finite number`);
  return value;
}

/** A non-empty string, or undefined when absent; whether the name exists is for whoever owns the names. */
export function nameOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new OptionError(`${name} is ${show(value)}, expected a name`);
  return value;
}

/** Activations whose kernels are in another module. */
const further = [
  ...['leakyRelu', 'prelu', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'silu', 'hardSwish', 'tanh', 'gelu', 'gelu-tanh'],
  ...['softplus', 'mish'],
];

function readOther(name: string, value: unknown): Clamp {
  const read = readFurther();
  if (!read)
    throw new OptionError(`activation "${name}": its kernels are in stridewise/nn; add import 'stridewise/nn'`);
  return [-Infinity, Infinity, read(value)];
}

/**
 * Bounds [lo, hi] of an activation: `relu`, `relu6`, `hardTanh`, `{ clamp: [lo, hi] }`; [-Infinity, Infinity] when
 * absent or one of another module, which comes third.
 */
export function activationClamp(value: unknown): Clamp {
  if (value === undefined) return [-Infinity, Infinity];
  if (value === 'relu') return [0, Infinity];
  if (value === 'relu6') return [0, 6];
  if (value === 'hardTanh') return [-1, 1];
  const name = typeof value === 'object' ? Object.keys(value ?? {}).join() : String(value);
  if (further.includes(name)) return readOther(name, value);
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'clamp' || !('clamp' in value)) {
    throw new OptionError(`activation is ${show(value)}, expected "relu", "relu6", "hardTanh" or { clamp: [lo, hi] }`);
  }
  const bounds: unknown = value.clamp;
  if (!Array.isArray(bounds) || bounds.length !== 2) {
    throw new OptionError(`activation.clamp is ${show(bounds)}, expected two numbers [lo, hi]`);
  }
  const [lo, hi]: unknown[] = bounds;
  if (typeof lo !== 'number' || typeof hi !== 'number' || !(lo <= hi)) {
    throw new OptionError(`activation.clamp is ${show(bounds)}, expected two numbers with lo <= hi and no NaN`);
  }
  return [lo, hi];
}

/** What cells outside the input hold. */
export function paddingModeOf(value: unknown): PaddingMode {
  return oneOf<PaddingMode>('paddingMode', value, ['zeros', 'reflect', 'replicate', 'circular'], 'zeros');
}

const layouts = {
  1: ['NCL', 'NLC'],
  2: ['NCHW', 'NHWC'],
  3: ['NCDHW', 'NDHWC'],
} as const;

const weightLayouts = {
  direct: { 1: ['OIL', 'LIO'], 2: ['OIHW', 'HWIO'], 3: ['OIDHW', 'DHWIO'] },
  transposed: { 1: ['IOL', 'LOI'], 2: ['IOHW', 'HWOI'], 3: ['IODHW', 'DHWOI'] },
} as const;

/** Whether `weightLayout` puts the channels behind the kernel; absent means where `layout` has them. */
export function weightsAreLast(
  value: unknown,
  rank: Rank,
  kind: keyof typeof weightLayouts,
  channelsLast: boolean,
): boolean {
  const [first, last] = weightLayouts[kind][rank];
  return oneOf<string>('weightLayout', value, [first, last], channelsLast ? last : first) === last;
}

/** Whether `layout` puts channels last; absent means channels first. */
export function layoutIsLast(value: unknown, rank: Rank): boolean {
  const [first, last] = layouts[rank];
  return oneOf<string>('layout', value, [first, last], first) === last;
}
