import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as api from '../../src/index.js';
import * as nn from '../../src/nn.js';
import { leavesNothing, poison, useBuild } from '../support/builds.js';
import { realTensor, type TestTensor } from '../support/data.js';
import { useThreads } from '../support/threads.js';

type Tensor = api.Tensor;

/** An activation and the functions that it stands for, of a tensor whose channels are in `axis`. */
interface Case {
  readonly activation: api.Activation;
  readonly apply: (x: Tensor, axis: number) => Tensor;
  readonly saved: 'y' | 'preActivation';
  readonly grad: (gradY: Tensor, saved: Tensor, axis: number) => Tensor;
}

const functions = ['selu', 'sigmoid', 'hardSigmoid', 'tanh', 'elu'] as const;
const ofSums = ['silu', 'hardSwish', 'softplus', 'mish', 'gelu'] as const;

const leaky = (slope: number, activation: api.Activation): Case => ({
  activation,
  apply: (x) => nn.leakyRelu(x, { slope }),
  saved: slope < 0 ? 'preActivation' : 'y',
  grad: (g, saved) => nn.leakyReluInputGrad(g, saved, { slope }),
});

/** Slopes for the channels that a tensor has in `axis`. */
function perChannel(
  slopes: Float32Array,
  x: Tensor,
  axis: number,
): { slopes: Float32Array; of: (i: number) => number } {
  const inner = x.shape.slice(axis + 1).reduce((size, extent) => size * extent, 1);
  return { slopes, of: (i) => slopes[Math.floor(i / inner) % slopes.length] };
}

const prelu = (slopes: Float32Array, activation: api.Activation): Case => ({
  activation,
  apply(x, axis) {
    const { of } = perChannel(slopes, x, axis);
    return { data: x.data.map((v, i) => (v > 0 ? v : v * of(i))), shape: x.shape };
  },
  saved: slopes.some((slope) => slope < 0) ? 'preActivation' : 'y',
  grad(g, saved, axis) {
    const { of } = perChannel(slopes, saved, axis);
    return { data: g.data.map((v, i) => (saved.data[i] > 0 ? v : v * of(i))), shape: g.shape };
  },
});

/** All operators below have five output channels. */
const C = 5;
const rising = Float32Array.of(0, 0.25, 0.5, 0.125, 1);
const mixed = Float32Array.of(0.5, -0.25, 2, 0, -1);

const cases: readonly Case[] = [
  ...functions.map((name) => ({
    ...{ activation: name, saved: 'y' as const },
    ...{ apply: (x: Tensor) => nn[name](x), grad: (g: Tensor, y: Tensor) => nn[`${name}InputGrad`](g, y) },
  })),
  ...ofSums.map((name) => ({
    ...{ activation: name, saved: 'preActivation' as const },
    ...{ apply: (x: Tensor) => nn[name](x), grad: (g: Tensor, x: Tensor) => nn[`${name}InputGrad`](g, x) },
  })),
  {
    ...{ activation: 'gelu-tanh', saved: 'preActivation' },
    ...{ apply: (x) => nn.geluTanh(x), grad: (g, x) => nn.geluTanhInputGrad(g, x) },
  },
  leaky(0.01, 'leakyRelu'),
  leaky(0.25, { leakyRelu: 0.25 }),
  leaky(-0.5, { leakyRelu: -0.5 }),
  leaky(0.125, { prelu: 0.125 }),
  leaky(0.125, { prelu: [0.125] }),
  prelu(rising, { prelu: rising }),
  prelu(rising, { prelu: { data: rising, shape: [C] } }),
  prelu(mixed, { prelu: [...mixed] }),
];

/** An operator: its call, its gradients, and the axis that holds the channels of its result. */
interface Operator {
  readonly axis: number;
  run(options: object): Tensor;
  backward?(gradY: Tensor, options: object): object;
}

