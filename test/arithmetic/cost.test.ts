import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Layer, layerCost } from '../../src/arithmetic.js';
import { scatterWindows, windowsOver } from '../reference/windows.js';
import { propertyRuns } from '../support/arbitraries.js';

const int = (min: number, max: number) => fc.integer({ min, max });
const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

describe('the three kinds of the lecture on one map', () => {
  // LeNet's first layer, 32 x 32 to 6 maps of 28 x 28: LeCun et al. (1998) print 156 parameters and 122 304
  // connections, one a bias.
  const map = { inputSize: [32, 32], inChannels: 1, outChannels: 6, kernelSize: 5, bias: true } as const;
  const bytes = { inputBytes: 4 * 1024, outputBytes: 4 * 4704 };
  test('convolution shares its weights', () => {
    const cost = layerCost({ kind: 'conv', ...map });
    expect(cost).toEqual({ multiplyAdds: 117_600, parameters: 156, weightBytes: 624, ...bytes });
    expect(cost.multiplyAdds + 4704).toBe(122_304);
  });

  test('locally connected has its own at every position', () => {
    const cost = layerCost({ kind: 'locallyConnected', ...map });
    expect(cost).toEqual({ multiplyAdds: 117_600, parameters: 117_606, weightBytes: 470_424, ...bytes });
  });

  test('fully connected joins every cell with every cell', () => {
    const cost = layerCost({ kind: 'linear', inFeatures: 1024, outFeatures: 4704, bias: true });
    expect(cost).toEqual({ multiplyAdds: 4_816_896, parameters: 4_821_600, weightBytes: 19_286_400, ...bytes });
  });
});

describe('printed figures', () => {
  test.each<[string, Layer, number, number]>([
    [
      'VGG conv1_1',
      { kind: 'conv', inputSize: [224, 224], inChannels: 3, outChannels: 64, kernelSize: 3, padding: 1, bias: true },
      86_704_128,
      1792,
    ],
    ['VGG fc6', { kind: 'linear', inFeatures: 25_088, outFeatures: 4096, bias: true }, 102_760_448, 102_764_544],
    [
      'ResNet stem',
      { kind: 'conv', inputSize: [224, 224], inChannels: 3, outChannels: 64, kernelSize: 7, stride: 2, padding: 3 },
      118_013_952,
      9408,
    ],
    [
      'depthwise of MobileNet',
      { kind: 'conv', inputSize: [112, 112], inChannels: 32, outChannels: 32, groups: 32, kernelSize: 3, padding: 1 },
      3_612_672,
      288,
    ],
    [
      'pointwise of MobileNet',
      { kind: 'conv', inputSize: [112, 112], inChannels: 32, outChannels: 64, kernelSize: 1 },
      25_690_112,
      2048,
    ],
  ])('%s', (_, layer, multiplyAdds, parameters) => {
    expect(layerCost(layer)).toMatchObject({ multiplyAdds, parameters });
  });
});

const axis = fc
  .record({ k: int(1, 4), s: int(1, 3), d: int(1, 2), p: int(0, 3), beyond: int(0, 5) })
  .map(({ beyond, ...a }) => ({ ...a, i: Math.max(1, a.d * (a.k - 1) + 1 - 2 * a.p) + beyond }));

const window = (axes: readonly { k: number; s: number; d: number; p: number }[]) => ({
  kernelSize: axes.map(({ k }) => k),
  stride: axes.map(({ s }) => s),
  dilation: axes.map(({ d }) => d),
  padding: axes.map(({ p }) => p),
});

describe('counted tap by tap', () => {
  const counts = fc.record({ n: int(1, 3), g: int(1, 3), icg: int(1, 4), ocg: int(1, 4), bias: fc.boolean() });
  test('convolution, locally connected, pool', () => {
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), counts, (axes, { n, g, icg, ocg, bias }) => {
        const inputSize = axes.map(({ i }) => i);
        const options = window(axes);
        const positions = product(windowsOver(inputSize, options.kernelSize, options).output);
        const taps = product(options.kernelSize);
        const bytes = { inputBytes: 4 * n * g * icg * product(inputSize), outputBytes: 4 * n * g * ocg * positions };
        const given = { inputSize, ...options, batch: n, inChannels: g * icg, outChannels: g * ocg, bias };

        const shared = g * ocg * icg * taps;
        const biases = bias ? g * ocg : 0;
        expect(layerCost({ kind: 'conv', groups: g, ...given })).toEqual({
          multiplyAdds: n * positions * shared,
          parameters: shared + biases,
          weightBytes: 4 * (shared + biases),
          ...bytes,
        });

        const own = positions * g * shared;
        expect(layerCost({ kind: 'locallyConnected', ...given })).toEqual({
          multiplyAdds: n * own,
          parameters: own + biases,
          weightBytes: 4 * (own + biases),
          ...bytes,
        });

        expect(layerCost({ kind: 'pool', inputSize, channels: icg, batch: n, ...options })).toEqual({
          multiplyAdds: n * icg * positions * taps,
          parameters: 0,
          weightBytes: 0,
          inputBytes: 4 * n * icg * product(inputSize),
          outputBytes: 4 * n * icg * positions,
        });
      }),
      propertyRuns(),
    );
  });

  test('transposed', () => {
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), counts, (axes, { n, g, icg, ocg, bias }) => {
        const tight = axes.map((a) => ({ ...a, p: Math.min(a.p, Math.floor((a.d * (a.k - 1)) / 2)) }));
        const inputSize = axes.map(({ i }) => i);
        const options = window(tight);
        const output = tight.map(({ i, k, s, d, p }) => (i - 1) * s - 2 * p + d * (k - 1) + 1);
        const products = tight.map(
          ({ i, k, s, d, p }, a) =>
            scatterWindows(i, output[a], { kernel: k, stride: s, dilation: d, begin: p, end: p }).flat().length,
        );
        const weights = icg * g * ocg * product(options.kernelSize);
        const given = { inputSize, ...options, batch: n, inChannels: g * icg, outChannels: g * ocg, groups: g, bias };
        const parameters = weights + (bias ? g * ocg : 0);
        expect(layerCost({ kind: 'convTranspose', ...given })).toEqual({
          multiplyAdds: n * icg * g * ocg * product(products),
          parameters,
          weightBytes: 4 * parameters,
          inputBytes: 4 * n * g * icg * product(inputSize),
          outputBytes: 4 * n * g * ocg * product(output),
        });
      }),
      propertyRuns(),
    );
  });

  test('a pool steps by its kernel and rounds as told', () => {
    const pool = { kind: 'pool', inputSize: [8, 5], channels: 3, kernelSize: [3, 2] } as const;
    expect(layerCost(pool).multiplyAdds).toBe(3 * 2 * 2 * 6);
    expect(layerCost({ ...pool, ceilMode: true }).multiplyAdds).toBe(3 * 3 * 3 * 6);
  });
});
