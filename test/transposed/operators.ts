import {
  conv1dInputGrad,
  conv2dInputGrad,
  conv3dInputGrad,
  convTranspose1d,
  convTranspose1dInputGrad,
  convTranspose2d,
  convTranspose2dInputGrad,
  convTranspose3d,
  convTranspose3dInputGrad,
} from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { inputGradTable } from '../../src/plan/input-grad.js';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';
import type { ConvProblem, Rank, Tensor } from '../../src/types.js';
import * as reference from '../reference/index.js';
import { leavesNothing } from '../support/builds.js';
import { type Case, has } from '../support/cases.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { convOperands, convOptions, convTransposeOperands, convTransposeOptions, type MakeTensor } from '../support/problems.js';

/** A case made ready for one operator: what is expected, and how to call it with a row of its table. */
export interface Prepared {
  readonly problem: ConvProblem;
  readonly expected: ReturnType<typeof reference.conv>;
  call(algorithm: string | undefined, out: Tensor): unknown;
}

export interface Operator {
  readonly table: readonly { readonly name: string; readonly accuracy: string; refuses(problem: ConvProblem): string | null }[];
  prepare(given: Case, make: MakeTensor): Prepared;
}

/** The gradient knows no activation: that is masked before. */
const linear = <T extends object>({ activation: _, ...rest }: T & { activation?: unknown }) => rest;
const high = { accuracy: 'high' } as const;

export const operators: Readonly<Record<'convTranspose' | 'convInputGrad' | 'convTransposeInputGrad', Operator>> = {
  convTranspose: {
    table: inputGradTable,
    prepare(given, make) {
      const { x, weight, bias } = convTransposeOperands(given, make);
      const options = { ...convTransposeOptions(given), ...(bias && { bias }) };
      const { shape } = reference.convTranspose(x, weight, options);
      const add = has(given, 'add') ? { add: make(shape, 4) } : {};
      const operator = [convTranspose1d, convTranspose2d, convTranspose3d][given.rank - 1] as typeof convTranspose2d;
      return {
        problem: convTransposeProblem(given.rank as Rank, x.shape, weight.shape, options),
        expected: reference.convTranspose(x, weight, { ...options, ...add }),
        call: (algorithm, out) => operator(x, weight, { ...options, ...add, ...high, algorithm, out } as never),
      };
    },
  },
  convInputGrad: {
    table: inputGradTable,
    prepare(given, make) {
      const { x, weight } = convOperands(given, make);
      const options = convOptions(given);
      const { shape } = reference.conv(x, weight, options);
      const gradY = make(shape, 5);
      const operator = [conv1dInputGrad, conv2dInputGrad, conv3dInputGrad][given.rank - 1] as typeof conv2dInputGrad;
      return {
        problem: convProblem(given.rank as Rank, x.shape, weight.shape, options),
        expected: reference.convInputGrad(gradY, weight, x.shape, linear(options)),
        call: (algorithm, out) => operator(gradY, weight, x.shape, { ...options, ...high, algorithm, out } as never),
      };
    },
  },
  convTransposeInputGrad: {
    table: convTable,
    prepare(given, make) {
      const { x, weight } = convTransposeOperands(given, make);
      const options = convTransposeOptions(given);
      const gradY = make(reference.convTranspose(x, weight, options).shape, 5);
      const operator = [convTranspose1dInputGrad, convTranspose2dInputGrad, convTranspose3dInputGrad][given.rank - 1];
      return {
        problem: convTransposeProblem(given.rank as Rank, x.shape, weight.shape, options),
        expected: reference.convTransposeInputGrad(gradY, weight, x.shape, linear(options)),
        call: (algorithm, out) => operator(gradY, weight, x.shape, { ...options, ...high, algorithm, out } as never),
      };
    },
  },
};

/** The result of a row, in a fenced output that held NaN; undefined when the row refuses. */
export function resultOf({ table }: Operator, { problem, expected, call }: Prepared, row: string): Tensor | undefined {
  const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
  if (table.find(({ name }) => name === row)?.refuses(problem) !== null) return undefined;
  leavesNothing(() => call(row, out));
  checkFence(out.data);
  return out;
}
