import { firstOrder, kernelFirstOrder, lastOrder, permute, permuted } from './data.js';
import { isProduct, shapesOf } from './problem.js';

/**
 * How the package runs a problem.
 *
 * @typedef {import('./problem.js').Problem} Problem
 * @typedef {Record<string, any>} Api The package's exports; what is missing is not there yet.
 * @typedef {{ data: Float32Array, shape: readonly number[] }} Tensor
 *
 * @typedef {object} Setup
 * @property {'NCHW' | 'NHWC'} layout
 * @property {'arena' | 'heap'} memory `arena`: operands and result lie in wasm memory. `heap`: in JavaScript arrays,
 * copied in and out at every call.
 * @property {'prepared' | 'function'} [call] `prepared` (default): weights packed beforehand, where the operator has a
 * `prepare…`.
 * @property {string} [algorithm] Row of the package's table to insist on.
 *
 * @typedef {object} Subject
 * @property {() => unknown} run One call, the result written to the same place each time.
 * @property {() => Float32Array} read Result of one call, channels first.
 * @property {() => void} dispose
 * @property {string} [algorithm] Row that serves it, where the operator says.
 * @property {number} [workspaceBytes]
 */

/**
 * Name of the axis order as the package's options have it, per rank. @param {Setup['layout']} layout @param {number}
 * rank
 */
const layoutName = (layout, rank) =>
  layout === 'NHWC' ? ['', 'NLC', 'NHWC', 'NDHWC'][rank] : ['', 'NCL', 'NCHW', 'NCDHW'][rank];

/** Name of the export that a problem needs. @param {Problem} problem @param {Setup} setup */
export function exportFor({ operator, rank }, { call = 'prepared' }) {
  const prefix = call === 'prepared' ? 'prepareConv' : 'conv';
  switch (operator) {
    case 'conv':
      return `${prefix}${rank}d`;
    case 'convT':
      return `${prefix}Transpose${rank}d`;
    case 'gradX':
      return `conv${rank}dInputGrad`;
    case 'gradW':
      return `conv${rank}dWeightGrad`;
    case 'avgpool':
      return `avgPool${rank}d`;
    case 'gap':
      return 'globalAvgPool';
    case 'gradMaxpool':
      return `maxPool${rank}dInputGrad`;
    case 'gemm':
      return 'gemm';
    case 'linear':
      return call === 'prepared' ? 'prepareLinear' : 'linear';
    default:
      return `maxPool${rank}d`;
  }
}

/**
 * Rows of a table, as the package names them to whom insists on one that is not there. @param {string} message Of its
 * error.
 */
export const rowsIn = (message) =>
  Array.from((message.split('there are')[1] ?? '').matchAll(/"([^"]+)"/g), ([, name]) => name);

/**
 * Makes a problem ready to be timed. Throws what the package throws, for instance when a forced algorithm refuses.
 * @param {Api} api @param {Problem} problem @param {Float32Array[]} operands Channels first. @param {Setup} setup
 * @returns {Subject}
 */
export function prepare(api, problem, operands, setup) {
  const { rank, operator } = problem;
  const isLast = setup.layout === 'NHWC' && !isProduct(problem);
  const shapes = shapesOf(problem);
  const hasWeight = operator === 'conv' || operator === 'convT' || operator === 'gradX';
  const orderOf = (/** @type {boolean} */ isWeight) => (isWeight ? kernelFirstOrder(rank) : lastOrder(rank));
  const toShape = (/** @type {number[]} */ shape, isWeight = false) =>
    isLast ? permuted(shape, orderOf(isWeight)) : shape;

  const arena = setup.memory === 'arena' ? api.arena() : undefined;
  const place = (/** @type {Float32Array} */ data, /** @type {readonly number[]} */ shape) =>
    arena ? arena.from(data, shape) : { data, shape };
  /** @type {any} */
  let handle;
  const dispose = () => {
    handle?.dispose();
    arena?.dispose();
  };
  try {
    const tensors = operands.map((data, i) => {
      const shape = shapes.operands[i];
      const isWeight = hasWeight && i === 1;
      return place(isLast ? permute(data, shape, orderOf(isWeight)) : data, toShape(shape, isWeight));
    });
    const operation = callOf(api, problem, tensors, toShape, setup);
    handle = operation.handle;
    const { call, algorithm = handle?.algorithm } = operation;
    const first = call();
    const out = place(new Float32Array(first.data.length).fill(Number.NaN), first.shape);
    const read = () => {
      const { data } = call(out);
      if (!isLast) return data.slice();
      const isWeight = operator === 'gradW';
      const back = isWeight ? [rank + 1, rank, ...Array.from({ length: rank }, (_, i) => i)] : firstOrder(rank);
      return permute(data, toShape(shapes.result, isWeight), back);
    };
    return { run: () => call(out), read, dispose, algorithm, workspaceBytes: handle?.workspaceBytes };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * @param {Api} api @param {Problem} problem @param {Tensor[]} tensors
 * @param {(shape: number[], weight?: boolean) => number[]} toShape @param {Setup} setup
 * @returns {{ call: (out?: Tensor) => Tensor, handle?: any, algorithm?: string }}
 */
function callOf(api, problem, [a, b], toShape, setup) {
  const { operator, rank, groups, stride, dilation, begin, end, outputPadding, kernel } = problem;
  const name = exportFor(problem, setup);
  const operation = api[name];
  if (name === 'prepareLinear') {
    const handle = operation(b);
    return { call: (out) => handle.run(a, out), handle };
  }
  if (isProduct(problem)) return { call: (out) => operation(a, b, { out }) };
  const shapes = shapesOf(problem);
  const layout = layoutName(setup.layout, rank);
  if (operator === 'gap') return { call: (out) => operation(a, { layout, out }) };
  const pairs = begin.map((p, i) => [p, end[i]]);
  const placed = {
    stride,
    padding: begin.every((p, i) => p === end[i]) ? begin : pairs,
    ...(operator === 'avgpool' ? {} : { dilation }),
    layout,
  };
  if (name.includes('ool')) {
    const options = { ...placed, kernelSize: kernel };
    if (operator === 'avgpool') return { call: (out) => operation(a, { ...options, countIncludePad: false, out }) };
    if (operator === 'argmax') return { call: () => operation(a, { ...options, returnIndices: true }).output };
    if (operator !== 'gradMaxpool') return { call: (out) => operation(a, { ...options, out }) };
    const { indices } = api[`maxPool${rank}d`](a, { ...options, returnIndices: true });
    const xShape = toShape(shapes.operands[0]);
    return { call: (out) => operation(b, indices, xShape, { ...options, out }) };
  }
  const options = {
    ...placed,
    groups,
    ...(outputPadding.some((p) => p > 0) && { outputPadding }),
    ...(setup.algorithm && { algorithm: setup.algorithm }),
  };
  if (operator === 'gradX' || operator === 'gradW') {
    const isWeight = operator === 'gradW';
    const shape = toShape(shapes.result, isWeight);
    const [xShape, weightShape] = isWeight ? [a.shape, shape] : [shape, b.shape];
    const { algorithm: forced, ...free } = options;
    const backward = api[`prepareConv${rank}dBackward`](free, xShape, weightShape);
    const algorithm = forced ?? backward.algorithms[isWeight ? 'weight' : 'x'];
    backward.dispose();
    return { call: (out) => operation(a, b, shape, { ...options, out }), algorithm };
  }
  if (setup.call === 'function') return { call: (out) => operation(a, b, { ...options, out }) };
  const handle = operation(b, options, a.shape);
  return { call: (out) => handle.run(a, out), handle };
}
