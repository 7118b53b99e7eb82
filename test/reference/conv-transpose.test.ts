import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelsFirst, channelsLast, section, weightChannelsLast } from '../support/algebra.js';
import { convTransposeCase, propertyRuns } from '../support/arbitraries.js';
import { expectExact } from '../support/bounds.js';
import { inLayout, parseCase } from '../support/cases.js';
import { padded, paddingPairs, spacedOut } from '../support/padding.js';
import { convTransposeOperands, convTransposeOptions } from '../support/problems.js';
import { conv } from './conv.js';
import { convTranspose } from './conv-transpose.js';

const runs = propertyRuns(100);

const line = (data: number[]) => ({ data, shape: [1, 1, data.length] });

describe('by hand', () => {
  test('output padding takes back what the end padding cut', () => {
    const [x, weight] = [line([1, 2]), line([5, 6, 7])];
    expectExact(convTranspose(x, weight, { stride: 2 }).data, [5, 6, 17, 12, 14]);
    expectExact(convTranspose(x, weight, { stride: 2, padding: [[1, 2]] }).data, [6, 17]);
    expectExact(convTranspose(x, weight, { stride: 2, padding: [[1, 2]], outputPadding: 1 }).data, [6, 17, 12]);
    expectExact(convTranspose(x, weight, { stride: 2, padding: [[1, 2]], outputSize: [3] }).data, [6, 17, 12]);
  });

  test('cells past the taps hold the bias', () => {
    const y = convTranspose(line([1, 2]), line([5, 6]), { stride: 3, outputPadding: 2, bias: [100] });
    expectExact(y.data, [105, 106, 100, 110, 112, 100, 100]);
  });

  test('output padding may reach the dilation', () => {
    const y = convTranspose(line([1, 2]), line([5, 6]), { dilation: 3, padding: [[0, 3]], outputPadding: 2 });
    expectExact(y.data, [5, 10, 0, 6]);
  });

  test('`same` gives stride times the input', () => {
    for (const padding of ['same', 'same-lower'] as const) {
      expect(convTranspose(line([1, 2, 3]), line([1, 1, 1, 1]), { stride: 2, padding }).shape).toEqual([1, 1, 6]);
    }
    expectExact(
      convTranspose(line([1, 2]), line([5]), { stride: 3, padding: 'same', bias: [1] }).data,
      [6, 1, 1, 11, 1, 1],
    );
    expectExact(convTranspose(line([1, 2]), line([1, 10, 100]), { padding: 'same' }).data, [12, 120]);
    expectExact(convTranspose(line([1, 2]), line([1, 10]), { padding: 'same-lower' }).data, [12, 20]);
  });

  test('groups, weights [ic, oc / groups, k]', () => {
    const x = { data: [1, 2], shape: [1, 2, 1] };
    const weight = { data: [1, 2, 3, 4], shape: [2, 2, 1] };
    expectExact(convTranspose(x, weight, { groups: 2 }), { data: [1, 2, 6, 8], shape: [1, 4, 1] });
    expectExact(convTranspose(x, weight), { data: [7, 10], shape: [1, 2, 1] });
  });

  test('refuses an empty output', () => {
    expect(() => convTranspose(line([1]), line([1]), { padding: 1 })).toThrow('below 1');
  });
});

describe('identities', () => {
  const check = (name: string, property: (text: string) => void) =>
    test(name, () => fc.assert(fc.property(convTransposeCase(), property), runs));

  check(
    'a direct convolution of unit stride over spaced inputs, the kernel flipped and its channel axes swapped',
    (text) => {
      const first = inLayout(parseCase(text), false);
      const { x, weight, bias } = convTransposeOperands(first);
      const options = { ...convTransposeOptions(first), bias };
      const spaced = spacedOut(
        x,
        options.stride.map((s) => s - 1),
      );
      // Padded by d (k - 1) at each end, the output padding beyond, and cropped by the padding afterwards.
      const spans = weight.shape.slice(2).map((k, a) => options.dilation[a] * (k - 1));
      const same = options.padding === 'same' || options.padding === 'same-lower';
      const beyond = spans.map((span, a) =>
        same ? Math.max(0, options.stride[a] - 1 - span) : options.outputPadding[a],
      );
      const wide = padded(
        spaced,
        spans.map((span, a): [number, number] => [span, span + beyond[a]]),
        'zeros',
      );
      const whole = x.shape.slice(2).map((count, a) => count * options.stride[a]);
      const pairs = paddingPairs(whole, weight.shape.slice(2), options);
      const direct = conv(wide, swapped(weight, first.g), {
        bias,
        dilation: options.dilation,
        groups: first.g,
        activation: options.activation,
        flipKernel: !options.flipKernel,
      });
      const kept = pairs.map(([begin, end], a) => ({ begin, count: direct.shape[a + 2] - begin - end }));
      expectExact(convTranspose(x, weight, options), section(direct, [{}, {}, ...kept]));
    },
  );

  check('both layouts hold the same numbers', (text) => {
    const first = inLayout(parseCase(text), false);
    const last = inLayout(first, true);
    const { x, weight, bias } = convTransposeOperands(first);
    const y = convTranspose(channelsLast(x), weightChannelsLast(weight), { ...convTransposeOptions(last), bias });
    expectExact(channelsFirst(y), convTranspose(x, weight, { ...convTransposeOptions(first), bias }));
  });
});

interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** [ic, oc / groups, ...kernel] as [oc, ic / groups, ...kernel]. */
function swapped(weight: Values, groups: number): { data: Float64Array; shape: number[] } {
  const [ic, ocg, ...kernel] = weight.shape;
  const icg = ic / groups;
  const taps = kernel.reduce((product, extent) => product * extent, 1);
  const data = new Float64Array(weight.data.length);
  for (let o = 0; o < ocg * groups; o += 1) {
    for (let i = 0; i < icg; i += 1) {
      for (let t = 0; t < taps; t += 1) {
        const group = Math.floor(o / ocg);
        data[(o * icg + i) * taps + t] = weight.data[((group * icg + i) * ocg + (o % ocg)) * taps + t];
      }
    }
  }
  return { data, shape: [ocg * groups, icg, ...kernel] };
}
