import { beforeAll, describe, expect, it } from 'vitest';
import {
  conv2d,
  convTranspose2d,
  locallyConnected2d,
  MemoryError,
  memoryUsage,
  type PreparedConv,
  prepareConv2d,
  prepareConvTranspose2d,
  prepareLocallyConnected2d,
  prepareSeparableConv2d,
  ShapeError,
  separableConv2d,
  type Tensor,
} from '../../src/index.js';
import { expectExact } from '../support/bounds.js';
import { builds, leavesNothing, useBuild } from '../support/builds.js';
import { integerTensor } from '../support/data.js';

interface Layer {
  readonly prepare: (xShape: readonly number[]) => Pick<PreparedConv, 'algorithm' | 'shape' | 'at' | 'run' | 'dispose'>;
  readonly call: (x: Tensor) => Tensor;
  readonly weightBytes: number;
  readonly channels: number;
  readonly last?: boolean;
}

type Layouts = { readonly layout: 'NCHW' | 'NHWC' };
const bytesOf = (...tensors: Tensor[]) => tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
const bias = (n: number) => Array.from({ length: n }, (_, i) => (i % 5) - 2);

function conv(
  algorithm: string,
  shape: [number, number, number, number],
  groups: number,
  layout: 'NCHW' | 'NHWC',
  more = {},
): Layer {
  const [oc, icg, kh, kw] = shape;
  const weight = integerTensor(layout === 'NCHW' ? shape : [kh, kw, icg, oc], 2);
  const options = { ...{ algorithm, groups, layout, bias: bias(oc) }, ...more };
  return {
    prepare: (xShape) => prepareConv2d(weight, options, xShape),
    call: (x) => conv2d(x, weight, options),
    ...{ weightBytes: bytesOf(weight), channels: icg * groups, last: layout === 'NHWC' },
  };
}

function transposed(algorithm: string, stride: number, layout: 'NCHW' | 'NHWC'): Layer {
  const weight = integerTensor(layout === 'NCHW' ? [37, 43, 3, 3] : [3, 3, 43, 37], 2);
  const options = { algorithm, stride, layout, bias: bias(43) };
  return {
    prepare: (xShape) => prepareConvTranspose2d(weight, options, xShape),
    call: (x) => convTranspose2d(x, weight, options),
    ...{ weightBytes: bytesOf(weight), channels: 37, last: layout === 'NHWC' },
  };
}

function separable(algorithm: string, { layout }: Layouts): Layer {
  const [depthwise, pointwise] =
    layout === 'NCHW'
      ? [integerTensor([70, 1, 3, 3], 2), integerTensor([83, 70, 1, 1], 3)]
      : [integerTensor([3, 3, 1, 70], 2), integerTensor([1, 1, 70, 83], 3)];
  const options = { algorithm, padding: 1, layout, bias: bias(83) };
  return {
    prepare: (xShape) => prepareSeparableConv2d(depthwise, pointwise, options, xShape),
    call: (x) => separableConv2d(x, depthwise, pointwise, options),
    ...{ weightBytes: bytesOf(depthwise, pointwise), channels: 70, last: layout === 'NHWC' },
  };
}

const layers = (layout: 'NCHW' | 'NHWC'): Record<string, Layer> => ({
  'winograd-f4x4': conv('winograd-f4x4', [45, 35, 3, 3], 1, layout, { padding: 1 }),
  'winograd-f2x2': conv('winograd-f2x2', [45, 35, 3, 3], 1, layout),
  'winograd-line': conv('winograd-line', [45, 35, 1, 5], 1, layout),
  indirect: conv('indirect', [45, 35, 3, 2], 1, layout, { stride: 2 }),
  'indirect in groups': conv('indirect', [42, 35, 3, 3], 3, layout),
  'im2col-gemm': conv('im2col-gemm', [45, 35, 3, 3], 1, layout),
  direct: conv('direct', [13, 7, 3, 3], 1, layout),
  pointwise: conv('pointwise', [75, 65, 1, 1], 1, layout),
  'few-outputs': conv('few-outputs', [3, 64, 3, 3], 1, layout),
  depthwise: conv('depthwise', [133, 1, 5, 5], 133, layout, { padding: 2 }),
  'groups-of-four': conv('groups-of-four', [64, 4, 3, 3], 16, layout),
  ...(layout === 'NCHW' && { 'depthwise-planes': conv('depthwise-planes', [133, 1, 5, 5], 133, layout) }),
  flipped: transposed('flipped', 1, layout),
  residue: transposed('residue', 2, layout),
  'residue-winograd': transposed('residue-winograd', 2, layout),
  col2im: transposed('col2im', 2, layout),
  'transposed direct': transposed('direct', 2, layout),
  fused: separable('fused', { layout }),
  'two-step': separable('two-step', { layout }),
});

const xShapeOf = ({ channels, last }: Layer, n: number, h: number, w: number) =>
  last ? [n, h, w, channels] : [n, channels, h, w];

