import { beforeAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { UnsupportedError } from '../../src/index.js';
import { convTable } from '../../src/plan/conv.js';
import { inputGradTable } from '../../src/plan/input-grad.js';
import { weightGradTable } from '../../src/plan/weight-grad.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { type Case, has, parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import { convOptions, convTransposeOptions, transposeWeightShape, weightShape, xShape } from '../support/problems.js';

type T = api.Tensor;
// the functions of every rank, called alike
// biome-ignore lint/suspicious/noExplicitAny: names are made from ranks
const functions = api as any;

const words = {
  conv: [
    ['OIL', 'LIO'],
    ['OIHW', 'HWIO'],
    ['OIDHW', 'DHWIO'],
  ],
  convTranspose: [
    ['IOL', 'LOI'],
    ['IOHW', 'HWOI'],
    ['IODHW', 'DHWOI'],
  ],
} as const;

/** Moves the two channel axes of weights behind the kernel, exchanged; or back. */
function moved({ data, shape }: T, toLast: boolean): T {
  const rank = shape.length - 2;
  const to = toLast ? [...shape.slice(2), shape[1], shape[0]] : [shape[rank + 1], shape[rank], ...shape.slice(0, rank)];
  const [taps, a, b] = [
    (toLast ? shape.slice(2) : shape.slice(0, rank)).reduce((p, e) => p * e, 1),
    toLast ? shape[0] : to[0],
    to[toLast ? rank : 1],
  ];
  const result = new Float32Array(data.length);
  for (let o = 0; o < a; o++)
    for (let c = 0; c < b; c++)
      for (let t = 0; t < taps; t++) {
        const [first, last] = [(o * b + c) * taps + t, (t * b + c) * a + o];
        result[toLast ? last : first] = data[toLast ? first : last];
      }
  return { data: result, shape: to };
}

const conv = [
  'n2ic6ih7iw9_oc10kh3kw2_sh2_ph1_bias_relu',
  'n2ic8ih13iw9_oc12kh3kw3_ph1pw1',
  'ic8ih12iw14_oc3kh3kw3_ph1pw1_flip',
  'n2ic5ih6iw7_oc9kh1kw1',
  'ic6ih9iw8_oc6kh3kw3_ph1pw1_g6',
  'ic8ih9iw8_oc8kh3kw3_ph1pw1_g2_flip',
  'n2ic3iw40_oc5kw3_pw1',
  'ic3id4ih5iw6_oc4kd2kh3kw2_pd1',
];
const convTranspose = [
  'n2ic6ih7iw9_oc10kh3kw2_sh2_ph1_bias_relu',
  'n2ic8ih9iw7_oc12kh4kw4_sh2sw2_ph1pw1',
  'ic8ih9iw7_oc6kh3kw3_flip',
  'n2ic5ih6iw7_oc9kh1kw1',
  'ic6ih5iw4_oc6kh3kw3_sh2sw2_g6',
  'n2ic3iw20_oc5kw4_sw2',
  'ic4id3ih4iw5_oc3kd2kh3kw2_sd2',
];

const cases = (texts: readonly string[]) => texts.flatMap((text) => [text, `${text}_nhwc`]);
const attempt = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
};

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  const check = (family: 'conv' | 'convTranspose', given: Case) => {
    const name = `${family}${given.rank}d`;
    const options = (family === 'conv' ? convOptions : convTransposeOptions)(given) as { activation?: unknown };
    const last = has(given, 'nhwc');
    const other = { ...options, weightLayout: words[family][given.rank - 1][last ? 0 : 1] };
    const same = { ...options, weightLayout: words[family][given.rank - 1][last ? 1 : 0] };
    const x = integerTensor(xShape(given), 1);
    const weight = integerTensor((family === 'conv' ? weightShape : transposeWeightShape)(given), 2);
    const turned = moved(weight, !last);
    const forwardTable = family === 'conv' ? convTable : inputGradTable;
    const backTable = family === 'conv' ? inputGradTable : convTable;
    const y = functions[name](x, weight, options) as T;
    const exact = (algorithm: string) => !/winograd(?!-f2x2)/.test(algorithm);
    expectExact(functions[name](x, weight, same), y);
    for (const { name: algorithm } of forwardTable.filter((row) => exact(row.name))) {
      const result = attempt(() => leavesNothing(() => functions[name](x, turned, { ...other, algorithm })));
      if (result) expectExact(result as T, y);
    }
    // with Winograd's larger tiles: the same operations on the same numbers
    for (const algorithm of [undefined, ...forwardTable.map((row) => row.name).filter((row) => !exact(row))]) {
      const expected = attempt(() => functions[name](x, weight, { ...options, algorithm }));
      if (expected) expectExact(functions[name](x, turned, { ...other, algorithm }), expected as T);
    }
    const layer = functions[`prepare${name[0].toUpperCase()}${name.slice(1)}`](turned, other, x.shape);
    expectExact(layer.run(x), functions[name](x, turned, other));
    layer.dispose();

    const gradY = integerTensor(y.shape, 3);
    const gradX = functions[`${name}InputGrad`](gradY, weight, x.shape, options) as T;
    for (const { name: algorithm } of backTable.filter((row) => exact(row.name))) {
      const result = attempt(() => functions[`${name}InputGrad`](gradY, turned, x.shape, { ...other, algorithm }));
      if (result)
        expectExact(
          result as T,
          functions[`${name}InputGrad`](gradY, weight, x.shape, { ...options, algorithm: 'direct' }),
        );
    }
    for (const { name: algorithm } of weightGradTable.filter((row) => row.name !== 'winograd')) {
      const result = attempt(() => functions[`${name}WeightGrad`](x, gradY, turned.shape, { ...other, algorithm }));
      if (!result) continue;
      expectExact(
        moved(result as T, last),
        functions[`${name}WeightGrad`](x, gradY, weight.shape, { ...options, algorithm: 'direct' }),
      );
      const out = { data: turned.data.slice(), shape: turned.shape };
      functions[`${name}WeightGrad`](x, gradY, turned.shape, { ...other, algorithm, out, accumulate: true });
      expectExact(
        out,
        (result as T).data.map((value, i) => value + turned.data[i]),
      );
    }
    const extra = options.activation === undefined ? {} : { y };
    const grads = functions[`${name}Backward`](gradY, x, turned, { ...other, ...extra });
    const expected = functions[`${name}Backward`](gradY, x, weight, { ...options, ...extra });
    expectExact(grads.gradX, expected.gradX);
    expectExact(moved(grads.gradWeight, last), expected.gradWeight);
    expect(gradX.shape).toEqual(x.shape);
  };

  it.each(cases(conv))('conv %s takes weights in either layout, and its gradients', (text) =>
    check('conv', parseCase(text)),
  );
  it.each(cases(convTranspose))('convTranspose %s takes weights in either layout, and its gradients', (text) =>
    check('convTranspose', parseCase(text)),
  );

  it.each(['NCHW', 'NHWC'] as const)('separable layers with %s do, too', (layout) => {
    const last = layout === 'NHWC';
    const x = integerTensor(last ? [2, 7, 8, 5] : [2, 5, 7, 8], 1);
    const [depthwise, pointwise] = [
      integerTensor(last ? [3, 2, 1, 5] : [5, 1, 3, 2], 2),
      integerTensor(last ? [1, 1, 5, 9] : [9, 5, 1, 1], 3),
    ];
    const [a, b] = [moved(depthwise, !last), moved(pointwise, !last)];
    const other = { layout, weightLayout: last ? 'OIHW' : 'HWIO' } as const;
    const y = api.separableConv2d(x, depthwise, pointwise, { layout });
    for (const algorithm of ['fused', 'two-step'])
      expectExact(api.separableConv2d(x, a, b, { ...other, algorithm } as never), y);
    const gradY = integerTensor(y.shape, 4);
    const expected = api.separableConv2dBackward(gradY, x, depthwise, pointwise, { layout });
    const grads = api.separableConv2dBackward(gradY, x, a, b, other);
    expectExact(grads.gradX as T, expected.gradX as T);
    expectExact(moved(grads.gradDepthwise as T, last), expected.gradDepthwise as T);
    expectExact(moved(grads.gradPointwise as T, last), expected.gradPointwise as T);
  });
});

it('says what it expects', () => {
  const [x, weight] = [integerTensor([1, 4, 5, 6], 1), integerTensor([2, 3, 4, 7], 2)];
  expect(api.conv2d(x, weight, { weightLayout: 'HWIO' }).shape).toEqual([1, 7, 4, 4]);
  expect(() => api.conv2d(x, weight, { weightLayout: 'HWOI' as never })).toThrow(
    'weightLayout is "HWOI", expected "OIHW" or "HWIO"',
  );
  expect(() => api.convTranspose2d(x, weight, { weightLayout: 'HWIO' as never })).toThrow('expected "IOHW" or "HWOI"');
  expect(() => api.conv2d(x, integerTensor([2, 3, 4], 2), { weightLayout: 'HWIO' })).toThrow(
    '[kh, kw, ic / groups, oc]',
  );
  expect(() => api.conv2d(x, weight, { filterLayout: 'HWIO' } as never)).toThrow('did you mean "weightLayout"?');
});