const reals = (shape: readonly number[], seed: number): TestTensor => realTensor(shape, seed);
const dynamic = api as unknown as Record<string, (...operands: unknown[]) => never>;
const shuffled = (last: boolean, n: number, c: number, spatial: readonly number[]) =>
  last ? [n, ...spatial, c] : [n, c, ...spatial];
const bias = reals([C], 9).data;

/** A convolution, direct or transposed, and its prepared form. */
function convolution(rank: 1 | 2 | 3, transposed: boolean, last: boolean, n: number, groups = 1): Operator[] {
  const spatial = [4, 7, 5].slice(-rank);
  const kernel = [2, 3, 3].slice(-rank);
  const ic = groups === 1 ? 3 : groups;
  const x = reals(shuffled(last, n, ic, spatial), 1);
  const outer = transposed ? [ic, C / groups] : [C, ic / groups];
  const weight = reals(last ? [...kernel, outer[1], outer[0]] : [...outer, ...kernel], 2);
  const layout = last ? ['NLC', 'NHWC', 'NDHWC'][rank - 1] : ['NCL', 'NCHW', 'NCDHW'][rank - 1];
  const name = `conv${transposed ? 'Transpose' : ''}${rank}d`;
  const options = { layout, groups, bias, padding: 1, stride: rank === 2 ? 2 : 1 };
  const { shape } = dynamic[name](x, weight, options) as Tensor;
  const add = reals(shape, 4);
  const axis = last ? rank + 1 : 1;
  const prepare = dynamic[`prepare${name[0].toUpperCase()}${name.slice(1)}`];
  return [
    {
      axis,
      run: (o) => dynamic[name](x, weight, { ...options, ...o }),
      backward: (g, o) => dynamic[`${name}Backward`](g, x, weight, { ...options, ...o }),
    },
    { axis, run: (o) => dynamic[name](x, weight, { ...options, add, ...o }) },
    {
      axis,
      run(o) {
        const layer = prepare(weight, { ...options, ...o }, x.shape) as api.PreparedConv;
        try {
          return layer.run(x, undefined, add);
        } finally {
          layer.dispose();
        }
      },
    },
  ];
}

function separable(last: boolean): Operator {
  const layout = last ? 'NHWC' : 'NCHW';
  const x = reals(shuffled(last, 2, 4, [6, 5]), 1);
  const depthwise = reals(last ? [3, 3, 1, 4] : [4, 1, 3, 3], 2);
  const pointwise = reals(last ? [1, 1, 4, C] : [C, 4, 1, 1], 3);
  const options = { layout, bias, padding: 1 };
  return {
    axis: last ? 3 : 1,
    run: (o) => dynamic.separableConv2d(x, depthwise, pointwise, { ...options, ...o }),
    backward: (g, o) => dynamic.separableConv2dBackward(g, x, depthwise, pointwise, { ...options, ...o }),
  };
}

function locally(last: boolean, prepared: boolean): Operator {
  const x = reals(shuffled(last, 2, 3, [5, 4]), 1);
  const weight = reals(last ? [4, 2, 2, 3, 3, C] : [C, 4, 2, 3, 2, 3], 2);
  const options = { layout: last ? 'NHWC' : 'NCHW', bias };
  return {
    axis: last ? 3 : 1,
    run(o) {
      if (!prepared) return dynamic.locallyConnected2d(x, weight, { ...options, ...o });
      const layer = dynamic.prepareLocallyConnected2d(weight, { ...options, ...o }, x.shape);
      try {
        return (layer as api.PreparedLocallyConnected).run(x);
      } finally {
        (layer as api.PreparedLocallyConnected).dispose();
      }
    },
    backward: (g, o) => dynamic.locallyConnected2dBackward(g, x, weight, { ...options, ...o }),
  };
}

const [a, b] = [reals([7, 4], 1), reals([4, C], 2)];
const [rows, matrix] = [reals([2, 3, 4], 1), reals([C, 4], 2)];

