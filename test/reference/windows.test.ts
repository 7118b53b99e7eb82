import { describe, expect, test } from 'vitest';
import { resolveAxes } from './axes.js';
import {
  type AxisWindows,
  adaptiveWindows,
  coveredExtent,
  forEachTap,
  joinAxes,
  slidingWindows,
  windowsOver,
} from './windows.js';

const axis = { kernel: 3, stride: 2, dilation: 1, begin: 0, end: 0 };
const cellsOf = (windows: AxisWindows): (number | null)[][] => windows.map((taps) => taps.map(({ cell }) => cell));

describe('sliding windows', () => {
  test.each([
    ['zeros', [null, null, 0, 1, 2, null]],
    ['reflect', [2, 1, 0, 1, 2, 1]],
    ['replicate', [0, 0, 0, 1, 2, 2]],
    ['circular', [1, 2, 0, 1, 2, 0]],
  ] as const)('%s around three cells', (mode, line) => {
    const one = { kernel: 1, stride: 1, dilation: 1, begin: 2, end: 1 };
    expect(cellsOf(slidingWindows(3, one, mode, false)).flat()).toEqual(line);
  });

  test('reflect and circular reach round once', () => {
    const far = { kernel: 1, stride: 1, dilation: 1, begin: 3, end: 0 };
    expect(() => slidingWindows(3, far, 'reflect', false)).toThrow('reflect');
    expect(cellsOf(slidingWindows(3, far, 'circular', false)).flat()).toEqual([0, 1, 2, 0, 1, 2]);
    expect(() => slidingWindows(2, far, 'circular', false)).toThrow('circular');
  });

  test('dilated and strided taps', () => {
    const spread = { kernel: 2, stride: 3, dilation: 2, begin: 1, end: 1 };
    expect(cellsOf(slidingWindows(6, spread, 'zeros', false))).toEqual([
      [null, 1],
      [2, 4],
    ]);
  });

  test('counts agree with the size formula', () => {
    for (const i of [1, 2, 5, 8]) {
      for (const kernel of [1, 2, 4]) {
        for (const stride of [1, 2, 5]) {
          for (const dilation of [1, 2]) {
            for (const [begin, end] of [
              [0, 0],
              [2, 1],
              [0, 3],
            ]) {
              const room = i + begin + end - dilation * (kernel - 1) - 1;
              if (room < 0) continue;
              const found = slidingWindows(i, { kernel, stride, dilation, begin, end }, 'zeros', false);
              expect(found.length).toBe(Math.floor(room / stride) + 1);
              const ceiled = Math.ceil(room / stride) + 1;
              const beyond = (ceiled - 1) * stride >= i + begin;
              const ceil = slidingWindows(i, { kernel, stride, dilation, begin, end }, 'zeros', true);
              expect(ceil.length).toBe(beyond ? ceiled - 1 : ceiled);
            }
          }
        }
      }
    }
  });

  test('ceil adds the window that overflows, and drops it where it would start beyond the input', () => {
    expect(cellsOf(slidingWindows(6, axis, 'zeros', true))).toEqual([
      [0, 1, 2],
      [2, 3, 4],
      [4, 5, null],
    ]);
    expect(slidingWindows(4, { ...axis, kernel: 1, stride: 3 }, 'zeros', true)).toHaveLength(2);
    expect(slidingWindows(3, { ...axis, kernel: 1, stride: 3 }, 'zeros', true)).toHaveLength(1);
    expect(slidingWindows(4, { kernel: 2, stride: 5, dilation: 1, begin: 1, end: 1 }, 'zeros', true)).toHaveLength(1);
  });

  test('overflow is not declared padding', () => {
    const [, last] = slidingWindows(4, { ...axis, end: 1, stride: 3 }, 'zeros', true);
    expect(last).toEqual([
      { cell: 3, declared: true },
      { cell: null, declared: true },
      { cell: null, declared: false },
    ]);
  });

  test('nothing fits', () => expect(() => slidingWindows(2, axis, 'zeros', false)).toThrow('fits'));
});

describe('padding words', () => {
  const ends = (extent: number, kernel: number, options: object) => {
    const [{ begin, end }] = resolveAxes([extent], [kernel], options, 1);
    return [begin, end];
  };

  test.each([
    [5, 3, { padding: 'same' }, [1, 1]],
    [5, 4, { padding: 'same' }, [1, 2]],
    [5, 4, { padding: 'same-lower' }, [2, 1]],
    [6, 3, { padding: 'same', stride: 2 }, [0, 1]],
    [7, 3, { padding: 'same', stride: 4 }, [0, 0]],
    [9, 3, { padding: 'same-lower', stride: 4, dilation: 2 }, [2, 2]],
    [5, 3, { padding: 'full', dilation: 2 }, [4, 4]],
    [5, 3, { padding: 'valid' }, [0, 0]],
    [5, 3, { padding: [2] }, [2, 2]],
    [5, 3, { padding: [[2, 1]] }, [2, 1]],
  ])('%j %j %j', (extent, kernel, options, expected) => expect(ends(extent, kernel, options)).toEqual(expected));

  test('same gives ceil(i / s) outputs', () => {
    for (const i of [1, 2, 3, 7, 8]) {
      for (const stride of [1, 2, 3]) {
        for (const padding of ['same', 'same-lower'] as const) {
          expect(windowsOver([i], [4], { stride, padding }).output).toEqual([1, 1, Math.ceil(i / stride)]);
        }
      }
    }
  });
});

test('adaptive windows', () => {
  expect(cellsOf(adaptiveWindows(7, 3))).toEqual([
    [0, 1, 2],
    [2, 3, 4],
    [4, 5, 6],
  ]);
  expect(cellsOf(adaptiveWindows(2, 3))).toEqual([[0], [0, 1], [1]]);
});

test('covered extents', () => {
  expect(coveredExtent(3, { kernel: 3, stride: 2, dilation: 2, begin: 1, end: 2 })).toBe(6);
});

test('flat offsets are row-major in position, tap and cell', () => {
  const axes = [
    slidingWindows(3, { kernel: 2, stride: 1, dilation: 1, begin: 0, end: 0 }, 'zeros', false),
    slidingWindows(5, { kernel: 3, stride: 2, dilation: 1, begin: 0, end: 0 }, 'zeros', false),
  ];
  const seen: number[][] = [];
  forEachTap(joinAxes(axes, [1, 3, 5]), (position, tap, cell) => seen.push([position, tap, cell ?? -1]));
  expect(seen).toHaveLength(4 * 6);
  expect(seen.slice(6, 12)).toEqual([
    [1, 0, 2],
    [1, 1, 3],
    [1, 2, 4],
    [1, 3, 7],
    [1, 4, 8],
    [1, 5, 9],
  ]);
  expect(seen.at(-1)).toEqual([3, 5, 14]);
});
