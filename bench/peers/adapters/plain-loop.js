import { isPool, isProduct, product, shapesOf } from '../../problem.js';

/** The textbook loop on typed arrays, as one writes it without a library: each output element sums its window. */

/** @typedef {import('../../problem.js').Problem} Problem */

/** @type {import('./index.js').Adapter} */
export const plainLoop = {
  name: 'plain loop',
  role: 'scale',
  slow: true,
  includes: 'the loop into a typed array made beforehand; channels first',
  open: async () => ({
    version: 'JavaScript',
    async prepare(problem, [a, b]) {
      const loop = loopFor(problem);
      if (!loop) return null;
      const y = new Float32Array(product(shapesOf(problem).result));
      const run = () => loop(problem, a, b, y);
      const read = () => {
        run();
        return y.slice();
      };
      return { run, read, dispose() {} };
    },
  }),
};

/** @param {Problem} problem */
function loopFor(problem) {
  if (isProduct(problem)) return multiply;
  if (problem.rank !== 2) return undefined;
  if (problem.operator === 'conv') return conv2d;
  return isPool(problem) && problem.operator !== 'gradMaxpool' ? pool2d : undefined;
}

/** @param {Problem} problem @param {Float32Array} a @param {Float32Array} b @param {Float32Array} y */
function multiply({ operator, m, n, k }, a, b, y) {
  const [kStep, nStep] = operator === 'linear' ? [1, k] : [n, 1];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * kStep + j * nStep];
      y[i * n + j] = sum;
    }
  }
}

/** @param {Problem} problem @param {Float32Array} x @param {Float32Array} w @param {Float32Array} y */
function conv2d({ n, ic, oc, groups, input, kernel, stride, dilation, begin, output }, x, w, y) {
  const [[ih, iw], [kh, kw], [sh, sw], [dh, dw], [ph, pw], [oh, ow]] = [input, kernel, stride, dilation, begin, output];
  const icg = ic / groups;
  let at = 0;
  for (let image = 0; image < n; image++) {
    for (let o = 0; o < oc; o++) {
      const first = image * ic + Math.floor(o / (oc / groups)) * icg;
      for (let i = 0; i < oh; i++) {
        for (let j = 0; j < ow; j++) {
          let sum = 0;
          for (let c = 0; c < icg; c++) {
            for (let u = 0; u < kh; u++) {
              const row = i * sh - ph + u * dh;
              if (row < 0 || row >= ih) continue;
              for (let v = 0; v < kw; v++) {
                const column = j * sw - pw + v * dw;
                if (column >= 0 && column < iw) {
                  sum += x[((first + c) * ih + row) * iw + column] * w[((o * icg + c) * kh + u) * kw + v];
                }
              }
            }
          }
          y[at++] = sum;
        }
      }
    }
  }
}

/** @param {Problem} problem @param {Float32Array} x @param {Float32Array} _ @param {Float32Array} y */
function pool2d({ operator, n, ic, input, kernel, stride, begin, output }, x, _, y) {
  const [[ih, iw], [kh, kw], [sh, sw], [ph, pw], [oh, ow]] = [input, kernel, stride, begin, output];
  const isMean = operator === 'avgpool' || operator === 'gap';
  let at = 0;
  for (let plane = 0; plane < n * ic; plane++) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++) {
        const top = Math.max(0, i * sh - ph);
        const bottom = Math.min(ih, i * sh - ph + kh);
        const left = Math.max(0, j * sw - pw);
        const right = Math.min(iw, j * sw - pw + kw);
        let sum = 0;
        let largest = Number.NEGATIVE_INFINITY;
        for (let row = top; row < bottom; row++) {
          for (let column = left; column < right; column++) {
            const value = x[(plane * ih + row) * iw + column];
            sum += value;
            if (value > largest) largest = value;
          }
        }
        y[at++] = isMean ? sum / ((bottom - top) * (right - left)) : largest;
      }
    }
  }
}
