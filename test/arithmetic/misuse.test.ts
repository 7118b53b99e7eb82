import {
  convOutputSize,
  convTransposeOutputSize,
  inputSizesFor,
  layerCost,
  OptionError,
  poolOutputSize,
  receptiveField,
  ShapeError,
  samePadding,
  transposedAsConv,
} from '../../src/arithmetic.js';
import { type Misuse, refuses, wrong } from '../shape/misuse.js';

const conv = (input: unknown, options: unknown) => () => convOutputSize(wrong(input), wrong(options));
const pool = (input: unknown, options: unknown) => () => poolOutputSize(wrong(input), wrong(options));
const transposed = (input: unknown, options: unknown) => () => convTransposeOutputSize(wrong(input), wrong(options));
const sizes = (output: unknown, options: unknown) => () => inputSizesFor(wrong(output), wrong(options));
const field = (layers: unknown, options?: unknown) => () => receptiveField(wrong(layers), wrong(options));
const cost = (layer: unknown) => () => layerCost(wrong(layer));
const map = { kind: 'conv', inputSize: [9, 7], inChannels: 4, outChannels: 6, kernelSize: 3 };

const outputs: readonly Misuse[] = [
  [
    'convOutputSize',
    conv(5, { kernelSize: 7 }),
    ShapeError,
    /^output length is -1, expected at least 1: floor\(\(5 \+ 0 \+ 0 - 1 \* \(7 - 1\) - 1\) \/ 1\) \+ 1 = -1$/,
  ],
  [
    'convOutputSize',
    conv([5, 4], {
      kernelSize: 3,
      padding: [
        [0, 0],
        [1, 0],
      ],
      dilation: 3,
      stride: 2,
    }),
    ShapeError,
    /^output height is 0, expected at least 1: floor\(\(5 \+ 0 \+ 0 - 3 \* \(3 - 1\) - 1\) \/ 2\) \+ 1 = 0$/,
  ],
  [
    'poolOutputSize',
    pool(2, { kernelSize: 4, stride: 1, ceilMode: true }),
    ShapeError,
    /^output length is -1, expected at least 1: ceil\(\(2 \+ 0 \+ 0 - 1 \* \(4 - 1\) - 1\) \/ 1\) \+ 1 = -1$/,
  ],
  [
    'convTransposeOutputSize',
    transposed(2, { kernelSize: 3, padding: 2 }),
    ShapeError,
    /^output length is 0, expected at least 1: \(2 - 1\) \* 1 - 2 - 2 \+ 1 \* \(3 - 1\) \+ 1 \+ 0 = 0$/,
  ],
  [
    'inputSizesFor',
    sizes([1, 2], { kernelSize: 3, padding: [0, 4] }),
    ShapeError,
    /^no input width of at least 1 has the output 2 = floor\(\(input \+ 4 \+ 4 - 1 \* \(3 - 1\) - 1\) \/ 1\) \+ 1$/,
  ],
  [
    'inputSizesFor',
    sizes(1, { kernelSize: 1, stride: 2 ** 21 }),
    OptionError,
    /^stride of length is 2097152: 2097152 sizes share/,
  ],
];

