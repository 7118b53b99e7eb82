import { beforeAll, describe, expect, it } from 'vitest';
import {
  conv1d,
  MemoryError,
  memoryUsage,
  OptionError,
  prepareConv1d,
  ShapeError,
  type Tensor,
} from '../../src/index.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { integerTensor, random, realTensor } from '../support/data.js';

type Shape = readonly number[];

/** Cells [begin, end) of the length axis. */
function cut({ data, shape }: Tensor, axis: number, begin: number, end: number): Tensor {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const [length, outer] = [shape[axis], data.length / (shape[axis] * inner)];
  const cells = Array.from({ length: outer }, (_, o) => [
    ...data.subarray((o * length + begin) * inner, (o * length + end) * inner),
  ]);
  return {
    data: Float32Array.from(cells.flat()),
    shape: shape.map((extent, a) => (a === axis ? end - begin : extent)),
  };
}

/** Tensors behind each other along the length axis. */
function joined(parts: readonly Tensor[], axis: number): Tensor {
  const shape = parts[0].shape.map((extent, a) =>
    a === axis ? parts.reduce((sum, part) => sum + part.shape[a], 0) : extent,
  );
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const lines = Array.from({ length: outer }, (_, o) =>
    parts.map(({ data }) => [...data.subarray((o * data.length) / outer, ((o + 1) * data.length) / outer)]),
  );
  return { data: Float32Array.from(lines.flat(2)), shape };
}

const layers: readonly [name: string, weight: Shape, options: object][] = [
  ['dense', [5, 3, 4], {}],
  ['strided', [6, 4, 3], { stride: 2 }],
  ['strided beyond the kernel', [5, 4, 2], { stride: 5 }],
  ['dilated', [7, 3, 3], { dilation: 4 }],
  ['both', [4, 5, 4], { stride: 3, dilation: 2 }],
  ['one tap', [9, 6, 1], {}],
  ['one tap, strided', [9, 6, 1], { stride: 3 }],
  ['in groups', [6, 2, 3], { groups: 3 }],
  ['depthwise', [9, 1, 5], { groups: 9 }],
  ['depthwise with a multiplier', [10, 1, 3], { groups: 5, stride: 2 }],
  ['groups of four', [16, 4, 3], { groups: 4 }],
  ['few outputs', [2, 64, 3], {}],
  ['for Winograd', [32, 48, 5], {}],
  ['bounded', [5, 3, 4], { activation: 'relu', bias: [1, -2, 3, -4, 5], flipKernel: true }],
];

const paddings = ['causal', 'valid', [[2, 0]]] as const;

const cases = layers.flatMap(([name, shape, options]) =>
  paddings.flatMap((padding) =>
    (['NCL', 'NLC'] as const).map((layout) => ({
      title: `${name}, ${JSON.stringify(padding)}, ${layout}`,
      ...{ shape, options: { ...options, padding, layout }, layout },
    })),
  ),
);

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(cases)('$title: chunks of any length give the whole signal', ({ shape, options, layout }) => {
    const [oc, icg, k] = shape;
    const groups = (options as { groups?: number }).groups ?? 1;
    const last = layout === 'NLC';
    // the row of streams with one tap refuses padding
    const padded = k === 1 && Array.isArray((options as { padding?: unknown }).padding);
    const axis = last ? 1 : 2;
    // to the bit on reals where sums are rounded in one way
    const make = build === 'strict' ? realTensor : integerTensor;
    const weight = make(last ? [k, icg, oc] : [oc, icg, k], 2);
    const signal = make(last ? [2, 157, icg * groups] : [2, icg * groups, 157], 1);
    const next = random(oc + k);
    leavesNothing(() => {
      const layer = prepareConv1d(weight, options, last ? [2, 40, icg * groups] : [2, icg * groups, 40]);
      const stream = layer.stream();
      layer.dispose();
      for (const lengths of [[157], undefined, Array.from({ length: 157 }, () => 1)]) {
        const parts: Tensor[] = [];
        for (let at = 0, i = 0; at < 157; i++) {
          const length = Math.min(157 - at, lengths ? lengths[i] : Math.floor(next() * 23));
          parts.push(stream.push(cut(signal, axis, at, at + length)));
          at += length;
        }
        const whole = { ...options, ...(padded ? { accuracy: 'high' } : { algorithm: stream.algorithm }) };
        expectExact(joined(parts, axis), conv1d(signal, weight, whole as never));
        stream.reset();
      }
      stream.dispose();
      expect(() => stream.push(signal)).toThrow(MemoryError);
    });
  });
});

describe('a stream', () => {
  beforeAll(() => useBuild('strict'));
  const weight = integerTensor([64, 48, 3], 1);

  it('shares the weights of its layer where the row is the same', () => {
    leavesNothing(() => {
      const layer = prepareConv1d(weight, { padding: 'causal', accuracy: 'high' }, [1, 48, 100]);
      const before = memoryUsage().kept;
      const stream = layer.stream();
      expect(memoryUsage().kept - before).toBeLessThan(weight.data.byteLength / 2);
      layer.dispose();
      stream.dispose();
    });
  });

  it('takes one signal without a batch', () => {
    const layer = prepareConv1d(weight, { padding: 'causal' }, [48, 100]);
    const stream = layer.stream();
    const x = integerTensor([48, 30], 3);
    expectExact(
      joined([stream.push(cut(x, 1, 0, 7)), stream.push(cut(x, 1, 7, 30))], 1),
      conv1d(x, weight, { padding: 'causal' }),
    );
    stream.dispose();
    layer.dispose();
  });

  it('gives nothing before a window is complete', () => {
    const layer = prepareConv1d(weight, {}, [2, 48, 100]);
    const stream = layer.stream();
    expect(stream.push(integerTensor([2, 48, 2], 1)).shape).toEqual([2, 64, 0]);
    expect(stream.push(integerTensor([2, 48, 0], 1)).shape).toEqual([2, 64, 0]);
    expect(stream.push(integerTensor([2, 48, 1], 1)).shape).toEqual([2, 64, 1]);
    stream.dispose();
    layer.dispose();
  });

  it('refuses padding behind the signal, and chunks of another batch', () => {
    const layer = prepareConv1d(weight, { padding: 1 }, [1, 48, 100]);
    expect(() => layer.stream()).toThrow(OptionError);
    expect(() => layer.stream()).toThrow(
      /^stream: padding is \[\[1, 1\]\] of zeros, expected \[\[begin, 0\]\] of zeros$/,
    );
    const copied = prepareConv1d(weight, { padding: 'causal', paddingMode: 'replicate' }, [1, 48, 100]);
    expect(() => copied.stream()).toThrow(/padding is \[\[2, 0\]\] of replicate/);
    const stream = layer.at([1, 48, 100]);
    expect(() => stream.run(integerTensor([1, 47, 100], 1))).toThrow(ShapeError);
    const causal = prepareConv1d(weight, { padding: 'causal' }, [1, 48, 100]);
    const one = causal.stream();
    expect(() => one.push(integerTensor([2, 48, 5], 1))).toThrow(ShapeError);
    expect(() => one.push(integerTensor([1, 47, 5], 1))).toThrow(ShapeError);
    expect(() => one.push({} as never)).toThrow(ShapeError);
    for (const handle of [layer, copied, stream, causal, one]) handle.dispose();
  });
});
