import { beforeAll, describe, expect, it } from 'vitest';
import {
  arena,
  conv2d,
  conv2dInputGrad,
  convTranspose1d,
  convTranspose2d,
  convTranspose2dInputGrad,
  init,
  MemoryError,
  memoryUsage,
  OptionError,
  prepareConv2d,
  prepareConvTranspose1d,
  prepareConvTranspose2d,
  prepareConvTranspose3d,
  ShapeError,
  type Tensor,
  UnsupportedError,
} from '../../src/index.js';
import { shapeRules } from '../fixtures/shape-rules.js';
import { convTransposeExamples } from '../fixtures/worked-examples.js';
import * as reference from '../reference/index.js';
import { expectExact, expectPrinted } from '../support/bounds.js';
import { leavesNothing } from '../support/builds.js';
import { parseCase } from '../support/cases.js';
import { integerTensor } from '../support/data.js';
import * as api from './calls.js';

const any = (value: unknown) => value as never;
const x = integerTensor([2, 9, 5, 4], 1);
const weight = integerTensor([9, 8, 4, 3], 2);
const options = { stride: [2, 3], padding: 1, outputPadding: [1, 0], activation: 'relu' } as const;
const bias = integerTensor([8], 3);
const rankOf = (t: { shape: readonly number[] }) => parseCase(['iw1', 'ih1iw1', 'id1ih1iw1'][t.shape.length - 3]);

beforeAll(async () => void (await init()));

describe('worked examples', () => {
  it.each(convTransposeExamples)('$id', ({ x, weight, options, y }) => {
    const given = rankOf(x);
    const operand = (t: { data: Float32Array; shape: readonly number[] }) => ({ data: t.data, shape: [...t.shape] });
    expectPrinted(api.convTranspose(given, operand(x), operand(weight), { ...options }), y);
    const { outputPadding: _, ...direct } = options;
    expectPrinted(api.convInputGrad(given, operand(x), operand(weight), y.shape, direct), y);
  });

  it.each(shapeRules.filter(({ operator }) => operator === 'transposed'))('$name', ({ samples, output }) => {
    for (const { i, k, s, p, d, extra } of samples) {
      const line = { data: new Float32Array(i), shape: [1, 1, i] };
      const kernel = { data: new Float32Array(k), shape: [1, 1, k] };
      const y = convTranspose1d(line, kernel, { stride: s, padding: p, dilation: d, outputPadding: extra });
      expect(y.shape[2]).toBe(output({ i, k, s, p, d, extra }));
    }
  });
});

describe('a prepared transposed convolution', () => {
  const expected = reference.convTranspose(x, weight, { ...options, bias });

  it('equals the plain call, run after run, and tells what serves it', () => {
    const layer = prepareConvTranspose2d(weight, { ...options, bias }, x.shape);
    expectExact(layer.run(x), expected);
    const other = integerTensor(x.shape, 4);
    expectExact(layer.run(other), reference.convTranspose(other, weight, { ...options, bias }));
    expectExact(layer.run(x), expected);
    expect(layer.algorithm).toBe('col2im');
    expect(layer.refused).toEqual([
      { name: 'flipped', reason: 'stride 2' },
      {
        name: 'residue-winograd',
        reason: expect.stringMatching(/^it would take \d\.\d times as long as another row$/),
      },
      { name: 'residue', reason: expect.stringMatching(/^it would take 1\.\d times as long as GEMM and scatter$/) },
    ]);
    expect(layer.shape).toEqual(expected.shape);
    expect(layer.workspaceBytes).toBeGreaterThan(4 * (x.data.length + expected.data.length));
    layer.dispose();
  });

  it('writes into out and returns it, and adds a residual', () => {
    const layer = prepareConvTranspose2d(weight, options, x.shape);
    const add = integerTensor(layer.shape, 5);
    const out = { data: new Float32Array(add.data.length).fill(Number.NaN), shape: layer.shape };
    expect(layer.run(x, out, add)).toBe(out);
    expectExact(out, reference.convTranspose(x, weight, { ...options, add }));
    layer.dispose();
  });

  it('exists for one and three axes', () => {
    const line = integerTensor([1, 2, 5], 1);
    const kernel = integerTensor([2, 3, 3], 2);
    const layer = prepareConvTranspose1d(kernel, { stride: 2, layout: 'NCL' }, line.shape);
    expectExact(layer.run(line), reference.convTranspose(line, kernel, { stride: 2 }));
    layer.dispose();
    const space = integerTensor([1, 2, 3, 2, 4], 1);
    const block = integerTensor([2, 3, 2, 3, 1], 2);
    const solid = prepareConvTranspose3d(block, { stride: [1, 2, 1] }, space.shape);
    expectExact(solid.run(space), reference.convTranspose(space, block, { stride: [1, 2, 1] }));
    solid.dispose();
  });

  it('gives its memory back once, and refuses work afterwards', () => {
    const before = memoryUsage();
    const layer = prepareConvTranspose2d(weight, options, x.shape);
    expect(memoryUsage().kept).toBeGreaterThan(before.kept);
    layer.dispose();
    layer.dispose();
    expect(memoryUsage()).toMatchObject({ used: before.used, kept: before.kept });
    expect(() => layer.run(x)).toThrow('prepareConvTranspose2d was used after dispose()');
  });

  it('takes no out and no add', () => {
    expect(() => prepareConvTranspose2d(weight, any({ add: x }), x.shape)).toThrow(/unknown option "add"/);
    expect(() => prepareConvTranspose2d(weight, any({ out: x }), x.shape)).toThrow(/unknown option "out"/);
  });
});

