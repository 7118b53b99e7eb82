import { afterAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import type { Kernels } from '../../src/nn/boundary.js';
import { bytes } from '../../src/nn/module.js';
import * as nn from '../../src/nn.js';
import { host } from '../../src/wasm/host.js';
import { useBuild } from '../support/builds.js';
import { realTensor } from '../support/data.js';
import { useThreads } from '../support/threads.js';

type Tensor = api.Tensor;

afterAll(() => void useThreads('strict'));

const reals = (shape: readonly number[], seed = 1) => realTensor([...shape], seed);
const numbers = ({ shape, data }: Tensor) => ({ shape: [...shape], data: [...data] });

const slopes = Float32Array.from({ length: 44 }, (_, i) => (i % 7) / 4 - 0.5);

/** Activations, and the functions that they stand for, of a tensor whose channels are where `layout` says. */
const activations: readonly (readonly [api.Activation, (x: Tensor, layout: 'NCHW' | 'NHWC') => Tensor])[] = [
  ...(['sigmoid', 'silu', 'hardSwish', 'hardSigmoid', 'tanh', 'elu', 'selu', 'softplus', 'mish', 'gelu'] as const).map(
    (name) => [name, (x: Tensor) => nn[name](x)] as const,
  ),
  ['gelu-tanh', (x) => nn.geluTanh(x)],
  ['leakyRelu', (x) => nn.leakyRelu(x)],
  [{ prelu: 0.25 }, (x) => nn.leakyRelu(x, { slope: 0.25 })],
  [{ prelu: slopes }, (x, layout) => nn.prelu(x, slopes, { layout })],
];

/** Results of 44 channels, of several parts each, with an activation or without. */
function operators(layout: 'NCHW' | 'NHWC'): readonly ((activation?: api.Activation) => Tensor)[] {
  const last = layout === 'NHWC';
  const x = reals(last ? [2, 45, 38, 36] : [2, 36, 45, 38]);
  const weight = reals(last ? [3, 3, 36, 44] : [44, 36, 3, 3], 2);
  const depthwise = reals(last ? [3, 3, 1, 36] : [36, 1, 3, 3], 3);
  const pointwise = reals(last ? [1, 1, 36, 44] : [44, 36, 1, 1], 4);
  const add = reals(last ? [2, 45, 38, 44] : [2, 44, 45, 38], 9);
  const wide = reals(last ? [1, 90, 91, 44] : [1, 44, 90, 91], 5);
  const planes = reals(last ? [3, 3, 1, 44] : [44, 1, 3, 3], 6);
  const [rows, matrix] = [reals([300, 50], 7), reals([44, 50], 8)];
  const call = (run: (options: object) => Tensor) => (activation?: api.Activation) =>
    run({ layout, padding: 1, ...(activation && { activation }) });
  return [
    call((o) => api.conv2d(x, weight, o)),
    call((o) => api.conv2d(x, weight, { ...o, algorithm: 'indirect', add })),
    call((o) => api.conv2d(wide, planes, { ...o, groups: 44 })),
    call((o) => api.separableConv2d(x, depthwise, pointwise, o)),
    ...(last ? [(activation?: api.Activation) => api.linear(rows, matrix, { activation })] : []),
  ];
}

describe('fused activations of another module', () => {
  describe.each(['NCHW', 'NHWC'] as const)('%s', (layout) => {
    it.each(activations)('%j: one, two and three threads give the bits of the function', (activation, apply) => {
      useBuild('strict');
      const expected = operators(layout).map((run) => numbers(apply(run(), layout)));
      for (const threads of [1, 2, 3]) {
        useThreads('strict', threads);
        operators(layout).forEach((run, i) => {
          expect(numbers(run(activation))).toEqual(expected[i]);
        });
      }
      useThreads('strict');
    });
  });

  it.each(['NCHW', 'NHWC'] as const)('is one more step that threads share, %s', (layout) => {
    const team = useThreads('strict', 2);
    const shared = (run: () => void) => {
      const begun = team?.steps ?? 0;
      run();
      return (team?.steps ?? 0) - begun;
    };
    for (const run of operators(layout)) {
      const plain = shared(() => run());
      expect(plain).toBeGreaterThan(0);
      for (const [activation] of activations) expect(shared(() => run(activation))).toBe(plain + 1);
    }
  });

  it('stay on this thread where they are of a second such module', () => {
    useThreads('strict', 2);
    const { crew, join } = host();
    nn.relu(reals([8]));
    const second = join?.(bytes()) as Kernels;
    expect(second.roundSums(64, 64, 0, 1)).toBeUndefined();
    const step = { units: 2, run: () => void second.roundSums(64, 64, 0, 1) };
    expect(crew?.recorder.append(step, [], 0, 1, 0)).toBe(false);
  });
});

/** Functions around convolution, and what they give. */
const functions: Readonly<Record<string, () => object>> = {
  silu: () => nn.silu(reals([70_001])),
  softplus: () => nn.softplus(reals([70_001])),
  'mul, broadcast': () => nn.mul(reals([2, 40, 30, 31]), reals([40, 1, 1], 2)),
  softmax: () => nn.softmax(reals([300, 250])),
  'batchNorm, training': () => nn.batchNorm(reals([3, 20, 33, 31]), { training: true }),
  layerNorm: () => nn.layerNorm(reals([400, 99]), [99]),
  interpolate: () => nn.interpolate(reals([1, 16, 30, 31]), { scale: 2, mode: 'bilinear' }),
  cat: () => nn.cat([reals([2, 20, 30, 31]), reals([2, 21, 30, 31], 2)], 1),
  permute: () => nn.permute(reals([2, 50, 30, 31]), [0, 2, 3, 1]),
  'permute, a matrix': () => nn.permute(reals([301, 131]), [1, 0]),
  pad: () =>
    nn.pad(reals([40, 50, 30]), [
      [1, 1],
      [0, 2],
      [3, 0],
    ]),
  'add, a row to many': () => nn.add(reals([3001, 24]), reals([24], 2)),
  'sub, many from a row': () => nn.sub(reals([24], 2), reals([3001, 24])),
  'softmax of columns': () => nn.softmax(reals([40, 50, 30]), { axis: 1 }),
  softmaxInputGrad: () => nn.softmaxInputGrad(reals([300, 250]), reals([300, 250], 2)),
  siluInputGrad: () => nn.siluInputGrad(reals([70_001]), reals([70_001], 2)),
  sgd: () => nn.sgd(reals([70_001]), reals([70_001], 2), { lr: 0.5, momentum: 0.5 }, reals([70_001], 3)),
  adam: () => {
    const state = { mean: reals([70_001], 3), square: nn.relu(reals([70_001], 4)) };
    return [nn.adam(reals([70_001]), reals([70_001], 2), state, { step: 1 }), state];
  },
  'batchNorm, training, channels last': () => nn.batchNorm(reals([2, 33, 50, 20]), { training: true, layout: 'NHWC' }),
  batchNormBackward: () => nn.batchNormBackward(reals([3, 20, 33, 31]), reals([3, 20, 33, 31], 2), { training: true }),
  'batchNormBackward, channels last': () =>
    nn.batchNormBackward(reals([2, 33, 50, 20]), reals([2, 33, 50, 20], 2), { training: true, layout: 'NHWC' }),
  groupNorm: () => nn.groupNorm(reals([2, 20, 33, 31]), 4),
  instanceNorm: () => nn.instanceNorm(reals([2, 33, 50, 20]), { layout: 'NHWC' }),
  layerNormBackward: () => nn.layerNormBackward(reals([400, 99]), reals([400, 99], 2), [99]),
  'interpolate, channels last': () =>
    nn.interpolate(reals([2, 16, 30, 31]), { scale: 1.5, mode: 'bilinear', layout: 'NHWC' }),
  'interpolate, three axes': () => nn.interpolate(reals([2, 3, 9, 16, 17]), { scale: 2, mode: 'bilinear' }),
  interpolateInputGrad: () =>
    nn.interpolateInputGrad(reals([2, 8, 40, 42]), [2, 8, 20, 21], { scale: 2, mode: 'bilinear' }),
  'softmax of columns, its gradient': () =>
    nn.softmaxInputGrad(reals([4, 50, 3000]), reals([4, 50, 3000], 2), { axis: 1 }),
  'sum of all': () => nn.sum(reals([170_001])),
  'sum over the first axis': () => nn.sum(reals([5003, 30]), { axes: 0 }),
  'sum over the outer axes': () => nn.sum(reals([9, 20, 33, 31]), { axes: [0, 2, 3] }),
  'mse, with its gradient': () => nn.mse(reals([70_001]), reals([70_001], 2), { wanted: { x: true } }),
  'bceWithLogits of each': () => nn.bceWithLogits(reals([70_001]), reals([70_001], 2), { reduction: 'none' }),
  'crossEntropy of maps': () => {
    const target = { data: Int32Array.from({ length: 4000 }, (_, i) => i % 12), shape: [2, 40, 50] };
    return nn.crossEntropy(reals([2, 12, 40, 50]), target, { labelSmoothing: 0.25, wanted: { x: true } });
  },
  'sub, a number from many': () => nn.sub(reals([]), reals([70_001], 2)),
  mean: () => nn.mean(reals([2, 50, 30, 31]), { axes: [2, 3] }),
  dropout: () => nn.dropout(reals([70_001]), { seed: 3 }),
  'crossEntropy, with its gradient': () => {
    const target = { data: Int32Array.from({ length: 900 }, (_, i) => i % 80), shape: [900] };
    return nn.crossEntropy(reals([900, 80]), target, { wanted: { x: true } });
  },
};

describe('functions of stridewise/nn over a shared memory', () => {
  it.each(Object.keys(functions))('%s: one, two, three and five threads share it and give the same bits', (name) => {
    useBuild('strict');
    const alone = functions[name]();
    for (const threads of [2, 3, 5]) {
      const team = useThreads('strict', threads);
      expect(functions[name]()).toEqual(alone);
      // its numbers are hashed from the first one on
      if (name !== 'dropout') expect(team?.steps).toBeGreaterThan(0);
    }
    useThreads('strict');
  });
});