const operators: Readonly<Record<string, () => readonly Operator[]>> = {
  ...Object.fromEntries(
    [false, true].flatMap((last) => [
      ...([1, 2, 3] as const).flatMap((rank) => [
        [`conv${rank}d, ${last ? 'last' : 'first'}`, () => convolution(rank, false, last, 2)],
        [`convTranspose${rank}d, ${last ? 'last' : 'first'}`, () => convolution(rank, true, last, 1)],
      ]),
      [`depthwise, ${last ? 'last' : 'first'}`, () => convolution(2, false, last, 3, C)],
      [`separable, ${last ? 'last' : 'first'}`, () => [separable(last)]],
      [`locally connected, ${last ? 'last' : 'first'}`, () => [locally(last, false), locally(last, true)]],
    ]),
  ),
  gemm: () => [
    {
      axis: 1,
      run: (o) => dynamic.gemm(a, b, { c: 0.5, bias, ...o }),
      backward: (g, o) => dynamic.gemmBackward(g, a, b, { c: 0.5, bias, ...o }),
    },
  ],
  linear: () => [
    {
      axis: 2,
      run: (o) => dynamic.linear(rows, matrix, { bias, ...o }),
      backward: (g, o) => dynamic.linearBackward(g, rows, matrix, { bias, ...o }),
    },
    {
      axis: 2,
      run(o) {
        const layer = api.prepareLinear(matrix, { bias, ...o });
        try {
          return layer.run(rows);
        } finally {
          layer.dispose();
        }
      },
    },
  ],
};

const numbers = (tensor: Tensor) => ({ shape: [...tensor.shape], data: [...tensor.data].map((v) => v + 0) });

/** Results and gradients with an activation are those of the operator and of the function, to the bit. */
function agrees({ run, backward, axis }: Operator, { activation, apply, saved, grad }: Case): void {
  poison();
  const sum = run({});
  const y = apply(sum, axis);
  expect(numbers(leavesNothing(() => run({ activation })))).toEqual(numbers(y));
  if (!backward) return;
  const gradY = reals(y.shape, 6);
  const kept = saved === 'y' ? y : sum;
  const expected = backward(grad(gradY, kept, axis), {});
  const found = leavesNothing(() => backward(gradY, { activation, [saved]: kept }));
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, tensor] of Object.entries(found)) {
    expect(numbers(tensor as Tensor)).toEqual(numbers((expected as Record<string, Tensor>)[name]));
  }
}

describe.each(['strict', 'relaxed', 'debug'] as const)('fused activations, %s', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(Object.keys(operators))('%s', (name) => {
    it.each(cases)('$activation', (one) => {
      for (const operator of operators[name]()) agrees(operator, one);
    });
  });
});

describe('fused activations on two threads', () => {
  beforeAll(() => void useThreads('strict', 2));
  afterAll(() => {
    useThreads('strict');
    useBuild('strict');
  });

  it.each(Object.keys(operators))('%s', (name) => {
    for (const one of cases) for (const operator of operators[name]()) agrees(operator, one);
  });
});

