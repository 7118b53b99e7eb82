import { ShapeError } from '../errors.js';
import type { Rank } from '../types.js';
import { axisNames } from './extent.js';
import { count, show } from './show.js';
import { checkShape, checkSize } from './tensor.js';

/** Feature maps: a batch of channels over a spatial grid. */
export interface Features {
  readonly n: number;
  readonly c: number;
  readonly spatial: readonly number[];
  /** One image, whose shape has no axis for the batch. */
  readonly single: boolean;
}

/**
 * Number of spatial axes of feature maps: what `layout` says, which is checked elsewhere. Without one the first axis is
 * the batch, where there can be one.
 */
export function rankOf(operand: string, shape: readonly number[], layout: unknown): Rank {
  checkShape(`${operand}.shape`, shape);
  const said = typeof layout === 'string' ? layout.length - 2 : Math.max(1, shape.length - 2);
  const rank = said === shape.length - 1 ? said : shape.length - 2;
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw new ShapeError(`${operand} has rank ${shape.length} (shape ${show(shape)}), expected rank 2 to 5`);
  }
  return rank;
}

/**
 * Reads [n, c, ...spatial], or [n, ...spatial, c] with channels last; only the batch may be 0. Without the first axis it
 * is one image.
 */
export function readFeatures(operand: string, shape: readonly number[], rank: Rank, channelsLast: boolean): Features {
  checkShape(`${operand}.shape`, shape);
  const single = shape.length === rank + 1;
  if (!single && shape.length !== rank + 2) {
    const expected = joinFeatures(['n'], ['c'], spatialLetters[rank], channelsLast);
    throw wrongRank(operand, shape, rank + 2, expected, `, or rank ${rank + 1}, without n`);
  }
  const [n, ...image] = single ? [1, ...shape] : shape;
  const c = image[channelsLast ? rank : 0];
  const spatial = channelsLast ? image.slice(0, -1) : image.slice(1);
  if (c < 1) throw new ShapeError(`${operand} has 0 channels, expected at least 1`);
  refuseEmpty(`${operand} has`, spatial, rank);
  checkSize(operand, shape);
  return { n, c, spatial, single };
}

/** A frozen shape of feature maps in the caller's layout. */
export function featureShape({ n, c, spatial, single }: Features, channelsLast: boolean): readonly number[] {
  return Object.freeze(joinFeatures(single ? [] : [n], [c], spatial, channelsLast));
}

function joinFeatures<T>(n: readonly T[], c: readonly T[], spatial: readonly T[], channelsLast: boolean): T[] {
  return channelsLast ? [...n, ...spatial, ...c] : [...n, ...c, ...spatial];
}

/** Weights of a direct convolution [oc, ic / groups, ...kernel], or [...kernel, ic / groups, oc] with channels last. */
export interface Weights {
  readonly oc: number;
  /** Input channels of one group. */
  readonly groupIc: number;
  readonly kernel: readonly number[];
}

/**
 * Reads weights; `letters` names their two channel axes, [oc, ic / groups] for the direct convolution, in error
 * messages.
 */
export function readWeights(
  operand: string,
  shape: readonly number[],
  rank: Rank,
  channelsLast: boolean,
  letters: readonly [string, string],
): Weights {
  checkShape(`${operand}.shape`, shape);
  if (shape.length !== rank + 2) {
    const kernelLetters = spatialLetters[rank].map((letter) => `k${letter}`);
    const expected = channelsLast ? [...kernelLetters, letters[1], letters[0]] : [...letters, ...kernelLetters];
    throw wrongRank(operand, shape, rank + 2, expected);
  }
  const oc = channelsLast ? shape[rank + 1] : shape[0];
  const groupIc = channelsLast ? shape[rank] : shape[1];
  const kernel = channelsLast ? shape.slice(0, rank) : shape.slice(2);
  if (oc < 1) throw new ShapeError(`${operand} has ${letters[0]} 0, expected at least 1`);
  if (groupIc < 1) throw new ShapeError(`${operand} has ${letters[1]} 0, expected at least 1`);
  refuseEmpty(`${operand} has kernel`, kernel, rank);
  checkSize(operand, shape);
  return { oc, groupIc, kernel };
}

/** Refuses channels of x that the weights were not made for. */
export function matchChannels(operand: string, found: number, weight: string, groups: number, perGroup: number): void {
  if (found !== groups * perGroup) {
    const expected = `${groups * perGroup} (${count(groups, 'group')} of ${perGroup})`;
    throw new ShapeError(`${operand} has ${count(found, 'channel')}, ${weight} expects ${expected}`);
  }
}

const spatialLetters = { 1: ['l'], 2: ['h', 'w'], 3: ['d', 'h', 'w'] } as const;

function refuseEmpty(subject: string, extents: readonly number[], rank: Rank): void {
  const axis = extents.indexOf(0);
  if (axis >= 0) throw new ShapeError(`${subject} ${axisNames[rank][axis]} 0, expected at least 1`);
}

function wrongRank(
  operand: string,
  shape: readonly number[],
  rank: number,
  letters: readonly string[],
  or = '',
): ShapeError {
  const expected = `expected rank ${rank}: [${letters.join(', ')}]${or}`;
  return new ShapeError(`${operand} has rank ${shape.length} (shape ${show(shape)}), ${expected}`);
}
