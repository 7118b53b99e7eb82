import { beforeAll, describe, expect, it } from 'vitest';
import {
  adaptiveAvgPool2d,
  adaptiveAvgPool2dInputGrad,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dInputGrad,
  arena,
  avgPool1d,
  avgPool2d,
  avgPool2dInputGrad,
  globalAvgPool,
  globalMaxPool,
  type IndexTensor,
  lpPool2d,
  lpPool2dInputGrad,
  type MaxPoolWindow,
  MemoryError,
  maxPool1d,
  maxPool2d,
  maxPool2dInputGrad,
  maxPool3d,
  maxUnpool1d,
  maxUnpool1dInputGrad,
  maxUnpool2d,
  memoryUsage,
  OptionError,
  ShapeError,
  type Tensor,
  tensor,
} from '../../src/index.js';
import { poolExamples } from '../fixtures/worked-examples.js';
import { expectExact, expectPrinted } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { integerTensor } from '../support/data.js';

const line = (...data: number[]): Tensor => tensor(data, [1, 1, data.length]);
const indices = (shape: number[], ...data: number[]): IndexTensor => ({ data: Int32Array.from(data), shape });
const low = Number.NEGATIVE_INFINITY;

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(poolExamples)('printed example $id', ({ operator, x, options: as, y, indices: printed, gradY, gradX }) => {
    const given = tensor(x.data, x.shape);
    const options = { ...as, layout: 'NCHW' } as MaxPoolWindow;
    if (operator === 'avgPool2d') return expectPrinted(avgPool2d(given, options), y);
    const found = maxPool2d(given, { ...options, returnIndices: true });
    expectPrinted(found.output, y);
    if (printed) expectExact(found.indices.data, printed);
    if (gradY && gradX)
      expectPrinted(maxPool2dInputGrad(tensor(gradY.data, gradY.shape), found.indices, x.shape, options), gradX);
  });

  it('gives ties and the gradient to the first cell in row-major order', () => {
    const x = tensor([1, 7, 7, 2, 7, 0], [1, 1, 2, 3]);
    const options = { kernelSize: 2, stride: 1 } as const;
    const found = maxPool2d(x, { ...options, returnIndices: true });
    expectExact(found.indices.data, [1, 1]);
    expectExact(
      maxPool2dInputGrad(tensor([3, 5], [1, 1, 1, 2]), found.indices, x.shape, options).data,
      [0, 8, 0, 0, 0, 0],
    );
  });

  it('lets the first NaN win, and keeps the sign of no zero apart', () => {
    const found = maxPool1d(line(3, Number.NaN, 9, Number.NaN, 4), { kernelSize: 3, stride: 1, returnIndices: true });
    expectExact(found.output.data, [Number.NaN, Number.NaN, Number.NaN]);
    expectExact(found.indices.data, [1, 1, 3]);
    expectExact(maxPool1d(line(-0, 0, -0), { kernelSize: 3, returnIndices: true }).indices.data, [0]);
  });

  it('finds a real index among cells of -Infinity, and none where there is no cell', () => {
    const found = maxPool1d(line(low, low, -5), { kernelSize: 2, padding: 1, returnIndices: true });
    expectExact(found.output.data, [low, -5]);
    expectExact(found.indices.data, [0, 2]);
    const far = { kernelSize: 2, padding: [[3, 0]] } as const;
    const empty = maxPool1d(line(1, 5), { ...far, returnIndices: true });
    expectExact(empty.output.data, [low, 1]);
    expectExact(empty.indices.data, [-1, 0]);
    expectExact(avgPool1d(line(1, 5), far).data, [0, 0.5]);
    expectExact(avgPool1d(line(1, 5), { ...far, countIncludePad: false }).data, [0, 1]);
    expectExact(
      lpPool2d(tensor([3, 4], [1, 1, 1, 2]), {
        p: 2,
        kernelSize: [1, 2],
        padding: [
          [0, 0],
          [2, 0],
        ],
      }).data,
      [0, 5],
    );
  });

  it('skips index -1 in both directions of unpooling', () => {
    const x = line(7, 8);
    const at = indices([1, 1, 2], -1, 0);
    expectExact(maxUnpool1d(x, at, { kernelSize: 2, outputSize: [3] }).data, [8, 0, 0]);
    expectExact(maxUnpool1dInputGrad(line(4, 5, 6), at, x.shape, { kernelSize: 2, outputSize: [3] }).data, [0, 4]);
  });

  it('adds infinities of both signs to NaN in averages alone', () => {
    const x = line(Number.POSITIVE_INFINITY, low, 1, 2);
    expectExact(avgPool1d(x, { kernelSize: 2 }).data, [Number.NaN, 1.5]);
    expectExact(maxPool1d(x, { kernelSize: 2 }).data, [Number.POSITIVE_INFINITY, 2]);
  });

  it('serves tensors of an arena in place', () => {
    leavesNothing(() => {
      const memory = arena();
      const x = memory.from([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);
      const out = memory.tensor([1, 1, 1, 2]);
      expect(maxPool2d(x, { kernelSize: 2, out })).toBe(out);
      expectExact(out.data, [6, 8]);
      avgPool2d(x, { kernelSize: 2, out });
      expectExact(out.data, [3.5, 5.5]);
      avgPool2dInputGrad(out, x.shape, { kernelSize: 2, out: x, accumulate: true });
      expectExact(x.data, [1.875, 2.875, 4.375, 5.375, 5.875, 6.875, 8.375, 9.375]);
      memory.dispose();
    });
  });

  it('takes no note of a call that failed', () => {
    const x = integerTensor([1, 2, 5, 6], 1);
    for (let i = 0; i < 2; i++) {
      expect(() => leavesNothing(() => maxPool2d(x, { kernelSize: 9 }))).toThrow(ShapeError);
      expect(() =>
        leavesNothing(() => maxUnpool2d(x, { data: new Int32Array(60).fill(99), shape: x.shape }, { kernelSize: 2 })),
      ).not.toThrow();
      expect(() =>
        leavesNothing(() => maxUnpool2d(x, { data: new Int32Array(60).fill(120), shape: x.shape }, { kernelSize: 2 })),
      ).toThrow(/indices\[0\] is 120, expected -1 or from 0 to 119/);
    }
    expect(maxPool2d(x, { kernelSize: 5 }).shape).toEqual([1, 2, 1, 1]);
  });
});

