import { OptionError } from '../errors.js';
import type { Tensor } from '../types.js';
import { rankOf, readFeatures } from './features.js';
import { checkOptions, flag, layoutIsLast, optionNames } from './options.js';
import { show } from './show.js';
import { checkShaped, sizeOf } from './tensor.js';

/** The options of a backward operator, taken apart. */
export interface BackwardOptions<T extends string> {
  /** Which gradients to compute; all when nothing is said. */
  readonly wanted: Readonly<Record<T, boolean>>;
  /** The result of the forward operator, for its activation; checked by `maskOf`. */
  readonly y: unknown;
  /** Whether gradients are added to what `out` holds; default false. */
  readonly accumulate: boolean;
  /** What the forward operator takes. */
  readonly forward: Readonly<Record<string, unknown>>;
}

/**
 * Reads the options of a gradient: those of its forward operator (`known`), `y`, `accumulate`, and `wanted` where there
 * are several gradients. Without `wanted`, the gradient of an operand that is an option (`bias`) is wanted where that
 * option is given, every other one always.
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
  const { y, wanted, accumulate, ...forward } = checkOptions(calledAs, options, [...known, 'y', 'accumulate', ...more]);
  const unasked = (name: T) => !known.includes(name) || forward[name] !== undefined;
  return {
    wanted: readWanted(wanted, gradients, unasked),
    y,
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
 * The result of the forward operator, which says where its activation was flat; undefined when there is no activation.
 * @throws ShapeError when it has another shape, OptionError when there is an activation and no `y`
 */
export function maskOf(y: unknown, clamp: readonly [number, number], yShape: readonly number[]): Tensor | undefined {
  const unbounded = clamp[0] === -Infinity && clamp[1] === Infinity;
  if (y === undefined && !unbounded)
    throw new OptionError('y is required with an activation: the result of the forward call');
  if (y === undefined) return undefined;
  const checked = checkShaped('y', y, yShape);
  return unbounded ? undefined : checked;
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
