import { beforeAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { convCases } from '../conv/cases.js';
import { gradients } from '../fixtures/matrix-facts.js';
import { weightGradExamples } from '../fixtures/worked-examples.js';
import { dot } from '../support/algebra.js';
import { expectDerivative, expectExact, expectPrinted } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { type Case, has, parseCase } from '../support/cases.js';
import { integers, integerTensor, type TestTensor } from '../support/data.js';
import { centralDifferences } from '../support/derivative.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { transposedCases } from '../transposed/cases.js';
import { operatorNames, operators } from './operators.js';

const activations = ['', '_relu', '_relu6', '_clamp', '_hardtanh'];
const cases = {
  conv: convCases.map((text, i) => `${plain(text)}${activations[i % 5]}${i % 3 === 0 ? '_nhwc' : ''}`),
  convTranspose: transposedCases.map((text, i) => `${plain(text)}${activations[i % 5]}${i % 3 === 1 ? '_nhwc' : ''}`),
};

/** The case without an activation and without operands that have no gradient here. */
function plain(text: string): string {
  return text.replace(/_(relu6|relu|clamp|hardtanh|add)/g, '');
}

/** Half-integer sums: no result lies at a bound of an activation. */
const halves = (length: number): Float32Array => integers(length, 3).map((value) => value + 0.5);

type Name = (typeof operatorNames)[number];

/** A forward call with everything its backward call takes, all exact in f32. */
function forward(name: Name, text: string) {
  const given = parseCase(text);
  const { operands, options, reference } = operators[name];
  const { x, weight } = operands(given);
  // Winograd's scales round
  const o = { ...options(given), bias: halves(given.oc), accuracy: 'high' as const };
  const { data, shape } = reference.forward(x, weight, o);
  const y: TestTensor = { data: Float32Array.from(data), shape };
  const gradY = integerTensor(shape, 5);
  return { given, x, weight, o, y, gradY };
}

/** The reference is slow and the same for every build. */
const ready = new Map<string, ReturnType<typeof prepare>>();
const prepared = (name: Name, text: string) => {
  const key = `${name} ${text}`;
  const made = ready.get(key) ?? prepare(name, text);
  ready.set(key, made);
  return made;
};
function prepare(name: Name, text: string) {
  const call = forward(name, text);
  const expected = operators[name].reference.backward(call.gradY, call.x, call.weight, { ...call.o, y: call.y });
  return { ...call, expected };
}

const fenced = (shape: readonly number[]) => ({ data: fencedOutput(shape.reduce((a, b) => a * b, 1)), shape });

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  describe.each(operatorNames)('%s', (name) => {
    it.each(cases[name])('all gradients at once equal the reference: %s', (text) => {
      const { given, x, weight, o, y, gradY, expected } = prepared(name, text);
      const out = { gradX: fenced(x.shape), gradWeight: fenced(weight.shape), gradBias: fenced([given.oc]) };
      const before = [gradY, x, weight, y].map(({ data }) => data.slice());
      const grads = leavesNothing(() => operators[name].backward(given)(gradY, x, weight, { ...o, y, out } as never));
      expect(Object.keys(grads)).toEqual(Object.keys(out));
      for (const [key, tensor] of Object.entries(out)) {
        expect(grads[key as keyof typeof out]).toBe(tensor);
        checkFence(tensor.data);
      }
      for (const [i, { data }] of [gradY, x, weight, y].entries()) expectExact(data, before[i]);
      expectExact(out.gradX, expected.gradX);
      expectExact(out.gradWeight, expected.gradWeight);
      expectExact(out.gradBias, expected.gradBias);
    });
  });
});

const samples: readonly [Name, string][] = [
  ['conv', 'n2ic3ih5iw4_oc2kh3kw2_ph1phe0_relu'],
  ['conv', 'ic4ih4iw5_oc6kh2kw3_sh2_dw2_pw2pwe1_g2_reflect_nhwc_flip_relu6'],
  ['conv', 'n2ic3iw9_oc3kw4_sw3_pw1pwe2_g3_circular_clamp'],
  ['conv', 'ic2id3ih4iw3_oc3kd2kh2kw2_pd1_replicate_relu'],
  ['convTranspose', 'ic2ih3iw4_oc2kh2kw3_sh2_ph1phe0_oph1_clamp'],
  ['convTranspose', 'n2ic4iw5_oc6kw3_sw3_g2_opw2_nhwc_relu'],
];

const shapesOf = ({ gradX, gradWeight, gradBias }: api.ConvGradients) =>
  [gradX, gradWeight, gradBias].map((g) => g?.shape);

