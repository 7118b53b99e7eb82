import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { dot } from '../support/algebra.js';
import { convCase, convTransposeCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { linear, operatorNames, operators } from './operators.js';

const drawn = { conv: convCase, convTranspose: convTransposeCase };

/**
 * <forward(x; w), g> = <w, weightGrad(x, g)> for every exact row, and = <x, gradX> for the backward call, to the bit;
 * <1, g> by channel for the bias.
 */
function check(name: (typeof operatorNames)[number], text: string): void {
  const given = parseCase(text);
  const operator = operators[name];
  const { x, weight } = operator.operands(given);
  const options = linear(operator.options(given));
  const y = operator.forward(given)(x, weight, { ...options, algorithm: 'direct' } as never);
  const gradY = integerTensor(y.shape, 5);
  const both = dot(y, gradY);
  const problem = operator.problem(given);
  for (const { name: row, accuracy, refuses } of weightGradTable) {
    if (accuracy !== 'high' || refuses(problem) !== null) continue;
    const out = { data: fencedOutput(weight.data.length), shape: weight.shape };
    leavesNothing(() =>
      operator.weightGrad(given)(x, gradY, weight.shape, { ...options, algorithm: row, out } as never),
    );
    checkFence(out.data);
    expect(dot(out, weight), row).toBe(both);
  }
  const asked = { accuracy: 'high', wanted: { x: true, weight: true, bias: true } };
  const grads = leavesNothing(() => operator.backward(given)(gradY, x, weight, { ...options, ...asked } as never));
  expect(dot(grads.gradX as api.Tensor, x)).toBe(both);
  expect(dot(grads.gradWeight as api.Tensor, weight)).toBe(both);
  expectExact(grads.gradBias as unknown as api.Tensor, api.biasGrad(gradY, { layout: options.layout }));
}

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(operatorNames)('%s and its gradients are adjoint on integers', (name) => {
    fc.assert(
      fc.property(drawn[name](), (text) => check(name, text)),
      propertyRuns(build === 'debug' ? 100 : 300),
    );
  });
});
