import { OptionError } from '../errors.js';
import type { Rank } from '../types.js';
import { type Pair, reach, samePair, type WindowAxis } from './extent.js';
import { show } from './show.js';
import { integer, listForm, perAxis } from './values.js';

const words = ['valid', 'same', 'same-lower', 'full'] as const;
/** Along one axis there is a past. */
const wordsAlong = [...words, 'causal'] as const;

/**
 * Cells before and after the input on each axis. Numbers and pairs stand as they are; `valid` is none, `full` is d (k -
 * 1) on both sides, `causal` (in one dimension) d (k - 1) before and none behind, `same` makes ceil(i / s) output
 * cells with the odd cell at the end, `same-lower` with the odd cell at the begin.
 */
export function padding(value: unknown, axes: readonly WindowAxis[]): Pair[] {
  const rank = axes.length as Rank;
  if (typeof value !== 'string') return explicitPadding(value, rank);
  const known = rank === 1 ? wordsAlong : words;
  const word = known.find((one) => one === value);
  if (word === undefined)
    throw new OptionError(`padding is ${show(value)}, expected integers, pairs or ${known.map(show).join(' or ')}`);
  return axes.map((axis): Pair => {
    if (word === 'valid') return [0, 0];
    if (word === 'full') return [reach(axis), reach(axis)];
    if (word === 'causal') return [reach(axis), 0];
    return samePair(axis, word === 'same-lower');
  });
}

/** Whether padding is fixed by the output size (`same`, `same-lower`). */
export function sameWord(value: unknown): value is 'same' | 'same-lower' {
  return value === 'same' || value === 'same-lower';
}

function explicitPadding(value: unknown, rank: Rank): Pair[] {
  if (!Array.isArray(value)) return perAxis('padding', value, rank, 0, 0).map((both): Pair => [both, both]);
  if (value.some(Array.isArray)) return pairs(Array.from(value), rank); // Array.from fills holes, which `every` would skip
  if (rank > 1 && value.length === 2 * rank) {
    const numbers = `padding is ${show(value)}, ${value.length} numbers, which every library orders differently`;
    throw new OptionError(`${numbers}; write [begin, end] pairs per axis: ${pairForm(rank)}`);
  }
  if (value.length !== rank) {
    const numbers = `padding is ${show(value)}, a list of ${value.length}`;
    throw new OptionError(`${numbers}, expected one integer, ${listForm(rank)} or pairs ${pairForm(rank)}`);
  }
  return perAxis('padding', value, rank, 0, 0).map((both): Pair => [both, both]);
}

function pairs(value: readonly unknown[], rank: Rank): Pair[] {
  if (value.length !== rank || !value.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new OptionError(
      `padding is ${show(value)}, expected ${rank === 1 ? 'one pair' : `${rank} pairs`} ${pairForm(rank)}`,
    );
  }
  return (value as readonly (readonly unknown[])[]).map(([begin, end], axis): Pair => {
    return [integer(`padding[${axis}][0]`, begin, 0), integer(`padding[${axis}][1]`, end, 0)];
  });
}

function pairForm(rank: Rank): string {
  const forms = {
    1: '[[left, right]]',
    2: '[[top, bottom], [left, right]]',
    3: '[[front, back], [top, bottom], [left, right]]',
  };
  return forms[rank];
}
