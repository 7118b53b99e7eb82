import { MemoryError, OptionError, ShapeError } from '../../src/errors.js';
import { convTransposeProblem } from '../../src/shape/conv.js';
import { locallyConnectedProblem } from '../../src/shape/locally.js';
import { separableProblem } from '../../src/shape/separable.js';
import { type Misuse, refuses, wrong } from './misuse.js';

const transposed =
  (options: unknown, x: unknown = [2, 4, 5, 7], weight: unknown = [4, 3, 3, 2]) =>
  () =>
    convTransposeProblem(2, wrong(x), wrong(weight), options);

const transposedRows: readonly Misuse[] = [
  ['convTranspose2d', transposed({}, [2, 3, 5, 7]), ShapeError, /^x has 3 channels, weight expects 4$/],
  [
    'convTranspose2d',
    transposed({ groups: 3 }),
    OptionError,
    /^groups is 3, expected a divisor of the 4 channels of x$/,
  ],
  [
    'convTranspose2d',
    transposed({}, [2, 4, 5, 7], [4, 3, 3]),
    ShapeError,
    /^weight has rank 3 .*expected rank 4: \[ic, oc \/ groups, kh, kw\]$/,
  ],
  [
    'convTranspose2d',
    transposed({}, [2, 4, 5, 7], [4, 0, 3, 2]),
    ShapeError,
    /^weight has oc \/ groups 0, expected at least 1$/,
  ],
  [
    'convTranspose2d',
    transposed({ output_padding: 1 }),
    OptionError,
    /^convTranspose2d: unknown option "output_padding", did you mean "outputPadding"\?$/,
  ],
  [
    'convTranspose2d',
    transposed({ output_shape: 1 }),
    OptionError,
    /unknown option "output_shape", did you mean "outputSize"\?$/,
  ],
  [
    'convTranspose2d',
    transposed({ paddingMode: 'reflect' }),
    OptionError,
    /^paddingMode is "reflect", expected "zeros"$/,
  ],
  [
    'convTranspose2d',
    transposed({ outputPadding: 1 }),
    OptionError,
    /^outputPadding of height is 1, expected less than 1, the larger of stride 1 and dilation 1$/,
  ],
  [
    'convTranspose2d',
    transposed({ outputPadding: [1, 3], stride: 2, dilation: [1, 3] }),
    OptionError,
    /^outputPadding of width is 3, expected less than 3, the larger of stride 2 and dilation 3$/,
  ],
  [
    'convTranspose2d',
    transposed({ outputPadding: -1 }),
    OptionError,
    /^outputPadding is -1, expected an integer of at least 0$/,
  ],
  [
    'convTranspose2d',
    transposed({ stride: [2, 3], outputSize: [10, 20] }),
    OptionError,
    /^outputSize of height is 10, expected from 11 to 12 \(input 5, kernel 3, stride 2, dilation 1\)$/,
  ],
  [
    'convTranspose2d',
    transposed({ stride: [2, 3], outputSize: [12, 23] }),
    OptionError,
    /^outputSize of width is 23, expected from 20 to 22 \(input 7, kernel 2, stride 3, dilation 1\)$/,
  ],
  [
    'convTranspose2d',
    transposed({ outputSize: [7] }),
    OptionError,
    /^outputSize is \[7\], a list of 1, expected one integer or \[height, width\]$/,
  ],
  [
    'convTranspose2d',
    transposed({ stride: 2, outputPadding: 1, outputSize: [12, 15] }),
    OptionError,
    /^outputPadding and outputSize are both given/,
  ],
  [
    'convTranspose2d',
    transposed({ stride: [2, 3], padding: 'same', outputPadding: [0, 1] }),
    OptionError,
    /^outputPadding of width is 1, expected 0: padding "same" fixes the output at 21; give outputSize$/,
  ],
  [
    'convTranspose2d',
    transposed({ stride: [2, 3], padding: 'same-lower', outputSize: [10, 18] }),
    OptionError,
    /^outputSize of width is 18, expected from 19 to 21 /,
  ],
  [
    'convTranspose2d',
    transposed({
      padding: [
        [0, 0],
        [4, 5],
      ],
      stride: [2, 1],
      outputPadding: [1, 0],
    }),
    ShapeError,
    /^output width is -1, expected at least 1: \(7 - 1\) \* 1 - 4 - 5 \+ 1 \* \(2 - 1\) \+ 1 \+ 0 = -1$/,
  ],
  [
    'convTranspose2d',
    transposed({ padding: [4, 0], outputSize: [1, 8] }),
    OptionError,
    /^outputSize of height is 1, none fits \(input 5, kernel 3/,
  ],
  [
    'convTranspose2d',
    transposed({ stride: 2 ** 20 }),
    MemoryError,
    /^y has \S+ elements \(2 x 3 x 4194307 x 6291458\), expected at most 1073741824$/,
  ],
  [
    'convTranspose2d',
    transposed({ dilation: 2 ** 31 - 1, padding: 'full' }),
    ShapeError,
    /^output height is -429496728\d, expected at least 1/,
  ],
];

const local =
  (options: unknown, x: unknown = [2, 4, 9, 7], weight: unknown = [6, 7, 6, 4, 3, 2]) =>
  () =>
    locallyConnectedProblem(2, wrong(x), wrong(weight), options);
const separable =
  (options: unknown, x: unknown = [2, 4, 9, 7], depthwise: unknown = [8, 1, 3, 2], pointwise: unknown = [5, 8, 1, 1]) =>
  () =>
    separableProblem(wrong(x), wrong(depthwise), wrong(pointwise), options);

const relatives: readonly Misuse[] = [
  ['locallyConnected2d', local({}, [2, 3, 9, 7]), ShapeError, /^x has 3 channels, weight expects 4 \(1 group of 4\)$/],
  [
    'locallyConnected2d',
    local({}, [2, 4, 9, 8]),
    ShapeError,
    /^weight is for output width 6, expected 7 for x of width 8$/,
  ],
  [
    'locallyConnected2d',
    local({ stride: [2, 1] }),
    ShapeError,
    /^weight is for output height 7, expected 4 for x of height 9$/,
  ],
  [
    'locallyConnected2d',
    local({}, [2, 4, 9, 7], [6, 4, 3, 2]),
    ShapeError,
    /^weight has rank 4 .* expected rank 6: \[oc, \.\.\.output, ic, \.\.\.kernel\]$/,
  ],
  [
    'locallyConnected2d',
    local({}, [2, 4, 9, 7], [6, 7, 6, 4, 0, 2]),
    ShapeError,
    /^weight has extent 0 in axis 4 \(shape \[6, 7, 6, 4, 0, 2\]\)/,
  ],
  ['locallyConnected2d', local({}, [2, 4, 9, 7], [0, 7, 6, 4, 3, 2]), ShapeError, /^weight has extent 0 in axis 0 /],
  ['locallyConnected2d', local({ groups: 2 }), OptionError, /^locallyConnected2d: unknown option "groups", known are/],
  ['locallyConnected2d', local({ padding: Number.NaN }), OptionError, /^padding is NaN/],
  [
    'locallyConnected1d',
    () => locallyConnectedProblem(1, [2, 9, 4], [7, 3, 4, 6, 1], { layout: 'NLC' }),
    ShapeError,
    /^weight has rank 5 .* expected rank 4: \[\.\.\.output, \.\.\.kernel, ic, oc\]$/,
  ],
  [
    'separableConv2d',
    separable({}, [2, 3, 9, 7]),
    OptionError,
    /^groups is 3, expected a divisor of the 8 output channels of depthwise$/,
  ],
  [
    'separableConv2d',
    separable({}, [2, 4, 9, 7], [8, 2, 3, 2]),
    ShapeError,
    /^x has 4 channels, depthwise expects 8 \(4 groups of 2\)$/,
  ],
  [
    'separableConv2d',
    separable({}, [2, 4, 9, 7], [4, 1, 3, 2]),
    ShapeError,
    /^the depthwise result has 4 channels, pointwise expects 8 \(1 group of 8\)$/,
  ],
  [
    'separableConv2d',
    separable({}, [2, 4, 9, 7], [8, 1, 3, 2], [5, 8, 1, 2]),
    ShapeError,
    /^pointwise has a kernel of 1 x 2, expected 1 x 1$/,
  ],
  [
    'separableConv2d',
    separable({}, [9, 7]),
    ShapeError,
    /^x has rank 2 .* expected rank 4: \[n, c, h, w\], or rank 3, without n$/,
  ],
  ['separableConv2d', separable({ groups: 4 }), OptionError, /^separableConv2d: unknown option "groups", known are/],
  ['separableConv2d', separable({ activation: 'swish' }), OptionError, /^activation is "swish"/],
  [
    'separableConv2d',
    separable({}, [2, 4, 9, 7], [8, 1, 10, 2]),
    ShapeError,
    /^output height is 0, .*floor\(\(9 \+ 0 \+ 0 - 1 \* \(10 - 1\) - 1\)/,
  ],
];

refuses([...transposedRows, ...relatives]);
