// The parts of the training example: data, network, losses, optimiser, and that training takes no memory.

import { memoryUsage } from 'stridewise';
import { beforeEach, describe, expect, test } from 'vitest';
import { Adam } from '../../examples/train/adam.js';
import { type Digits, drawDigits, noisy, small } from '../../examples/train/digits.js';
import { answerOf, classLoss, maskLoss, overlap } from '../../examples/train/loss.js';
import { Network } from '../../examples/train/network.js';
import { filterTiles, sheet } from '../../examples/train/pictures.js';
import { Random } from '../../examples/train/random.js';

describe('random numbers', () => {
  test('are those of the seed', () => {
    const of = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.between());
    };
    expect(of(7)).toEqual(of(7));
    expect(of(7)).not.toEqual(of(8));
  });

  test('fill their ranges evenly', () => {
    const random = new Random(3);
    const counts = new Array(8).fill(0);
    for (let i = 0; i < 80_000; i++) counts[random.below(8)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    const normal = Array.from({ length: 40_000 }, () => random.normal());
    expect(normal.reduce((sum, x) => sum + x, 0) / 40_000).toBeCloseTo(0, 1);
    expect(normal.reduce((sum, x) => sum + x * x, 0) / 40_000).toBeCloseTo(1, 1);
  });

  test('shuffle without loss', () => {
    const list = Uint32Array.from({ length: 100 }, (_, i) => i);
    const shuffled = new Random(1).shuffle(list.slice());
    expect(shuffled).not.toEqual(list);
    expect(shuffled.sort()).toEqual(list);
  });
});

describe.each([
  ['small', small],
  ['noisy', noisy],
])('%s digits', (_, style) => {
  const digits = drawDigits(50, style, new Random(5));
  const area = style.extent ** 2;
  const planes = (data: Float32Array) => Array.from({ length: 50 }, (_, i) => data.subarray(i * area, (i + 1) * area));

  test('are the same for the same seed, and no two are alike', () => {
    expect(drawDigits(50, style, new Random(5))).toEqual(digits);
    expect(new Set(planes(digits.masks).map((mask) => mask.join(''))).size).toBe(50);
  });

  test('show each digit as often as the others', () => {
    expect(Array.from(digits.labels).sort()).toEqual(Array.from({ length: 50 }, (_, i) => Math.floor(i / 5)));
  });

  test('are brighter where there is ink', () => {
    for (const [i, mask] of planes(digits.masks).entries()) {
      const picture = digits.pictures.subarray(i * area, (i + 1) * area);
      const mean = (ink: number) => {
        const values = picture.filter((_, at) => mask[at] === ink);
        return values.reduce((a, b) => a + b) / values.length;
      };
      const share = mask.reduce((a, b) => a + b) / area;
      expect(share > 0.02 && share < 0.4).toBe(true);
      expect(mean(1)).toBeGreaterThan(mean(0) + 0.3);
    }
  });
});

describe('the network', () => {
  /** Every kind of layer, on small maps. */
  const tiny = (random: Random) =>
    new Network([2, 6, 6, 1], random)
      .convolution({ channels: 2, kernelSize: 3, padding: 1, activation: 'relu' })
      .maxPooling(2)
      .transposedConvolution({ channels: 3, kernelSize: 2, stride: 2, activation: 'relu' })
      .convolution({ channels: 2, kernelSize: 3, stride: 2 })
      .linear(3, 'relu')
      .linear(2);

  let before: ReturnType<typeof memoryUsage>;
  beforeEach(() => {
    before = memoryUsage();
  });

  test('has the gradient that the differences of its loss have, to the bit', () => {
    // Under this seed no window has two equal maxima, where the loss has a bend, and every layer takes part.
    const random = new Random(1001);
    const network = tiny(random);
    try {
      // Integer weights, and biases of which each layer's has one more binary digit: nothing a rectifier bends at 0 is
      // ever 0.
      let digit = 1;
      for (const { value } of network.parameters) {
        const values = value.data;
        const isBias = value.shape.length === 1;
        if (isBias) digit /= 2;
        for (let i = 0; i < values.length; i++) values[i] = isBias ? digit : random.below(3) - 1;
      }
      const input = network.input.value.data;
      for (let i = 0; i < input.length; i++) input[i] = random.below(8);
      const slopes = [3, -2, 1, -1];
      const loss = () => {
        network.forward();
        return network.output.value.data.reduce((sum, value, i) => sum + slopes[i] * value, 0);
      };
      loss();
      network.output.grad.data.set(slopes);
      network.backward();
      // So small a step, a power of two, that no rectifier and no maximum changes sides; all sums stay exact in
      // float32.
      const step = 2 ** -10;
      for (const { value, grad } of network.parameters) {
        const differences = Array.from({ length: value.data.length }, (_, i) => {
          const at = (shift: number) => {
            value.data[i] += shift;
            const result = loss();
            value.data[i] -= shift;
            return result;
          };
          return (at(step) - at(-step)) / (2 * step);
        });
        expect(Array.from(grad.data)).toEqual(differences);
      }
      const moving = network.parameters.filter(({ grad }) => grad.data.some((slope) => slope !== 0));
      expect(moving).toHaveLength(network.parameters.length);
    } finally {
      network.dispose();
    }
    expect(memoryUsage().used).toBe(before.used);
  });

  test('learns for ten thousand steps in the memory of the first', () => {
    const network = new Network([2, 8, 8, 1], new Random(1))
      .convolution({ channels: 2, kernelSize: 3, activation: 'relu' })
      .maxPooling(2)
      .transposedConvolution({ channels: 2, kernelSize: 2, stride: 2, activation: 'relu' })
      .linear(4);
    const adam = new Adam(network.parameters);
    const step = (n: number) => {
      network.input.value.data.fill(n % 7);
      network.forward();
      network.output.grad.data.set(network.output.value.data);
      network.backward();
      adam.update(1e-4);
    };
    step(0);
    const after = memoryUsage();
    for (let n = 1; n < 10_000; n++) step(n);
    expect(memoryUsage()).toEqual(after);
    network.dispose();
    expect(memoryUsage().used).toBe(before.used);
  });
});

