import { MemoryError, OptionError, ShapeError } from '../../src/errors.js';
import { convProblem } from '../../src/shape/conv.js';
import { type Misuse, refuses, wrong } from './misuse.js';

const conv2 =
  (options: unknown, x: unknown = [2, 4, 9, 7], weight: unknown = [6, 4, 3, 2]) =>
  () =>
    convProblem(2, wrong(x), wrong(weight), options);
const conv1 =
  (options: unknown, x: unknown = [2, 4, 9]) =>
  () =>
    convProblem(1, wrong(x), [6, 4, 3], options);
const conv3 =
  (options: unknown, x: unknown = [2, 4, 5, 9, 7]) =>
  () =>
    convProblem(3, wrong(x), [6, 4, 1, 3, 2], options);

const shapes: readonly Misuse[] = [
  ['conv2d', conv2({}, [2, 3, 9, 7]), ShapeError, /^x has 3 channels, weight expects 4 \(1 group of 4\)$/],
  ['conv2d', conv2({}, [2, 1, 9, 7]), ShapeError, /^x has 1 channel, weight expects 4 \(1 group of 4\)$/],
  ['conv2d', conv2({ groups: 2 }), ShapeError, /^x has 4 channels, weight expects 8 \(2 groups of 4\)$/],
  [
    'conv2d',
    conv2({ layout: 'NHWC' }, [2, 9, 7, 5], [3, 2, 4, 6]),
    ShapeError,
    /^x has 5 channels, weight expects 4 \(1 group of 4\)$/,
  ],
  ['conv2d', conv2({}, [2, 9, 7, 4]), ShapeError, /^x has 9 channels, weight expects 4/],
  ['conv2d', conv2({ groups: 3 }), OptionError, /^groups is 3, expected a divisor of the 4 channels of x$/],
  [
    'conv2d',
    conv2({ groups: 4 }, [2, 4, 9, 7], [6, 1, 3, 2]),
    OptionError,
    /^groups is 4, expected a divisor of the 6 output channels of weight$/,
  ],
  [
    'conv2d',
    conv2({}, [9, 7]),
    ShapeError,
    /^x has rank 2 \(shape \[9, 7\]\), expected rank 4: \[n, c, h, w\], or rank 3, without n$/,
  ],
  [
    'conv2d',
    conv2({ layout: 'NHWC' }, [4]),
    ShapeError,
    /^x has rank 1 \(shape \[4\]\), expected rank 4: \[n, h, w, c\], or rank 3, without n$/,
  ],
  ['conv2d', conv2({}, null), ShapeError, /^x\.shape is null, expected an array of extents$/],
  ['conv2d', conv2({}, [2, 4, 9, -7]), ShapeError, /^x\.shape\[3\] is -7, expected a non-negative integer$/],
  [
    'conv2d',
    conv2({}, [2, 4, 9, 7], [6, 4, 3]),
    ShapeError,
    /^weight has rank 3 \(shape \[6, 4, 3\]\), expected rank 4: \[oc, ic \/ groups, kh, kw\]$/,
  ],
  [
    'conv2d',
    conv2({ layout: 'NHWC' }, [2, 9, 7, 4], [6, 4, 3, 2, 1]),
    ShapeError,
    /^weight has rank 5 \(shape \[6, 4, 3, 2, 1\]\), expected rank 4: \[kh, kw, ic \/ groups, oc\]$/,
  ],
  ['conv2d', conv2({}, [2, 4, 9, 7], 'OIHW'), ShapeError, /^weight\.shape is "OIHW", expected an array of extents$/],
  ['conv2d', conv2({}, [2, 0, 9, 7], [6, 0, 3, 2]), ShapeError, /^x has 0 channels, expected at least 1$/],
  ['conv2d', conv2({}, [2, 4, 9, 7], [0, 4, 3, 2]), ShapeError, /^weight has oc 0, expected at least 1$/],
  ['conv2d', conv2({}, [2, 4, 9, 7], [6, 0, 3, 2]), ShapeError, /^weight has ic \/ groups 0, expected at least 1$/],
  ['conv2d', conv2({}, [2, 4, 9, 7], [6, 4, 3, 0]), ShapeError, /^weight has kernel width 0, expected at least 1$/],
  ['conv2d', conv2({ padding: 5 }, [2, 4, 0, 7]), ShapeError, /^x has height 0, expected at least 1$/],
  ['conv1d', conv1({}, [2, 4, 0]), ShapeError, /^x has length 0, expected at least 1$/],
  [
    'conv1d',
    conv1({}, [2, 4, 9, 1]),
    ShapeError,
    /^x has rank 4 \(shape \[2, 4, 9, 1\]\), expected rank 3: \[n, c, l\], or rank 2, without n$/,
  ],
  ['conv3d', conv3({}, [2, 4, 9, 7]), ShapeError, /^x has 2 channels, weight expects 4/],
  ['conv3d', conv3({}, [2, 4, 0, 9, 7]), ShapeError, /^x has depth 0, expected at least 1$/],
  [
    'conv2d',
    conv2({}, [2, 4, 2, 7]),
    ShapeError,
    /^output height is 0, expected at least 1: floor\(\(2 \+ 0 \+ 0 - 1 \* \(3 - 1\) - 1\) \/ 1\) \+ 1 = 0$/,
  ],
  [
    'conv2d',
    conv2(
      {
        padding: [
          [0, 0],
          [1, 2],
        ],
        stride: [1, 3],
        dilation: [1, 9],
      },
      [2, 4, 9, 4],
    ),
    ShapeError,
    /^output width is 0, expected at least 1: floor\(\(4 \+ 1 \+ 2 - 9 \* \(2 - 1\) - 1\) \/ 3\) \+ 1 = 0$/,
  ],
  [
    'conv1d',
    conv1({ stride: 2 }, [1, 4, 1]),
    ShapeError,
    /^output length is 0, expected at least 1: floor\(\(1 \+ 0 \+ 0 - 1 \* \(3 - 1\) - 1\) \/ 2\) \+ 1 = 0$/,
  ],
  [
    'conv2d',
    conv2({}, [2 ** 20, 4, 2 ** 10, 7]),
    MemoryError,
    /^x has 30064771072 elements \(1048576 x 4 x 1024 x 7\), expected at most 1073741824$/,
  ],
  [
    'conv2d',
    conv2({}, [0, 4, 2 ** 30, 7]),
    MemoryError,
    /^x has 30064771072 elements \(0 x 4 x 1073741824 x 7\), expected at most 1073741824$/,
  ],
  [
    'conv2d',
    conv2({}, [2, 4, 9, 7], [2 ** 28, 4, 3, 2]),
    MemoryError,
    /^weight has 6442450944 elements \(268435456 x 4 x 3 x 2\)/,
  ],
  [
    'conv2d',
    conv2({}, [2, 4, 2 ** 12, 2 ** 12], [2 ** 8, 4, 1, 1]),
    MemoryError,
    /^y has 8589934592 elements \(2 x 256 x 4096 x 4096\)/,
  ],
  [
    'conv2d',
    conv2({ padding: 2 ** 15, stride: 2 ** 14 }),
    MemoryError,
    /^padded x has 34368127480 elements \(2 x 4 x 65545 x 65543\), expected at most 1073741824$/,
  ],
  [
    'conv2d',
    conv2({ padding: 2 ** 31 - 1, stride: 2 ** 30 }),
    MemoryError,
    /^padded x has \S+ elements \(2 x 4 x 4294967303 x 4294967301\)/,
  ],
  [
    'conv2d',
    conv2({ padding: 'full', dilation: 2 ** 30 }),
    MemoryError,
    /^y has \S+ elements \(2 x 6 x 2147483657 x 1073741831\)/,
  ],
  [
    'conv1d',
    conv1({ padding: [[2 ** 27, 7]], stride: 2 ** 20 }),
    MemoryError,
    /^padded x has 1073741952 elements \(2 x 4 x 134217744\)/,
  ],
  [
    'conv1d',
    conv1({ padding: [[7, 2 ** 27]], stride: 2 ** 20 }),
    MemoryError,
    /^padded x has 1073741952 elements \(2 x 4 x 134217744\)/,
  ],
];

