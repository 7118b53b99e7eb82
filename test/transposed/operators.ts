import { convTable } from '../../src/plan/conv.js';
import { inputGradTable } from '../../src/plan/input-grad.js';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';
import type { ConvProblem, Rank, Tensor } from '../../src/types.js';
import * as reference from '../reference/index.js';
import { leavesNothing } from '../support/builds.js';
import { type Case, has } from '../support/cases.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import {
  convOperands,
  convOptions,
  convTransposeOperands,
  convTransposeOptions,
  type MakeTensor,
} from '../support/problems.js';
import * as api from './calls.js';

/** A case made ready for one operator: what is expected, and how to call it with a row of its table. */
export interface Prepared {
  readonly problem: ConvProblem;
  readonly expected: ReturnType<typeof reference.conv>;
  call(algorithm: string, out: Tensor): unknown;
}

export interface Operator {
  readonly table: readonly {
    readonly name: string;
    readonly accuracy: string;
    refuses(problem: ConvProblem): string | null;
  }[];
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
      return {
        problem: convTransposeProblem(given.rank as Rank, x.shape, weight.shape, { ...options, ...high }),
        expected: reference.convTranspose(x, weight, { ...options, ...add }),
        call: (algorithm, out) => api.convTranspose(given, x, weight, { ...options, ...add, ...high, algorithm, out }),
      };
    },
  },
  convInputGrad: {
    table: inputGradTable,
    prepare(given, make) {
      const { x, weight } = convOperands(given, make);
      const options = convOptions(given);
      const gradY = make(reference.conv(x, weight, options).shape, 5);
      return {
        problem: convProblem(given.rank as Rank, x.shape, weight.shape, { ...options, ...high }),
        expected: reference.convInputGrad(gradY, weight, x.shape, linear(options)),
        call: (algorithm, out) =>
          api.convInputGrad(given, gradY, weight, x.shape, { ...options, ...high, algorithm, out }),
      };
    },
  },
  convTransposeInputGrad: {
    table: convTable,
    prepare(given, make) {
      const { x, weight } = convTransposeOperands(given, make);
      const options = convTransposeOptions(given);
      const gradY = make(reference.convTranspose(x, weight, options).shape, 5);
      return {
        problem: convTransposeProblem(given.rank as Rank, x.shape, weight.shape, { ...options, ...high }),
        expected: reference.convTransposeInputGrad(gradY, weight, x.shape, linear(options)),
        call: (algorithm, out) =>
          api.convTransposeInputGrad(given, gradY, weight, x.shape, { ...options, ...high, algorithm, out }),
      };
    },
  },
};

/** The result of a row, in a fenced output that held NaN; undefined when the row refuses. */
export function resultOf({ table }: Operator, { problem, expected, call }: Prepared, row: string): Tensor | undefined {
  if (table.find(({ name }) => name === row)?.refuses(problem) !== null) return undefined;
  const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
  leavesNothing(() => call(row, out));
  checkFence(out.data);
  return out;
}
