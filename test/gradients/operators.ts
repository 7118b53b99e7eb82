import * as api from '../../src/index.js';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';
import type { ConvProblem, Rank } from '../../src/types.js';
import * as reference from '../reference/index.js';
import type { Case } from '../support/cases.js';
import {
  type ConvOperands,
  convOperands,
  convOptions,
  convTransposeOperands,
  convTransposeOptions,
  type MakeTensor,
} from '../support/problems.js';

/** The functions of one rank, under the names they have in two dimensions. */
const ofRank = <Name extends keyof typeof api>(name: Name, rank: number): (typeof api)[Name] =>
  api[name.replace('2d', `${rank}d`) as Name];

/** A convolution, direct or transposed, with its gradients and their references. */
export interface Operator {
  operands(given: Case, make?: MakeTensor): ConvOperands;
  options(given: Case): ReturnType<typeof convOptions> | ReturnType<typeof convTransposeOptions>;
  problem(given: Case): ConvProblem;
  forward(given: Case): typeof api.conv2d;
  inputGrad(given: Case): typeof api.conv2dInputGrad;
  weightGrad(given: Case): typeof api.conv2dWeightGrad;
  backward(given: Case): typeof api.conv2dBackward;
  prepareBackward(given: Case): typeof api.prepareConv2dBackward;
  readonly reference: {
    readonly forward: typeof reference.conv;
    readonly weightGrad: typeof reference.convWeightGrad;
    readonly backward: typeof reference.convBackward;
  };
}

export const operators: Readonly<Record<'conv' | 'convTranspose', Operator>> = {
  conv: {
    operands: convOperands,
    options: convOptions,
    problem(given) {
      const { x, weight } = convOperands(given);
      return convProblem(given.rank as Rank, x.shape, weight.shape, convOptions(given));
    },
    forward: ({ rank }) => ofRank('conv2d', rank),
    inputGrad: ({ rank }) => ofRank('conv2dInputGrad', rank),
    weightGrad: ({ rank }) => ofRank('conv2dWeightGrad', rank),
    backward: ({ rank }) => ofRank('conv2dBackward', rank),
    prepareBackward: ({ rank }) => ofRank('prepareConv2dBackward', rank),
    reference: { forward: reference.conv, weightGrad: reference.convWeightGrad, backward: reference.convBackward },
  },
  convTranspose: {
    operands: convTransposeOperands,
    options: convTransposeOptions,
    problem(given) {
      const { x, weight } = convTransposeOperands(given);
      return convTransposeProblem(given.rank as Rank, x.shape, weight.shape, convTransposeOptions(given));
    },
    forward: ({ rank }) => ofRank('convTranspose2d', rank) as typeof api.conv2d,
    inputGrad: ({ rank }) => ofRank('convTranspose2dInputGrad', rank) as typeof api.conv2dInputGrad,
    weightGrad: ({ rank }) => ofRank('convTranspose2dWeightGrad', rank) as typeof api.conv2dWeightGrad,
    backward: ({ rank }) => ofRank('convTranspose2dBackward', rank) as typeof api.conv2dBackward,
    prepareBackward: ({ rank }) => ofRank('prepareConvTranspose2dBackward', rank) as typeof api.prepareConv2dBackward,
    reference: {
      forward: reference.convTranspose,
      weightGrad: reference.convTransposeWeightGrad,
      backward: reference.convTransposeBackward,
    },
  },
};

export const operatorNames = ['conv', 'convTranspose'] as const;

/** A gradient does not know the activation: that is masked before. */
export const linear = <T extends object>({ activation: _, ...rest }: T & { activation?: unknown }) => rest;
