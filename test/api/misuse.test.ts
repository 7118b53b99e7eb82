import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  conv1d,
  conv2d,
  conv3d,
  gemm,
  init,
  linear,
  MemoryError,
  matmul,
  memoryUsage,
  OptionError,
  prepareConv2d,
  ShapeError,
  StridewiseError,
  type Tensor,
  tensor,
  UnsupportedError,
} from '../../src/index.js';
import { expectRefusal } from '../shape/misuse.js';

const t = (...shape: number[]): Tensor => ({ data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape });
const any = (value: unknown) => value as never;
const x = t(2, 4, 9, 7);
const w = t(6, 4, 3, 2);
const conv =
  (options: unknown, xs: unknown = x, ws: unknown = w) =>
  () =>
    conv2d(any(xs), any(ws), any(options));
const prepared =
  (options: unknown, xShape: unknown = x.shape, ws: unknown = w) =>
  () =>
    prepareConv2d(any(ws), any(options), any(xShape));

const detached = (): Tensor => {
  const data = new Float32Array(504);
  structuredClone(data, { transfer: [data.buffer] });
  return { data, shape: [2, 4, 9, 7] };
};
const overlapping = (): [Tensor, Tensor] => {
  const all = new Float32Array(2000);
  return [
    { data: all.subarray(0, 504), shape: [2, 4, 9, 7] },
    { data: all.subarray(400, 904), shape: [2, 6, 7, 6] },
  ];
};

