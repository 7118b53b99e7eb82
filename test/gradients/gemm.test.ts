import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import * as reference from '../reference/index.js';
import { dot } from '../support/algebra.js';
import { gemmCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { builds, leavesNothing, variants as tuned, useBuild } from '../support/builds.js';
import { has, parseCase } from '../support/cases.js';
import { integers, integerTensor, realTensor as reals, type realTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { activationOf } from '../support/problems.js';

type Make = typeof realTensor;

const fenced = (shape: readonly number[]) => ({ data: fencedOutput(shape.reduce((a, b) => a * b, 1)), shape });
const halves = (length: number) => integers(length, 4).map((value) => value + 0.5);

/** Operands, options, saved result and expected gradients of a product. */
function problem(m: number, n: number, k: number, o: reference.GemmOptions, make: Make) {
  const a = make(o.transposeA ? [k, m] : [m, k], 1);
  const b = make(o.transposeB ? [n, k] : [k, n], 2);
  const { data, shape } = reference.gemm(a, b, o);
  const y = { data: Float32Array.from(data), shape };
  const gradY = make(shape, 5);
  return { a, b, y, gradY, expected: reference.gemmBackward(gradY, a, b, { ...o, y }) };
}

type Part = 'gradA' | 'gradB' | 'gradC' | 'gradBias';

function compare(m: number, n: number, k: number, o: reference.GemmOptions, make: Make, exact: boolean) {
  const { a, b, y, gradY, expected } = problem(m, n, k, o, make);
  const out = {
    gradA: fenced(a.shape),
    gradB: fenced(b.shape),
    gradBias: fenced([n]),
    ...(o.c && { gradC: fenced([m, n]) }),
  };
  const wanted = { a: true, b: true, bias: true, c: o.c !== undefined };
  const grads = leavesNothing(() => api.gemmBackward(gradY, a, b, { ...o, y, wanted, out } as never));
  expect(grads).toEqual(out);
  for (const [part, { data }] of Object.entries(out) as [Part, { data: Float32Array }][]) {
    checkFence(data);
    const result = expected[part] as reference.Result;
    if (exact) expectExact(data, result.data);
    else expectWithin(data, result.data, result.magnitude, result.terms);
  }
}

const sizes: [m: number, n: number, k: number][] = [
  [1, 1, 1],
  [5, 13, 3],
  [7, 1, 5],
  [23, 31, 29],
  [200, 40, 17],
  [3, 70, 600],
  [2, 3, 0],
  [0, 4, 3],
  [4, 0, 3],
];

const variants = (m: number, n: number): reference.GemmOptions[] => [
  {},
  { transposeA: true, bias: halves(n), activation: 'relu' },
  { transposeB: true, alpha: 2, bias: halves(n), activation: 'relu6' },
  { transposeA: true, transposeB: true, alpha: -1, c: integerTensor([m, n], 3), beta: 2 },
  { c: integerTensor([m, n], 3), bias: halves(n), activation: { clamp: [-9, 20] } },
];

describe.each(tuned)('gemmBackward, %s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(sizes)('%d x %d x %d equals the reference', (m, n, k) => {
    for (const o of variants(m, n)) {
      compare(m, n, k, o, integerTensor, true);
      if (!o.activation) compare(m, n, k, o, reals, false);
    }
  });

  it('is adjoint on drawn problems', () => {
    fc.assert(
      fc.property(gemmCase(), (text) => {
        const given = parseCase(text);
        const o = {
          transposeA: has(given, 'ta'),
          transposeB: has(given, 'tb'),
          ...(has(given, 'bias') && { bias: halves(given.n) }),
          activation: activationOf(given),
        };
        compare(given.m, given.n, given.k, o, integerTensor, true);
      }),
      propertyRuns(100),
    );
  });
});

