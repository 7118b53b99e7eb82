import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { col2im } from '../../src/algorithms/col2im.js';
import { direct, inputGradDirect } from '../../src/algorithms/direct.js';
import { flippedBy } from '../../src/algorithms/flipped.js';
import { folded } from '../../src/algorithms/folded.js';
import { im2colGemm } from '../../src/algorithms/im2col-gemm.js';
import { indirect } from '../../src/algorithms/indirect.js';
import { residue } from '../../src/algorithms/residue.js';
import type { ConvRow } from '../../src/algorithms/row.js';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';
import type { ConvProblem, Rank, Tensor } from '../../src/types.js';
import { runJob } from '../../src/wasm/crew.js';
import { host } from '../../src/wasm/host.js';
import { convCases } from '../conv/cases.js';
import * as reference from '../reference/index.js';
import { convCase, convTransposeCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { type Case, has, parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { convOperands, convOptions, convTransposeOperands, convTransposeOptions } from '../support/problems.js';
import { strideCases, transposedCases } from './cases.js';

/** The table takes each only where it pays; here each computes everything it can. */
const algorithms: Readonly<Record<string, ConvRow>> = {
  'flipped, then direct': folded(flippedBy(() => direct)),
  'flipped, then indirect': folded(flippedBy(() => indirect)),
  'flipped, then im2col-gemm': folded(flippedBy(() => im2colGemm)),
  residue: folded(residue),
  col2im: folded(col2im),
  direct: folded(inputGradDirect),
};

interface Given {
  readonly problem: ConvProblem;
  readonly gradY: Tensor;
  readonly weight: Tensor;
  readonly bias?: Float32Array;
  readonly add?: Tensor;
  readonly expected: ReturnType<typeof reference.conv>;
}

function transposed(given: Case): Given {
  const { x, weight, bias } = convTransposeOperands(given);
  const options = { ...convTransposeOptions(given), ...(bias && { bias }) };
  const problem = convTransposeProblem(given.rank as Rank, x.shape, weight.shape, options);
  const add = has(given, 'add') ? { add: integerTensor(problem.xShape, 4) } : {};
  const expected = reference.convTranspose(x, weight, { ...options, ...add });
  return { problem, gradY: x, weight, ...(bias && { bias }), ...add, expected };
}

function gradient(given: Case): Given {
  const { x, weight } = convOperands(given);
  const { activation: _, ...options } = convOptions(given);
  const problem = convProblem(given.rank as Rank, x.shape, weight.shape, options);
  const gradY = integerTensor(problem.yShape, 5);
  return { problem, gradY, weight, expected: reference.convInputGrad(gradY, weight, x.shape, options) };
}

function check(algorithm: ConvRow, { problem, gradY, weight, bias, add, expected }: Given): void {
  if (algorithm.refuses(problem) !== null || problem.n === 0) return;
  const on = host();
  const out = { data: fencedOutput(expected.data.length), shape: expected.shape };
  leavesNothing(() => {
    const job = algorithm.prepare(on, problem, weight.data, bias);
    runJob(on, job, [gradY, add], [{ shape: problem.xShape, out }]);
    job.dispose();
  });
  checkFence(out.data);
  expectExact(out, expected);
}

const layouts = (text: string) => [text, `${text}_nhwc`];
const known = new Map([
  ...transposedCases.flatMap(layouts).map((text) => [`transposed ${text}`, transposed(parseCase(text))] as const),
  ...[...convCases, ...strideCases]
    .flatMap(layouts)
    .map((text) => [`gradient ${text}`, gradient(parseCase(text))] as const),
]);

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(Object.keys(algorithms))('%s', (name) => {
    const algorithm = algorithms[name];

    it('is exact on every case it can compute', () => {
      for (const [text, given] of known) {
        try {
          check(algorithm, given);
        } catch (error) {
          throw new Error(`${text}: ${(error as Error).message}`, { cause: error });
        }
      }
    });

    it('is exact on drawn cases', () => {
      fc.assert(
        fc.property(convTransposeCase(), (text) => check(algorithm, transposed(parseCase(text)))),
        propertyRuns(100),
      );
      fc.assert(
        fc.property(convCase(), (text) => check(algorithm, gradient(parseCase(text)))),
        propertyRuns(100),
      );
    });
  });
});

describe('what an algorithm cannot compute', () => {
  it('is only stride or crop, and only for the flipped ones', () => {
    const stuck = Object.entries(algorithms).filter(([, algorithm]) =>
      [...known.values()].some(({ problem }) => algorithm.refuses(problem) !== null),
    );
    expect(stuck.map(([name]) => name)).toEqual(Object.keys(algorithms).slice(0, 3));
  });
});
