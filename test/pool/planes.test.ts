import { beforeAll, describe, expect, it } from 'vitest';
import { globalAvgPool, maxPool2d, tensor } from '../../src/index.js';
import { builds, useBuild } from '../support/builds.js';

/** Maxima by the definition, of n planes; NaN wins, -Infinity where a window holds no more. */
function maxima(
  x: Float32Array,
  n: number,
  [ih, iw]: number[],
  [oh, ow]: number[],
  k: number,
  pad: readonly number[],
): number[] {
  return Array.from({ length: n * oh * ow }, (_, at) => {
    const plane = Math.floor(at / (oh * ow));
    const top = (Math.floor(at / ow) % oh) * 2 - pad[0];
    const left = (at % ow) * 2 - pad[1];
    let best = Number.NEGATIVE_INFINITY;
    for (let y = Math.max(top, 0); y < Math.min(top + k, ih); y++) {
      for (let c = Math.max(left, 0); c < Math.min(left + k, iw); c++) {
        best = Math.max(best, x[(plane * ih + y) * iw + c]);
      }
    }
    return best;
  });
}

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

  it.each([2, 3])('maxima of %s x cells with stride 2 equal the definition, whatever stands in the planes', (k) => {
    for (const [ih, iw] of shapes) {
      for (const padding of [
        [0, 0],
        [1, 1],
        [1, 0],
      ] as const) {
        if (ih + 2 * padding[0] < k) continue;
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
            const result = maxPool2d(tensor(x, [1, n, ih, iw]), { kernelSize: k, stride: 2, padding, ceilMode });
            const extents = result.shape.slice(2);
            expect([...result.data]).toEqual(maxima(x, n, [ih, iw], extents, k, padding));
          }
        }
      }
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
      ]) {
        const x = Float32Array.from({ length: n * h * w }, (_, i) => ((i * 29) % 64) - 20);
        const sum = (i: number) => x.subarray(i * h * w, (i + 1) * h * w).reduce((all, v) => all + v, 0);
        const expected = Array.from({ length: n }, (_, i) => Math.fround(sum(i) / (h * w)));
        expect([...globalAvgPool(tensor(x, [1, n, h, w])).data]).toEqual(expected);
      }
    }
  });
});
