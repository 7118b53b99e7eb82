import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { convProblem, convTransposeProblem } from '../../src/shape/conv.js';
import { naturalExtent, outputExtent, samePair, transposedExtent, type WindowAxis } from '../../src/shape/extent.js';
import { poolProblem } from '../../src/shape/pool.js';
import type { ConvProblem } from '../../src/types.js';

const axes: fc.Arbitrary<WindowAxis> = fc.record({
  name: fc.constant('width'),
  input: fc.integer({ min: 1, max: 40 }),
  kernel: fc.integer({ min: 1, max: 7 }),
  stride: fc.integer({ min: 1, max: 6 }),
  dilation: fc.integer({ min: 1, max: 4 }),
});
const pair = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }));

/** Windows counted one by one: all cells of one lie in the padded input. */
function windowsInside({ input, kernel, stride, dilation }: WindowAxis, begin: number, end: number): number {
  let found = 0;
  for (let start = 0; start + (kernel - 1) * dilation < begin + input + end; start += stride) found++;
  return found;
}

test('output extents are the windows that fit', () => {
  fc.assert(
    fc.property(axes, pair, (axis, [begin, end]) => {
      const expected = windowsInside(axis, begin, end);
      fc.pre(expected > 0);
      expect(outputExtent(axis, [begin, end])).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

test('ceilMode adds a window for cells left over, unless it starts at or beyond the input', () => {
  fc.assert(
    fc.property(axes, pair, (axis, [begin, end]) => {
      const fitting = windowsInside(axis, begin, end);
      fc.pre(fitting > 0);
      const last = (fitting - 1) * axis.stride + (axis.kernel - 1) * axis.dilation;
      const rounded = last + 1 < begin + axis.input + end ? fitting + 1 : fitting;
      const dropped = (rounded - 1) * axis.stride >= begin + axis.input;
      expect(outputExtent(axis, [begin, end], true)).toBe(dropped ? rounded - 1 : rounded);
    }),
    { numRuns: 1000 },
  );
});

test('same makes ceil(i / s) cells with the least padding, the halves differing by at most one', () => {
  fc.assert(
    fc.property(axes, (axis) => {
      const [begin, end] = samePair(axis, false);
      const wanted = Math.ceil(axis.input / axis.stride);
      expect(windowsInside(axis, begin, end)).toBeGreaterThanOrEqual(wanted);
      expect(outputExtent(axis, [begin, end])).toBe(wanted);
      if (begin + end > 0) expect(windowsInside(axis, begin, end - 1)).toBeLessThan(wanted);
      expect(end - begin === 0 || end - begin === 1).toBe(true);
      expect(samePair(axis, true)).toEqual([end, begin]);
    }),
    { numRuns: 1000 },
  );
});

test('every input that a direct window takes to o comes back from o by its outputPadding', () => {
  fc.assert(
    fc.property(axes, pair, (axis, pads) => {
      fc.pre(windowsInside(axis, ...pads) > 0);
      const back = { ...axis, input: outputExtent(axis, pads) };
      const extra = axis.input - naturalExtent(back, pads);
      expect(extra).toBeGreaterThanOrEqual(0);
      expect(extra).toBeLessThan(axis.stride);
      expect(transposedExtent(back, pads, extra)).toBe(axis.input);
    }),
    { numRuns: 1000 },
  );
});

/** A window on each of two axes, with padding in numbers or by word. */
const planes = fc.record({
  h: axes,
  w: axes,
  padding: fc.oneof(fc.constantFrom('same', 'same-lower', 'valid', 'full'), fc.tuple(pair, pair)),
});

/** The convolution of x [2, 5, h, w], where its window fits at all. */
function directProblem(spatial: readonly number[], weightShape: readonly number[], options: object): ConvProblem {
  try {
    return convProblem(2, [2, 5, ...spatial], weightShape, options);
  } catch {
    return fc.pre(false) as never;
  }
}

test('a transposed problem with the direct size as outputSize is the direct problem, extent by extent', () => {
  fc.assert(
    fc.property(planes, ({ h, w, padding }) => {
      const window = { stride: [h.stride, w.stride], dilation: [h.dilation, w.dilation], padding };
      const weight = [3, 5, h.kernel, w.kernel];
      const direct = directProblem([h.input, w.input], weight, window);
      const back = convTransposeProblem(2, direct.yShape, weight, { ...window, outputSize: [h.input, w.input] });
      expect(back).toEqual(direct);
    }),
    { numRuns: 1000 },
  );
});

test('a pool and a convolution of one window agree on its extents', () => {
  fc.assert(
    fc.property(planes, ({ h, w, padding }) => {
      const window = { stride: [h.stride, w.stride], dilation: [h.dilation, w.dilation], padding };
      const direct = directProblem([h.input, w.input], [5, 5, h.kernel, w.kernel], window);
      const pool = poolProblem('maxPool', 2, [2, 5, h.input, w.input], { ...window, kernelSize: [h.kernel, w.kernel] });
      const { c, returnIndices, ...extents } = pool;
      expect(direct).toMatchObject(extents);
    }),
    { numRuns: 300 },
  );
});