const options: readonly Misuse[] = [
  ['conv2d', conv2({ strides: 2 }), OptionError, /^conv2d: unknown option "strides", did you mean "stride"\?$/],
  ['conv2d', conv2({ pad: 2 }), OptionError, /unknown option "pad", did you mean "padding"\?$/],
  ['conv2d', conv2({ pads: [1, 1, 1, 1] }), OptionError, /unknown option "pads", did you mean "padding"\?$/],
  ['conv2d', conv2({ dilations: 2 }), OptionError, /unknown option "dilations", did you mean "dilation"\?$/],
  ['conv2d', conv2({ dilation_rate: 2 }), OptionError, /unknown option "dilation_rate", did you mean "dilation"\?$/],
  ['conv2d', conv2({ group: 2 }), OptionError, /unknown option "group", did you mean "groups"\?$/],
  [
    'conv2d',
    conv2({ padding_mode: 'reflect' }),
    OptionError,
    /unknown option "padding_mode", did you mean "paddingMode"\?$/,
  ],
  [
    'conv2d',
    conv2({ paddingmode: 'reflect' }),
    OptionError,
    /unknown option "paddingmode", did you mean "paddingMode"\?$/,
  ],
  ['conv2d', conv2({ data_format: 'NHWC' }), OptionError, /unknown option "data_format", did you mean "layout"\?$/],
  ['conv2d', conv2({ dataFormat: 'NHWC' }), OptionError, /unknown option "dataFormat", did you mean "layout"\?$/],
  ['conv2d', conv2({ biass: 1 }), OptionError, /unknown option "biass", did you mean "bias"\?$/],
  ['conv2d', conv2({ activaiton: 'relu' }), OptionError, /unknown option "activaiton", did you mean "activation"\?$/],
  ['conv2d', conv2({ constructor: 1 }), OptionError, /unknown option "constructor", known are stride, padding, /],
  ['conv2d', conv2(JSON.parse('{"__proto__": 1}')), OptionError, /unknown option "__proto__", known are stride/],
  [
    'conv2d',
    conv2({ kernelSize: 3 }),
    OptionError,
    /unknown option "kernelSize", known are stride, padding, dilation, layout, out, paddingMode/,
  ],
  ['conv2d', conv2({ outputPadding: 1 }), OptionError, /unknown option "outputPadding", known are/],
  ['conv2d', conv2(null), OptionError, /^conv2d: options is null, expected a plain object$/],
  ['conv2d', conv2(2), OptionError, /^conv2d: options is 2, expected a plain object$/],
  ['conv2d', conv2([1, 1]), OptionError, /^conv2d: options is \[1, 1\], expected a plain object$/],
  ['conv2d', conv2('same'), OptionError, /^conv2d: options is "same", expected a plain object$/],
  [
    'conv2d',
    conv2(new Map([['stride', 2]])),
    OptionError,
    /^conv2d: options is a value of type Map, expected a plain object$/,
  ],
  [
    'conv2d',
    conv2(Object.create({ stride: 2 })),
    OptionError,
    /^conv2d: options is an object, expected a plain object$/,
  ],
  ['conv2d', conv2(() => 2), OptionError, /^conv2d: options is a function, expected a plain object$/],

  ['conv2d', conv2({ stride: 0 }), OptionError, /^stride is 0, expected an integer of at least 1$/],
  ['conv2d', conv2({ stride: -1 }), OptionError, /^stride is -1, expected an integer of at least 1$/],
  ['conv2d', conv2({ stride: 1.5 }), OptionError, /^stride is 1\.5, expected an integer of at least 1$/],
  ['conv2d', conv2({ stride: Number.NaN }), OptionError, /^stride is NaN, expected an integer of at least 1$/],
  ['conv2d', conv2({ stride: Infinity }), OptionError, /^stride is Infinity, expected an integer of at least 1$/],
  ['conv2d', conv2({ stride: '2' }), OptionError, /^stride is "2", expected an integer of at least 1$/],
  ['conv2d', conv2({ stride: null }), OptionError, /^stride is null, expected an integer of at least 1$/],
  ['conv2d', conv2({ stride: 2n }), OptionError, /^stride is 2n, expected an integer of at least 1$/],
  [
    'conv2d',
    conv2({ stride: Symbol('two') }),
    OptionError,
    /^stride is Symbol\(two\), expected an integer of at least 1$/,
  ],
  ['conv2d', conv2({ stride: 2 ** 31 }), OptionError, /^stride is 2147483648, expected at most 2147483647$/],
  [
    'conv2d',
    conv2({ stride: [2] }),
    OptionError,
    /^stride is \[2\], a list of 1, expected one integer or \[height, width\]$/,
  ],
  [
    'conv2d',
    conv2({ stride: [1, 2, 3] }),
    OptionError,
    /^stride is \[1, 2, 3\], a list of 3, expected one integer or \[height, width\]$/,
  ],
  ['conv2d', conv2({ stride: [1, 0] }), OptionError, /^stride\[1\] \(width\) is 0, expected an integer of at least 1$/],
  [
    'conv2d',
    conv2({ stride: new Array(2) }),
    OptionError,
    /^stride\[0\] \(height\) is undefined, expected an integer of at least 1$/,
  ],
  [
    'conv3d',
    conv3({ stride: [1, 2] }),
    OptionError,
    /^stride is \[1, 2\], a list of 2, expected one integer or \[depth, height, width\]$/,
  ],
  ['conv2d', conv2({ dilation: 0 }), OptionError, /^dilation is 0, expected an integer of at least 1$/],
  [
    'conv2d',
    conv2({ dilation: [0.5, 1] }),
    OptionError,
    /^dilation\[0\] \(height\) is 0\.5, expected an integer of at least 1$/,
  ],
  ['conv2d', conv2({ groups: 0 }), OptionError, /^groups is 0, expected an integer of at least 1$/],
  ['conv2d', conv2({ groups: null }), OptionError, /^groups is null, expected an integer of at least 1$/],
  ['conv2d', conv2({ groups: [2, 2] }), OptionError, /^groups is \[2, 2\], expected an integer of at least 1$/],

  ['conv2d', conv2({ padding: Number.NaN }), OptionError, /^padding is NaN, expected an integer of at least 0$/],
  ['conv2d', conv2({ padding: -1 }), OptionError, /^padding is -1, expected an integer of at least 0$/],
  [
    'conv2d',
    conv2({ padding: [1, 0.5] }),
    OptionError,
    /^padding\[1\] \(width\) is 0\.5, expected an integer of at least 0$/,
  ],
  [
    'conv2d',
    conv2({
      padding: [
        [1, 2],
        [3, -4],
      ],
    }),
    OptionError,
    /^padding\[1\]\[1\] is -4, expected an integer of at least 0$/,
  ],
  [
    'conv2d',
    conv2({ padding: [[1, 2], 3] }),
    OptionError,
    /^padding is \[\[1, 2\], 3\], expected 2 pairs \[\[top, bottom\], \[left, right\]\]$/,
  ],
  ['conv2d', conv2({ padding: [[1, 2]] }), OptionError, /^padding is \[\[1, 2\]\], expected 2 pairs/],
  ['conv2d', conv2({ padding: [[1, 2], [3]] }), OptionError, /^padding is \[\[1, 2\], \[3\]\], expected 2 pairs/],
  [
    'conv2d',
    conv2({ padding: Object.assign(new Array(2), { 1: [1, 2] }) }),
    OptionError,
    /^padding is \[undefined, \[1, 2\]\], expected 2 pairs/,
  ],
  [
    'conv2d',
    conv2({ padding: [1, 2, 3, 4] }),
    OptionError,
    /^padding is \[1, 2, 3, 4\], 4 numbers, which every library orders differently; write .* \[\[top, bottom\], \[left, right\]\]$/,
  ],
  [
    'conv2d',
    conv2({ padding: [] }),
    OptionError,
    /^padding is \[\], a list of 0, expected one integer, \[height, width\] or pairs/,
  ],
  [
    'conv2d',
    conv2({ padding: 'SAME' }),
    OptionError,
    /^padding is "SAME", expected integers, pairs or "valid" or "same" or "same-lower" or "full"$/,
  ],
  ['conv2d', conv2({ padding: true }), OptionError, /^padding is true, expected an integer of at least 0$/],
  [
    'conv1d',
    conv1({ padding: [1, 2] }),
    OptionError,
    /^padding is \[1, 2\], a list of 2, expected one integer, \[length\] or pairs \[\[left, right\]\]$/,
  ],
  [
    'conv1d',
    conv1({ padding: [[1, 2, 3]] }),
    OptionError,
    /^padding is \[\[1, 2, 3\]\], expected one pair \[\[left, right\]\]$/,
  ],
  [
    'conv3d',
    conv3({ padding: [1, 2] }),
    OptionError,
    /^padding is \[1, 2\], a list of 2, expected one integer, \[depth, height, width\]/,
  ],
  [
    'conv3d',
    conv3({ padding: [1, 2, 3, 4, 5, 6] }),
    OptionError,
    /^padding is \[1, 2, 3, 4, 5, 6\], 6 numbers, which every library orders differently/,
  ],

  [
    'conv2d',
    conv2({ paddingMode: 'constant' }),
    OptionError,
    /^paddingMode is "constant", expected "zeros" or "reflect" or "replicate" or "circular"$/,
  ],
  [
    'conv2d',
    conv2({ paddingMode: 'reflect', padding: [8, 7] }),
    OptionError,
    /^padding of width is 7, paddingMode "reflect" allows at most 6 for width 7$/,
  ],
  [
    'conv2d',
    conv2({
      paddingMode: 'reflect',
      padding: [
        [8, 9],
        [0, 0],
      ],
    }),
    OptionError,
    /^padding of height is 9, paddingMode "reflect" allows at most 8 for height 9$/,
  ],
  [
    'conv2d',
    conv2({ paddingMode: 'circular', padding: [9, 8] }),
    OptionError,
    /^padding of width is 8, paddingMode "circular" allows at most 7 for width 7$/,
  ],
  ['conv2d', conv2({ flipKernel: 1 }), OptionError, /^flipKernel is 1, expected true or false$/],
  ['conv2d', conv2({ accuracy: 'low' }), OptionError, /^accuracy is "low", expected "standard" or "high"$/],
  ['conv2d', conv2({ algorithm: 3 }), OptionError, /^algorithm is 3, expected a name$/],
  ['conv2d', conv2({ algorithm: '' }), OptionError, /^algorithm is "", expected a name$/],
  ['conv2d', conv2({ layout: 'nhwc' }), OptionError, /^layout is "nhwc", expected "NCHW" or "NHWC"$/],
  ['conv1d', conv1({ layout: 'NHWC' }), OptionError, /^layout is "NHWC", expected "NCL" or "NLC"$/],
  ['conv3d', conv3({ layout: 'NHWC' }), OptionError, /^layout is "NHWC", expected "NCDHW" or "NDHWC"$/],
  [
    'conv2d',
    conv2({ activation: 'relu7' }),
    OptionError,
    /^activation is "relu7", expected "relu", "relu6", "hardTanh" or \{ clamp: \[lo, hi\] \}$/,
  ],
  ['conv2d', conv2({ activation: [0, 6] }), OptionError, /^activation is \[0, 6\], expected/],
  ['conv2d', conv2({ activation: null }), OptionError, /^activation is null, expected/],
  ['conv2d', conv2({ activation: { clamp: [0, 6], relu: 1 } }), OptionError, /^activation is an object, expected/],
  [
    'conv2d',
    conv2({ activation: { clamp: 6 } }),
    OptionError,
    /^activation\.clamp is 6, expected two numbers \[lo, hi\]$/,
  ],
  [
    'conv2d',
    conv2({ activation: { clamp: [6, 0] } }),
    OptionError,
    /^activation\.clamp is \[6, 0\], expected two numbers with lo <= hi and no NaN$/,
  ],
  [
    'conv2d',
    conv2({ activation: { clamp: [Number.NaN, 1] } }),
    OptionError,
    /^activation\.clamp is \[NaN, 1\], expected two numbers/,
  ],
  [
    'conv2d',
    conv2({ activation: { clamp: [0, 1, 2] } }),
    OptionError,
    /^activation\.clamp is \[0, 1, 2\], expected two numbers/,
  ],
];

refuses([...shapes, ...options]);