describe('memory', () => {
  it('operands in an arena, which growth moves: weights, bias, result', async () => {
    const calls = [
      (w: Tensor, b: Tensor, big: Tensor) => conv2d(big, w, { bias: b, padding: 1 }),
      (w: Tensor, b: Tensor, big: Tensor) => convTranspose2d(big, w, { bias: b, padding: 1 }),
      (w: Tensor, _: Tensor, big: Tensor) => conv2dInputGrad(big, w, big.shape, { padding: 1 }),
      (w: Tensor, _: Tensor, big: Tensor) => convTranspose2dInputGrad(big, w, big.shape, { padding: 1, stride: 1 }),
      (w: Tensor, b: Tensor, big: Tensor) => {
        const layer = prepareConv2d(w, { bias: b, padding: 1 }, big.shape);
        const y = layer.run(big);
        layer.dispose();
        return y;
      },
    ];
    const big = integerTensor([1, 24, 40, 30], 1);
    const heap = { weight: integerTensor([24, 24, 3, 3], 2), bias: integerTensor([24], 3) };
    for (const call of calls) {
      const expected = call(heap.weight, heap.bias, big);
      for (const layout of [1, 200, 600, 1200]) {
        await init();
        const a = arena();
        const here = {
          weight: a.from(heap.weight.data, heap.weight.shape),
          bias: a.from(heap.bias.data, heap.bias.shape),
        };
        a.tensor([layout * 16]); // so that memory runs out at another place each time
        expectExact(call(here.weight, here.bias, big), expected);
        a.dispose();
      }
    }
  });

  it('throws MemoryError at a cap, gives everything back, and the next call works', async () => {
    await init({ maxMemory: 2 ** 20 });
    const large = integerTensor([1, 1, 512, 512], 1);
    for (const algorithm of ['residue', 'col2im', 'direct']) {
      const call = () => convTranspose2d(large, integerTensor([1, 8, 3, 3], 2), { stride: 2, algorithm });
      expect(() => leavesNothing(call)).toThrow(MemoryError);
    }
    const wide = integerTensor([64, 64, 9, 9], 2);
    expect(() => leavesNothing(() => convTranspose2d(integerTensor([1, 64, 3, 3], 1), wide, { stride: 2 }))).toThrow(
      MemoryError,
    );
    expect(() => leavesNothing(() => conv2dInputGrad(large, integerTensor([1, 9, 3, 3], 2), [1, 9, 514, 514]))).toThrow(
      MemoryError,
    );
    expectExact(convTranspose2d(x, weight, options), reference.convTranspose(x, weight, options));
    await init();
  });
});

describe('values', () => {
  it('NaN and Infinity reach the cells they belong to, and no others', () => {
    const kernel = integerTensor([4, 8, 3, 3], 2, 1, 4);
    const odd = integerTensor([1, 4, 6, 5], 1);
    odd.data[0 * 30 + 2 * 5 + 3] = Number.NaN;
    odd.data[2 * 30 + 4 * 5 + 1] = Number.POSITIVE_INFINITY;
    for (const algorithm of ['residue', 'col2im', 'direct']) {
      const given = { stride: 2, padding: 1, layout: 'NCHW', algorithm } as const;
      expectExact(convTranspose2d(odd, kernel, given), reference.convTranspose(odd, kernel, { stride: 2, padding: 1 }));
    }
  });

  it('does not change its operands', () => {
    const before = [x.data.slice(), weight.data.slice()];
    convTranspose2d(x, weight, options);
    conv2dInputGrad(integerTensor([2, 9, 3, 2], 1), weight, [2, 8, 6, 4]);
    expect([x.data, weight.data]).toEqual(before);
  });
});

