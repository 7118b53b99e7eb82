import type { IndexTensor, MaxPoolResult, Tensor } from '../../src/index.js';
import * as api from '../../src/index.js';
import * as reference from '../reference/index.js';
import { expectExact, expectWithin } from '../support/bounds.js';
import { leavesNothing } from '../support/builds.js';
import type { Case } from '../support/cases.js';
import { integerTensor, random, realTensor, type TestTensor } from '../support/data.js';
import { checkFence, fencedOutput } from '../support/fence.js';
import { adaptiveOptions, avgPoolOptions, lpPoolOptions, maxPoolOptions, xShape } from '../support/problems.js';
import { layoutOnly } from './cases.js';

type Options = Readonly<Record<string, unknown>>;
type Operator = (...operands: unknown[]) => Tensor & MaxPoolResult;

/** `maxPool` in the rank of a case: `maxPool2d`. */
const named = (given: Case, name: string, suffix = ''): Operator =>
  (api as unknown as Record<string, Operator>)[`${name}${given.rank}d${suffix}`];

interface Result {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly magnitude: ArrayLike<number>;
  readonly terms: number;
}

/** Calls into a fenced output and returns it; nothing stays taken, operands keep their values. */
function fenced(
  operator: Operator,
  operands: readonly unknown[],
  options: Options,
  shape: readonly number[],
  start?: Tensor,
) {
  const out = { data: fencedOutput(shape.reduce((product, extent) => product * extent, 1)), shape: [...shape] };
  if (start) out.data.set(start.data);
  const tensors = operands.filter(
    (operand): operand is Tensor => typeof operand === 'object' && operand !== null && 'data' in operand,
  );
  const before = tensors.map(({ data }) => data.slice());
  const returned = leavesNothing(() => operator(...operands, { ...options, out, ...(start && { accumulate: true }) }));
  if (returned !== (out as unknown)) throw new Error('the result is not `out`');
  checkFence(out.data);
  for (const [i, { data }] of tensors.entries()) expectExact(data, before[i]);
  return out;
}

/** A gradient, and the same gradient added to something. */
function checkGradient(
  operator: Operator,
  operands: readonly unknown[],
  options: Options,
  expected: Result,
  compare: (actual: Tensor, expected: Result) => void,
): void {
  compare(fenced(operator, operands, options, expected.shape), expected);
  const start = integerTensor(expected.shape, 11);
  const sum = {
    ...expected,
    data: Float64Array.from(expected.data, (value, i) => value + start.data[i]),
    terms: expected.terms + 1,
  };
  const magnitude = Float64Array.from(expected.magnitude, (value, i) => value + Math.abs(start.data[i]));
  compare(fenced(operator, operands, options, expected.shape, start), { ...sum, magnitude });
}

const exactly = (actual: Tensor, expected: Result) => expectExact(actual, expected);
const within = (actual: Tensor, expected: Result) => expectWithin(actual, expected, expected.magnitude, expected.terms);

const special = [Number.NEGATIVE_INFINITY, Number.NaN, -1, 0, 0, 1, 1, Number.POSITIVE_INFINITY, -0, 2, 2, 2, 1e-40];

/** Numbers among which maxima tie, with NaN, infinities, both zeros and a denormal. */
export function specialTensor(shape: readonly number[], seed: number): TestTensor {
  const next = random(seed);
  const tensor = integerTensor(shape, seed);
  return { ...tensor, data: tensor.data.map(() => special[Math.floor(next() * special.length)]) };
}

/** Integers with a single NaN: what does not look at every cell misses it. */
export const withNaN =
  (position: number) =>
  (shape: readonly number[], seed: number): TestTensor => {
    const tensor = integerTensor(shape, seed);
    if (tensor.data.length > 0) tensor.data[position % tensor.data.length] = Number.NaN;
    return tensor;
  };

type Make = (shape: readonly number[], seed: number) => TestTensor;

function checkIndexed(
  given: Case,
  x: TestTensor,
  name: string,
  options: Options,
  expected: reference.MaxPoolResult,
): void {
  const operator = named(given, name);
  const { shape } = expected;
  expectExact(fenced(operator, [x], options, shape), expected);
  const output = { data: fencedOutput(expected.data.length), shape };
  const floats = fencedOutput(expected.data.length);
  const indices = { data: new Int32Array(floats.buffer, floats.byteOffset, floats.length), shape };
  const result = leavesNothing(() => operator(x, { ...options, returnIndices: true, out: { output, indices } }));
  checkFence(output.data);
  checkFence(floats);
  expectExact(result.output, expected);
  expectExact(result.indices.data, expected.indices.data);
  const fresh = leavesNothing(() => operator(x, { ...options, returnIndices: true }));
  expectExact(fresh.output, expected);
  expectExact(fresh.indices.data, expected.indices.data);
}

function checkIndexedGradient(given: Case, x: TestTensor, name: string, options: Options, indices: IndexTensor): void {
  const gradY = integerTensor(indices.shape, 5);
  const expected = reference.maxPoolInputGrad(gradY, indices, x.shape, layoutOnly(given));
  checkGradient(named(given, name, 'InputGrad'), [gradY, indices, x.shape], options, expected, exactly);
}

/** Max pool with and without indices, and its gradient. */
export function checkMaxPool(given: Case, make: Make): void {
  const options = maxPoolOptions(given);
  const x = make(xShape(given), 1);
  const expected = reference.maxPool(x, options);
  checkIndexed(given, x, 'maxPool', options, expected);
  checkIndexedGradient(given, x, 'maxPool', options, expected.indices);
}

