import { isProduct, product, workOf } from './problem.js';

/**
 * Loops that one would write by hand, in plain JavaScript: what the package is there to beat.
 *
 * @typedef {import('./problem.js').Problem} Problem
 */

/** GFLOP beyond which nobody wants to wait for loops. */
const MOST_GFLOP = 4;

/** True for products and forward convolutions that end soon. @param {Problem} problem */
export const isPlain = (problem) =>
  (problem.operator === 'conv' || isProduct(problem)) && workOf(problem).amount <= MOST_GFLOP * 1e9;

/** @param {readonly number[]} axes @param {number} fill */
const lift = (axes, fill) => [...Array(3 - axes.length).fill(fill), ...axes];

/**
 * Makes loops for a problem. @param {Problem} problem @param {Float32Array[]} operands Channels first.
 * @returns {{ run(): void, read(): Float32Array }}
 */
export function plainLoops(problem, [a, b]) {
  const y = new Float32Array(
    isProduct(problem) ? problem.m * problem.n : problem.n * problem.oc * product(problem.output),
  );
  const run = isProduct(problem) ? () => multiply(problem, a, b, y) : () => convolve(problem, a, b, y);
  return {
    run,
    read() {
      run();
      return y;
    },
  };
}

/** @param {Problem} problem @param {Float32Array} a @param {Float32Array} b @param {Float32Array} y */
function multiply({ m, n, k, operator }, a, b, y) {
  const [row, column] = operator === 'linear' ? [1, k] : [n, 1];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l * row + j * column];
      y[i * n + j] = sum;
    }
  }
}

/** @param {Problem} problem @param {Float32Array} x @param {Float32Array} w @param {Float32Array} y */
function convolve(problem, x, w, y) {
  const { n, ic, oc, groups } = problem;
  const [id, ih, iw] = lift(problem.input, 1);
  const [kd, kh, kw] = lift(problem.kernel, 1);
  const [od, oh, ow] = lift(problem.output, 1);
  const [sd, sh, sw] = lift(problem.stride, 1);
  const [dd, dh, dw] = lift(problem.dilation, 1);
  const [pd, ph, pw] = lift(problem.begin, 0);
  const depth = ic / groups;
  const width = oc / groups;
  let to = 0;
  for (let batch = 0; batch < n; batch++) {
    for (let o = 0; o < oc; o++) {
      const first = batch * ic + Math.floor(o / width) * depth;
      for (let z = 0; z < od; z++) {
        for (let r = 0; r < oh; r++) {
          for (let c = 0; c < ow; c++) {
            let sum = 0;
            for (let i = 0; i < depth; i++) {
              for (let tz = 0; tz < kd; tz++) {
                const iz = z * sd - pd + tz * dd;
                if (iz < 0 || iz >= id) continue;
                for (let tr = 0; tr < kh; tr++) {
                  const ir = r * sh - ph + tr * dh;
                  if (ir < 0 || ir >= ih) continue;
                  const row = (((first + i) * id + iz) * ih + ir) * iw;
                  const tap = (((o * depth + i) * kd + tz) * kh + tr) * kw;
                  for (let tc = 0; tc < kw; tc++) {
                    const column = c * sw - pw + tc * dw;
                    if (column >= 0 && column < iw) sum += x[row + column] * w[tap + tc];
                  }
                }
              }
            }
            y[to++] = sum;
          }
        }
      }
    }
  }
}