describe('misuse', () => {
  const gradY = integerTensor([2, 9, 3, 2], 1);
  const xShape = [2, 8, 6, 4];
  const grad =
    (given: unknown, ...rest: unknown[]) =>
    () =>
      conv2dInputGrad(any(rest[0] ?? gradY), any(rest[1] ?? weight), any(rest[2] ?? xShape), any(given));
  const upGrad =
    (given: unknown, up: unknown = integerTensor([2, 8, 8, 6], 1), shape: unknown = [2, 9, 5, 4]) =>
    () =>
      convTranspose2dInputGrad(any(up), weight, any(shape), any(given));

  it.each([
    ['fits', grad({}), null, /^$/],
    ['fits, transposed', upGrad({}), null, /^$/],
    ['options of the forward call', grad({ activation: 'relu', bias: new Float32Array(9), add: gradY }), null, /^$/],
    ['another gradY', grad({ padding: 1 }), ShapeError, /^gradY has shape \[2, 9, 3, 2\], expected \[2, 9, 5, 4\]/],
    ['no gradY', grad({}, 'gradY'), ShapeError, /^gradY is "gradY", expected a tensor/],
    [
      'no xShape',
      () => conv2dInputGrad(gradY, weight, any(undefined)),
      ShapeError,
      /^xShape is undefined, expected an array/,
    ],
    ['xShape of another rank', grad({}, gradY, weight, [8, 6]), ShapeError, /^xShape has rank 2/],
    [
      'channels of xShape',
      grad({}, gradY, weight, [2, 7, 6, 4]),
      ShapeError,
      /^xShape has 7 channels, weight expects 8/,
    ],
    ['accumulate without out', grad({ accumulate: true }), OptionError, /^accumulate is true without out/],
    ['accumulate that is none', grad({ accumulate: 1 }), OptionError, /^accumulate is 1, expected true or false/],
    [
      'a misspelt option',
      grad({ strides: 2 }),
      OptionError,
      /conv2dInputGrad: unknown option "strides", did you mean "stride"/,
    ],
    ['out of another shape', grad({ out: gradY }), ShapeError, /^out has shape/],
    ['out over gradY', grad({ out: { data: gradY.data.subarray(0), shape: [2, 9, 3, 2] } }, gradY, integerTensor([9, 9, 1, 1], 1), [2, 9, 3, 2]), OptionError, /shares bytes .* with gradY/], // biome-ignore format: a row
    [
      'an unknown row',
      grad({ algorithm: 'fft' }),
      OptionError,
      /unknown algorithm "fft"; there are "flipped", "residue-winograd"/,
    ],
    ['a row that refuses', grad({ algorithm: 'flipped', stride: 2, padding: 1 }, integerTensor([2, 9, 3, 2], 1)), UnsupportedError, /"flipped" refuses this problem: stride 2/], // biome-ignore format: a row
    [
      'another gradY, transposed',
      upGrad({ stride: 2 }),
      ShapeError,
      /^gradY has shape \[2, 8, 8, 6\], expected \[2, 8, 12, 9\]/,
    ],
    ['a padding mode, transposed', upGrad({ paddingMode: 'reflect' }), OptionError, /^paddingMode is "reflect"/],
    [
      'an unknown option, transposed',
      upGrad({ kernelSize: 3 }),
      OptionError,
      /convTranspose2dInputGrad: unknown option "kernelSize"/,
    ],
  ] as const)('%s', (_, call, error, message) => {
    if (error === null) {
      leavesNothing(call);
      return;
    }
    expect(() => leavesNothing(call)).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe('batch 0', () => {
  it('is empty, with and without out', () => {
    const none = integerTensor([0, 9, 5, 4], 1);
    const y = convTranspose2d(none, weight, options);
    expect([y.shape, y.data.length]).toEqual([[0, 8, 11, 10], 0]);
    const out = { data: new Float32Array(0), shape: [0, 8, 6, 4] };
    expect(conv2dInputGrad(integerTensor([0, 9, 3, 2], 1), weight, [0, 8, 6, 4], { out })).toBe(out);
  });
});
