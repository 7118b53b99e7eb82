/**
 * One problem, one string: test title, reproduction line and bench argument at once.
 *
 *     n1ic64ih56iw56_oc64kh3kw3_ph1pw1        convolution, forward
 *     maxpool_ic64ih112iw112_kh3kw3_sh2sw2    an operator's name first
 *     gemm_m256n256k256                       x [m, k] by y [k, n]; linear_… has weights [n, k]
 *
 * Parts are joined by `_`. A part is an operator's name, the flag `nhwc`, or letters each followed by a number: `n`
 * batch, `ic oc` channels, `g` groups, `id ih iw` input, `kd kh kw` kernel, `sd sh sw` stride, `dd dh dw` dilation (1 =
 * dense), `pd ph pw` padding at the begin, `pde phe pwe` at the end (as at the begin unless given), `opd oph opw`
 * output padding; `m n k` in `gemm` and `linear`. What is missing is 1, padding is 0, a pool's stride is its kernel. The rank is
 * that of the axes named.
 */

/** Operators by their name in a problem string; '' is the forward convolution. */
const operators = /** @type {const} */ ({
  '': 'conv',
  convT: 'convT',
  gradX: 'gradX',
  gradW: 'gradW',
  maxpool: 'maxpool',
  argmax: 'argmax',
  avgpool: 'avgpool',
  gap: 'gap',
  gradMaxpool: 'gradMaxpool',
  identity: 'identity',
  gemm: 'gemm',
  linear: 'linear',
});

/**
 * @typedef {(typeof operators)[keyof typeof operators]} Operator
 *
 * @typedef {object} Problem
 * @property {string} text The string it was read from.
 * @property {Operator} operator `argmax` is max pooling with indices, `identity` a 1x1 max pool that measures the call
 * itself.
 * @property {1 | 2 | 3} rank Number of spatial axes; every array below has one entry per axis.
 * @property {number} n Batch; the columns of the result in `gemm`.
 * @property {number} m Rows of the result in `gemm`.
 * @property {number} k Length of the sums in `gemm`.
 * @property {number} ic
 * @property {number} oc
 * @property {number} groups
 * @property {number[]} input
 * @property {number[]} kernel
 * @property {number[]} stride
 * @property {number[]} dilation
 * @property {number[]} begin
 * @property {number[]} end
 * @property {number[]} outputPadding
 * @property {number[]} output
 * @property {boolean} nhwc
 */

const letters = new Set(
  'n ic oc g m k id ih iw kd kh kw sd sh sw dd dh dw pd ph pw pde phe pwe opd oph opw'.split(' '),
);
const poolLike = new Set(['maxpool', 'argmax', 'avgpool', 'gap', 'gradMaxpool', 'identity']);

/** True for products of matrices, which have no layout. @param {Problem} problem */
export const isProduct = (problem) => problem.operator === 'gemm' || problem.operator === 'linear';

/** True for operators whose cost is the traffic, not the arithmetic. @param {Problem} problem */
export const isPool = (problem) => poolLike.has(problem.operator);

/**
 * Reads a problem string. Throws an Error that names the part it cannot read.
 * @param {string} text
 * @returns {Problem}
 */