const all = (['NCHW', 'NHWC'] as const).flatMap((layout) =>
  Object.entries(layers(layout)).map(([name, layer]) => ({ name: `${name} ${layout}`, layer })),
);

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(all)('$name: layers for other extents share what is packed, and live on alone', ({ layer }) => {
    leavesNothing(() => {
      const start = memoryUsage().kept;
      const first = layer.prepare(xShapeOf(layer, 1, 13, 15));
      const one = memoryUsage().kept - start;
      const second = first.at(xShapeOf(layer, 2, 9, 11));
      const both = memoryUsage().kept - start;
      // records and tables alone are new
      expect(one).toBeGreaterThanOrEqual(layer.weightBytes);
      expect(both - one).toBeLessThan(layer.weightBytes / 2 + 8192);
      expect(second.algorithm).toBe(first.algorithm);
      const [x1, x2] = [integerTensor(xShapeOf(layer, 1, 13, 15), 5), integerTensor(xShapeOf(layer, 2, 9, 11), 6)];
      const [y1, y2] = [layer.call(x1), layer.call(x2)];
      expect(second.shape).toEqual(y2.shape);
      expectExact(second.run(x2), y2);
      expectExact(first.run(x1), y1);
      first.dispose();
      expectExact(second.run(x2), y2);
      expect(() => first.run(x1)).toThrow(MemoryError);
      expect(() => first.at(x1.shape)).toThrow(MemoryError);
      const third = second.at(x1.shape);
      second.dispose();
      expectExact(third.run(x1), y1);
      third.dispose();
    });
  });

  it.each(all)('$name: any batch runs on the same weights', ({ layer }) => {
    leavesNothing(() => {
      const prepared = layer.prepare(xShapeOf(layer, 2, 9, 11));
      const before = memoryUsage().kept;
      for (const n of [1, 2, 5, 0]) {
        const x = integerTensor(xShapeOf(layer, n, 9, 11), 7);
        const y = layer.call(x);
        const out = { data: new Float32Array(y.data.length), shape: y.shape };
        expectExact(prepared.run(x), y);
        expect(prepared.run(x, out)).toBe(out);
        expectExact(out, y);
      }
      // that row transforms each class of cells as suits the batch
      if (prepared.algorithm !== 'residue-winograd')
        expect(memoryUsage().kept - before).toBeLessThan(3 * (layer.weightBytes / 2 + 8192));
      expect(() => prepared.run(integerTensor(xShapeOf(layer, 2, 9, 12), 1))).toThrow(ShapeError);
      expect(() => prepared.run(integerTensor([9, 11, layer.channels], 1))).toThrow(ShapeError);
      prepared.dispose();
    });
  });
});

describe('a prepared layer', () => {
  beforeAll(() => useBuild('strict'));

  it('packs anew for a row of another kind, from the weights as they were', () => {
    leavesNothing(() => {
      const weight = integerTensor([48, 1, 3, 3], 2);
      const [x1, x2] = [integerTensor([1, 48, 16, 16], 3), integerTensor([2, 48, 3, 3], 4)];
      const options = { groups: 48, padding: 1 };
      const [y1, y2] = [conv2d(x1, weight, options), conv2d(x2, weight, options)];
      const first = prepareConv2d(weight, options, x1.shape);
      weight.data.fill(Number.NaN);
      const second = first.at(x2.shape);
      expect([first.algorithm, second.algorithm]).toEqual(['depthwise-planes', 'depthwise']);
      expectExact(first.run(x1), y1);
      first.dispose();
      expectExact(second.run(x2), y2);
      second.dispose();
    });
  });

  it('keeps the plans of a few batches, not of all there ever were', () => {
    const layer = prepareConv2d(integerTensor([8, 4, 3, 3], 1), {}, [1, 4, 7, 9]);
    const kept: number[] = [];
    for (let n = 2; n < 40; n++) {
      layer.run(integerTensor([n, 4, 7, 9], n));
      kept.push(memoryUsage().kept);
    }
    expect(Math.max(...kept)).toBe(Math.max(...kept.slice(0, 10)));
    layer.dispose();
  });

  it('takes a residual of any batch', () => {
    const weight = integerTensor([5, 4, 3, 3], 1);
    const layer = prepareConv2d(weight, { padding: 1, activation: 'relu' }, [1, 4, 7, 9]);
    const [x, add] = [integerTensor([3, 4, 7, 9], 2), integerTensor([3, 5, 7, 9], 3)];
    expectExact(layer.run(x, undefined, add), conv2d(x, weight, { padding: 1, activation: 'relu', add }));
    expect(() => layer.run(x, undefined, integerTensor([1, 5, 7, 9], 3))).toThrow(ShapeError);
    layer.dispose();
  });

  it('is made for one image where its shape has no batch', () => {
    const weight = integerTensor([5, 4, 3, 3], 1);
    const layer = prepareConv2d(weight, {}, [4, 7, 9]);
    expect(() => layer.run(integerTensor([5, 7, 9], 1))).toThrow(ShapeError);
    const x = integerTensor([2, 4, 6, 5], 1);
    expectExact(layer.at(x.shape).run(x), conv2d(x, weight));
    layer.dispose();
  });

  it('locally connected serves other batches, and extents with as many positions', () => {
    leavesNothing(() => {
      const weight = integerTensor([6, 4, 3, 5, 3, 3], 2);
      const options = { stride: 2, bias: bias(6) };
      const layer = prepareLocallyConnected2d(weight, options, [1, 5, 9, 7]);
      const kept = memoryUsage().kept;
      const other = layer.at([2, 5, 10, 8]);
      expect(memoryUsage().kept - kept).toBeLessThan(weight.data.byteLength);
      const [x, y] = [integerTensor([3, 5, 9, 7], 1), integerTensor([2, 5, 10, 8], 2)];
      expectExact(layer.run(x), locallyConnected2d(x, weight, options));
      layer.dispose();
      expectExact(other.run(y), locallyConnected2d(y, weight, options));
      expect(() => other.at([1, 5, 11, 7])).toThrow(ShapeError);
      other.dispose();
    });
  });
});
