import { describe, test } from 'vitest';
import { dot } from '../support/algebra.js';
import { expectDerivative } from '../support/bounds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { centralDifferences } from '../support/derivative.js';
import * as problems from '../support/problems.js';
import * as reference from './index.js';

/** Operands of the order of 1, so that some outputs lie on each side of every bound. */
const scaled = (shape: readonly number[], seed: number) => {
  const { data } = realTensor(shape, seed);
  return { data: data.map((value) => 3 * value), shape: [...shape] };
};

describe.each([
  'n2ic3ih5iw4_oc2kh3kw2_ph1phe0_bias_relu',
  'n1ic4ih4iw5_oc6kh2kw3_sh2_dw2_pw2pwe1_g2_reflect_nhwc_flip_bias_relu6',
  'n2ic3iw9_oc3kw4_sw3_pw1pwe2_g3_circular_bias_clamp',
])('convolution %s', (text) => {
  const given = parseCase(text);
  const { x, weight, bias } = problems.convOperands(given, scaled);
  const plain = problems.convOptions(given);
  const y = reference.conv(x, weight, { ...plain, bias });
  const g = integerTensor(y.shape, 9);
  const { gradX, gradWeight, gradBias } = reference.convBackward(g, x, weight, { ...plain, y });

  test('x', () => {
    const loss = (data: Float64Array) => dot(reference.conv({ ...x, data }, weight, { ...plain, bias }), g);
    expectDerivative(gradX.data, centralDifferences(loss, x.data));
  });

  test('weight', () => {
    const loss = (data: Float64Array) => dot(reference.conv(x, { ...weight, data }, { ...plain, bias }), g);
    expectDerivative(gradWeight.data, centralDifferences(loss, weight.data));
  });

  test('bias', () => {
    const loss = (data: Float64Array) => dot(reference.conv(x, weight, { ...plain, bias: data }), g);
    expectDerivative(gradBias.data, centralDifferences(loss, bias ?? []));
  });
});

describe('other operators with activations', () => {
  test('transposed convolution', () => {
    const given = parseCase('n1ic2ih3iw4_oc2kh2kw3_sh2_ph1phe0_oph1_bias_clamp');
    const { x, weight, bias } = problems.convTransposeOperands(given, scaled);
    const options = { ...problems.convTransposeOptions(given), bias };
    const y = reference.convTranspose(x, weight, options);
    const g = integerTensor(y.shape, 9);
    const { gradX, gradWeight, gradBias } = reference.convTransposeBackward(g, x, weight, { ...options, y });
    expectDerivative(
      gradX.data,
      centralDifferences((data) => dot(reference.convTranspose({ ...x, data }, weight, options), g), x.data),
    );
    expectDerivative(
      gradWeight.data,
      centralDifferences((data) => dot(reference.convTranspose(x, { ...weight, data }, options), g), weight.data),
    );
    expectDerivative(
      gradBias.data,
      centralDifferences((data) => dot(reference.convTranspose(x, weight, { ...options, bias: data }), g), bias ?? []),
    );
  });

  test('separable convolution', () => {
    const [x, depthwise, pointwise] = [scaled([1, 2, 5], 1), scaled([4, 1, 2], 2), scaled([3, 4, 1], 3)];
    const options = { stride: 2, padding: 1, activation: 'relu', bias: [0.1, -0.2, 0.3] } as const;
    const y = reference.separableConv(x, depthwise, pointwise, options);
    const g = integerTensor(y.shape, 9);
    const grads = reference.separableConvBackward(g, x, depthwise, pointwise, { ...options, y });
    const loss = (a: reference.Operand, b: reference.Operand, c: reference.Operand) =>
      dot(reference.separableConv(a, b, c, options), g);
    expectDerivative(
      grads.gradX.data,
      centralDifferences((data) => loss({ ...x, data }, depthwise, pointwise), x.data),
    );
    expectDerivative(
      grads.gradDepthwise.data,
      centralDifferences((data) => loss(x, { ...depthwise, data }, pointwise), depthwise.data),
    );
    expectDerivative(
      grads.gradPointwise.data,
      centralDifferences((data) => loss(x, depthwise, { ...pointwise, data }), pointwise.data),
    );
  });

  test('gemm with every option', () => {
    const [a, b, c] = [scaled([4, 3], 1), scaled([5, 4], 2), scaled([1, 5], 3)];
    const options = {
      transposeA: true,
      transposeB: true,
      alpha: 0.7,
      beta: -1.3,
      bias: [0.1, 0.2, -0.3, 0.4, 0],
      activation: 'relu6',
    } as const;
    const y = reference.gemm(a, b, { ...options, c });
    const g = integerTensor(y.shape, 9);
    const grads = reference.gemmBackward(g, a, b, { ...options, c, y });
    const loss = (one: reference.Operand, other: reference.Operand, added: reference.Operand) =>
      dot(reference.gemm(one, other, { ...options, c: added }), g);
    expectDerivative(
      grads.gradA.data,
      centralDifferences((data) => loss({ ...a, data }, b, c), a.data),
    );
    expectDerivative(
      grads.gradB.data,
      centralDifferences((data) => loss(a, { ...b, data }, c), b.data),
    );
    expectDerivative(
      grads.gradC?.data ?? [],
      centralDifferences((data) => loss(a, b, { ...c, data }), c.data),
    );
  });

  test('matmul with broadcasting', () => {
    const [a, b] = [scaled([2, 1, 3, 2], 1), scaled([4, 2, 3], 2)];
    const g = integerTensor([2, 4, 3, 3], 9);
    const { gradA, gradB } = reference.matmulBackward(g, a, b);
    expectDerivative(
      gradA.data,
      centralDifferences((data) => dot(reference.matmul({ ...a, data }, b), g), a.data),
    );
    expectDerivative(
      gradB.data,
      centralDifferences((data) => dot(reference.matmul(a, { ...b, data }), g), b.data),
    );
  });
});

