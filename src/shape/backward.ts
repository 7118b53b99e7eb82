import { OptionError } from '../errors.js';
import type { Clamp } from '../further.js';
import type { Tensor } from '../types.js';
import { rankOf, readFeatures } from './features.js';
import { checkOptions, flag, layoutIsLast, optionNames } from './options.js';
import { show } from './show.js';
import { checkShaped, sizeOf } from './tensor.js';

/** What the forward operator left for the gradient of its activation; checked by `maskOf`. */
export interface Saved {
  /** Its result. */
  readonly y: unknown;
  /** What that would be without the activation. */
  readonly preActivation: unknown;
}

/** The options of a backward operator, taken apart. */
export interface BackwardOptions<T extends string> {
  /** Which gradients to compute; all when nothing is said. */
  readonly wanted: Readonly<Record<T, boolean>>;
  readonly saved: Saved;
  /** Whether gradients are added to what `out` holds; default false. */
  readonly accumulate: boolean;
  /** What the forward operator takes. */
  readonly forward: Readonly<Record<string, unknown>>;
}

/**
 * Reads the options of a gradient: those of its forward operator (`known`), `y`, `preActivation`, `accumulate`, and
 * `wanted` where there are several gradients. Without `wanted`, the gradient of an operand that is an option (`bias`)
 * is wanted where that option is given, every other one always.
 * @param gradients names under `wanted`; none for an operator with one gradient
 * @throws OptionError
 */
export function backwardOptions<T extends string>(
  calledAs: string,
  options: unknown,
  known: readonly string[],
  gradients: readonly T[] = [],
): BackwardOptions<T> {
  const more = gradients.length === 0 ? [] : ['wanted'];
  const names = [...known, 'y', 'preActivation', 'accumulate', ...more];
  const { y, preActivation, wanted, accumulate, ...forward } = checkOptions(calledAs, options, names);
  const unasked = (name: T) => !known.includes(name) || forward[name] !== undefined;
  return {
    wanted: readWanted(wanted, gradients, unasked),
    saved: { y, preActivation },
    accumulate: flag('accumulate', accumulate, false),
    forward,
  };
}

/**
 * Which gradients are asked for: those that `unasked` names when absent, else those set to true in an object with a
 * subset of `names` as keys.
 */
function readWanted<T extends string>(
  value: unknown,
  names: readonly T[],
  unasked: (name: T) => boolean,
): Readonly<Record<T, boolean>> {
  const asked = (name: T, given: unknown) =>
    value === undefined ? unasked(name) : flag(`wanted.${name}`, given, false);
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    throw new OptionError(`wanted is ${show(value)}, expected an object with some of ${names.join(', ')}`);
  }
  const entries = new Map<string, unknown>(Object.entries(value ?? {}));
  for (const key of entries.keys()) {
    if (!names.some((name) => name === key))
      throw new OptionError(`wanted has ${show(key)}, known are ${names.join(', ')}`);
  }
  return Object.fromEntries(names.map((name) => [name, asked(name, entries.get(name))])) as Record<T, boolean>;
}

/**
 * Reads `out` of an operator with several gradients: an object with a subset of `names` as keys. The tensors are not
 * looked at here.
 * @throws OptionError; also for `accumulate` without a tensor to add to
 */
export function readOuts<T extends string>(
  out: unknown,
  names: readonly T[],
  accumulate: boolean,
): Partial<Record<T, unknown>> {
  const given = checkOptions('out', out, names) as Partial<Record<T, unknown>>;
  if (accumulate && Object.keys(given).length === 0)
    throw new OptionError(`accumulate is true without out, expected an object with some of ${names.join(', ')}`);
  return given;
}

/**
 * What the gradient of the activation is made from: the result of the forward operator, which says where the activation
 * was flat, or the sum before it; undefined when there is no activation.
 * @throws ShapeError when it has another shape, OptionError when it is missing
 */
export function maskOf(saved: Saved, [lo, hi, further]: Clamp, yShape: readonly number[]): Tensor | undefined {
  const unbounded = !further && lo === -Infinity && hi === Infinity;
  const [y, sum] = (['y', 'preActivation'] as const).map((name) =>
    saved[name] === undefined ? undefined : checkShaped(name, saved[name], yShape),
  );
  if (unbounded) return undefined;
  if (further?.saved === 'preActivation') {
    if (sum) return sum;
    throw new OptionError('preActivation is required with this activation: what the forward call gives without it');
  }
  if (y) return y;
  throw new OptionError('y is required with an activation: the result of the forward call');
}

/** A checked sum over everything but the channels. */
export interface BiasGradProblem {
  readonly channelsLast: boolean;
  readonly n: number;
  readonly c: number;
  /** Cells of one plane. */
  readonly cells: number;
}

/** Checks gradY [n, c, o...] (channels last: [n, o..., c]) in its own rank, for a gradient of shape [c]. */
export function biasGradProblem(gradYShape: readonly number[], options?: unknown): BiasGradProblem {
  const o = checkOptions('biasGrad', options, optionNames.biasGrad);
  const rank = rankOf('gradY', gradYShape, o.layout);
  const channelsLast = layoutIsLast(o.layout, rank);
  const { n, c, spatial } = readFeatures('gradY', gradYShape, rank, channelsLast);
  return Object.freeze({ channelsLast, n, c, cells: sizeOf(spatial) });
}
