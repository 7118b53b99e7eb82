import { type Case, type Flag, has } from './cases.js';
import { integerTensor, type TestTensor } from './data.js';

/** Shapes, options and operands that a case stands for, in the words of the public API. */

const LAYOUTS = { first: ['NCL', 'NCHW', 'NCDHW'], last: ['NLC', 'NHWC', 'NDHWC'] } as const;

const CLAMP: readonly [number, number] = [-3, 5];

type Triple = readonly [number, number, number];

/** The last `rank` of three values. */
const own = <T>(given: Case, values: readonly [T, T, T]): T[] => values.slice(3 - given.rank);

/** The padding word of a case, if it has one. */
const WORDS: readonly (readonly [Flag, 'valid' | 'same' | 'same-lower' | 'full'])[] = [
  ['valid', 'valid'],
  ['same', 'same'],
  ['samelower', 'same-lower'],
  ['full', 'full'],
];

export const layoutOf = (given: Case): 'NCL' | 'NLC' | 'NCHW' | 'NHWC' | 'NCDHW' | 'NDHWC' =>
  LAYOUTS[has(given, 'nhwc') ? 'last' : 'first'][Math.max(given.rank, 1) - 1];

const inputOf = (c: Case): Triple => [c.id, c.ih, c.iw];
export const kernelOf = (c: Case): number[] => own(c, [c.kd, c.kh, c.kw]);

/** [n, channels, ...extents], or [n, ...extents, channels]. */
const mapShape = (given: Case, channels: number, extents: readonly number[]): number[] =>
  has(given, 'nhwc') ? [given.n, ...extents, channels] : [given.n, channels, ...extents];

export const xShape = (given: Case): number[] => mapShape(given, given.ic, own(given, inputOf(given)));

const kernelShape = (given: Case, outer: number, inner: number): number[] =>
  has(given, 'nhwc') ? [...kernelOf(given), inner, outer] : [outer, inner, ...kernelOf(given)];

/** OIHW or HWIO. */
export const weightShape = (given: Case): number[] => kernelShape(given, given.oc, given.ic / given.g);

/** IOHW or HWOI. */
export const transposeWeightShape = (given: Case): number[] => kernelShape(given, given.ic, given.oc / given.g);

type PaddingOption = [number, number][] | 'valid' | 'same' | 'same-lower' | 'full';

function paddingOf(given: Case): PaddingOption {
  const word = WORDS.find(([flag]) => has(given, flag));
  if (word !== undefined) return word[1];
  return own<[number, number]>(given, [
    [given.pd, given.pde],
    [given.ph, given.phe],
    [given.pw, given.pwe],
  ]);
}

export type ActivationOption = 'relu' | 'relu6' | 'hardTanh' | { readonly clamp: readonly [number, number] };

export function activationOf(given: Case): ActivationOption | undefined {
  if (has(given, 'relu')) return 'relu';
  if (has(given, 'relu6')) return 'relu6';
  if (has(given, 'hardtanh')) return 'hardTanh';
  return has(given, 'clamp') ? { clamp: CLAMP } : undefined;
}

const MODES = ['reflect', 'replicate', 'circular'] as const;

export interface WindowOptionsOfCase {
  readonly stride: number[];
  readonly padding: PaddingOption;
  readonly dilation: number[];
  readonly layout: ReturnType<typeof layoutOf>;
}

/** stride, padding, dilation and layout. */
const windowOptions = (given: Case): WindowOptionsOfCase => ({
  stride: own(given, [given.sd, given.sh, given.sw]),
  padding: paddingOf(given),
  dilation: own(given, [given.dd, given.dh, given.dw]),
  layout: layoutOf(given),
});

/** Everything convolution and its transpose share, but operands (bias, add). */
const sharedOptions = (given: Case) => ({
  ...windowOptions(given),
  groups: given.g,
  flipKernel: has(given, 'flip'),
  ...(has(given, 'high') ? { accuracy: 'high' as const } : {}),
  ...(activationOf(given) === undefined ? {} : { activation: activationOf(given) }),
});

export const convOptions = (given: Case) => ({
  ...sharedOptions(given),
  paddingMode: MODES.find((mode) => has(given, mode)) ?? ('zeros' as const),
});

export const convTransposeOptions = (given: Case) => ({
  ...sharedOptions(given),
  outputPadding: own(given, [given.opd, given.oph, given.opw]),
});

export const maxPoolOptions = (given: Case) => ({
  ...windowOptions(given),
  kernelSize: kernelOf(given),
  ceilMode: has(given, 'ceil'),
});

export const avgPoolOptions = (given: Case) => ({
  ...maxPoolOptions(given),
  countIncludePad: !has(given, 'exclude'),
  ...(given.divisor > 0 ? { divisorOverride: given.divisor } : {}),
});

export const lpPoolOptions = (given: Case) => ({ ...maxPoolOptions(given), p: given.lp });

export const adaptiveOptions = (given: Case) => ({
  outputSize: own(given, [given.od, given.oh, given.ow]),
  layout: layoutOf(given),
});

/** For im2col. */
export const columnOptions = (given: Case) => ({ ...windowOptions(given), kernelSize: kernelOf(given) });

export type MakeTensor = (shape: readonly number[], seed: number) => TestTensor;

export interface ConvOperands {
  readonly x: TestTensor;
  readonly weight: TestTensor;
  /** Only where the case says `bias`. */
  readonly bias?: Float32Array;
}

/** Seeded operands of a convolution; integers unless another maker is given. */
export const convOperands = (given: Case, make: MakeTensor = integerTensor): ConvOperands => ({
  x: make(xShape(given), 1),
  weight: make(weightShape(given), 2),
  ...(has(given, 'bias') ? { bias: make([given.oc], 3).data } : {}),
});

export const convTransposeOperands = (given: Case, make: MakeTensor = integerTensor): ConvOperands => ({
  x: make(xShape(given), 1),
  weight: make(transposeWeightShape(given), 2),
  ...(has(given, 'bias') ? { bias: make([given.oc], 3).data } : {}),
});
