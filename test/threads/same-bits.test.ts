import { afterAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { testCalls } from '../same/calls.js';
import { compare, outcome } from '../same/compare.js';
import { useBuild } from '../support/builds.js';
import { realTensor } from '../support/data.js';
import { useThreads } from '../support/threads.js';

afterAll(() => void useThreads('strict'));

type Call = () => unknown;

const reals = (shape: readonly number[], seed = 1) => realTensor([...shape], seed);

const channels = [false, true];

/** Convolutions of one problem in both layouts of both operands, with everything that a result may be made of. */
function convolutions(
  [n, ic, h, w]: readonly number[],
  [oc, kh, kw, groups = 1]: readonly number[],
  options: object = {},
  algorithm?: string,
): Call[] {
  const orders = channels.flatMap((xLast) => channels.map((weightLast) => [xLast, weightLast] as const));
  return orders.flatMap(([xLast, weightLast]) => {
    const x = reals(xLast ? [n, h, w, ic] : [n, ic, h, w]);
    const weight = reals(weightLast ? [kh, kw, ic / groups, oc] : [oc, ic / groups, kh, kw], 2);
    const layouts = { layout: xLast ? 'NHWC' : 'NCHW', weightLayout: weightLast ? 'HWIO' : 'OIHW' };
    const plain = { ...options, ...layouts, groups, ...(algorithm && { algorithm }) };
    const add = reals(api.conv2d(x, weight, plain as never).shape, 3);
    const full = { ...plain, bias: reals([oc], 4), activation: 'relu', add };
    return [() => api.conv2d(x, weight, plain as never), () => api.conv2d(x, weight, full as never)];
  });
}

/** The same of transposed convolutions. */
function transposed([n, ic, h, w]: readonly number[], [, oc, kh, kw]: readonly number[], options: object): Call[] {
  return channels.flatMap((last) => {
    const x = reals(last ? [n, h, w, ic] : [n, ic, h, w]);
    const weight = reals(last ? [kh, kw, oc, ic] : [ic, oc, kh, kw], 2);
    const plain = { ...options, layout: last ? 'NHWC' : 'NCHW' };
    const groups = (options as { groups?: number }).groups ?? 1;
    const add = reals(api.convTranspose2d(x, weight, plain as never).shape, 3);
    const full = { ...plain, bias: reals([oc * groups], 4), activation: 'relu' };
    return [plain, full, { ...full, add }].map((given) => () => api.convTranspose2d(x, weight, given as never));
  });
}

/** Calls that are large enough for several bands, blocks and parts of everything. */
const larger: Readonly<Record<string, () => Call[]>> = {
  'bands of the register tile': () => convolutions([1, 24, 50, 44], [40, 3, 5], { padding: [1, 2] }, 'indirect'),
  'images that share tiles': () => convolutions([9, 24, 6, 5], [40, 3, 3], { padding: 1 }, 'indirect'),
  'blocks of tiles': () => convolutions([1, 36, 46, 50], [44, 3, 3], { padding: 1 }, 'winograd-f4x4'),
  'output channels of few tiles': () => convolutions([1, 40, 9, 7], [200, 3, 3], { padding: 1 }, 'winograd-f4x4'),
  'output channels of few tiles, deep': () =>
    convolutions([1, 520, 7, 9], [200, 3, 3], { padding: 1 }, 'winograd-f4x4'),
  'output channels of few tiles, stride': () =>
    convolutions([1, 48, 14, 13], [136, 3, 3], { padding: 1, stride: 2 }, 'winograd-f4x4'),
  'output channels of a line': () => convolutions([1, 40, 1, 30], [200, 1, 3], { padding: [0, 1] }, 'winograd-line'),
  'depthwise rows': () => convolutions([2, 36, 40, 30], [36, 3, 3, 36], { padding: 1 }),
  'a product of one tap': () => convolutions([2, 40, 30, 31], [72, 1, 1]),
  'pixels of small maps': () =>
    [
      [1, 72, 14, 14],
      [1, 136, 7, 7],
      [2, 40, 5, 9],
    ].flatMap((x) => convolutions(x, [56, 1, 1])),
  'classes of one image': () =>
    (
      [
        [[1, 40, 13, 14], [40, 24, 4, 4], { stride: 2, padding: 1 }, 'residue-winograd'],
        [[1, 24, 12, 15], [24, 20, 3, 3], { stride: 2 }, 'residue'],
        [[1, 24, 12, 15], [24, 20, 2, 2], { stride: 2 }, 'residue'],
        [[2, 24, 12, 15], [24, 20, 1, 1], { stride: 3, outputPadding: 2 }, 'residue'],
        [[1, 24, 9, 30], [24, 1, 3, 5], { stride: 2, groups: 24 }, 'residue'],
      ] as const
    ).flatMap(([x, weight, options, algorithm]) => transposed(x, weight, { ...options, algorithm })),
  'windows that few channels fill': () => convolutions([1, 3, 70, 66], [24, 7, 7], { padding: 3, stride: 2 }),
  'products, transposed and scaled': () =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => {
        const a = reals(transposeA ? [150, 210] : [210, 150]);
        const b = reals(transposeB ? [230, 150] : [150, 230], 2);
        const options = { transposeA, transposeB, alpha: 1.5, beta: 0.5, c: reals([210, 230], 3) };
        return () => api.gemm(a, b, options as never);
      }),
    ),
  'weight gradients of a batch': () =>
    ([3, 1] as const).flatMap((k) =>
      (['NCHW', 'NHWC'] as const).flatMap((layout) =>
        [1, 20].map((groups) => {
          const of = (c: number) => (layout === 'NCHW' ? [4, c, 22, 21] : [4, 22, 21, c]);
          const shape = layout === 'NCHW' ? [20, 20 / groups, k, k] : [k, k, 20 / groups, 20];
          const [x, gradY] = [reals(of(20)), reals(of(20), 2)];
          const options = { layout, groups, padding: (k - 1) / 2 };
          return () => api.conv2dWeightGrad(x, gradY, shape, options as never);
        }),
      ),
    ),
  'weight gradients of one image': () =>
    (
      [
        [[1, 57, 30, 40], [3, 3, 40, 48], { padding: 1 }, 'winograd'],
        [[1, 57, 30, 40], [3, 3, 40, 48], { padding: [2, 0] }, 'indirect'],
        [[1, 61, 40, 20], [5, 3, 20, 40], { padding: [3, 1], stride: [2, 1] }, 'indirect'],
        [[1, 70, 32, 64], [1, 1, 64, 72], {}, 'indirect'],
        [[1, 160, 64, 96], [3, 3, 1, 96], { padding: 1, groups: 96 }, 'depthwise'],
        [[1, 70, 32, 64], [1, 1, 64, 72], { layout: 'NCHW' }, 'pointwise'],
      ] as const
    ).flatMap(([[n, h, w, c], [kh, kw, icg, oc], options, algorithm]) =>
      ('layout' in options ? ['NCHW'] : ['NHWC', 'NCHW']).map((layout) => {
        const last = layout === 'NHWC';
        const shape = last ? [kh, kw, icg, oc] : [oc, icg, kh, kw];
        const x = reals(last ? [n, h, w, c] : [n, c, h, w]);
        const gradY = reals(api.conv2d(x, reals(shape), { ...options, layout } as never).shape, 2);
        return () => api.conv2dWeightGrad(x, gradY, shape, { ...options, layout, algorithm } as never);
      }),
    ),
  pools: () =>
    (['NCHW', 'NHWC'] as const).flatMap((layout) =>
      [52, 50].flatMap((c) => {
        const x = reals(layout === 'NCHW' ? [2, c, 40, 37] : [2, 40, 37, c]);
        const options = { kernelSize: 3, stride: 2, padding: 1, layout } as never;
        return [
          () => api.maxPool2d(x, options),
          () => (api.maxPool2d as Callable)(x, { ...(options as object), returnIndices: true }),
          () => api.avgPool2d(x, options),
          () => api.adaptiveAvgPool2d(x, { outputSize: 7, layout } as never),
        ];
      }),
    ),
  'pools by indices, Lp pools and gradients of biases': () =>
    (['NCHW', 'NHWC'] as const).flatMap((layout) => {
      const shape = layout === 'NCHW' ? [2, 12, 38, 37] : [2, 38, 37, 12];
      const x = reals(shape);
      const options = { kernelSize: 3, stride: 2, padding: 1, layout } as never;
      const { output, indices } = api.maxPool2d(x, { ...(options as object), returnIndices: true } as never) as never;
      const norm = { ...(options as object), p: 3 } as never;
      const y = api.lpPool2d(x, norm);
      return [
        () => api.maxPool2dInputGrad(output, indices, shape, options),
        () => api.maxUnpool2d(output, indices, { ...(options as object), outputSize: [38, 37] } as never),
        () =>
          api.maxUnpool2dInputGrad(x, indices, (output as { shape: number[] }).shape, {
            ...(options as object),
            outputSize: [38, 37],
          } as never),
        () => api.lpPool2d(x, norm),
        () => api.lpPool2dInputGrad(y, x, y, norm),
        () => api.biasGrad(x, { layout } as never),
      ];
    }),
};