export function checkAdaptiveMaxPool(given: Case, make: Make): void {
  const options = adaptiveOptions(given);
  const x = make(xShape(given), 1);
  const expected = reference.adaptiveMaxPool(x, options);
  checkIndexed(given, x, 'adaptiveMaxPool', options, expected);
  checkIndexedGradient(given, x, 'adaptiveMaxPool', options, expected.indices);
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const lcm = (a: number, b: number): number => (a * b) / gcd(a, b);

/** A multiple of every divisor of a window that has at most `sizes` cells along each axis. */
function divisible(sizes: readonly number[]): number {
  const upTo = (size: number) => Array.from({ length: size }, (_, i) => i + 1).reduce(lcm, 1);
  return sizes.reduce((product, size) => product * upTo(size), 1);
}

const times = (tensor: TestTensor, factor: number): TestTensor => ({
  ...tensor,
  data: tensor.data.map((value) => value * factor),
});

const kernelOf = (c: Case) => [c.kd, c.kh, c.kw].slice(3 - c.rank);

/**
 * Exactly on integers (an average rounds once; gradients get multiples of every divisor), within the bound on reals.
 */
export function checkAvgPool(given: Case, make: Make): void {
  const options = avgPoolOptions(given);
  const exact = make === integerTensor;
  const compare = exact ? exactly : within;
  const x = make(xShape(given), 1);
  const expected = reference.avgPool(x, options);
  compare(fenced(named(given, 'avgPool'), [x], options, expected.shape), expected);
  const gradY = times(make(expected.shape, 2), exact ? given.divisor || divisible(kernelOf(given)) : 1);
  const grad = reference.avgPoolInputGrad(gradY, x.shape, options);
  checkGradient(named(given, 'avgPool', 'InputGrad'), [gradY, x.shape], options, grad, compare);
}

/** Sizes of the windows that share `input` cells among `output`. */
const adaptiveSizes = (input: number, output: number) =>
  Array.from({ length: output }, (_, i) => Math.ceil(((i + 1) * input) / output) - Math.floor((i * input) / output));

export function checkAdaptiveAvgPool(given: Case, make: Make): void {
  const options = adaptiveOptions(given);
  const exact = make === integerTensor;
  const compare = exact ? exactly : within;
  const x = make(xShape(given), 1);
  const expected = reference.adaptiveAvgPool(x, options);
  compare(fenced(named(given, 'adaptiveAvgPool'), [x], options, expected.shape), expected);
  const sizes = [
    adaptiveSizes(given.id, given.od),
    adaptiveSizes(given.ih, given.oh),
    adaptiveSizes(given.iw, given.ow),
  ];
  const factor = exact ? sizes.map((axis) => axis.reduce(lcm, 1)).reduce((a, b) => a * b, 1) : 1;
  const gradY = times(make(expected.shape, 2), factor);
  const grad = reference.adaptiveAvgPoolInputGrad(gradY, x.shape, options);
  checkGradient(named(given, 'adaptiveAvgPool', 'InputGrad'), [gradY, x.shape], options, grad, compare);
}

export function checkLpPool(given: Case, make: Make, p = given.lp): void {
  const options = { ...lpPoolOptions(given), p };
  const x = make(xShape(given), 1);
  const expected = reference.lpPool(x, options);
  within(fenced(named(given, 'lpPool'), [x], options, expected.shape), expected);
  const gradY = realTensor(expected.shape, 2);
  const y = { data: Float32Array.from(expected.data), shape: expected.shape };
  const grad = reference.lpPoolInputGrad(gradY, x, y, options);
  checkGradient(named(given, 'lpPool', 'InputGrad'), [gradY, x, y], options, grad, within);
}

export function checkGlobalPools(given: Case, make: Make): void {
  const x = make(xShape(given), 1);
  const options = layoutOnly(given);
  const largest = reference.globalMaxPool(x, options);
  expectExact(fenced(api.globalMaxPool as unknown as Operator, [x], options, largest.shape), largest);
  if (largest.data.some(Number.isNaN)) return;
  const average = reference.globalAvgPool(x, options);
  const compare = make === integerTensor ? exactly : within;
  compare(fenced(api.globalAvgPool as unknown as Operator, [x], options, average.shape), average);
}

/** The unpooling of the maxima of a pool without dilation, to the size of the pool's input; and its gradient. */
export function checkMaxUnpool(given: Case): void {
  const { dilation: _, ceilMode: __, ...options } = maxPoolOptions(given);
  const { data, shape, indices } = reference.maxPool(integerTensor(xShape(given), 1), options);
  const x = { data: Float32Array.from(data), shape };
  const spatial = xShape(given).filter(
    (_, axis) => axis > 0 && axis !== (options.layout.endsWith('C') ? given.rank + 1 : 1),
  );
  const sized = { ...options, outputSize: spatial };
  const expected = reference.maxUnpool(x, indices, sized);
  exactly(fenced(named(given, 'maxUnpool'), [x, indices], sized, expected.shape), expected);
  const gradY = integerTensor(expected.shape, 3);
  const grad = reference.maxUnpoolInputGrad(gradY, indices, shape, layoutOnly(given));
  checkGradient(named(given, 'maxUnpool', 'InputGrad'), [gradY, indices, shape], sized, grad, exactly);
}