describe('linearBackward', () => {
  it.each([[[7]], [[3, 7]], [[2, 3, 7]], [[0, 7]]])('over %j equals the reference', (xShape) => {
    const x = integerTensor(xShape, 7);
    const weight = integerTensor([5, 7], 8);
    const o = { bias: halves(5), activation: 'relu' } as const;
    const { data, shape } = reference.linear(x, weight, o);
    const y = { data: Float32Array.from(data), shape };
    const gradY = integerTensor(shape, 9);
    const expected = reference.linearBackward(gradY, x, weight, { ...o, y });
    for (const build of builds) {
      useBuild(build);
      const grads = leavesNothing(() => api.linearBackward(gradY, x, weight, { ...o, y }));
      for (const part of ['gradX', 'gradWeight', 'gradBias'] as const) {
        expect(grads[part]?.shape).toEqual(expected[part].shape);
        expectExact((grads[part] as api.Tensor).data, expected[part].data);
      }
    }
  });

  it('computes what is wanted, and adds to the tensors of out', () => {
    const x = integerTensor([4, 7], 7);
    const weight = integerTensor([5, 7], 8);
    const gradY = integerTensor([4, 5], 9);
    const all = api.linearBackward(gradY, x, weight, { bias: new Float32Array(5) });
    expect(Object.keys(all)).toEqual(['gradX', 'gradWeight', 'gradBias']);
    expect(Object.keys(api.linearBackward(gradY, x, weight))).toEqual(['gradX', 'gradWeight']);
    expect(api.linearBackward(gradY, x, weight, { wanted: { weight: true } })).toEqual({ gradWeight: all.gradWeight });
    const out = { gradWeight: { data: new Float32Array(35).fill(3), shape: [5, 7] } };
    const grads = api.linearBackward(gradY, x, weight, { out, accumulate: true });
    expect(grads.gradWeight).toBe(out.gradWeight);
    expectExact(
      out.gradWeight.data,
      (all.gradWeight as api.Tensor).data.map((value) => value + 3),
    );
    expectExact(grads.gradX as api.Tensor, all.gradX as api.Tensor);
    expect(() => api.linearBackward(gradY, x, weight, { out: { gradC: x } } as never)).toThrow(
      'out: unknown option "gradC"',
    );
  });
});

describe('gemmBackward', () => {
  it('adds to the tensors of out, gradC too', () => {
    const [a, b, c, gradY] = [
      integerTensor([5, 3], 1),
      integerTensor([3, 5], 2),
      integerTensor([5, 5], 3),
      integerTensor([5, 5], 4),
    ];
    const options = { c, beta: -2 };
    const all: Record<string, api.Tensor> = api.gemmBackward(gradY, a, b, options) as never;
    expect(Object.keys(all)).toEqual(['gradA', 'gradB', 'gradC']);
    const out = Object.fromEntries(
      Object.entries(all).map(([part, { data, shape }]) => [
        part,
        { data: new Float32Array(data.length).fill(7), shape },
      ]),
    );
    api.gemmBackward(gradY, a, b, { ...options, out, accumulate: true });
    for (const part of ['gradA', 'gradB', 'gradC'] as const) {
      expectExact(
        out[part].data,
        (all[part] as api.Tensor).data.map((value) => value + 7),
      );
    }
  });

  it('refuses what does not fit', () => {
    const [a, b, gradY] = [integerTensor([4, 3], 1), integerTensor([3, 5], 2), integerTensor([4, 5], 4)];
    expect(() => api.gemmBackward(gradY, a, b, { activation: 'relu' })).toThrow('y is required with an activation');
    expect(() => api.gemmBackward(a, a, b)).toThrow(api.ShapeError);
    expect(() => api.gemmBackward(gradY, a, b, { out: { gradA: a } })).toThrow(/out.gradA shares bytes .* with a/);
    expect(() => api.gemmBackward(gradY, a, b, { accumulate: true })).toThrow('accumulate is true without out');
  });
});

describe('matmulBackward', () => {
  it.each<[number[], number[]]>([
    [[4], [4]],
    [[3, 4], [4]],
    [[4], [4, 5]],
    [
      [2, 3, 4],
      [4, 5],
    ],
    [
      [3, 4],
      [2, 4, 5],
    ],
    [
      [2, 1, 3, 4],
      [5, 4, 2],
    ],
    [
      [5, 1, 2, 3],
      [1, 4, 3, 7],
    ],
    [
      [0, 2, 3],
      [3, 2],
    ],
    [
      [2, 0],
      [0, 3],
    ],
  ])('%j by %j equals the reference and is adjoint', (aShape, bShape) => {
    const a = integerTensor(aShape, 5);
    const b = integerTensor(bShape, 6);
    const y = reference.matmul(a, b);
    const gradY = integerTensor(y.shape, 7);
    const expected = reference.matmulBackward(gradY, a, b);
    for (const build of builds) {
      useBuild(build);
      const { gradA, gradB } = leavesNothing(() => api.matmulBackward(gradY, a, b)) as Required<api.MatmulGradients>;
      expect([gradA.shape, gradB.shape]).toEqual([aShape, bShape]);
      expectExact(gradA.data, expected.gradA.data);
      expectExact(gradB.data, expected.gradB.data);
      expect(dot(gradA, a)).toBe(dot(y, gradY));
      const out = { gradB: { data: new Float32Array(b.data.length).fill(2), shape: b.shape } };
      expect(Object.keys(api.matmulBackward(gradY, a, b, { out, accumulate: true, wanted: { b: true } }))).toEqual([
        'gradB',
      ]);
      expectExact(
        out.gradB.data,
        gradB.data.map((value) => value + 2),
      );
    }
  });
});