describe('losses', () => {
  const signal = (values: number[], shape: number[]) => ({
    value: { data: Float32Array.from(values), shape },
    grad: { data: new Float32Array(values.length).fill(Number.NaN), shape },
  });
  const given = (part: Partial<Digits>) => part as Digits;

  test('of classes: equal chances, certainty, certain error; nothing beyond a batch that is not full', () => {
    const output = signal([0, 0, 1000, -1000, 1000, -1000, 5, 5], [4, 2]);
    const { loss, score } = classLoss(output, given({ labels: Uint8Array.from([9, 1, 0, 0, 1]) }), [1, 2, 4]);
    expect({ loss, score }).toEqual({ loss: Math.LN2 + 0 + 2000, score: 1 });
    expect(Array.from(output.grad.data)).toEqual([1 / 2 / 3, -1 / 2 / 3, 0, 0, 1 / 3, -1 / 3, 0, 0].map(Math.fround));
  });

  test('of pixels: even chances, certainty, certain error', () => {
    const output = signal([0, 0, 1000, -1000, -1000, 1000, 7, 7], [4, 1, 2, 1]);
    const masks = Float32Array.from([9, 9, 1, 0, 1, 0]);
    const { loss, score } = maskLoss(output, given({ masks }), [1, 2, 2]);
    expect({ loss, score }).toEqual({ loss: Math.LN2 + 0 + 1000, score: 0 + 1 + 0 });
    expect(Array.from(output.grad.data)).toEqual([-1 / 12, 1 / 12, 0, 0, -1 / 6, 1 / 6, 0, 0].map(Math.fround));
  });

  test('overlap is intersection over union', () => {
    const mask = (text: string) => Float32Array.from(text, Number);
    expect(overlap(mask('760501'), 4, mask('011100'))).toBe(2 / 4);
    expect(overlap(mask('112'), 2, mask('010'))).toBe(0);
    expect(overlap(mask('112'), 2, mask('000'))).toBe(1);
  });

  test('the answer is the first of the largest', () => {
    expect(answerOf(Float32Array.of(-3, 2, 2, 1))).toBe(1);
  });
});

test('Adam finds the bottom of a valley that is steep one way and flat the other', () => {
  const point = { value: { data: Float32Array.of(0, 0), shape: [2] }, grad: { data: new Float32Array(2), shape: [2] } };
  const adam = new Adam([point]);
  for (let step = 0; step < 2000; step++) {
    const [x, y] = point.value.data;
    point.grad.data.set([200 * (x - 3), 0.02 * (y + 1)]);
    adam.update(0.05 * (1 - step / 2000));
  }
  expect(Array.from(point.value.data, (value) => value.toFixed(2))).toEqual(['3.00', '-1.00']);
});

describe('pictures', () => {
  test('tiles stand side by side, pixels enlarged, white lines between', () => {
    const tile = (...data: number[]) => ({ extent: 2, data });
    const { data, shape } = sheet([tile(0, 0.25, 0.5, 0.75), tile(0, 0, 0, 0), tile(0.5, 0.5, 0.5, 0.5)], 2, 1);
    expect(shape).toEqual([1, 1, 10, 10]);
    const rows = Array.from({ length: 10 }, (_, y) => Array.from(data.subarray(10 * y, 10 * y + 10)));
    expect(rows[1]).toEqual(new Array(10).fill(1));
    expect(rows[2]).toEqual([1, 1, 0, 0.25, 1, 1, 0, 0, 1, 1]);
    expect(rows[3]).toEqual([1, 1, 0.5, 0.75, 1, 1, 0, 0, 1, 1]);
    expect(rows[6]).toEqual([1, 1, 0.5, 0.5, 1, 1, 1, 1, 1, 1]);
    const large = sheet([tile(0, 0.25, 0.5, 0.75)], 1, 3);
    expect(Array.from(large.data.subarray(2 * 10, 3 * 10))).toEqual([1, 1, 0, 0, 0, 0.25, 0.25, 0.25, 1, 1]);
  });

  test('filters are grey where they are 0, their largest weight black or white', () => {
    const weight = { data: Float32Array.of(1, 0, -4, 0, 2, 0, 0, 0), shape: [2, 2, 1, 2] };
    expect(filterTiles(weight)).toEqual([
      { extent: 2, data: [0.625, 0, 0.75, 0.5] },
      { extent: 2, data: [0.5, 0.5, 0.5, 0.5] },
    ]);
  });
});