describe.each([1, 2, 3, 2.5])('Lp pool, p = %d', (p) => {
  test.each(['n2ic2ih5iw4_kh3kw2_sh2sw1_ph1phe0_ceil', 'n1ic3iw7_kw3_sw2_pw1_nhwc'])('%s', (text) => {
    const given = parseCase(text);
    const options = { ...problems.lpPoolOptions(given), p };
    const x = scaled(problems.xShape(given), 4);
    const y = reference.lpPool(x, options);
    const g = integerTensor(y.shape, 9);
    const loss = (data: Float64Array) => dot(reference.lpPool({ ...x, data }, options), g);
    expectDerivative(reference.lpPoolInputGrad(g, x, y, options).data, centralDifferences(loss, x.data));
  });
});

describe('pools at cells without ties', () => {
  const given = parseCase('n2ic3ih6iw5_kh3kw2_sh2sw2_dh2_ph1pw1_ceil');
  const x = scaled(problems.xShape(given), 4);

  test('max', () => {
    const options = problems.maxPoolOptions(given);
    const { shape, indices } = reference.maxPool(x, options);
    const g = integerTensor(shape, 9);
    const loss = (data: Float64Array) => dot(reference.maxPool({ ...x, data }, options), g);
    expectDerivative(reference.maxPoolInputGrad(g, indices, x.shape, options).data, centralDifferences(loss, x.data));
  });

  test('average', () => {
    const options = { ...problems.avgPoolOptions(given), countIncludePad: false };
    const g = integerTensor(reference.avgPool(x, options).shape, 9);
    const loss = (data: Float64Array) => dot(reference.avgPool({ ...x, data }, options), g);
    expectDerivative(reference.avgPoolInputGrad(g, x.shape, options).data, centralDifferences(loss, x.data));
  });

  test('adaptive max', () => {
    const options = { outputSize: [4, 3] };
    const { shape, indices } = reference.adaptiveMaxPool(x, options);
    const g = integerTensor(shape, 9);
    const loss = (data: Float64Array) => dot(reference.adaptiveMaxPool({ ...x, data }, options), g);
    expectDerivative(reference.maxPoolInputGrad(g, indices, x.shape).data, centralDifferences(loss, x.data));
  });
});
