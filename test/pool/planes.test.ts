import { beforeAll, describe, expect, it } from 'vitest';
import { avgPool2d, avgPool3d, globalAvgPool, maxPool2d, maxPool3d, type Tensor, tensor } from '../../src/index.js';
import { builds, useBuild } from '../support/builds.js';

/** Windows of k[0] x k[1] cells in planes, their strides and padding. */
interface Slides {
  readonly k: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
}

/** The values of every window of n planes, row by row, and how many cells declared padding adds to it. */
function windowsOf(
  x: Float32Array,
  n: number,
  [ih, iw]: readonly number[],
  [oh, ow]: readonly number[],
  { k, strides, padding }: Slides,
): { values: number[]; counted: number }[] {
  return Array.from({ length: n * oh * ow }, (_, at) => {
    const plane = Math.floor(at / (oh * ow));
    const top = (Math.floor(at / ow) % oh) * strides[0] - padding[0];
    const left = (at % ow) * strides[1] - padding[1];
    const values = [];
    for (let y = Math.max(top, 0); y < Math.min(top + k[0], ih); y++) {
      for (let c = Math.max(left, 0); c < Math.min(left + k[1], iw); c++) values.push(x[(plane * ih + y) * iw + c]);
    }
    const counted = Math.min(k[0], ih + padding[0] - top) * Math.min(k[1], iw + padding[1] - left);
    return { values, counted };
  });
}

/** NaN wins, -Infinity where a window holds no more. */
const maximum = ({ values }: { values: number[] }): number => Math.max(Number.NEGATIVE_INFINITY, ...values);

type Triple = [number, number, number];

/** Kernel, stride, dilation, padding along depth, height and width, the extents of planes, and how many there are. */
const windows: [string, Triple, Triple, Triple, Triple, Triple, number][] = [
  ['three by three, and rows of fewer than four vectors', [1, 3, 3], [1, 1, 1], [1, 1, 1], [0, 1, 1], [1, 14, 14], 3],
  ['one cell', [1, 1, 1], [1, 1, 1], [1, 1, 1], [0, 0, 0], [1, 5, 9], 2],
  ['five by five', [1, 5, 5], [1, 1, 1], [1, 1, 1], [0, 2, 2], [1, 20, 20], 2],
  [
    'more padding behind than in front, and rows with a stride',
    [1, 2, 4],
    [1, 3, 1],
    [1, 1, 1],
    [0, 0, 1],
    [1, 9, 21],
    2,
  ],
  ['every other cell of rows and columns', [1, 1, 1], [1, 2, 2], [1, 1, 1], [0, 0, 0], [1, 5, 19], 2],
  ['one row, with a stride', [1, 1, 3], [1, 2, 2], [1, 1, 1], [0, 0, 1], [1, 7, 23], 2],
  ['dilation', [1, 3, 3], [1, 1, 1], [1, 3, 2], [0, 3, 2], [1, 11, 17], 2],
  ['rows in several blocks', [1, 3, 3], [1, 1, 1], [1, 1, 1], [0, 1, 1], [1, 150, 60], 1],
  ['rows with a stride in several blocks', [1, 3, 2], [1, 2, 2], [1, 1, 1], [0, 1, 0], [1, 151, 63], 1],
  ['a long line', [1, 1, 3], [1, 1, 2], [1, 1, 1], [0, 0, 1], [1, 1, 5003], 2],
  ['long rows', [1, 2, 5], [1, 1, 1], [1, 1, 1], [0, 1, 2], [1, 3, 4500], 1],
  ['two planes with a stride', [2, 2, 2], [2, 2, 2], [1, 1, 1], [0, 0, 0], [4, 6, 18], 2],
  ['three planes', [3, 3, 3], [1, 1, 1], [1, 1, 1], [1, 1, 1], [4, 9, 10], 2],
  ['four planes with dilation', [4, 2, 3], [1, 2, 1], [2, 1, 1], [3, 1, 1], [5, 9, 11], 2],
];

/** Maxima or averages without padding, by the definition. */
function expectedOf(
  [, kernel, stride, dilation, padding, extents, n]: (typeof windows)[number],
  x: Float32Array,
  isMax: boolean,
): number[] {
  const counts = extents.map(
    (i, a) => Math.floor((i + 2 * padding[a] - dilation[a] * (kernel[a] - 1) - 1) / stride[a]) + 1,
  );
  const [od, oh, ow] = counts;
  return Array.from({ length: n * od * oh * ow }, (_, at) => {
    const o = [Math.floor(at / (oh * ow)) % od, Math.floor(at / ow) % oh, at % ow];
    const plane = Math.floor(at / (od * oh * ow)) * extents[0] * extents[1] * extents[2];
    let [best, sum, cells] = [Number.NEGATIVE_INFINITY, 0, 0];
    for (let tap = 0; tap < kernel[0] * kernel[1] * kernel[2]; tap++) {
      const taps = [
        Math.floor(tap / (kernel[1] * kernel[2])),
        Math.floor(tap / kernel[2]) % kernel[1],
        tap % kernel[2],
      ];
      const [z, y, c] = taps.map((t, a) => o[a] * stride[a] - padding[a] + t * dilation[a]);
      if (z < 0 || y < 0 || c < 0 || z >= extents[0] || y >= extents[1] || c >= extents[2]) continue;
      const value = x[plane + (z * extents[1] + y) * extents[2] + c];
      best = Math.max(best, value);
      sum += value;
      cells++;
    }
    return isMax ? best : Math.fround(sum / cells);
  });
}

