import * as reference from '../reference/index.js';
import { gemmCase } from '../support/arbitraries.js';
import { type Case, has } from '../support/cases.js';
import type { MakeTensor } from '../support/problems.js';
import { activationOf } from '../support/problems.js';
import { float, type Operator, type Options, type Values } from './operator.js';

const epilogue = (given: Case, make: MakeTensor): Options => ({
  ...(has(given, 'bias') && { bias: make([given.n], 3).data }),
  ...(activationOf(given) && { activation: activationOf(given) }),
});

/** Scaled, with a third matrix in half of the cases, or a row, a column or a single number of it. */
const gemm = (given: Case, make: MakeTensor): [Values, Values, Options] => {
  const { m, n, k } = given;
  const [transposeA, transposeB] = [has(given, 'ta'), has(given, 'tb')];
  const scaled = m % 2 === 0 ? { alpha: 2, beta: -3, c: make([[m, n], [n], [m, 1], [1, n], []][(n + k) % 5], 4) } : {};
  const [a, b] = [make(transposeA ? [k, m] : [m, k], 1), make(transposeB ? [n, k] : [k, n], 2)];
  return [a, b, { transposeA, transposeB, ...scaled, ...epilogue(given, make) }];
};

/** Matrices, stacks that are broadcast, and vectors. */
const matmul = (given: Case, make: MakeTensor): [Values, Values, Options] => {
  const { m, n, k } = given;
  const transposeA = has(given, 'ta') && m % 3 < 2;
  const transposeB = has(given, 'tb') && n % 3 < 2;
  const [a, b] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
  const left = [a, [2, 1, ...a], [k]][m % 3];
  const right = [b, [3, ...b], [k]][n % 3];
  return [make(left, 1), make(right, 2), { transposeA, transposeB }];
};

const linear = (given: Case, make: MakeTensor): [Values, Values, Options] => {
  const { m, n, k } = given;
  return [make(m % 2 === 0 ? [2, m, k] : [m, k], 1), make([n, k], 2), epilogue(given, make)];
};

const preparedLinear = (x: Values, weight: Values, options: Options) => ({
  prepare: [weight, options],
  run: (out?: unknown) => [x, out],
});

type Forward = (given: Case, make: MakeTensor) => [Values, Values, Options];

/** The backward call; behind an activation with the forward result. */
const backward =
  (args: Forward, forward: (a: Values, b: Values, options: Options) => Values) => (given: Case, make: MakeTensor) => {
    const [a, b, options] = args(given, make);
    const y = forward(a, b, options);
    return [make(y.shape, 5), a, b, options.activation === undefined ? options : { ...options, y: float(y) }];
  };

/** Products of matrices and their gradients. */
export const products: Readonly<Record<string, Operator>> = {
  gemm: { cases: gemmCase(), args: gemm },
  gemmBackward: { cases: gemmCase(), args: backward(gemm, reference.gemm) },
  matmul: { cases: gemmCase(), args: matmul },
  matmulBackward: { cases: gemmCase(), args: backward(matmul, reference.matmul) },
  linear: { cases: gemmCase(), args: linear, prepared: preparedLinear },
  linearBackward: { cases: gemmCase(), args: backward(linear, reference.linear) },
};