describe('a fused activation', () => {
  beforeAll(() => useBuild('strict'));
  afterEach(() => void vi.resetModules());

  const x = reals([1, 2, 4, 4], 1);
  const weight = reals([3, 2, 3, 3], 2);

  it.each(cases.filter(({ activation }) => JSON.stringify(activation).includes('[') === false))(
    '$activation has the gradient of central differences',
    ({ activation, saved }) => {
      if (typeof activation === 'object' && 'prelu' in activation && typeof activation.prelu !== 'number') return;
      const y = api.conv2d(x, weight, { activation });
      const gradY = reals(y.shape, 3);
      const kept = saved === 'y' ? y : api.conv2d(x, weight);
      const { gradX } = api.conv2dBackward(gradY, x, weight, { activation, [saved]: kept });
      const loss = (data: Float32Array) => {
        const { data: result } = api.conv2d({ data, shape: x.shape }, weight, { activation });
        return result.reduce((sum, v, i) => sum + v * gradY.data[i], 0);
      };
      const step = 2 ** -7;
      for (const i of [0, 5, 13, 22, 31]) {
        const moved = (by: number) => x.data.map((v, j) => (i === j ? v + by : v));
        const difference = (loss(moved(step)) - loss(moved(-step))) / (2 * step);
        // a kink may lie between both points
        expect(Math.abs((gradX as Tensor).data[i] - difference)).toBeLessThan(0.05);
      }
    },
  );

  it('takes NaN and infinities as its function does', () => {
    const special = { data: Float32Array.of(Number.NaN, Infinity, -Infinity, 0, -0, -3, 3, 30), shape: [8, 1] };
    const one = { data: Float32Array.of(1), shape: [1, 1] };
    for (const { activation, apply } of cases) {
      if (typeof activation === 'object' && 'prelu' in activation && typeof activation.prelu !== 'number') continue;
      expect(numbers(api.gemm(special, one, { activation }))).toEqual(numbers(apply(special, 1)));
    }
  });

  it('leaves empty results alone', () => {
    const none = { data: new Float32Array(0), shape: [0, 2, 4, 4] };
    expect(api.conv2d(none, weight, { activation: 'silu' }).shape).toEqual([0, 3, 2, 2]);
  });

  it('takes the slopes of each call, and keeps those of a prepared layer', () => {
    const slopes = Float32Array.of(0.5, 0.5, 2);
    const layer = api.prepareConv2d(weight, { activation: { prelu: slopes } }, x.shape);
    const before = api.conv2d(x, weight, { activation: { prelu: slopes } });
    slopes.fill(3);
    expect(numbers(layer.run(x))).toEqual(numbers(before));
    expect(numbers(api.conv2d(x, weight, { activation: { prelu: slopes } }))).not.toEqual(numbers(before));
    layer.dispose();
  });

  const refused: readonly (readonly [activation: unknown, error: RegExp])[] = [
    ['prelu', /"prelu" needs its slopes/],
    [{ prelu: [0.1, 0.2] }, /activation\.prelu has 2 elements, expected 3/],
    [{ prelu: Number.NaN }, /activation\.prelu is NaN, expected a finite number/],
    [{ prelu: 'x' }, /activation\.prelu is "x"/],
    [{ leakyRelu: Infinity }, /activation\.leakyRelu is Infinity/],
    [{ silu: 1 }, /activation is an object, expected a name/],
    ['swish', /activation is "swish", expected "relu"/],
  ];

  it.each(refused)('%j is refused, and nothing is left', (activation, error) => {
    const options = { activation: activation as api.Activation };
    leavesNothing(() => {
      expect(() => api.conv2d(x, weight, options)).toThrow(error);
      expect(() => api.prepareConv2d(weight, options, x.shape)).toThrow(error);
      expect(() => api.conv2d(x, weight, options)).toThrow(api.StridewiseError);
    });
  });

  it('says what its gradient is made from', () => {
    const gradY = reals([1, 3, 2, 2], 3);
    const grad = (options: object) => () => api.conv2dBackward(gradY, x, weight, options);
    expect(grad({ activation: 'silu', y: gradY })).toThrow(/preActivation is required with this activation/);
    expect(grad({ activation: 'sigmoid', preActivation: gradY })).toThrow(/y is required with an activation/);
    expect(grad({ activation: 'silu', preActivation: x })).toThrow(/preActivation has/);
    expect(grad({ activation: { prelu: [1, 2] }, y: gradY })).toThrow(/expected 3/);
  });

  it('is known once stridewise/nn is imported', async () => {
    const key = Symbol.for('stridewise: further activations');
    const meeting = globalThis as unknown as Record<symbol, unknown>;
    const offered = meeting[key];
    delete meeting[key];
    try {
      const call = () => api.conv2d(x, weight, { activation: 'silu', padding: 2 });
      const error = `activation "silu": its kernels are in stridewise/nn; add import 'stridewise/nn'`;
      expect(call).toThrow(new api.OptionError(error));
    } finally {
      meeting[key] = offered;
    }
    expect(api.conv2d(x, weight, { activation: 'silu' }).shape).toEqual([1, 3, 2, 2]);
  });
});
