import type { ConvRow } from '../algorithms/row.js';
import { convTable } from '../plan/conv.js';
import { inputGradTable } from '../plan/input-grad.js';
import { convProblem, convTransposeProblem } from '../shape/conv.js';
import { optionNames } from '../shape/options.js';
import type { ConvProblem, Rank } from '../types.js';

/** What a convolution and its transpose do differently. The problem is that of the direct convolution in both cases. */
export interface Direction {
  operator(rank: Rank): string;
  /** Option names of the forward operator. */
  readonly options: readonly string[];
  readonly problem: typeof convProblem;
  /** The table that serves the forward operator. */
  readonly table: readonly ConvRow[];
  /** Shapes of the forward operator's input and result. */
  shapes(p: ConvProblem): { readonly x: readonly number[]; readonly y: readonly number[] };
  /** Channels and cells per plane of the result. */
  result(p: ConvProblem): { readonly c: number; readonly cells: number };
  /** Input and result as the weight gradient of the direct convolution has them. */
  ordered<T>(x: T, gradY: T): readonly [x: T, gradY: T];
}

/** The problem without its activation, as gradients of the sum before it see it. */
export const linear = (p: ConvProblem): ConvProblem => ({ ...p, clamp: [-Infinity, Infinity] });

export const direct: Direction = {
  operator: (rank) => `conv${rank}d`,
  get options() {
    return optionNames.conv;
  },
  problem: convProblem,
  table: convTable,
  shapes: ({ xShape, yShape }) => ({ x: xShape, y: yShape }),
  result: ({ oc, od, oh, ow }) => ({ c: oc, cells: od * oh * ow }),
  ordered: (x, gradY) => [x, gradY],
};

export const transposed: Direction = {
  operator: (rank) => `convTranspose${rank}d`,
  get options() {
    return optionNames.convTranspose;
  },
  problem: convTransposeProblem,
  table: inputGradTable,
  shapes: ({ xShape, yShape }) => ({ x: yShape, y: xShape }),
  result: ({ ic, id, ih, iw }) => ({ c: ic, cells: id * ih * iw }),
  ordered: (x, gradY) => [gradY, x],
};

/** The table that serves the input gradient: that of the other direction. Apart: `conv2d` alone goes without. */
export const gradTableOf = (direction: Direction): readonly ConvRow[] =>
  (direction === direct ? transposed : direct).table;