type Callable = (...args: unknown[]) => unknown;

/** Every so many calls of the lists, another one for each number of threads. */
const EVERY = 7;

describe('the strict build', () => {
  const all = [...testCalls([api])];

  it.each(Object.entries(larger))('shares %s', (_, make) => {
    useThreads('strict');
    useBuild('strict');
    const calls = make();
    const expected = calls.map((call) => outcome(() => ({ result: call() })));
    for (const threads of [2, 3, 5]) {
      const team = useThreads('strict', threads);
      for (const [i, call] of calls.entries()) {
        const steps = team?.steps ?? 0;
        const found = compare(
          expected[i],
          outcome(() => ({ result: call() })),
        );
        expect([i, found, (team?.steps ?? 0) > steps]).toEqual([i, 'same', true]);
      }
      useThreads('strict');
      useBuild('strict');
    }
  });

  it.each([2, 3, 5])('gives the same bits with %i threads as with one', (threads) => {
    const trials = all.filter((_, i) => i % EVERY === threads % EVERY);
    useThreads('strict');
    useBuild('strict');
    const before = trials.map(({ run }) => outcome(() => run(api)));
    const team = useThreads('strict', threads);
    const differ: string[] = [];
    let shared = 0;
    for (const [i, { group, title, run }] of trials.entries()) {
      const steps = team?.steps ?? 0;
      const found = compare(
        before[i],
        outcome(() => run(api)),
      );
      if ((team?.steps ?? 0) > steps) shared++;
      if (found !== 'same' && found !== undefined) differ.push(`${group} ${title}: ${found}`);
    }
    expect(differ).toEqual([]);
    expect(team?.trouble).toBeUndefined();
    // what is compared has run on several threads
    expect(shared).toBeGreaterThan(trials.length / 10);
  });
});