/** What is done wrong, the call, the class of error, and the numbers its message must give. */
const misuses: [
  what: string,
  call: () => unknown,
  error: typeof StridewiseError | typeof ShapeError,
  message: RegExp,
][] = [
  // operands that are none
  ['no x', () => conv2d(any(undefined), w), ShapeError, /x is undefined, expected a tensor/],
  ['x is null', conv({}, null), ShapeError, /x is null/],
  ['x is an array', conv({}, [1, 2]), ShapeError, /x is .*expected a tensor/],
  ['x without shape', conv({}, { data: x.data }), ShapeError, /x/],
  ['x without data', conv({}, { shape: x.shape }), ShapeError, /x/],
  [
    'data of another type',
    conv({}, { data: new Float64Array(504), shape: x.shape }),
    ShapeError,
    /x\.data .*Float32Array/,
  ],
  ['data an array', conv({}, { data: Array(504).fill(0), shape: x.shape }), ShapeError, /x\.data .*Float32Array/],
  ['data an ArrayBuffer', conv({}, { data: new ArrayBuffer(2016), shape: x.shape }), ShapeError, /x\.data/],
  ['shape a string', conv({}, { data: x.data, shape: '2497' }), ShapeError, /x\.shape/],
  ['an extent NaN', conv({}, { data: x.data, shape: [2, 4, Number.NaN, 7] }), ShapeError, /x\.shape\[2\] is NaN/],
  ['an extent negative', conv({}, { data: x.data, shape: [2, 4, -9, 7] }), ShapeError, /x\.shape\[2\] is -9/],
  ['an extent a fraction', conv({}, { data: x.data, shape: [2, 4, 4.5, 14] }), ShapeError, /x\.shape\[2\] is 4\.5/],
  ['an extent a string', conv({}, { data: x.data, shape: [2, 4, '9', 7] }), ShapeError, /x\.shape\[2\] is "9"/],
  [
    'data too short',
    conv({}, { data: new Float32Array(500), shape: x.shape }),
    ShapeError,
    /x\.data has 500 elements.*504/,
  ],
  [
    'data too long',
    conv({}, { data: new Float32Array(505), shape: x.shape }),
    ShapeError,
    /x\.data has 505 elements.*504/,
  ],
  ['data detached', () => conv2d(detached(), w), ShapeError, /x\.data is detached/],
  ['weight detached', () => conv2d(x, { ...detached(), shape: [21, 4, 3, 2] }), ShapeError, /weight\.data is detached/],
  [
    'weight of integers',
    conv({}, x, { data: new Int32Array(144), shape: w.shape }),
    ShapeError,
    /weight\.data .*Float32Array/,
  ],
  // shapes that do not fit
  ['x of rank 2', conv({}, t(9, 7)), ShapeError, /x has rank 2 .*\[9, 7\].*expected rank 4/],
  ['x of rank 5', conv({}, t(1, 2, 4, 9, 7)), ShapeError, /x has rank 5/],
  ['weight of rank 2', conv({}, x, t(6, 24)), ShapeError, /weight has rank 2/],
  ['channels', conv({}, t(2, 3, 9, 7)), ShapeError, /x has 3 channels, weight expects 4 \(1 group of 4\)/],
  ['channels of groups', conv({ groups: 2 }), ShapeError, /x has 4 channels, weight expects 8 \(2 groups of 4\)/],
  ['channels last, operands first', conv({ layout: 'NHWC' }), ShapeError, /x has 7 channels, weight expects 3/],
  ['groups not dividing x', conv({ groups: 3 }), OptionError, /groups is 3, expected a divisor of the 4 channels/],
  [
    'groups not dividing weight',
    conv({ groups: 4 }, x, t(6, 1, 3, 2)),
    OptionError,
    /groups is 4, expected a divisor of the 6/,
  ],
  ['no channels', conv({}, t(2, 0, 9, 7), t(6, 0, 3, 2)), ShapeError, /x has 0 channels/],
  ['no filters', conv({}, x, t(0, 4, 3, 2)), ShapeError, /weight has oc 0/],
  ['kernel of extent 0', conv({}, x, t(6, 4, 0, 2)), ShapeError, /0/],
  ['input too small', conv({}, t(2, 4, 2, 7)), ShapeError, /floor\(\(2 \+ 0 \+ 0 - 1 \* ?\(3 - 1\) - 1\) \/ 1\)|2/],
  ['input too small by dilation', conv({ dilation: 5 }), ShapeError, /5/],
  ['input of extent 0', conv({ padding: 3 }, t(2, 4, 0, 7)), ShapeError, /0/],
  ['rank-1 operands in conv2d', conv({}, t(2, 4, 9), t(6, 4, 3)), ShapeError, /rank 3/],
  ['rank-2 operands in conv1d', () => conv1d(x, w), ShapeError, /x has rank 4 .*expected rank 3/],
  ['rank-2 operands in conv3d', () => conv3d(x, w), ShapeError, /weight has rank 4 .*expected rank 5/],
  // options
  ['options a number', conv(3), OptionError, /options/],
  ['options an array', conv([1]), OptionError, /options/],
  ['options null', conv(null), OptionError, /options/],
  ['unknown option', conv({ strides: 2 }), OptionError, /unknown option "strides", did you mean "stride"\?/],
  ['foreign option', conv({ pad: 2 }), OptionError, /unknown option "pad", did you mean "padding"\?/],
  ['misspelt option', conv({ dilatoin: 2 }), OptionError, /did you mean "dilation"\?/],
  ['option of another operator', conv({ kernelSize: 2 }), OptionError, /unknown option "kernelSize"/],
  ['stride 0', conv({ stride: 0 }), OptionError, /stride is 0, expected/],
  ['stride negative', conv({ stride: -1 }), OptionError, /stride is -1/],
  ['stride a fraction', conv({ stride: 1.5 }), OptionError, /stride is 1\.5/],
  ['stride NaN', conv({ stride: Number.NaN }), OptionError, /stride is NaN/],
  ['stride a string', conv({ stride: '2' }), OptionError, /stride is "2"/],
  ['stride of three axes', conv({ stride: [1, 2, 3] }), OptionError, /stride/],
  ['stride beyond 32 bits', conv({ stride: 2 ** 40 }), OptionError, /1099511627776/],
  ['padding NaN', conv({ padding: Number.NaN }), OptionError, /padding is NaN/],
  ['padding negative', conv({ padding: [0, -2] }), OptionError, /-2/],
  ['padding a fraction', conv({ padding: 0.5 }), OptionError, /0\.5/],
  ['padding of four numbers', conv({ padding: [1, 2, 3, 4] }), OptionError, /padding/],
  ['padding an unknown word', conv({ padding: 'SAME' }), OptionError, /"SAME"/],
  ['padding infinite', conv({ padding: Number.POSITIVE_INFINITY }), OptionError, /Infinity/],
  ['padding mode unknown', conv({ paddingMode: 'mirror' }), OptionError, /"mirror"/],
  ['reflect wider than the input', conv({ padding: [9, 0], paddingMode: 'reflect' }), OptionError, /9/],
  ['circular wider than the input', conv({ padding: [10, 0], paddingMode: 'circular' }), OptionError, /10/],
  ['dilation 0', conv({ dilation: 0 }), OptionError, /dilation is 0/],
  ['groups 0', conv({ groups: 0 }), OptionError, /groups is 0/],
  ['groups a list', conv({ groups: [2, 2] }), OptionError, /groups/],
  ['bias too short', conv({ bias: new Float32Array(5) }), ShapeError, /bias has 5 elements, expected 6/],
  ['bias a short array', conv({ bias: [1, 2, 3, 4, 5] }), ShapeError, /bias has 5 elements/],
  ['bias of rank 2', conv({ bias: t(6, 1) }), ShapeError, /bias has rank 2/],
  ['activation unknown', conv({ activation: 'gelu' }), OptionError, /"gelu"/],
  ['clamp the wrong way round', conv({ activation: { clamp: [2, 1] } }), OptionError, /2.*1/],
  ['clamp with NaN', conv({ activation: { clamp: [Number.NaN, 1] } }), OptionError, /NaN/],
  ['flipKernel a number', conv({ flipKernel: 1 }), OptionError, /flipKernel is 1/],
  ['layout unknown', conv({ layout: 'CHWN' }), OptionError, /"CHWN"/],
  ['layout of another rank', conv({ layout: 'NLC' }), OptionError, /"NLC"/],
  ['accuracy unknown', conv({ accuracy: 'exact' }), OptionError, /"exact"/],
  ['algorithm unknown', conv({ algorithm: 'fft' }), OptionError, /unknown algorithm "fft"; there are .*"indirect"/],
  ['algorithm that refuses', conv({ algorithm: 'pointwise' }), UnsupportedError, /pointwise.*6 taps/],
  // out and add
  [
    'out of another shape',
    conv({ out: t(2, 6, 6, 7) }),
    ShapeError,
    /out has shape \[2, 6, 6, 7\], expected \[2, 6, 7, 6\]/,
  ],
  ['out of another rank', conv({ out: t(504) }), ShapeError, /out has rank 1/],
  [
    'add of another extent',
    () => conv2d(t(1, 1, 3, 3), t(1, 1, 1, 1), { add: t(1, 1, 3, 2) }),
    ShapeError,
    /add has shape/,
  ],
  [
    'out over x',
    () => {
      const [a, out] = overlapping();
      return conv2d(a, w, { out });
    },
    OptionError,
    /out shares bytes 1600 to 2015 .* x/,
  ],
  [
    'out is weight',
    () => {
      const square = t(3, 3, 1, 1);
      return conv2d(t(1, 3, 3, 1), square, { out: { data: square.data, shape: [1, 3, 3, 1] } });
    },
    OptionError,
    /weight/,
  ],
  [
    'add of another shape',
    conv({ add: t(2, 6, 7, 5) }),
    ShapeError,
    /add has shape \[2, 6, 7, 5\], expected \[2, 6, 7, 6\]/,
  ],
  // sizes that overflow
  ['output beyond 4 GiB', conv({ padding: 20_000 }), MemoryError, /elements/],
  ['padding beyond addresses', conv({ padding: 2 ** 31 }), StridewiseError, /2147483648/],
  [
    'shape beyond 4 GiB',
    conv({}, { data: x.data, shape: [2 ** 20, 4, 2 ** 20, 7] }),
    MemoryError,
    /30786325577728 elements, expected at most 1073741824/,
  ],
  [
    'shape that overflows',
    conv({}, { data: x.data, shape: [2 ** 53, 2 ** 53, 2 ** 53, 2 ** 53] }),
    ShapeError,
    /x\.shape|x\.data/,
  ],
  // prepared
  ['prepared: shape missing', prepared({}, null), ShapeError, /xShape is null/],
  ['prepared: out as an option', prepared({ out: t(1) }), OptionError, /out/],
  ['prepared: channels', prepared({}, [2, 3, 9, 7]), ShapeError, /3 channels/],
  // products
  ['gemm: inner extents', () => gemm(t(3, 4), t(5, 6)), ShapeError, /4.*5|5.*4/],
  ['gemm: rank', () => gemm(t(3, 4, 1), t(4, 6)), ShapeError, /a has rank 3/],
  ['gemm: alpha NaN', () => gemm(t(3, 4), t(4, 6), { alpha: Number.NaN }), OptionError, /alpha is NaN/],
  ['gemm: beta without c', () => gemm(t(3, 4), t(4, 6), { beta: 2 }), OptionError, /beta is 2 without c/],
  [
    'gemm: c of another shape',
    () => gemm(t(3, 4), t(4, 6), { c: t(6, 3) }),
    ShapeError,
    /c has shape \[6, 3\], expected what broadcasts to \[3, 6\]/,
  ],
  [
    'gemm: unknown option',
    () => gemm(t(3, 4), t(4, 6), any({ transA: true })),
    OptionError,
    /unknown option "transA", did you mean "transposeA"\?/,
  ],
  ['matmul: batches', () => matmul(t(2, 3, 4), t(3, 4, 5)), ShapeError, /2.*3/],
  ['matmul: a number', () => matmul(t(), t(3)), ShapeError, /a has rank 0|a/],
  [
    'linear: features',
    () => linear(t(3, 4), t(6, 5)),
    ShapeError,
    /x has 4 features in its last axis, weight expects 5/,
  ],
  [
    'tensor: length',
    () => tensor(new Float32Array(5), [2, 3]),
    ShapeError,
    /data has 5 elements, shape \[2, 3\] expects 6/,
  ],
  ['tensor: holes', () => tensor(any([1, undefined, 3]), [3]), ShapeError, /data\[1\] is undefined/],
];