const numbers: readonly Misuse[] = [
  ['convOutputSize', conv(0, { kernelSize: 1 }), OptionError, /^input is 0, expected an integer of at least 1$/],
  ['convOutputSize', conv(Number.NaN, { kernelSize: 1 }), OptionError, /^input is NaN, expected an integer/],
  ['convOutputSize', conv(2.5, { kernelSize: 1 }), OptionError, /^input is 2\.5, expected an integer/],
  ['convOutputSize', conv('9', { kernelSize: 1 }), OptionError, /^input is "9", expected an integer/],
  ['convOutputSize', conv(undefined, { kernelSize: 1 }), OptionError, /^input is undefined, expected an integer/],
  [
    'convOutputSize',
    conv([], { kernelSize: 1 }),
    OptionError,
    /^input is \[\], expected a number or a list of 1 to 3$/,
  ],
  [
    'convOutputSize',
    conv([1, 2, 3, 4], { kernelSize: 1 }),
    OptionError,
    /^input is \[1, 2, 3, 4\], expected a number or a list/,
  ],
  ['convOutputSize', conv([5, -1], { kernelSize: 1 }), OptionError, /^input\[1\] \(width\) is -1, expected an integer/],
  [
    'convOutputSize',
    conv(9, { kernelSize: 3, stride: 0 }),
    OptionError,
    /^stride is 0, expected an integer of at least 1$/,
  ],
  ['convOutputSize', conv(9, { kernelSize: 3, dilation: 0.5 }), OptionError, /^dilation is 0\.5, expected an integer/],
  [
    'convOutputSize',
    conv(9, { kernelSize: 3, padding: -1 }),
    OptionError,
    /^padding is -1, expected an integer of at least 0$/,
  ],
  [
    'convOutputSize',
    conv(9, { kernelSize: [3, 2] }),
    OptionError,
    /^kernelSize is \[3, 2\], a list of 2, expected one integer or \[length\]$/,
  ],
  [
    'convOutputSize',
    conv([9, 8], { kernelSize: 3, padding: [1, 1, 2, 2] }),
    OptionError,
    /4 numbers, which every library orders diff/,
  ],
  [
    'convOutputSize',
    conv(9, { kernelSize: 3, padding: 'SAME' }),
    OptionError,
    /^padding is "SAME", expected integers, pairs or "valid"/,
  ],
  [
    'convOutputSize',
    conv(2 ** 31, { kernelSize: 3 }),
    OptionError,
    /^input is 2147483648, expected at most 2147483647$/,
  ],
  ['poolOutputSize', pool(9, { kernelSize: 3, ceilMode: 1 }), OptionError, /^ceilMode is 1, expected true or false$/],
  [
    'samePadding',
    () => samePadding(9, { kernelSize: 3, padding: wrong('full') }),
    OptionError,
    /^padding is "full", expected "same" or "same-lower"$/,
  ],
  [
    'transposedAsConv',
    () => transposedAsConv(4, { kernelSize: 3, stride: 2, outputPadding: 2 }),
    OptionError,
    /^outputPadding of length is 2, expected less than 2/,
  ],
  [
    'transposedAsConv',
    () => transposedAsConv(4, { kernelSize: 3, stride: 2, outputSize: 11 }),
    OptionError,
    /^outputSize of length is 11, expected from 9 to 10/,
  ],
  [
    'convTransposeOutputSize',
    transposed(4, { kernelSize: 3, outputPadding: 0, outputSize: 6 }),
    OptionError,
    /^outputPadding and outputSize are both given/,
  ],
];

const words: readonly Misuse[] = [
  ['convOutputSize', conv(9, undefined), OptionError, /^convOutputSize: options is undefined, expected an object$/],
  ['convOutputSize', conv(9, null), OptionError, /^convOutputSize: options is null, expected an object$/],
  ['convOutputSize', conv(9, [3]), OptionError, /^convOutputSize: options is \[3\], expected an object$/],
  ['convOutputSize', conv(9, {}), OptionError, /^kernelSize is required: one integer, or \[length\]$/],
  [
    'convOutputSize',
    conv(9, { kernelSize: 3, strides: 2 }),
    OptionError,
    /unknown option "strides", did you mean "stride"\?$/,
  ],
  [
    'convOutputSize',
    conv(9, { kernel_size: 3 }),
    OptionError,
    /unknown option "kernel_size", did you mean "kernelSize"\?$/,
  ],
  [
    'convOutputSize',
    conv(9, { kernelSize: 3, pads: 1 }),
    OptionError,
    /unknown option "pads", did you mean "padding"\?$/,
  ],
  [
    'convOutputSize',
    conv(9, { kernelSize: 3, Dilations: 1 }),
    OptionError,
    /unknown option "Dilations", did you mean "dilation"\?$/,
  ],
  [
    'convOutputSize',
    conv(9, { kernelSize: 3, bias: 1 }),
    OptionError,
    /unknown option "bias", known are kernelSize, stride, padding, dilation$/,
  ],
  ['convOutputSize', conv(9, { kernelSize: 3, ceilMode: true }), OptionError, /unknown option "ceilMode", known are/],
];

