import { choose, convTable } from '../plan/conv.js';
import { inputGradTable } from '../plan/input-grad.js';
import { convProblem, convTransposeProblem } from '../shape/conv.js';
import { optionNames } from '../shape/options.js';
import type { ConvProblem, Rank } from '../types.js';
import type { Host } from '../wasm/host.js';
import type { Kernel } from './prepared-conv.js';

const unbounded = [-Infinity, Infinity] as const;

/** What gradients of a convolution and of its transpose do differently. The problem is that of the direct convolution in both cases. */
export interface Direction {
  operator(rank: Rank): string;
  /** Option names of the forward operator. */
  readonly options: readonly string[];
  readonly problem: typeof convProblem;
  /** Shapes of the forward operator's input and result. */
  shapes(p: ConvProblem): { readonly x: readonly number[]; readonly y: readonly number[] };
  /** Channels and cells per plane of the result. */
  result(p: ConvProblem): { readonly c: number; readonly cells: number };
  /** Input and result as the weight gradient of the direct convolution has them. */
  ordered<T>(x: T, gradY: T): readonly [x: T, gradY: T];
  /** Row that serves the input gradient, ready to pack the weights. */
  inputGrad(p: ConvProblem): { readonly name: string; prepare(on: Host, weight: Float32Array): Kernel };
}

export const direct: Direction = {
  operator: (rank) => `conv${rank}d`,
  get options() {
    return optionNames.conv;
  },
  problem: convProblem,
  shapes: ({ xShape, yShape }) => ({ x: xShape, y: yShape }),
  result: ({ oc, od, oh, ow }) => ({ c: oc, cells: od * oh * ow }),
  ordered: (x, gradY) => [x, gradY],
  inputGrad(p) {
    const { row } = choose(inputGradTable, p);
    return { name: row.name, prepare: (on, weight) => row.prepare(on, p, weight, undefined, unbounded) };
  },
};

export const transposed: Direction = {
  operator: (rank) => `convTranspose${rank}d`,
  get options() {
    return optionNames.convTranspose;
  },
  problem: convTransposeProblem,
  shapes: ({ xShape, yShape }) => ({ x: yShape, y: xShape }),
  result: ({ ic, id, ih, iw }) => ({ c: ic, cells: id * ih * iw }),
  ordered: (x, gradY) => [gradY, x],
  inputGrad(p) {
    const q: ConvProblem = { ...p, clamp: unbounded };
    const { row } = choose(convTable, q);
    return { name: row.name, prepare: (on, weight) => row.prepare(on, q, weight, undefined) };
  },
};