describe.each(samples)('%s %s', (name, text) => {
  const { given, x, weight, o, y, gradY } = prepared(name, text);
  const { backward, prepareBackward, weightGrad, reference } = operators[name];
  const call = (more: api.ConvBackwardOptions = {}) =>
    leavesNothing(() => backward(given)(gradY, x, weight, { ...o, y, ...more } as never));

  beforeAll(() => useBuild('strict'));

  it('is the derivative of the forward call', () => {
    const loss = (part: object, bias = o.bias as ArrayLike<number>) => {
      const at = { x, weight, ...part };
      return dot(reference.forward(at.x, at.weight, { ...o, bias }), gradY);
    };
    const { gradX, gradWeight, gradBias } = call() as api.ConvGradients as Required<api.ConvGradients>;
    expectDerivative(
      gradX.data,
      centralDifferences((data) => loss({ x: { ...x, data } }), x.data),
    );
    expectDerivative(
      gradWeight.data,
      centralDifferences((data) => loss({ weight: { ...weight, data } }), weight.data),
    );
    expectDerivative(
      gradBias.data,
      centralDifferences((data) => loss({}, data), o.bias),
    );
  });

  it('returns what is wanted, each the same as alone', () => {
    const all = call();
    expect(shapesOf(all)).toEqual([x.shape, weight.shape, [given.oc]]);
    expect(call({ wanted: { x: true } })).toEqual({ gradX: all.gradX });
    expect(call({ wanted: { weight: true } })).toEqual({ gradWeight: all.gradWeight });
    expect(call({ wanted: { bias: true } })).toEqual({ gradBias: all.gradBias });
    expect(call({ wanted: {} })).toEqual({});
    expect(Object.keys(call({ bias: undefined }))).toEqual(['gradX', 'gradWeight']);
    const masked = { data: gradY.data.map((g, i) => (passes(y.data[i], given) ? g : 0)), shape: gradY.shape };
    const inputGrad = operators[name].inputGrad(given);
    expectExact(inputGrad(masked, weight, x.shape, o as never), all.gradX as api.Tensor);
    expectExact(weightGrad(given)(x, masked, weight.shape, o as never), all.gradWeight as api.Tensor);
    expectExact(api.biasGrad(masked, { layout: o.layout }), all.gradBias as unknown as api.Tensor);
  });

  it('adds to the tensors of out, and makes the others new', () => {
    const all = call();
    const more = (t: api.Tensor | undefined) => ({
      data: (t as api.Tensor).data.map((v) => v + 3),
      shape: (t as api.Tensor).shape,
    });
    const filled = (shape: readonly number[]) => ({ data: fenced(shape).data.fill(3), shape });
    const out = { gradWeight: filled(weight.shape), gradBias: filled([given.oc]), gradX: filled(x.shape) };
    const grads = call({ out, accumulate: true });
    for (const key of ['gradX', 'gradWeight', 'gradBias'] as const) {
      expect(grads[key]).toBe(out[key]);
      checkFence(out[key].data);
      expectExact(out[key], more(all[key]));
    }
    const partial = { gradWeight: filled(weight.shape) };
    const mixed = call({ out: partial, accumulate: true });
    expectExact(mixed.gradX as api.Tensor, all.gradX as api.Tensor);
    expectExact(partial.gradWeight, more(all.gradWeight));
  });

  it('runs prepared, with other weights in every run', () => {
    const { bias: _, ...unbiased } = o;
    const layer = prepareBackward(given)(o as never, x.shape, weight.shape);
    for (const seed of [2, 11, 2]) {
      const w = integerTensor(weight.shape, seed);
      const alone = leavesNothing(() => backward(given)(gradY, x, w, { ...o, y } as never));
      expect(leavesNothing(() => layer.run(gradY, x, w, { y }))).toEqual(alone);
    }
    expect(Object.keys(layer.run(gradY, x, weight, { y, wanted: { bias: true } }))).toEqual(['gradBias']);
    expect(typeof layer.algorithms.x).toBe('string');
    layer.dispose();
    expect(() => layer.run(gradY, x, weight, { y })).toThrow(api.MemoryError);
    const withoutBias = prepareBackward(given)(unbiased as never, x.shape, weight.shape);
    expect(Object.keys(withoutBias.run(gradY, x, weight, { y }))).toEqual(['gradX', 'gradWeight']);
    withoutBias.dispose();
  });
});

/** Whether the activation of a case let the sum through. */
function passes(y: number, given: Case): boolean {
  if (has(given, 'relu')) return y > 0;
  const [lo, hi] = has(given, 'relu6') ? [0, 6] : has(given, 'hardtanh') ? [-1, 1] : [-3, 5];
  return lo < y && y < hi;
}