const layers: readonly Misuse[] = [
  ['receptiveField', field(undefined), OptionError, /^layers is undefined, expected a list of layers$/],
  [
    'receptiveField',
    field([{ kernelSize: 3 }, { kernelSize: 0 }]),
    OptionError,
    /^layers\[1\]: kernelSize is 0, expected an integer/,
  ],
  [
    'receptiveField',
    field([{ kernelSize: 3 }, 5]),
    OptionError,
    /^layers\[1\]: layer: options is 5, expected an object$/,
  ],
  [
    'receptiveField',
    field([{ stride: 3 }]),
    OptionError,
    /^layers\[0\]: kernelSize is undefined, expected an integer of at least 1$/,
  ],
  [
    'receptiveField',
    field([{ kernelSize: 3 }, { kernelSize: [3, 2] }]),
    OptionError,
    /^layers\[1\]: kernelSize is \[3, 2\], a list of 2/,
  ],
  [
    'receptiveField',
    field([{ kernelSize: 3, kind: 'linear' }]),
    OptionError,
    /^layers\[0\]: kind is "linear", expected "conv" or "pool"$/,
  ],
  ['receptiveField', field([{ kernelSize: 3 }], { inputSize: 0 }), OptionError, /^inputSize is 0, expected an integer/],
  [
    'receptiveField',
    field([{ kernelSize: 3 }], 224),
    OptionError,
    /^receptiveField: options is 224, expected an object$/,
  ],
  [
    'receptiveField',
    field([{ kernelSize: 3, stride: 2, padding: 'same' }]),
    OptionError,
    /^layers\[0\]: padding "same" with stride 2 depends on the input, expected inputSize$/,
  ],
  [
    'receptiveField',
    field([{ kernelSize: 4 }, { kernelSize: 4 }], { inputSize: 6 }),
    ShapeError,
    /^layers\[1\]: output length is 0, expected at least 1: floor\(\(3 /,
  ],
  [
    'layerCost',
    cost(undefined),
    OptionError,
    /^kind is undefined, expected "conv" or "convTranspose" or "locallyConnected"/,
  ],
  ['layerCost', cost({ ...map, kind: 'dense' }), OptionError, /^kind is "dense", expected "conv"/],
  ['layerCost', cost({ ...map, inChannels: 0 }), OptionError, /^inChannels is 0, expected an integer of at least 1$/],
  [
    'layerCost',
    cost({ ...map, outChannels: undefined }),
    OptionError,
    /^outChannels is undefined, expected an integer/,
  ],
  [
    'layerCost',
    cost({ ...map, groups: 3 }),
    OptionError,
    /^groups is 3, expected a divisor of inChannels 4 and outChannels 6$/,
  ],
  [
    'layerCost',
    cost({ ...map, groups: 4 }),
    OptionError,
    /^groups is 4, expected a divisor of inChannels 4 and outChannels 6$/,
  ],
  ['layerCost', cost({ ...map, bias: [0, 1] }), OptionError, /^bias is \[0, 1\], expected true or false$/],
  ['layerCost', cost({ ...map, batch: 0 }), OptionError, /^batch is 0, expected an integer of at least 1$/],
  [
    'layerCost',
    cost({ ...map, in_channels: 4 }),
    OptionError,
    /^layerCost: unknown option "in_channels", known are kind, batch, /,
  ],
  [
    'layerCost',
    cost({ ...map, kind: 'locallyConnected', groups: 2 }),
    OptionError,
    /unknown option "groups", known are/,
  ],
  ['layerCost', cost({ kind: 'linear', inFeatures: 3 }), OptionError, /^outFeatures is undefined, expected an integer/],
  [
    'layerCost',
    cost({ ...map, kernelSize: 10 }),
    ShapeError,
    /^output height is 0, expected at least 1: floor\(\(9 \+ 0 \+ 0/,
  ],
];

refuses([...outputs, ...numbers, ...words, ...layers]);