/** Rows and columns, and their strides: square windows that have loops, and others that are served by planes turned. */
const loops = [
  [2, 2, 1, 1],
  [2, 2, 2, 2],
  [3, 3, 1, 1],
  [3, 3, 2, 2],
  [5, 5, 1, 1],
  [1, 3, 1, 1],
  [2, 3, 3, 1],
  [3, 3, 4, 2],
  [4, 5, 2, 1],
] as const;

const shapes = [
  [1, 8],
  [2, 9],
  [3, 10],
  [7, 11],
  [8, 23],
  [5, 113],
];

describe.each(builds)('%s build', (build) => {
  beforeAll(() => useBuild(build));

  it.each(loops)('%s x %s cells with strides %s, %s equal the definition, whatever stands in the planes', (...loop) => {
    const [k, strides] = [loop.slice(0, 2), loop.slice(2)] as const;
    for (const [ih, iw] of shapes) {
      for (const padding of [
        [0, 0],
        [1, 1],
        [k[0] >> 1, 0],
        [0, k[1] >> 1],
      ] as const) {
        if (ih + 2 * padding[0] < k[0] || padding[0] > k[0] >> 1) continue;
        for (const ceilMode of [false, true]) {
          for (const special of [undefined, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
            const n = 3;
            const x = Float32Array.from({ length: n * ih * iw }, (_, i) => ((i * 37) % 101) - 120);
            if (special !== undefined) {
              // one in the first plane's first row, one in the last cell, and a whole plane
              x[2] = special;
              x[x.length - 1] = special;
              x.fill(special, ih * iw, 2 * ih * iw);
            }
            const given = tensor(x, [1, n, ih, iw]);
            const options = { kernelSize: k, stride: strides, padding, ceilMode } as const;
            const result = maxPool2d(given, options as never) as unknown as Tensor;
            const expected = windowsOf(x, n, [ih, iw], result.shape.slice(2), { k, strides, padding });
            expect([...result.data]).toEqual(expected.map(maximum));
            for (const countIncludePad of [false, true]) {
              const averages = avgPool2d(given, { ...options, countIncludePad } as never);
              const divided = expected.map(({ values, counted }) =>
                Math.fround(values.reduce((sum, v) => sum + v, 0) / (countIncludePad ? counted : values.length)),
              );
              expect([...averages.data]).toEqual(divided);
            }
          }
        }
      }
    }
  });

  it('a NaN wins in whatever row it stands, however few there are', () => {
    for (const ih of [1, 2, 3, 4, 5, 6]) {
      for (const padding of [
        [1, 1],
        [0, 1],
        [1, 0],
      ] as const) {
        if (ih + 2 * padding[0] < 3) continue;
        for (let row = 0; row < ih; row++) {
          const x = Float32Array.from({ length: ih * 10 }, (_, i) => ((i * 37) % 101) - 120);
          x[row * 10 + 4] = Number.NaN;
          const slides = { k: [3, 3], strides: [1, 1], padding };
          const result = maxPool2d(tensor(x, [1, 1, ih, 10]), { kernelSize: 3, stride: 1, padding });
          const expected = windowsOf(x, 1, [ih, 10], result.shape.slice(2), slides);
          expect([...result.data]).toEqual(expected.map(maximum));
        }
      }
    }
  });

  it.each(windows)('maxima and averages equal the definition: %s', (...given) => {
    const [, kernelSize, stride, dilation, padding, extents, n] = given;
    const size = n * extents[0] * extents[1] * extents[2];
    const options = { kernelSize, stride, dilation, padding } as const;
    for (const special of [undefined, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
      const x = Float32Array.from({ length: size }, (_, i) => ((i * 37) % 101) - 120);
      if (special !== undefined) x[0] = x[size - 1] = x[size >> 1] = special;
      const given5 = tensor(x, [1, n, ...extents]);
      expect([...maxPool3d(given5, options).data]).toEqual(expectedOf(given, x, true));
      const averages = [...avgPool3d(given5, { ...options, countIncludePad: false }).data];
      expect(averages).toEqual(expectedOf(given, x, false));
    }
  });

  it('averages of whole planes are exact, however many planes there are', () => {
    for (const n of [1, 2, 3, 4, 5, 9]) {
      for (const [h, w] of [
        [1, 1],
        [1, 3],
        [2, 2],
        [7, 7],
        [5, 16],
        [9, 9],
        [14, 14],
        [1, 323],
        [20, 20],
        [20, 21],
      ]) {
        const x = Float32Array.from({ length: n * h * w }, (_, i) => ((i * 29) % 64) - 20);
        const sum = (i: number) => x.subarray(i * h * w, (i + 1) * h * w).reduce((all, v) => all + v, 0);
        const expected = Array.from({ length: n }, (_, i) => Math.fround(sum(i) / (h * w)));
        expect([...globalAvgPool(tensor(x, [1, n, h, w])).data]).toEqual(expected);
      }
    }
  });
});