export function parseProblem(text) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {Operator} */
  let operator = 'conv';
  let nhwc = false;
  for (const part of text.split('_')) {
    if (part === 'nhwc') nhwc = true;
    else if (part !== '' && Object.hasOwn(operators, part))
      operator = operators[/** @type {keyof typeof operators} */ (part)];
    else readNumbers(part, text, numbers);
  }
  const get = (/** @type {string} */ key, fallback = 1) => numbers.get(key) ?? fallback;
  if (operator === 'gemm' || operator === 'linear') {
    const none = { ic: 1, oc: 1, groups: 1, input: [], kernel: [], stride: [], dilation: [], begin: [], end: [] };
    return {
      ...none,
      text,
      operator,
      rank: 1,
      m: get('m'),
      n: get('n'),
      k: get('k'),
      outputPadding: [],
      output: [],
      nhwc,
    };
  }
  const rank = numbers.has('id') || numbers.has('kd') ? 3 : numbers.has('ih') || numbers.has('kh') ? 2 : 1;
  const axes = ['d', 'h', 'w'].slice(3 - rank);
  const input = axes.map((a) => get(`i${a}`));
  const kernel = axes.map((a, i) => (operator === 'gap' ? input[i] : get(`k${a}`)));
  const stride = axes.map((a, i) => get(`s${a}`, poolLike.has(operator) ? kernel[i] : 1));
  const dilation = axes.map((a) => get(`d${a}`));
  const begin = axes.map((a) => get(`p${a}`, 0));
  const end = axes.map((a, i) => get(`p${a}e`, begin[i]));
  const outputPadding = axes.map((a) => get(`op${a}`, 0));
  const output = input.map((extent, i) => {
    const reach = dilation[i] * (kernel[i] - 1) + 1;
    if (operator === 'convT') return (extent - 1) * stride[i] - begin[i] - end[i] + reach + outputPadding[i];
    return Math.floor((extent + begin[i] + end[i] - reach) / stride[i]) + 1;
  });
  if (output.some((extent) => !(extent >= 1))) throw new Error(`${text}: the output would be ${output.join('x')}`);
  const ic = get('ic');
  const oc = poolLike.has(operator) ? ic : get('oc');
  const groups = get('g');
  if (ic % groups || oc % groups) throw new Error(`${text}: ${groups} groups do not divide ${ic} and ${oc} channels`);
  const extents = { input, kernel, stride, dilation, begin, end, outputPadding, output };
  return { text, operator, rank, n: get('n'), m: 0, k: 0, ic, oc, groups, ...extents, nhwc };
}

/** @param {string} part @param {string} text @param {Map<string, number>} numbers */
function readNumbers(part, text, numbers) {
  const rest = part.replace(/([a-z]+)(\d+)/g, (all, key, digits) => {
    if (!letters.has(key)) return all;
    numbers.set(key, Number(digits));
    return '';
  });
  if (rest !== '' || part === '') throw new Error(`cannot read "${rest || part}" in the problem "${text}"`);
}

/**
 * Shapes of the operands and of the result, channels first.
 * @param {Problem} problem
 * @returns {{ operands: number[][], result: number[] }}
 */
export function shapesOf({ operator, n, m, k, ic, oc, groups, input, kernel, output }) {
  const x = [n, ic, ...input];
  const y = [n, oc, ...output];
  const weight = [oc, ic / groups, ...kernel];
  if (operator === 'gemm') return { operands: [[m, k], [k, n]], result: [m, n] }; // biome-ignore format: one line reads best
  if (operator === 'linear') return { operands: [[m, k], [n, k]], result: [m, n] }; // biome-ignore format: one line reads best
  if (operator === 'conv') return { operands: [x, weight], result: y };
  if (operator === 'convT') return { operands: [x, [ic, oc / groups, ...kernel]], result: y };
  if (operator === 'gradX') return { operands: [y, weight], result: x };
  if (operator === 'gradW') return { operands: [x, y], result: weight };
  if (operator === 'gradMaxpool') return { operands: [x, y], result: x };
  return { operands: [x], result: y };
}

/** @param {readonly number[]} extents */
export const product = (extents) => extents.reduce((a, b) => a * b, 1);

/**
 * What a rate is counted in: FLOP of the definition (a multiply-add is two, padding included), or for pools the bytes
 * of input and output.
 * @param {Problem} problem
 * @returns {{ amount: number, unit: 'GFLOP/s' | 'GB/s' }}
 */
export function workOf(problem) {
  const { operator, n, m, k, ic, oc, groups, input, kernel, output } = problem;
  if (isProduct(problem)) return { amount: 2 * m * n * k, unit: 'GFLOP/s' };
  if (isPool(problem)) return { amount: 4 * n * ic * (product(input) + product(output)), unit: 'GB/s' };
  const positions = operator === 'convT' ? input : output;
  return { amount: 2 * n * product(positions) * product(kernel) * oc * (ic / groups), unit: 'GFLOP/s' };
}
