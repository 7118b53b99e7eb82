import { MemoryError, OptionError, ShapeError } from '../../src/errors.js';
import { backwardOptions, biasGradProblem, maskOf } from '../../src/shape/backward.js';
import { col2imProblem, im2colProblem } from '../../src/shape/columns.js';
import { gemmProblem } from '../../src/shape/gemm.js';
import { linearAsConvShape, linearProblem } from '../../src/shape/linear.js';
import { matmulProblem } from '../../src/shape/matmul.js';
import { optionNames } from '../../src/shape/options.js';
import { adaptivePool, globalPool, unpoolProblem } from '../../src/shape/planes.js';
import { poolProblem } from '../../src/shape/pool.js';
import { tensor } from '../../src/shape/tensor.js';
import { type Misuse, refuses, wrong } from './misuse.js';

const xShape = [2, 3, 9, 7];
const max =
  (options: unknown, x: unknown = xShape) =>
  () =>
    poolProblem('maxPool', 2, wrong(x), options);
const avg =
  (options: unknown, x: unknown = xShape) =>
  () =>
    poolProblem('avgPool', 2, wrong(x), options);
const lp = (options: unknown) => () => poolProblem('lpPool', 2, xShape, options);

const pools: readonly Misuse[] = [
  ['maxPool2d', max(undefined), OptionError, /^kernelSize is required: one integer, or \[height, width\]$/],
  ['maxPool2d', max({ kernelSize: undefined }), OptionError, /^kernelSize is required/],
  ['maxPool2d', max({ kernelSize: 0 }), OptionError, /^kernelSize is 0, expected an integer of at least 1$/],
  [
    'maxPool2d',
    max({ kernelSize: [3, 2.5] }),
    OptionError,
    /^kernelSize\[1\] \(width\) is 2\.5, expected an integer of at least 1$/,
  ],
  [
    'maxPool2d',
    max({ kernel_size: 3 }),
    OptionError,
    /^maxPool2d: unknown option "kernel_size", did you mean "kernelSize"\?$/,
  ],
  ['maxPool2d', max({ kernelShape: 3 }), OptionError, /unknown option "kernelShape", did you mean "kernelSize"\?$/],
  ['maxPool2d', max({ poolSize: 3 }), OptionError, /unknown option "poolSize", did you mean "kernelSize"\?$/],
  [
    'maxPool2d',
    max({ kernelSize: 3, ceil_mode: true }),
    OptionError,
    /unknown option "ceil_mode", did you mean "ceilMode"\?$/,
  ],
  [
    'maxPool2d',
    max({ kernelSize: 3, return_indices: true }),
    OptionError,
    /unknown option "return_indices", did you mean "returnIndices"\?$/,
  ],
  [
    'maxPool2d',
    max({ kernelSize: 3, paddingMode: 'reflect' }),
    OptionError,
    /unknown option "paddingMode", known are stride, padding, dilation/,
  ],
  [
    'maxPool2d',
    max({ kernelSize: 3, countIncludePad: true }),
    OptionError,
    /unknown option "countIncludePad", known are/,
  ],
  ['maxPool2d', max({ kernelSize: 3, ceilMode: 1 }), OptionError, /^ceilMode is 1, expected true or false$/],
  [
    'maxPool2d',
    max({ kernelSize: 3, returnIndices: 'yes' }),
    OptionError,
    /^returnIndices is "yes", expected true or false$/,
  ],
  ['maxPool2d', max({ kernelSize: 3, stride: 0 }), OptionError, /^stride is 0, expected an integer of at least 1$/],
  ['maxPool2d', max({ kernelSize: 3, padding: 'SAME' }), OptionError, /^padding is "SAME"/],
  [
    'maxPool2d',
    max({ kernelSize: 3 }, [9, 7]),
    ShapeError,
    /^x has rank 2 \(shape \[9, 7\]\), expected rank 4: \[n, c, h, w\], or rank 3, without n$/,
  ],
  ['maxPool2d', max({ kernelSize: 3 }, [2, 0, 9, 7]), ShapeError, /^x has 0 channels, expected at least 1$/],
  ['maxPool2d', max({ kernelSize: 3 }, [2, 3, 9, 0]), ShapeError, /^x has width 0, expected at least 1$/],
  [
    'maxPool2d',
    max({ kernelSize: [3, 4], dilation: [1, 3] }),
    ShapeError,
    /^output width is 0, expected at least 1: floor\(\(7 \+ 0 \+ 0 - 3 \* \(4 - 1\) - 1\) \/ 4\) \+ 1 = 0$/,
  ],
  [
    'maxPool2d',
    max({ kernelSize: [3, 9], stride: 2, ceilMode: true }),
    ShapeError,
    /^output width is 0, expected at least 1: ceil\(\(7 \+ 0 \+ 0 - 1 \* \(9 - 1\) - 1\) \/ 2\) \+ 1 = 0$/,
  ],
  [
    'maxPool2d',
    max({ kernelSize: 1, padding: 2 ** 15, stride: 2 ** 15 }),
    MemoryError,
    /^padded x has \S+ elements \(2 x 3 x 65545 x 65543\)/,
  ],
  ['avgPool2d', avg({ kernelSize: 3, dilation: 0 }), OptionError, /^dilation is 0, expected an integer of at least 1$/],
  [
    'avgPool2d',
    avg({ kernelSize: 3, count_include_pad: false }),
    OptionError,
    /unknown option "count_include_pad", did you mean "countIncludePad"\?$/,
  ],
  [
    'avgPool2d',
    avg({ kernelSize: 3, countIncludePad: 0 }),
    OptionError,
    /^countIncludePad is 0, expected true or false$/,
  ],
  [
    'avgPool2d',
    avg({ kernelSize: 3, divisorOverride: 0 }),
    OptionError,
    /^divisorOverride is 0, expected an integer of at least 1$/,
  ],
  [
    'avgPool2d',
    avg({ kernelSize: 3, divisorOverride: 2.5 }),
    OptionError,
    /^divisorOverride is 2\.5, expected an integer of at least 1$/,
  ],
  ['avgPool2d', avg({ kernelSize: 3, layout: 'NCDHW' }), OptionError, /^layout is "NCDHW", expected "NCHW" or "NHWC"$/],
  [
    'lpPool2d',
    lp({ kernelSize: 3 }),
    OptionError,
    /^p is required: the exponent of the norm, a finite number above 0$/,
  ],
  ['lpPool2d', lp({ kernelSize: 3, p: 0 }), OptionError, /^p is 0, expected a finite number above 0/],
  ['lpPool2d', lp({ kernelSize: 3, p: -2 }), OptionError, /^p is -2, expected a finite number above 0/],
  ['lpPool2d', lp({ kernelSize: 3, p: Number.NaN }), OptionError, /^p is NaN, expected a finite number above 0/],
  ['lpPool2d', lp({ kernelSize: 3, p: Infinity }), OptionError, /^p is Infinity, expected a finite number above 0/],
  ['lpPool2d', lp({ kernelSize: 3, p: '2' }), OptionError, /^p is "2", expected a finite number above 0/],
  [
    'lpPool2d',
    lp({ kernelSize: 3, norm_type: 2 }),
    OptionError,
    /^lpPool2d: unknown option "norm_type", did you mean "p"\?$/,
  ],
  ['lpPool2d', lp({ p: 2, kernelSize: 3, dilation: 5 }), ShapeError, /^output height is .*5 \* \(3 - 1\)/],
];

