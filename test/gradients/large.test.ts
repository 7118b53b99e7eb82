import { beforeAll, describe, it } from 'vitest';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor, type TestTensor } from '../support/data.js';
import { largeCases } from './cases.js';
import { operators } from './operators.js';

describe.each(['strict', 'relaxed'] as const)('large problems, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(largeCases)('rows agree with the scalar one: %s', (text) => {
    const given = parseCase(text);
    const { operands, options, problem, weightGrad } = operators.conv;
    const { yShape } = problem(given);
    const by = (x: TestTensor, gradY: TestTensor, algorithm: string) =>
      weightGrad(given)(x, gradY, operands(given).weight.shape, { ...options(given), algorithm } as never);
    const absolute = ({ data, shape }: TestTensor) => ({ data: data.map(Math.abs), shape });
    const [x, gradY] = [operands(given).x, integerTensor(yShape, 5)];
    const [realX, realGradY] = [operands(given, realTensor).x, realTensor(yShape, 5)];
    const exact = by(x, gradY, 'direct');
    const bounded = by(realX, realGradY, 'direct');
    const magnitude = by(absolute(realX), absolute(realGradY), 'direct').data;
    const terms = yShape.reduce((a, b) => a * b, 1) / given.oc;
    for (const { name, accuracy, refuses } of weightGradTable) {
      if (refuses(problem(given)) !== null) continue;
      if (accuracy === 'high') expectExact(by(x, gradY, name), exact);
      // both sides round
      expectWithin(by(realX, realGradY, name), bounded, magnitude, 2 * terms);
    }
  });
});
