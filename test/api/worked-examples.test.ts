import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/index.js';
import * as api from '../../src/index.js';
import { convExamples, convTransposeExamples, poolExamples, weightGradExamples } from '../fixtures/worked-examples.js';
import { expectPrinted } from '../support/bounds.js';
import { builds, useBuild } from '../support/builds.js';

const titled = <T extends { id: string }>(examples: readonly T[]) =>
  examples.map((example) => [example.id, example] as const);

describe.each(builds)('worked examples, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(titled(convExamples))('%s', (_, { operator, options, x, weight, bias, y }) => {
    const { [operator]: conv } = api;
    expectPrinted(conv(x, weight, { ...options, ...(bias && { bias: Float32Array.from(bias) }) } as never), y);
  });

  it.each(titled(convTransposeExamples))('%s, and the gradient it is', (_, { operator, options, x, weight, y }) => {
    const { [operator]: transposed } = api;
    expectPrinted(transposed(x, weight, options as never), y);
    const inputGrad = operator === 'convTranspose1d' ? api.conv1dInputGrad : api.conv2dInputGrad;
    const { outputPadding: _unused, ...direct } = options;
    expectPrinted(inputGrad(x, weight, y.shape, direct as never), y);
  });

  it.each(titled(poolExamples))('%s', (_, { operator, options, x, y, indices, gradY, gradX }) => {
    if (operator === 'avgPool2d') {
      expectPrinted(api.avgPool2d(x, options as never), y);
      if (gradY && gradX) expectPrinted(api.avgPool2dInputGrad(gradY, x.shape, options as never), gradX);
      return;
    }
    const pooled = api.maxPool2d(x, { ...options, returnIndices: true } as never) as unknown as {
      output: Tensor;
      indices: api.IndexTensor;
    };
    expectPrinted(pooled.output, y);
    if (indices) expect([...pooled.indices.data]).toEqual([...indices]);
    if (gradY && gradX) expectPrinted(api.maxPool2dInputGrad(gradY, pooled.indices, x.shape, options as never), gradX);
  });

  it.each(titled(weightGradExamples))('%s', (_, { options, x, gradY, gradWeight }) => {
    expectPrinted(api.conv1dWeightGrad(x, gradY, gradWeight.shape, options as never), gradWeight);
  });
});