beforeAll(async () => void (await init()));

describe('misuse', () => {
  // a call that works, so that the instance exists and the figures below are those of a running library
  const good = () => conv2d(x, w, { bias: new Float32Array(6) });

  it.each(misuses)('%s', (_, call, error, message) => {
    good();
    const before = memoryUsage();
    expectRefusal(call, error, message);
    expect(memoryUsage()).toEqual(before);
    expect(good().data[0]).toBe(24);
  });

  afterEach(() => expect(memoryUsage()).toMatchObject({ used: 0, kept: 0 }));
});

describe('init', () => {
  it.each<[string, unknown, typeof StridewiseError | typeof OptionError, RegExp]>([
    ['simd unknown', { simd: 'avx' }, OptionError, /simd is "avx"/],
    ['module no module', { module: {} }, OptionError, /module/],
    [
      'module of something else',
      { module: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) },
      OptionError,
      /module/,
    ],
    ['unknown option', { threads: 4 }, OptionError, /unknown option "threads"/],
    ['cap below a page', { maxMemory: 10 }, OptionError, /maxMemory is 10/],
  ])('%s is refused, and what ran before runs on', async (_, options, error, message) => {
    const failure = await init(any(options)).catch((caught) => caught);
    expect(failure).toBeInstanceOf(error);
    expect(failure.message).toMatch(message);
    expect(conv2d(x, w).data[0]).toBe(24);
  });
});

describe('errors', () => {
  it('carry a code and a name', () => {
    expect(new MemoryError('m')).toMatchObject({ code: 'MEMORY', name: 'MemoryError', message: 'm' });
    expect(new ShapeError('m').code).toBe('SHAPE');
    expect(new OptionError('m').code).toBe('OPTION');
    expect(new UnsupportedError('m').code).toBe('UNSUPPORTED');
  });
});