const adaptive =
  (options: unknown, x: unknown = xShape) =>
  () =>
    adaptivePool('adaptiveAvgPool', 2, wrong(x), options);
const unpool =
  (options: unknown, x: unknown = xShape) =>
  () =>
    unpoolProblem(2, wrong(x), options);

const planes: readonly Misuse[] = [
  ['adaptiveAvgPool2d', adaptive({}), OptionError, /^outputSize is required: one integer, or \[height, width\]$/],
  [
    'adaptiveAvgPool2d',
    adaptive({ outputSize: [3, 0] }),
    OptionError,
    /^outputSize\[1\] \(width\) is 0, expected an integer of at least 1$/,
  ],
  [
    'adaptiveAvgPool2d',
    adaptive({ outputSize: [3, 2, 1] }),
    OptionError,
    /^outputSize is \[3, 2, 1\], a list of 3, expected one integer or/,
  ],
  [
    'adaptiveAvgPool2d',
    adaptive({ output_size: 3 }),
    OptionError,
    /^adaptiveAvgPool2d: unknown option "output_size", did you mean "outputSize"\?$/,
  ],
  [
    'adaptiveAvgPool2d',
    adaptive({ outputSize: 3, returnIndices: true }),
    OptionError,
    /unknown option "returnIndices", known are outputSize/,
  ],
  [
    'adaptiveAvgPool2d',
    adaptive({ outputSize: 2 ** 20 }),
    MemoryError,
    /^y has 6597069766656 elements \(2 x 3 x 1048576 x 1048576\)/,
  ],
  [
    'adaptiveMaxPool1d',
    () => adaptivePool('adaptiveMaxPool', 1, [3], { outputSize: 2 }),
    ShapeError,
    /^x has rank 1 \(shape \[3\]\), expected rank 3: \[n, c, l\], or rank 2, without n$/,
  ],
  [
    'globalAvgPool',
    () => globalPool('globalAvgPool', [3]),
    ShapeError,
    /^x has rank 1 \(shape \[3\]\), expected rank 2 to 5$/,
  ],
  [
    'globalMaxPool',
    () => globalPool('globalMaxPool', [1, 2, 3, 4, 5, 6]),
    ShapeError,
    /^x has rank 6 .* expected rank 2 to 5$/,
  ],
  [
    'globalAvgPool',
    () => globalPool('globalAvgPool', xShape, { layout: 'NLC' }),
    OptionError,
    /^layout is "NLC", expected "NCHW" or "NHWC"$/,
  ],
  [
    'globalAvgPool',
    () => globalPool('globalAvgPool', xShape, { outputSize: 1 }),
    OptionError,
    /^globalAvgPool: unknown option "outputSize", known are/,
  ],
  ['maxUnpool2d', unpool({}), OptionError, /^kernelSize is required/],
  [
    'maxUnpool2d',
    unpool({ kernelSize: [3, 2], stride: [2, 3], outputSize: [17, 20] }),
    OptionError,
    /^outputSize of height is 17, expected from 18 to 20 \(/,
  ],
  [
    'maxUnpool2d',
    unpool({ kernelSize: [3, 2], stride: [2, 3], outputSize: [18, 23] }),
    OptionError,
    /^outputSize of width is 23, expected from 18 to 22 \(/,
  ],
  ['maxUnpool2d', unpool({ kernelSize: 2, dilation: [1, 2, 1] }), OptionError, /^dilation is \[1, 2, 1\], a list of 3/],
  [
    'maxUnpool2d',
    unpool({ kernelSize: 2, outputPadding: 1 }),
    OptionError,
    /^maxUnpool2d: unknown option "outputPadding"/,
  ],
  [
    'maxUnpool2d',
    unpool({ kernelSize: 2, stride: 1, padding: [5, 2] }),
    ShapeError,
    /^output height is 0, expected at least 1: \(9 - 1\) \* 1 - 5 - 5 \+ 1 \* \(2 - 1\) \+ 1 \+ 0 = 0$/,
  ],
];

const unfold =
  (options: unknown, x: unknown = xShape) =>
  () =>
    im2colProblem(wrong(x), options);
const fold =
  (options: unknown, columns: unknown = [2, 18, 35]) =>
  () =>
    col2imProblem(wrong(columns), options);

const columns: readonly Misuse[] = [
  ['im2col', unfold({}), OptionError, /^kernelSize is required/],
  ['im2col', unfold({ kernelSize: 2 }, [3]), ShapeError, /^x has rank 1 \(shape \[3\]\), expected rank 2 to 5$/],
  [
    'im2col',
    unfold({ kernelSize: [2, 3, 4] }),
    OptionError,
    /^kernelSize is \[2, 3, 4\], a list of 3, expected one integer or \[height, width\]$/,
  ],
  ['im2col', unfold({ ksize: 2 }), OptionError, /^im2col: unknown option "ksize", did you mean "kernelSize"\?$/],
  [
    'im2col',
    unfold({ kernelSize: [10, 1] }),
    ShapeError,
    /^output height is 0, .*floor\(\(9 \+ 0 \+ 0 - 1 \* \(10 - 1\) - 1\) \/ 1\) \+ 1 = 0$/,
  ],
  [
    'im2col',
    unfold({ kernelSize: 2 ** 14, padding: 'full' }, [1, 1, 2, 2]),
    MemoryError,
    /^columns has \S+ elements \(1 x 268435456 x /,
  ],
  [
    'col2im',
    fold({ kernelSize: [3, 2] }),
    OptionError,
    /^outputSize is undefined, expected a list of 1 to 3 extents, one per spatial axis$/,
  ],
  [
    'col2im',
    fold({ kernelSize: [3, 2], outputSize: 9 }),
    OptionError,
    /^outputSize is 9, expected a list of 1 to 3 extents/,
  ],
  [
    'col2im',
    fold({ kernelSize: 2, outputSize: [1, 2, 3, 4] }),
    OptionError,
    /^outputSize is \[1, 2, 3, 4\], expected a list of 1 to 3 extents/,
  ],
  [
    'col2im',
    fold({ kernelSize: [3, 2], outputSize: [7, 0] }),
    OptionError,
    /^outputSize\[1\] \(width\) is 0, expected an integer of at least 1$/,
  ],
  [
    'col2im',
    fold({ kernelSize: [3, 2], outputSize: [7, 8] }, [2, 17, 35]),
    ShapeError,
    /^columns has 17 rows, expected a multiple of 6 \(kernel 3 x 2\)$/,
  ],
  [
    'col2im',
    fold({ kernelSize: [3, 2], outputSize: [7, 8] }, [2, 0, 35]),
    ShapeError,
    /^columns has 0 rows, expected a multiple of 6/,
  ],
  [
    'col2im',
    fold({ kernelSize: [3, 2], outputSize: [7, 9] }),
    ShapeError,
    /^columns has 35 positions, expected 40 \(5 x 8\) for outputSize \[7, 9\]$/,
  ],
  [
    'col2im',
    fold({ kernelSize: [3, 2], outputSize: [7, 8] }, [35]),
    ShapeError,
    /^columns has rank 1 .* expected rank 3: \[n, c \* kernel, positions\], or rank 2, without n$/,
  ],
];

const gemm =
  (options: unknown, a: unknown = [3, 5], b: unknown = [5, 4]) =>
  () =>
    gemmProblem(wrong(a), wrong(b), options);
const matmul = (a: unknown, b: unknown, options?: unknown) => () => matmulProblem(wrong(a), wrong(b), options);
const linear = (x: unknown, weight: unknown, options?: unknown) => () =>
  linearProblem(wrong(x), wrong(weight), options);

const products: readonly Misuse[] = [
  ['gemm', gemm({}, [3, 6]), ShapeError, /^a has inner extent 6, b expects 5$/],
  ['gemm', gemm({ transposeA: true }), ShapeError, /^a has inner extent 3, b expects 5$/],
  ['gemm', gemm({ transposeB: true }), ShapeError, /^a has inner extent 5, b expects 4$/],
  ['gemm', gemm({}, [2, 3, 5]), ShapeError, /^a has rank 3 \(shape \[2, 3, 5\]\), expected rank 2: \[m, k\]$/],
  [
    'gemm',
    gemm({ transposeB: true }, [3, 5], [5]),
    ShapeError,
    /^b has rank 1 \(shape \[5\]\), expected rank 2: \[n, k\]$/,
  ],
  ['gemm', gemm({}, [3, -5]), ShapeError, /^a\.shape\[1\] is -5, expected a non-negative integer$/],
  ['gemm', gemm({ transposeA: 1 }), OptionError, /^transposeA is 1, expected true or false$/],
  ['gemm', gemm({ transA: true }), OptionError, /^gemm: unknown option "transA", did you mean "transposeA"\?$/],
  ['gemm', gemm({ alpha: Number.NaN }), OptionError, /^alpha is NaN, expected a finite number$/],
  ['gemm', gemm({ alpha: '1' }), OptionError, /^alpha is "1", expected a finite number$/],
  [
    'gemm',
    gemm({ beta: Infinity, c: tensor([1], [1, 1]) }),
    OptionError,
    /^beta is Infinity, expected a finite number$/,
  ],
  [
    'gemm',
    gemm({ beta: 2 }),
    OptionError,
    /^beta is 2 without c, expected the c that it scales, which broadcasts to \[3, 4\]$/,
  ],
  [
    'gemm',
    gemm({}, [2 ** 16, 1], [1, 2 ** 15]),
    MemoryError,
    /^y has 2147483648 elements \(65536 x 32768\), expected at most 1073741824$/,
  ],
  ['gemm', gemm({}, [0, 2 ** 31], [2 ** 31, 0]), MemoryError, /^a has 2147483648 elements \(0 x 2147483648\)/],
  ['matmul', matmul([3, 5], [4, 5]), ShapeError, /^a has inner extent 5, b expects 4$/],
  ['matmul', matmul([5], [4]), ShapeError, /^a has inner extent 5, b expects 4$/],
  ['matmul', matmul([], [4]), ShapeError, /^a has rank 0 \(shape \[\]\), expected rank 1 or more$/],
  ['matmul', matmul([4], []), ShapeError, /^b has rank 0 \(shape \[\]\), expected rank 1 or more$/],
  [
    'matmul',
    matmul([6, 2, 3, 5], [4, 5, 7]),
    ShapeError,
    /^batch axis 1 of a is 2, that of b is 4, expected equal extents or 1 \(\[6, 2\], \[4\]\)$/,
  ],
  ['matmul', matmul([3, 5], [5, 4], { transposeA: true }), ShapeError, /^a has inner extent 3, b expects 5$/],
  [
    'matmul',
    matmul([3, 5], [5, 4], { transA: true }),
    OptionError,
    /^matmul: unknown option "transA", did you mean "transposeA"\?$/,
  ],
  [
    'matmul',
    matmul([3], [3, 4], { transposeA: true }),
    OptionError,
    /^transposeA is true, expected false: a is a vector$/,
  ],
  ['linear', linear([2, 7], [4, 5]), ShapeError, /^x has 7 features in its last axis, weight expects 5$/],
  ['linear', linear([], [4, 5]), ShapeError, /^x has rank 0 \(shape \[\]\), expected rank 1 or more: \[\.\.\., in\]$/],
  [
    'linear',
    linear([2, 5], [4, 5, 1]),
    ShapeError,
    /^weight has rank 3 \(shape \[4, 5, 1\]\), expected rank 2: \[out, in\]$/,
  ],
  ['linear', linear([2, 5], [4, 5], { activation: 'relu7' }), OptionError, /^activation is "relu7"/],
  [
    'linear',
    linear([2, 5], [4, 5], { biases: 1 }),
    OptionError,
    /^linear: unknown option "biases", did you mean "bias"\?$/,
  ],
  [
    'linearAsConv',
    () => linearAsConvShape([10, 61], [3, 4, 5]),
    ShapeError,
    /^weight has 61 input features, map \[3, 4, 5\] expects 60 \(3 x 4 x 5\)$/,
  ],
  [
    'linearAsConv',
    () => linearAsConvShape([10, 60], [60]),
    ShapeError,
    /^map has rank 1 \(shape \[60\]\), expected rank 2 to 4: \[c, \.\.\.spatial\]$/,
  ],
  [
    'linearAsConv',
    () => linearAsConvShape([10], [3, 4, 5]),
    ShapeError,
    /^weight has rank 1 \(shape \[10\]\), expected rank 2: \[out, in\]$/,
  ],
];

/** What a backward call is given for its activation. */
const nothing = { y: undefined, preActivation: undefined };

const backward = (options: unknown) => () =>
  backwardOptions('conv2dBackward', options, optionNames.conv, ['x', 'weight', 'bias']);

const gradients: readonly Misuse[] = [
  [
    'conv2dBackward',
    backward({ wanted: 'x' }),
    OptionError,
    /^wanted is "x", expected an object with some of x, weight, bias$/,
  ],
  ['conv2dBackward', backward({ wanted: ['x'] }), OptionError, /^wanted is \["x"\], expected an object/],
  [
    'conv2dBackward',
    backward({ wanted: { weights: true } }),
    OptionError,
    /^wanted has "weights", known are x, weight, bias$/,
  ],
  ['conv2dBackward', backward({ wanted: { x: 1 } }), OptionError, /^wanted\.x is 1, expected true or false$/],
  [
    'conv2dBackward',
    backward({ want: {} }),
    OptionError,
    /^conv2dBackward: unknown option "want", did you mean "wanted"\?$/,
  ],
  [
    'conv2dInputGrad',
    () => backwardOptions('conv2dInputGrad', { wanted: {} }, optionNames.conv),
    OptionError,
    /^conv2dInputGrad: unknown option "wanted"/,
  ],
  ['conv2dBackward', () => maskOf(nothing, [0, 6], [1, 2]), OptionError, /^y is required with an activation/],
  [
    'conv2dBackward',
    () => maskOf({ ...nothing, y: tensor([1, 2], [2, 1]) }, [0, 6], [1, 2]),
    ShapeError,
    /^y has shape \[2, 1\], expected \[1, 2\]: axis 0 is 2 instead of 1$/,
  ],
  ['biasGrad', () => biasGradProblem([3]), ShapeError, /^gradY has rank 1 \(shape \[3\]\), expected rank 2 to 5$/],
  [
    'biasGrad',
    () => biasGradProblem([2, 3, 4, 5, 6], { layout: 'NHWC' }),
    OptionError,
    /^layout is "NHWC", expected "NCDHW" or "NDHWC"$/,
  ],
];

refuses([...pools, ...planes, ...columns, ...products, ...gradients]);
