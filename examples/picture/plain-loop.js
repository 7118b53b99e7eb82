// The loop one would write by hand, which the table compares with: six nested `for`s over a padded copy, sums in double
// precision.

/** @typedef {import('./png.js').Tensor} Tensor */

/**
 * The convolution of `conv2d` with padding 'same': the output is ceil(extent / stride), an odd cell of padding goes to
 * the end.
 * @param {Tensor} x [1, channels, height, width]
 * @param {Tensor} weight [oc, channels / groups, kh, kw]
 * @param {{ stride?: number, groups?: number, bias?: Float32Array, paddingMode: 'reflect' | 'replicate' }} options
 * @param {(share: number) => void} [afterRow] told the share of rows that are done
 * @returns {Tensor}
 */
export function plainConv2d(x, weight, { stride = 1, groups = 1, bias, paddingMode }, afterRow = () => {}) {
  const [oc, depth, kh, kw] = weight.shape;
  const [, channels, height, width] = x.shape;
  const rows = sources(height, kh, stride, paddingMode);
  const columns = sources(width, kw, stride, paddingMode);
  const padded = gather(x, rows, columns);
  const oh = Math.ceil(height / stride);
  const ow = Math.ceil(width / stride);
  const plane = rows.length * columns.length;
  const y = new Float32Array(oc * oh * ow);
  for (let o = 0; o < oc; o++) {
    const first = Math.floor((o * groups) / oc) * (channels / groups);
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        let sum = bias ? bias[o] : 0;
        for (let c = 0; c < depth; c++) {
          for (let ky = 0; ky < kh; ky++) {
            const from = (first + c) * plane + (oy * stride + ky) * columns.length + ox * stride;
            const taps = ((o * depth + c) * kh + ky) * kw;
            for (let kx = 0; kx < kw; kx++) sum += padded[from + kx] * weight.data[taps + kx];
          }
        }
        y[(o * oh + oy) * ow + ox] = sum;
      }
      afterRow((o * oh + oy + 1) / (oc * oh));
    }
  }
  return { data: y, shape: [1, oc, oh, ow] };
}

/**
 * For every cell of a padded axis, the cell of the picture it copies.
 * @param {number} extent @param {number} kernel @param {number} stride @param {'reflect' | 'replicate'} mode
 */
function sources(extent, kernel, stride, mode) {
  const padding = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + kernel - extent);
  const begin = Math.floor(padding / 2);
  const last = extent - 1;
  return Array.from({ length: extent + padding }, (_, cell) => {
    const at = cell - begin;
    if (mode === 'reflect') return last - Math.abs(last - Math.abs(at));
    return Math.min(last, Math.max(0, at));
  });
}

/**
 * @param {Tensor} x @param {number[]} rows @param {number[]} columns
 */
function gather({ data, shape: [, channels, height, width] }, rows, columns) {
  const padded = new Float32Array(channels * rows.length * columns.length);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (const row of rows) {
      for (const column of columns) padded[at++] = data[(c * height + row) * width + column];
    }
  }
  return padded;
}
