import { beforeAll, describe, expect, it } from 'vitest';
import { arena, conv2dWeightGrad, convTranspose2d, prepareConvTranspose2d, UnsupportedError } from '../../src/index.js';
import * as reference from '../reference/index.js';
import { expectAccuracy, expectExact } from '../support/bounds.js';
import { builds, poison, useBuild } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor, realTensor } from '../support/data.js';
import { strideCases, transposedCases } from './cases.js';
import { operators, resultOf } from './operators.js';

const layouts = (text: string) => [text, `${text}_nhwc`];

/**
 * Classes of two taps and three, alone and with others; several chunks of images, blocks of tiles, tiles that lack an
 * output.
 */
const wide = [
  'n2ic20ih18iw13_oc12kh4kw4_sh2sw2_ph1pw1_bias_add',
  'n5ic9ih11iw14_oc10kh6kw6_sh2sw2_ph2pw3_relu',
  'n3ic7ih21iw9_oc9kh5kw5_sh2sw2_ph2pw1_bias',
  'n2ic8ih15iw12_oc11kh6kw7_sh3sw3_dh2dw2_ph4pw2_add',
  'n2ic12ih13iw8_oc18kh4kw4_sh2sw2_g3_flip_bias',
  'n3ic6iw50_oc7kw7_sw2_pw3_bias',
  'n2ic4id3ih9iw8_oc9kd3kh4kw4_sd2sh2sw2_pd1ph1pw1_bias',
];

const cases = {
  convTranspose: [...transposedCases, ...wide].flatMap(layouts),
  convInputGrad: strideCases.flatMap(layouts),
} as const;

/**
 * All of G is divided by 36, or by distances of the points whose product divides 180: with such weights and small
 * inputs every sum is exact.
 */
const sparse: typeof integerTensor = (shape, seed) => {
  const { data, ...rest } = integerTensor(shape, seed);
  return { ...rest, data: data.map((value) => Math.sign(value) * (seed === 2 ? 180 : 1)) };
};

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(['convTranspose', 'convInputGrad'] as const)('is exact where its transforms are: %s', (name) => {
    let served = 0;
    for (const text of cases[name]) {
      const prepared = operators[name].prepare(parseCase(text), sparse);
      poison(1 << 20);
      const y = resultOf(operators[name], prepared, 'residue-winograd');
      try {
        if (y) expectExact(y, prepared.expected);
      } catch (error) {
        throw new Error(`${text}: ${(error as Error).message}`, { cause: error });
      }
      if (y) served += 1;
    }
    expect(served).toBeGreaterThan(15);
  });

  it('keeps to the images of a chunk', () => {
    const home = arena();
    const weight = integerTensor([3, 3, 9, 8], 2);
    const layer = prepareConvTranspose2d(
      weight,
      { stride: 2, outputPadding: 1, layout: 'NHWC', algorithm: 'residue-winograd' },
      [3, 14, 15, 8],
    );
    const [out, beside] = [
      home.tensor(layer.shape),
      home.from(new Float32Array(layer.shape[1] * layer.shape[2] * 9).fill(7), [9 * layer.shape[1] * layer.shape[2]]),
    ];
    layer.run(integerTensor([3, 14, 15, 8], 1), out);
    expect(beside.data.every((value) => value === 7)).toBe(true);
    layer.dispose();
    home.dispose();
  });

  it.each([
    ['4x4/2', [4, 4]],
    ['5x5/2', [5, 5]],
  ] as const)('%s has the mean error of standard accuracy', (_, kernel) => {
    const [x, weight] = [realTensor([1, 64, 13, 14], 1), realTensor([64, 12, ...kernel], 2)];
    const options = { stride: 2, padding: 1, algorithm: 'residue-winograd' } as const;
    const layer = prepareConvTranspose2d(weight, options, x.shape);
    expectAccuracy(layer.run(x), reference.convTranspose(x, weight, { stride: 2, padding: 1 }), 'standard');
    layer.dispose();
  });

  it.each([
    { kernel: [4, 4], options: { stride: 2, dilation: [5, 3], outputPadding: [4, 2] } },
    {
      kernel: [3, 4],
      options: {
        stride: [1, 2],
        padding: [
          [0, 0],
          [1, 1],
        ],
        outputSize: [8, 15],
      },
    },
    { kernel: [3, 3], options: { dilation: 7, outputPadding: 6 } },
  ])('leaves no rounding where nothing falls: %o', ({ kernel, options }) => {
    const [x, weight] = [realTensor([2, 8, 6, 7], 1), realTensor([8, 9, ...kernel], 2)];
    const bias = realTensor([9], 3).data;
    const ones = (t: typeof x) => ({ data: new Float32Array(t.data.length).fill(1), shape: t.shape });
    const seen = convTranspose2d(ones(x), ones(weight), options as never);
    const cells = seen.shape[2] * seen.shape[3];
    for (const algorithm of ['flipped', 'residue-winograd', 'residue', 'col2im', 'direct']) {
      try {
        const { data } = convTranspose2d(x, weight, { ...options, bias, algorithm } as never);
        const wrong = data.filter((value, i) => seen.data[i] === 0 && value !== bias[Math.floor(i / cells) % 9]);
        expect(wrong, algorithm).toHaveLength(0);
      } catch (error) {
        if (!(error instanceof UnsupportedError)) throw error;
      }
    }
  });

  it('of weight gradients refuses taps that meet padding alone, whose gradient is zero', () => {
    const [x, gradY] = [realTensor([1, 8, 1, 40], 1), realTensor([1, 16, 40, 40], 2)];
    const options = {
      padding: [
        [0, 41],
        [1, 1],
      ],
    } as never;
    expect(() => conv2dWeightGrad(x, gradY, [16, 8, 3, 3], { ...(options as object), algorithm: 'winograd' })).toThrow(
      'taps that meet nothing but padding',
    );
    const { data } = conv2dWeightGrad(x, gradY, [16, 8, 3, 3], options);
    expect(data.filter((value, i) => Math.floor(i / 3) % 3 > 0 && value !== 0)).toHaveLength(0);
  });
});