describe('repeated calls', () => {
  const x = integerTensor([1, 3, 8, 9], 1);
  const shapeOf = (options: unknown) => maxPool2d(x, options as { kernelSize: number }).shape.slice(2);

  it('follow options that were changed in place', () => {
    const kernelSize = [2, 3];
    const options: Record<string, unknown> = { kernelSize, stride: 1 };
    expect(shapeOf(options)).toEqual([7, 7]);
    kernelSize[1] = 5;
    expect(shapeOf(options)).toEqual([7, 5]);
    options.stride = [1, 2];
    expect(shapeOf(options)).toEqual([7, 3]);
    options.padding = [
      [0, 1],
      [1, 0],
    ];
    expect(shapeOf(options)).toEqual([8, 3]);
    (options.padding as number[][])[0][1] = 3;
    expect(shapeOf(options)).toEqual([10, 3]);
  });

  it('are checked as the first one was', () => {
    expect(shapeOf({ kernelSize: 2 })).toEqual([4, 4]);
    expect(() => shapeOf({ kernelSize: '2' })).toThrow(OptionError);
    expect(() => shapeOf({ kernelSize: 2, extra: undefined })).toThrow(/unknown option "extra"/);
    expect(() => shapeOf({ kernelSize: 2, stride: null })).toThrow(OptionError);
    expect(() => shapeOf(Object.assign(Object.create({ stride: 1 }), { kernelSize: 2 }))).toThrow(OptionError);
    expect(() => shapeOf(null)).toThrow(OptionError);
    expect(() => shapeOf(undefined)).toThrow(OptionError);
    expect(() => shapeOf([2])).toThrow(OptionError);
    expect(() => maxPool2d({ data: x.data, shape: [1, 3, 9, 9] }, { kernelSize: 2 })).toThrow(ShapeError);
  });

  it('tell maxima from indices, operators and gradients from each other', () => {
    for (let i = 0; i < 2; i++) {
      const plain = maxPool2d(x, { kernelSize: 2 });
      const found = maxPool2d(x, { kernelSize: 2, returnIndices: true });
      expectExact(found.output, plain);
      expect(avgPool2d(x, { kernelSize: 2 }).data).not.toEqual(plain.data);
      expect(() => avgPool2dInputGrad(plain, x.shape, { kernelSize: 2, accumulate: true })).toThrow(OptionError);
      const out = integerTensor(x.shape, 2);
      const sum = avgPool2dInputGrad(plain, x.shape, { kernelSize: 2, accumulate: true, out });
      expect(sum).toBe(out);
      expect(avgPool2dInputGrad(plain, x.shape, { kernelSize: 2, out })).toBe(out);
    }
  });

  it('of many shapes forget the oldest and go on', () => {
    for (let round = 0; round < 2; round++) {
      for (let w = 3; w < 60; w++)
        expect(maxPool1d(integerTensor([1, 1, w], w), { kernelSize: 3 }).shape[2]).toBe(Math.floor(w / 3));
    }
  });
});