describe('memory', () => {
  it('takes operands and results in an arena, whose memory may grow on the way', () => {
    useBuild('strict');
    const { given, x, weight, o, y, gradY, expected } = prepared('conv', samples[0][1]);
    const before = api.memoryUsage();
    const a = api.arena();
    const here = [gradY, x, weight, y].map(({ data, shape }) => a.from(data, shape));
    const filler = Math.floor((api.memoryUsage().reserved - api.memoryUsage().used) / 4) - 1000;
    if (filler > 0) a.tensor([filler]);
    const out = { gradX: a.tensor(x.shape), gradWeight: a.tensor(weight.shape), gradBias: a.tensor([given.oc]) };
    operators.conv.backward(given)(here[0], here[1], here[2], { ...o, y: here[3], out } as never);
    for (const key of ['gradX', 'gradWeight', 'gradBias'] as const) expectExact(out[key], expected[key]);
    a.dispose();
    expect(api.memoryUsage()).toMatchObject({ used: before.used, kept: before.kept });
  });

  it('stays flat over ten thousand steps of a prepared call', () => {
    const { given, x, weight, o, y, gradY } = prepared('conv', samples[0][1]);
    const layer = operators.conv.prepareBackward(given)(o as never, x.shape, weight.shape);
    const out = layer.run(gradY, x, weight, { y });
    const before = api.memoryUsage();
    for (let step = 0; step < 10_000; step++) layer.run(gradY, x, weight, { y, out, accumulate: step % 2 === 1 });
    expect(api.memoryUsage()).toEqual(before);
    layer.dispose();
  });

  it('comes back after an error', () => {
    const { given, x, weight, o, y, gradY } = prepared('conv', samples[0][1]);
    const call = (options: object) =>
      leavesNothing(() => operators.conv.backward(given)(gradY, x, weight, options as never));
    const { activation: _, ...linear } = o;
    expect(() => call(o)).toThrow('y is required with an activation');
    expect(() => call({ ...o, y: x })).toThrow(api.ShapeError);
    expect(() => call({ ...o, y, algorithm: 'direct' })).toThrow('unknown option "algorithm"');
    expect(() => call({ ...linear, accumulate: true })).toThrow('accumulate is true without out');
    expect(() => call({ ...linear, out: { gradX: gradY } })).toThrow('out.gradX');
    expect(() => call({ ...linear, out: { gradX: x } })).toThrow(/out.gradX shares bytes .* with x/);
    const twice = new Float32Array(x.data.length + weight.data.length);
    const overlap = {
      gradX: { data: twice.subarray(0, x.data.length), shape: x.shape },
      gradWeight: {
        data: twice.subarray(x.data.length - 1, x.data.length + weight.data.length - 1),
        shape: weight.shape,
      },
    };
    expect(() => call({ ...linear, out: overlap })).toThrow(/out.gradWeight shares bytes .* with out.gradX/);
    expect(() => call({ ...linear, wanted: { input: true } })).toThrow('wanted has "input"');
  });
});

describe('biasGrad', () => {
  it.each([
    ['NCL', [3, 5, 7]],
    ['NLC', [3, 7, 5]],
    ['NCHW', [2, 17, 40, 31]],
    ['NHWC', [2, 40, 31, 17]],
    ['NCDHW', [2, 3, 4, 5, 6]],
    ['NDHWC', [2, 4, 5, 6, 35]],
    ['NCL', [1, 1, 9000]],
    ['NLC', [0, 7, 5]],
  ] as const)('%s %j sums over batch and plane', (layout, shape) => {
    const gradY = integerTensor(shape, 4);
    const c = layout.endsWith('C') ? shape[shape.length - 1] : shape[1];
    const inner = layout.endsWith('C') ? 1 : shape.slice(2).reduce<number>((a, b) => a * b, 1);
    const expected = new Float64Array(c);
    for (const [at, value] of gradY.data.entries()) expected[Math.floor(at / inner) % c] += value;
    const out = fenced([c]);
    for (const build of builds) {
      useBuild(build);
      leavesNothing(() => api.biasGrad(gradY, { layout, out }));
      checkFence(out.data);
      expectExact(out.data, expected);
      leavesNothing(() => api.biasGrad(gradY, { layout, out, accumulate: true }));
      expectExact(
        out.data,
        expected.map((value) => 2 * value),
      );
    }
  });

  it('refuses to accumulate into nothing', () => {
    expect(() => api.biasGrad(integerTensor([1, 2, 3], 1), { accumulate: true })).toThrow(
      'accumulate is true without out',
    );
  });
});

describe('figures of the lecture', () => {
  it.each(weightGradExamples)('$id', ({ x, gradY, gradWeight, options }) => {
    const grad = api.conv1dWeightGrad(x, gradY, gradWeight.shape, options as never);
    expectPrinted(grad, gradWeight);
  });

  it('gradients as correlations', () => {
    const line = (data: readonly number[]) => ({ data: Float32Array.from(data), shape: [1, 1, data.length] });
    const { input, weight, gradOutput, gradWeight, gradInput } = gradients;
    const grads = api.conv1dBackward(line(gradOutput), line(input), line(weight), { accuracy: 'high' });
    expectExact(grads.gradWeight?.data ?? [], gradWeight);
    expectExact(grads.gradX?.data ?? [], gradInput);
  });
});
