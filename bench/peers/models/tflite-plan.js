import { firstOrder, kernelFirstOrder, lastOrder, permute, permuted } from '../../data.js';
import { isProduct, product, shapesOf } from '../../problem.js';
import { tfliteModel } from './tflite.js';

/**
 * Problems as TFLite models, channels last.
 *
 * @typedef {import('../../problem.js').Problem} Problem
 *
 * @typedef {object} Plan
 * @property {Uint8Array} model
 * @property {{ data: Float32Array, shape: number[] }[]} inputs
 * @property {(result: Float32Array) => Float32Array} toFirst The model's result, channels first.
 */

/** Reverses every spatial axis of channels-first data. @param {Float32Array} data @param {number[]} shape */
function mirror(data, shape) {
  const plane = product(shape.slice(2));
  const result = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += plane) result.set(data.slice(from, from + plane).reverse(), from);
  return result;
}

const SAME = 0;
const VALID = 1;

/**
 * Its padding is SAME (the odd cell at the end) or VALID, never a number. Where the problem's padding is the mirror
 * image of SAME, it gets the mirrored problem, which is the same work, rather than an extra padding operator.
 * @param {Problem} problem @param {number[]} large Extents that are padded. @param {number[]} small Extents that
 * result.
 * @returns {{ padding: number, mirrored: boolean } | null}
 */
function paddingOf({ begin, end, kernel, stride, dilation }, large, small) {
  const reach = kernel.map((k, i) => dilation[i] * (k - 1) + 1);
  const isValid = large.every(
    (extent, i) => begin[i] === 0 && end[i] === 0 && small[i] === Math.ceil((extent - reach[i] + 1) / stride[i]),
  );
  if (isValid) return { padding: VALID, mirrored: false };
  if (large.some((extent, i) => small[i] !== Math.ceil(extent / stride[i]))) return null;
  const total = large.map((extent, i) => Math.max(0, (small[i] - 1) * stride[i] + reach[i] - extent));
  if (total.every((t, i) => begin[i] === Math.floor(t / 2))) return { padding: SAME, mirrored: false };
  if (total.every((t, i) => begin[i] === Math.ceil(t / 2))) return { padding: SAME, mirrored: true };
  return null;
}

/** Whether there is an operator for a problem, padding aside. @param {Problem} problem */
function offers({ operator, rank, groups, dilation }) {
  const isDilated = dilation.some((d) => d > 1);
  if (operator === 'conv') return rank < 3 || groups === 1;
  if (operator === 'convT' || operator === 'gradX') return rank === 2 && groups === 1 && !isDilated;
  return ['maxpool', 'avgpool', 'gap', 'identity'].includes(operator) && rank < 3 && !isDilated;
}

/**
 * The model of a problem and its operands as the model wants them; null where it has no operator for it. @param
 * {Problem} problem @param {Float32Array[]} operands @returns {Plan | null}
 */
export function planOf(problem, operands) {
  const { operator, rank, groups, ic, oc, input, output, kernel, stride, dilation } = problem;
  const shapes = shapesOf(problem);
  if (isProduct(problem)) {
    const inputs = operands.map((data, i) => ({ data, shape: shapes.operands[i] }));
    return {
      model: tfliteModel(
        'BATCH_MATMUL',
        inputs.map(({ shape }) => ({ shape })),
        shapes.result,
        { adj_y: operator === 'linear' ? 1 : 0 },
      ),
      inputs,
      toFirst: (y) => y,
    };
  }
  if (!offers(problem)) return null;
  const isTransposed = operator === 'convT' || operator === 'gradX';
  const large = operator === 'convT' ? output : input;
  const small = operator === 'convT' ? input : output;
  const rule = paddingOf(problem, large, small);
  if (!rule) return null;

  const flip = rule.mirrored ? mirror : (/** @type {Float32Array} */ data) => data;
  /** Rank 1 is an image of one row. @param {number[]} shape @param {number} at */
  const lifted = (shape, at) => (rank === 1 ? [...shape.slice(0, at), 1, ...shape.slice(at)] : shape);
  const [dataShape] = shapes.operands;
  const last = lastOrder(rank);
  const x = {
    data: permute(flip(operands[0], dataShape), dataShape, last),
    shape: lifted(permuted(dataShape, last), 1),
  };
  const resultLast = permuted(shapes.result, last);
  const resultShape = lifted(resultLast, 1);
  const toFirst = (/** @type {Float32Array} */ y) => flip(permute(y, resultLast, firstOrder(rank)), shapes.result);
  const weight = (/** @type {number[]} */ order) => ({
    data: permute(flip(operands[1], shapes.operands[1]), shapes.operands[1], order),
    shape: lifted(permuted(shapes.operands[1], order), order[0] > 1 ? 0 : 1),
  });
  const [sd, sh, sw] = [...Array(3 - rank).fill(1), ...stride];
  const [dd, dh, dw] = [...Array(3 - rank).fill(1), ...dilation];
  const [, kh, kw] = [...Array(3 - rank).fill(1), ...kernel];
  const strides = { padding: rule.padding, stride_w: sw, stride_h: sh };
  const dilations = { dilation_d_factor: dd, dilation_h_factor: dh, dilation_w_factor: dw };
  const spatial = Array.from({ length: rank }, (_, i) => i + 2);
  const graph = (
    /** @type {import('../models/tflite.js').Operation} */ operation,
    /** @type {import('../models/tflite.js').Tensor[]} */ tensors,
    /** @type {import('../models/tflite.js').Options} */ options,
  ) => ({
    model: tfliteModel(operation, tensors, resultShape, options),
    inputs: [x],
    toFirst,
  });

  const zeros = (/** @type {number} */ count) => ({ shape: [count], data: new Float32Array(count) });
  if (isTransposed) {
    const extents = { shape: [4], data: Int32Array.from(resultShape) };
    return graph('TRANSPOSE_CONV', [extents, weight([1, ...spatial, 0]), { shape: x.shape }], strides);
  }
  if (operator === 'conv') {
    if (rank === 3) {
      return graph('CONV_3D', [{ shape: x.shape }, weight(kernelFirstOrder(3)), zeros(oc)], {
        ...strides,
        ...dilations,
        stride_d: sd,
      });
    }
    if (groups === ic && groups > 1) {
      const options = { ...strides, ...dilations, depth_multiplier: oc / ic };
      return graph('DEPTHWISE_CONV_2D', [{ shape: x.shape }, weight([1, ...spatial, 0]), zeros(oc)], options);
    }
    return graph('CONV_2D', [{ shape: x.shape }, weight([0, ...spatial, 1]), zeros(oc)], { ...strides, ...dilations });
  }
  const window = { ...strides, filter_width: kw, filter_height: kh };
  const isMean = operator === 'avgpool' || operator === 'gap';
  return graph(isMean ? 'AVERAGE_POOL_2D' : 'MAX_POOL_2D', [{ shape: x.shape }], window);
}