describe('misuse', () => {
  beforeAll(() => useBuild('strict'));

  const x = integerTensor([2, 3, 6, 8], 1);
  const y = integerTensor([2, 3, 3, 4], 2);
  const at = { data: new Int32Array(72), shape: [2, 3, 3, 4] };
  const window = { kernelSize: 2 } as const;
  const any = (value: unknown) => value as never;
  const shared = new Float32Array(400);

  const misuses: [what: string, call: () => unknown, error: typeof OptionError | typeof ShapeError, message: RegExp][] =
    [
      ['no options', () => maxPool2d(x, any(undefined)), OptionError, /kernelSize is required/],
      ['no x', () => maxPool2d(any(undefined), window), ShapeError, /x is undefined/],
      ['x of another rank', () => maxPool1d(x, any(window)), ShapeError, /x has rank 4/],
      ['x of indices', () => maxPool2d(any(at), window), ShapeError, /x\.data .*Float32Array/],
      [
        'a misspelt option',
        () => maxPool2d(x, any({ kernel: 2 })),
        OptionError,
        /unknown option "kernel", did you mean "kernelSize"/,
      ],
      [
        'dilation of nothing in an average',
        () => avgPool2d(x, { ...window, dilation: 0 }),
        OptionError,
        /dilation is 0/,
      ],
      ['a kernel of 0', () => maxPool2d(x, { kernelSize: [2, 0] }), OptionError, /kernelSize\[1\] \(width\) is 0/],
      ['a kernel beyond the input', () => maxPool2d(x, { kernelSize: 7 }), ShapeError, /output height is 0/],
      [
        'a layout of another rank',
        () => maxPool3d(integerTensor([1, 1, 2, 2, 2], 1), any({ ...window, layout: 'NHWC' })),
        OptionError,
        /layout/,
      ],
      [
        'four paddings in a row',
        () => maxPool2d(x, any({ ...window, padding: [1, 1, 0, 0] })),
        OptionError,
        /pairs per axis/,
      ],
      ['returnIndices 1', () => maxPool2d(x, any({ ...window, returnIndices: 1 })), OptionError, /returnIndices is 1/],
      ['divisorOverride 0', () => avgPool2d(x, { ...window, divisorOverride: 0 }), OptionError, /divisorOverride is 0/],
      ['p missing', () => lpPool2d(x, any(window)), OptionError, /p is required/],
      ['p of 0', () => lpPool2d(x, { ...window, p: 0 }), OptionError, /p is 0/],
      ['p of Infinity', () => lpPool2d(x, { ...window, p: Number.POSITIVE_INFINITY }), OptionError, /maxPool/],
      ['outputSize missing', () => adaptiveAvgPool2d(x, any({})), OptionError, /outputSize is required/],
      ['outputSize 0', () => adaptiveMaxPool2d(x, { outputSize: [0, 2] }), OptionError, /outputSize\[0\]/],
      [
        'an option of globalAvgPool',
        () => globalAvgPool(x, any({ outputSize: 1 })),
        OptionError,
        /unknown option "outputSize"/,
      ],
      ['x of rank 1', () => globalMaxPool(integerTensor([3], 1)), ShapeError, /x has rank 1/],
      // out
      [
        'out of another shape',
        () => maxPool2d(x, { ...window, out: integerTensor([2, 3, 3, 5], 1) }),
        ShapeError,
        /out has shape/,
      ],
      [
        'out over x',
        () =>
          maxPool2d(
            { data: shared.subarray(0, 288), shape: x.shape },
            { ...window, out: { data: shared.subarray(287, 359), shape: y.shape } },
          ),
        OptionError,
        /out shares bytes 1148 to 1151 of its buffer with x/,
      ],
      [
        'a tensor as out, with indices',
        () => maxPool2d(x, any({ ...window, returnIndices: true, out: y })),
        OptionError,
        /out: unknown option "data"/,
      ],
      [
        'out.indices of floats',
        () => maxPool2d(x, any({ ...window, returnIndices: true, out: { indices: y } })),
        ShapeError,
        /out\.indices\.data .*Int32Array/,
      ],
      [
        'out.indices over out.output',
        () =>
          maxPool2d(x, {
            ...window,
            returnIndices: true,
            out: {
              output: { data: shared.subarray(0, 72), shape: y.shape },
              indices: { data: new Int32Array(shared.buffer, 0, 72), shape: y.shape },
            },
          }),
        OptionError,
        /out\.indices shares bytes 0 to 287 of its buffer with out\.output/,
      ],
      // gradients
      ['gradY of another shape', () => maxPool2dInputGrad(x, at, x.shape, window), ShapeError, /gradY has shape/],
      [
        'indices of another shape',
        () => maxPool2dInputGrad(y, { ...at, shape: [3, 2, 3, 4] }, x.shape, window),
        ShapeError,
        /indices has shape/,
      ],
      [
        'indices of floats',
        () => maxPool2dInputGrad(y, any(y), x.shape, window),
        ShapeError,
        /indices\.data .*Int32Array/,
      ],
      [
        'an index beyond the plane',
        () => maxPool2dInputGrad(y, { ...at, data: at.data.map((_, i) => (i === 5 ? 48 : 0)) }, x.shape, window),
        ShapeError,
        /indices\[5\] is 48, expected -1 or from 0 to 47/,
      ],
      [
        'an index below -1',
        () => maxPool2dInputGrad(y, { ...at, data: at.data.map((_, i) => (i === 71 ? -2 : 0)) }, x.shape, window),
        ShapeError,
        /indices\[71\] is -2/,
      ],
      [
        'a huge index',
        () =>
          adaptiveMaxPool2dInputGrad(y, { ...at, data: at.data.fill(2 ** 31 - 1) }, x.shape, { outputSize: [3, 4] }),
        ShapeError,
        /indices\[0\] is 2147483647/,
      ],
      ['xShape that is none', () => avgPool2dInputGrad(y, any('2386'), window), ShapeError, /xShape/],
      ['xShape of another rank', () => avgPool2dInputGrad(y, [3, 6], window), ShapeError, /x has rank 2/],
      ['gradY of a batch', () => avgPool2dInputGrad(y, [3, 8, 6], window), ShapeError, /gradY has rank 4/],
      [
        'accumulate without out',
        () => avgPool2dInputGrad(y, x.shape, { ...window, accumulate: true }),
        OptionError,
        /accumulate is true without out/,
      ],
      [
        'accumulate in a pool',
        () => avgPool2d(x, any({ ...window, accumulate: true, out: y })),
        OptionError,
        /unknown option "accumulate"/,
      ],
      [
        'another output size',
        () => adaptiveAvgPool2dInputGrad(y, x.shape, { outputSize: 3 }),
        ShapeError,
        /gradY has shape/,
      ],
      ['y of another shape', () => lpPool2dInputGrad(y, x, x, { ...window, p: 2 }), ShapeError, /y has shape/],
      [
        'out over gradY',
        () =>
          avgPool2dInputGrad({ data: shared.subarray(0, 72), shape: y.shape }, x.shape, {
            ...window,
            out: { data: shared.subarray(0, 288), shape: x.shape },
          }),
        OptionError,
        /shares bytes .* with gradY/,
      ],
      [
        'outputSize out of reach',
        () => maxUnpool2d(y, at, { ...window, outputSize: [6, 10] }),
        OptionError,
        /outputSize of width is 10/,
      ],
    ];

  it.each(misuses)('%s', (_, call, error, message) => {
    const before = memoryUsage();
    expect(call).toThrow(error);
    expect(call).toThrow(message);
    expect(memoryUsage().used).toBe(before.used);
  });

  it('more memory than there may be', () => {
    useBuild('strict', 1 << 20);
    const large = { data: new Float32Array(1 << 19), shape: [1, 8, 256, 256] };
    expect(() => maxPool2d(large, window)).toThrow(MemoryError);
    expect(memoryUsage().used).toBe(0);
    expectExact(maxPool2d(tensor([1, 2, 3, 4], [1, 1, 2, 2]), window).data, [4]);
  });
});
